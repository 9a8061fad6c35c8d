import { createHash } from 'node:crypto';
import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { attachment } from '#lib/http/attachment.ts';
import { restFrom } from '#lib/http/range.ts';
import { askFiles, shownPath } from './reach.ts';

/**
 * The content of a file, or a folder as tar, as a download. Of a file that nobody has changed meanwhile also the rest, from where a download was
 * cut off (`Range: bytes=N-` with `If-Range`, RFC 9110).
 */
export async function readFile(actor: Actor, id: string, path: string, request: Request): Promise<Response> {
  const { signal } = request;
  const detail = { path: shownPath(path) };
  const name = detail.path.split('/').filter(Boolean).at(-1) ?? 'root';
  try {
    const { answer, body } = await askFiles(actor, id, 'read', { path }, detail, { signal });
    const { entry } = answer;
    const etag = stampOf(entry);
    const offset = restFrom(request.headers, etag);
    const headers = { etag, 'accept-ranges': 'bytes' };
    if (offset === 0 || offset >= entry.size) return attachment(body, name, { sizeBytes: entry.size, headers });
    const range = `bytes ${offset}-${entry.size - 1}/${entry.size}`;
    const rest = { status: 206, sizeBytes: entry.size - offset, headers: { ...headers, 'content-range': range } };
    return attachment(without(body, offset), name, rest);
  } catch (error) {
    if (!(error instanceof BerthError && error.code === 'invalid')) throw error;
  }
  const { body } = await askFiles(actor, id, 'archive', { path }, null, { signal });
  return attachment(body, `${name}.tar`);
}

/** Strong enough to put two halves together: times are kept in milliseconds, and a changed file has another one. */
function stampOf({ size, modifiedAt, mode, uid, gid }: FileEntry): string {
  const text = JSON.stringify([size, modifiedAt, mode, uid, gid]);
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** All but the first bytes. They are read at the host all the same; it is the way to the reader that is slow. */
async function* without(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    if (left < chunk.byteLength) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}
