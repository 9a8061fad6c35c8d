import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { orphans } from '#lib/db/schema/hosts.ts';

/** Says that a container which only its host knows is to be left alone, or is to be decided after all. Idempotent. */
export async function ignoreOrphan(actor: Actor, id: string, ignored: boolean): Promise<void> {
  authorize(actor, 'orphan.decide');
  await asActor(actor, async (tx) => {
    const [row] = await tx
      .update(orphans)
      .set({ state: ignored ? 'ignored' : 'orphaned' })
      .where(eq(orphans.containerId, id))
      .returning();
    if (row === undefined) throw new BerthError('not_found');
    await writeAudit(tx, actor, {
      verb: 'orphan.decide',
      tenantId: null,
      targetKind: 'container',
      targetId: id,
      targetName: row.record.name,
      detail: { decision: row.state, hostId: row.hostId },
    });
  });
}
