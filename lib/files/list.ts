import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Changes, ChangesQuery, FileList, FileListQuery, Trash } from '#lib/contract/files.ts';
import { askFilesFor } from './reach.ts';

/** One page of a folder. A page of a folder that changes meanwhile may miss or repeat an entry. */
export async function listFiles(actor: Actor, id: string, query: z.output<typeof FileListQuery>): Promise<FileList> {
  const { cursor, ...order } = query;
  const offset = Number(cursor ?? 0);
  const { folder, items, total } = await askFilesFor(actor, id, 'list', { ...order, offset }, null);
  const next = offset + query.limit;
  return { folder, items, total, nextCursor: next < total ? String(next) : null };
}

export async function listTrash(actor: Actor, id: string): Promise<z.infer<typeof Trash> & { nextCursor: null }> {
  return { ...(await askFilesFor(actor, id, 'trash', {}, null)), nextCursor: null };
}

/** What differs from the template in one folder, or all that a recovery of the system or of one path would touch. */
export async function listChanges(
  actor: Actor,
  id: string,
  query: z.output<typeof ChangesQuery>,
): Promise<Changes & { nextCursor: null }> {
  const changes = await askFilesFor(actor, id, 'changes', query, null);
  if (query.recover && changes.total === undefined) {
    throw new BerthError(
      'state',
      'The server of this container has an older version, which cannot say that beforehand.',
      {
        remedy: 'Try again when it has been upgraded.',
      },
    );
  }
  return { ...changes, nextCursor: null };
}
