/** Files whose content arrives from somewhere else while they are written. */
import * as fs from 'node:fs';
import { effect } from './fault.ts';

/** More came than may be kept. What was written of a new file is gone again. */
export class TooMuchError extends Error {
  constructor() {
    super('more came than may be kept');
    this.name = 'TooMuchError';
  }
}

/** A new file, on disk and under its name only when all of it has come; returns its size. */
export async function receiveFile(
  label: string,
  path: string,
  source: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<number> {
  return await effect(label, async () => {
    const unfinished = `${path}.new`;
    try {
      fs.rmSync(unfinished, { force: true });
      const bytes = await append(unfinished, 'wx', source, mostBytes);
      fs.renameSync(unfinished, path);
      return bytes;
    } catch (error) {
      fs.rmSync(unfinished, { force: true });
      throw error;
    }
  });
}

/** More of a file that comes in pieces, from its end on; what has come stays, also when the piece is cut off. Returns its size. */
export async function extendFile(
  label: string,
  path: string,
  source: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<number> {
  return await effect(label, async () => append(path, 'a', source, mostBytes));
}

async function append(
  path: string,
  flags: 'a' | 'wx',
  source: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<number> {
  const file = await fs.promises.open(path, flags, 0o600);
  try {
    let { size } = await file.stat();
    for await (const chunk of source) {
      if (size + chunk.length > mostBytes) throw new TooMuchError();
      for (let done = 0; done < chunk.length; ) {
        done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
      }
      size += chunk.length;
    }
    return size;
  } finally {
    await file.sync().finally(() => file.close());
  }
}
