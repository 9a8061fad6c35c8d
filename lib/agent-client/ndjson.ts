/** Longest line of an action stream that is accepted; what an agent says is hostile input. */
export const maxLineBytes = 4 * 1024 * 1024;

/** The other side does not keep to the protocol; asking again would not help. */
export class BadStreamError extends Error {}

/** Splits a byte stream into the JSON values of its lines. Throws {@link BadStreamError} on a line that is too long or is not JSON. */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)]);
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
      if (line.length > maxLineBytes) throw new BadStreamError('line too long');
      if (line.length > 0) yield parseLine(line);
    }
    size += rest.length;
    if (size > maxLineBytes) throw new BadStreamError('line too long');
    if (rest.length > 0) parts.push(rest);
  }
  if (size > 0) throw new Error('the stream ended in the middle of a line');
}

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (cause) {
    throw new BadStreamError('a line is not JSON', { cause });
  }
}
