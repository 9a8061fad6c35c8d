import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { FileWriteQuery, UploadState } from '#lib/contract/files.ts';
import { askFilesFor, shownPath } from './reach.ts';

/** Puts content in place. A piece of an upload is audited once, when the upload begins. */
export async function writeFile(
  actor: Actor,
  id: string,
  query: z.output<typeof FileWriteQuery>,
  request: Request,
): Promise<UploadState> {
  const { size, upload, unchangedSince, ...order } = query;
  const detail = query.offset === 0 ? { path: shownPath(query.path) } : null;
  const optional = {
    ...(size === undefined ? {} : { size }),
    ...(upload === undefined ? {} : { upload }),
    ...(unchangedSince === undefined ? {} : { unchangedSince }),
  };
  const content = request.body ?? new Blob([]).stream();
  return await askFilesFor(actor, id, 'write', { ...order, ...optional }, detail, {
    content,
    signal: request.signal,
  });
}
