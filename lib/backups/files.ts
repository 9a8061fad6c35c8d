import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { BackupCompareQuery, BackupComparison, RestorePreview, RestorePreviewOf } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { BackupDifferences, FileList, FileListQuery } from '#lib/contract/files.ts';
import { shownPath } from '#lib/files/reach.ts';
import { attachment } from '#lib/http/attachment.ts';
import { askBackup } from './browse.ts';

/** One page of a folder of a backup. */
export async function listBackupFiles(
  actor: Actor,
  backupId: string,
  query: z.output<typeof FileListQuery>,
): Promise<FileList> {
  const { cursor, ...order } = query;
  const offset = Number(cursor ?? 0);
  const { answer, body } = await askBackup(actor, backupId, 'list', { ...order, offset }, { detail: null });
  await body.return(undefined);
  const { folder, items, total } = answer;
  const next = offset + query.limit;
  return { folder, items, total, nextCursor: next < total ? String(next) : null };
}

/** A file of a backup, or a folder as tar, as a download. */
export async function readBackupFile(
  actor: Actor,
  backupId: string,
  path: string,
  signal: AbortSignal,
): Promise<Response> {
  const detail = { path: shownPath(path) };
  const name = detail.path.split('/').filter(Boolean).at(-1) ?? 'root';
  try {
    const { answer, body } = await askBackup(actor, backupId, 'read', { path }, { detail, signal });
    return attachment(body, name, { sizeBytes: answer.entry.size });
  } catch (error) {
    if (!(error instanceof BerthError && error.code === 'invalid')) throw error;
  }
  const { body } = await askBackup(actor, backupId, 'archive', { path }, { detail: null, signal });
  return attachment(body, `${name}.tar`);
}

const root = 'Lw==';
const nothing = { count: 0, bytes: 0 };

async function differences(
  actor: Actor,
  backupId: string,
  order: { paths: string[]; target?: string | undefined; with: 'now' | (string & {}) },
): Promise<BackupDifferences> {
  const { paths, target, with: other } = order;
  const now = other === 'now';
  const { answer, body } = await askBackup(
    actor,
    backupId,
    'compare',
    { paths, with: other, ...(target === undefined ? {} : { target }) },
    { detail: null, now, beside: now ? [] : [other] },
  );
  await body.return(undefined);
  return answer;
}

/** What came, changed and went in a folder between a backup and another, or what is there now. */
export async function compareBackup(
  actor: Actor,
  backupId: string,
  query: z.output<typeof BackupCompareQuery>,
): Promise<z.infer<typeof BackupComparison>> {
  const found = await differences(actor, backupId, { paths: [query.path], with: query.with });
  return {
    ...{ added: found.there, changed: found.changed, removed: found.here, same: found.same, whole: found.whole },
    folders: found.folders.map(({ name, kind, here, changed, there }) => ({
      ...{ name, kind, added: there, changed, removed: here },
    })),
    first: found.first.map(({ path, kind, difference, bytesHere, bytesThere }) => ({
      ...{ path, kind, bytesBefore: bytesHere, bytesAfter: bytesThere },
      difference: ({ here: 'removed', changed: 'changed', there: 'added' } as const)[difference],
    })),
  };
}

/** What restoring would do, of all files or of some. Nothing is done. */
export async function previewRestore(
  actor: Actor,
  backupId: string,
  what: z.output<typeof RestorePreviewOf>,
): Promise<z.infer<typeof RestorePreview>> {
  const { paths = [root], target } = what;
  const found = await differences(actor, backupId, { paths, target, with: 'now' });
  // Files that come back leave alone what the backup has not; a restore of everything does not.
  const all = what.paths === undefined;
  return {
    ...{ new: found.here, changed: found.changed, deleted: all ? found.there : nothing, same: found.same },
    whole: found.whole,
    first: found.first.flatMap(({ path, kind, difference, bytesHere, bytesThere }) =>
      difference === 'there' && !all
        ? []
        : [
            {
              ...{ path, kind, bytesBefore: bytesThere, bytesAfter: bytesHere },
              difference: ({ here: 'new', changed: 'changed', there: 'deleted' } as const)[difference],
            },
          ],
    ),
  };
}
