import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
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

/** What differs from the template in one folder, or all that a recovery of the system would touch. */
export async function listChanges(
  actor: Actor,
  id: string,
  query: z.output<typeof ChangesQuery>,
): Promise<Changes & { nextCursor: null }> {
  return { ...(await askFilesFor(actor, id, 'changes', query, null)), nextCursor: null };
}
