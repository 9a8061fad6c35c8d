import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { Recover } from '#lib/contract/files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { shownPath } from '#lib/files/reach.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { announce } from '#lib/snapshots/row.ts';

const mostPathsTold = 20;

/**
 * Puts back what the template has and was changed or deleted, while the container goes on; the changed versions go into the trash.
 * Before all of the system is put back, an automatic snapshot holds the files as they are: undo rolls back to it.
 */
export async function recoverFiles(
  actor: Actor,
  containerId: string,
  what: z.output<typeof Recover>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'recover',
    containerId,
    change: () => ({
      after:
        what.paths === undefined
          ? { allSystemFiles: true }
          : { count: what.paths.length, paths: what.paths.slice(0, mostPathsTold).map(shownPath) },
    }),
    prepare: async (tx, { container }, operationId) => {
      if (what.allSystemFiles !== true) return { what };
      const id = uuidv7();
      await announce(tx, actor, container, {
        id,
        operationId,
        name: 'Before system files were put back',
        kind: 'automatic',
      });
      return { what, snapshotId: id };
    },
  });
}
