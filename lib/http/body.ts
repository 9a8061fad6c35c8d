import { BerthError } from '../contract/errors.ts';

/** No JSON body of ours comes near this; uploads do not go this way. */
export const bodyLimitBytes = 1024 * 1024;

/** The JSON body of a request; an empty one counts as `{}`. Reads no more than the limit, whatever its length says. */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === '') return {};
  const type = request.headers.get('content-type') ?? '';
  // Also a guard: a foreign form can send text/plain without asking first, but not this.
  if (!/^application\/json\b/i.test(type)) throw new BerthError('invalid', 'Send JSON as application/json.');
  try {
    return JSON.parse(text);
  } catch {
    throw new BerthError('invalid', 'The body is not JSON.');
  }
}

async function readText(request: Request): Promise<string> {
  if (request.body === null) return '';
  return (await readLimited(request.body, bodyLimitBytes)).toString('utf8');
}

/** All of a body. Reads no more than the limit, whatever its length says; throws `too_large` with `words`. */
export async function readLimited(
  body: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  words?: string,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new BerthError('too_large', words);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
