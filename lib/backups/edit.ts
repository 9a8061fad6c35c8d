import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Backup, EditBackup } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { publish } from '#lib/events/publish.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { backupFor, shownBackup } from './find.ts';

/** Names, annotates, protects. What is absent stays. Throws `state` for one that is deleted or on its way there. */
export async function editBackup(actor: Actor, id: string, input: z.infer<typeof EditBackup>): Promise<Backup> {
  authorize(actor, 'backup.edit');
  return await asActor(actor, async (tx) => {
    const { row, facts } = await backupFor(tx, actor, id, 'backup.edit');
    await refuseStale('backup', async () => row);
    if (row.state === 'removed' || row.state === 'deleting') throw new BerthError('state', 'It is deleted.');
    const { name = row.name, note = row.note, protected: kept = row.protected } = input;
    await tx.update(backups).set({ name, note, protected: kept }).where(eq(backups.id, id));
    await writeAudit(tx, actor, {
      verb: 'backup.edit',
      tenantId: row.tenantId,
      targetKind: 'backup',
      targetId: id,
      targetName: facts.container.name,
      before: { name: row.name, note: row.note, protected: row.protected },
      after: { name, note, protected: kept },
    });
    await publish(tx, { type: 'backup', tenantId: row.tenantId, containerId: row.containerId });
    return await shownBackup(tx, id);
  });
}
