import { and, eq, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { reopen } from './reopen.ts';

const sweeper = systemActor('handovers');
/** A container that is busy is asked for again so often; then its schedule, or its owner, has to see to it. */
const backupTries = 60;
type Log = { warn(detail: Record<string, unknown>, message: string): void };

/**
 * Ends offers whose time is over or whose container is gone, opens again what a person has ended by hand, and has new owners' containers
 * backed up: what backups there were are the giver's.
 */
export async function sweepHandovers(log: Log): Promise<void> {
  await asActor(sweeper, async (tx) => {
    const left = await tx.execute<{ id: string }>(sql`
      select h.id from handovers h join operations o on o.id = h.operation_id
      where h.state = 'moving' and o.state in ('failed', 'cancelled') limit 20`);
    for (const { id } of left.rows) await reopen(tx, id);
    await tx.execute(sql`
      update handovers h set state = 'expired', ended_at = now()
      where h.state in ('asked', 'open') and (h.expires_at <= now()
        or exists (select from containers c where c.id = h.container_id and c.deleted_at is not null))`);
  });
  await backUpNewcomers(log);
}

async function backUpNewcomers(log: Log): Promise<void> {
  const due = await asActor(sweeper, (tx) =>
    tx
      .select({ id: handovers.id, containerId: handovers.containerId, tries: handovers.backupTries })
      .from(handovers)
      .where(and(eq(handovers.state, 'done'), eq(handovers.backupAsked, false)))
      .limit(20),
  );
  for (const { id, containerId, tries } of due) {
    const later = await createBackup(sweeper, containerId, { note: 'The first after it was taken over.' }).then(
      () => false,
      (error: unknown) => {
        if (!(error instanceof BerthError)) log.warn({ err: error, containerId }, 'the first backup was not asked for');
        const wait = !(error instanceof BerthError) || ['busy', 'state', 'already'].includes(error.code);
        return wait && tries + 1 < backupTries;
      },
    );
    await asActor(sweeper, (tx) =>
      tx
        .update(handovers)
        .set({ backupAsked: !later, backupTries: tries + 1 })
        .where(eq(handovers.id, id)),
    );
  }
}
