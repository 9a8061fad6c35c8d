import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Rollback } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { releaseChoice } from '#lib/operations/make-room.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { snapshotFor } from './find.ts';
import { announce } from './row.ts';

/**
 * Puts all files back as they were in a snapshot, after a snapshot of the present ones. The present files are also kept for
 * undo. Throws `state` for a snapshot that is being made or deleted.
 */
export async function rollBack(
  actor: Actor,
  snapshotId: string,
  input: z.infer<typeof Rollback> = {},
): Promise<Operation> {
  authorize(actor, 'snapshot.rollback');
  const { containerId } = await asActor(actor, (tx) => snapshotFor(tx, actor, snapshotId, 'snapshot.rollback'));
  return await requestOperation(actor, {
    kind: 'rollback',
    containerId,
    prepare: async (tx, { container }, operationId) => {
      const source = await snapshotFor(tx, actor, snapshotId, 'snapshot.rollback');
      if (source.state !== 'present') throw new BerthError('state', 'The snapshot is being made or deleted.');
      const releasing = await releaseChoice(tx, container.id, input.release);
      const id = uuidv7();
      const name = `Before rolling back${source.name === '' ? '' : ` to “${source.name}”`}`;
      await announce(tx, actor, container, { id, operationId, name, kind: 'automatic' });
      return { ...releasing, sourceId: source.id, snapshotId: id, volumeId: uuidv7(), templateId: source.templateId };
    },
  });
}
