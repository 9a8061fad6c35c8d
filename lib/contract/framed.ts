/**
 * What files travel in, between browser's server, agent and helper: one line of JSON (the head), then bytes (the body) to the end.
 * Pure, so that every side can use it.
 */

/** A head is small: the longest are pages of a folder's entries. */
export const mostHeadBytes = 4 * 1024 * 1024;
export const framedType = 'application/x-berth-framed';

export function headLine(head: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(head)}\n`);
}

/**
 * Reads the head of a framed stream; `rest` gives the body, and ends as the source ends. Throws when the source ends before a
 * whole line, when the line is too long, or is not JSON.
 */
export async function readFramed(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: unknown; rest: AsyncGenerator<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done === true) throw new Error('the stream ended before its head');
    const end = value.indexOf(10);
    parts.push(end === -1 ? value : value.subarray(0, end));
    size += parts.at(-1)?.length ?? 0;
    if (size > mostHeadBytes) throw new Error('the head is too long');
    if (end === -1) continue;
    return { head: JSON.parse(textOf(parts, size)), rest: restOf(value.subarray(end + 1), chunks) };
  }
}

function textOf(parts: readonly Uint8Array[], size: number): string {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new TextDecoder().decode(whole);
}

async function* restOf(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const { value, done } = await chunks.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

/** The lines of a body, without their ends; one without an end was cut off and does not count. Throws for one that is too long. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    for (let rest = chunk; rest.length > 0; ) {
      const end = rest.indexOf(10);
      const piece = end === -1 ? rest : rest.subarray(0, end);
      parts.push(piece);
      size += piece.length;
      if (size > mostHeadBytes) throw new Error('a line is too long');
      if (end === -1) break;
      yield textOf(parts, size);
      [parts, size] = [[], 0];
      rest = rest.subarray(end + 1);
    }
  }
}
