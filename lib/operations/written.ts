import { and, eq, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { WrittenSince } from '#lib/contract/files.ts';
import { asActor } from '#lib/db/client.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { askFilesFor } from '#lib/files/reach.ts';
import { operationFor } from './get.ts';
import { snapshotBefore } from './undo.ts';

/** What was written into a container since an operation put its old files aside, or the template's files back: what taking that back takes away from it. */
export async function writtenSince(actor: Actor, operationId: string): Promise<WrittenSince> {
  authorize(actor, 'file.read');
  const { containerId, order } = await asActor(actor, async (tx) => {
    const operation = await operationFor(tx, actor, operationId, 'file.read');
    if (operation.kind === 'recover' && operation.containerId !== null) {
      await snapshotBefore(tx, operationId);
      const since = operation.result.recoveredAt;
      if (typeof since !== 'string') throw new BerthError('state', 'It was not noted when these files were put back.');
      return { containerId: operation.containerId, order: { since } };
    }
    const [kept] = await tx
      .select()
      .from(retainedVolumes)
      .where(and(eq(retainedVolumes.operationId, operationId), isNull(retainedVolumes.consumedAt)));
    if (kept === undefined || operation.containerId === null) {
      throw new BerthError('state', 'The old files are not kept any more.');
    }
    return { containerId: operation.containerId, order: { volumeId: kept.volumeId } };
  });
  return await askFilesFor(actor, containerId, 'written', order, null);
}
