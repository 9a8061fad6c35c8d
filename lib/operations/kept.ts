import { and, eq, isNull } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';

/** The volume that an operation put aside and that is still there. Locked until the transaction ends. */
export async function keptVolume(tx: Tx, operationId: string) {
  const [kept] = await tx
    .select()
    .from(retainedVolumes)
    .where(and(eq(retainedVolumes.operationId, operationId), isNull(retainedVolumes.consumedAt)))
    .for('update');
  if (kept === undefined) throw new BerthError('state', 'The old files are not kept any more.');
  return kept;
}

/** The same, taken from everybody else at once: an undo must not switch to files that are about to go. */
export async function takeKeptVolume(tx: Tx, operationId: string) {
  const kept = await keptVolume(tx, operationId);
  await tx.update(retainedVolumes).set({ consumedAt: new Date() }).where(eq(retainedVolumes.id, kept.id));
  return kept;
}
