import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import type { FileChanged, FileDeleteQuery, FileEdit } from '#lib/contract/files.ts';
import { askFilesFor, shownPath } from './reach.ts';

/** Every change but content; audited with what it is about. */
export async function changeFiles(actor: Actor, id: string, change: FileEdit): Promise<z.infer<typeof FileChanged>> {
  return await askFilesFor(actor, id, 'change', { change }, detailOf(change));
}

export async function deleteFile(actor: Actor, id: string, query: z.output<typeof FileDeleteQuery>) {
  return await changeFiles(actor, id, {
    action: 'delete',
    paths: [query.path],
    permanently: query.permanently,
  });
}

const mostPaths = 20;

function detailOf(change: FileEdit): Facts {
  const { action } = change;
  if ('paths' in change && change.paths !== undefined)
    return { action, count: change.paths.length, paths: change.paths.slice(0, mostPaths).map(shownPath) };
  if ('to' in change) return { action, path: shownPath(change.path), to: shownPath(change.to) };
  if ('path' in change) return { action, path: shownPath(change.path) };
  return { action, ...('ids' in change ? { count: change.ids?.length ?? null } : {}) };
}
