import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { attachment } from '#lib/http/attachment.ts';
import { askFiles, shownPath } from './reach.ts';

/** The content of a file, or a folder as tar, as a download. */
export async function readFile(actor: Actor, id: string, path: string, signal: AbortSignal): Promise<Response> {
  const detail = { path: shownPath(path) };
  const name = detail.path.split('/').filter(Boolean).at(-1) ?? 'root';
  try {
    const { answer, body } = await askFiles(actor, id, 'read', { path }, detail, { signal });
    return attachment(body, name, { sizeBytes: answer.entry.size });
  } catch (error) {
    if (!(error instanceof BerthError && error.code === 'invalid')) throw error;
  }
  const { body } = await askFiles(actor, id, 'archive', { path }, null, { signal });
  return attachment(body, `${name}.tar`);
}
