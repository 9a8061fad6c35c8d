import * as fs from 'node:fs';
import { Refusal } from './refusal.ts';
import { pieceBytes } from './streams.ts';
import { shownName, type TarEntry, type TarReader, tarBlock } from './tar-reader.ts';

/** No file system of ours takes larger ones, and no honest archive claims them. */
const mostFileBytes = 8 * 1024 ** 4;
const mostExtents = 1_000_000;
const nothing = Buffer.alloc(pieceBytes);

const tooMuch = () => new Refusal('too_large', 'The archive holds more than the disk of the plan.');

function claimed(bytes: number, entry: TarEntry): void {
  if (bytes > mostFileBytes) {
    throw new Refusal('too_large', `${shownName(entry.path)} claims to be larger than a file can be.`);
  }
}

/** Content as it comes; pieces of zeros become holes. Returns how much was written. */
export async function writeContent(fd: number, reader: TarReader, entry: TarEntry, mostBytes: number): Promise<number> {
  claimed(entry.size, entry);
  const written = await fill(fd, reader, 0, entry.size, mostBytes);
  fs.ftruncateSync(fd, entry.size);
  return written;
}

/** Content with a map before it, as GNU tar 1.0 has it: how many pieces, and of each where it lies and how long it is. */
export async function writeSparse(fd: number, reader: TarReader, entry: TarEntry, mostBytes: number): Promise<number> {
  const size = entry.sparseSize ?? 0;
  claimed(size, entry);
  const map = new SparseMap(reader, entry);
  const count = await map.number();
  if (count > mostExtents) throw map.wrong();
  const extents: [number, number][] = [];
  let [end, content] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    const [at, length] = [await map.number(), await map.number()];
    if (at < end || at + length > size) throw map.wrong();
    extents.push([at, length]);
    end = at + length;
    content += length;
  }
  await map.close();
  if (map.bytes + content !== entry.size) throw map.wrong();
  let written = 0;
  for (const [at, length] of extents) written += await fill(fd, reader, at, length, mostBytes - written);
  fs.ftruncateSync(fd, size);
  return written;
}

async function fill(fd: number, reader: TarReader, from: number, length: number, mostBytes: number): Promise<number> {
  let [at, written] = [from, 0];
  for (let left = length; left > 0; ) {
    const piece = await reader.content(Math.min(left, pieceBytes));
    if (piece.length === 0) throw new Refusal('invalid', 'The archive is damaged or cut off.');
    if (!piece.equals(nothing.subarray(0, piece.length))) {
      written += piece.length;
      if (written > mostBytes) throw tooMuch();
      for (let done = 0; done < piece.length; ) done += fs.writeSync(fd, piece, done, piece.length - done, at + done);
    }
    at += piece.length;
    left -= piece.length;
  }
  return written;
}

/** Numbers in lines, in whole blocks. */
class SparseMap {
  readonly #reader: TarReader;
  readonly #entry: TarEntry;
  #pending = Buffer.alloc(0);
  bytes = 0;

  constructor(reader: TarReader, entry: TarEntry) {
    this.#reader = reader;
    this.#entry = entry;
  }

  wrong(): Refusal {
    return new Refusal('invalid', `The map of the sparse file ${shownName(this.#entry.path)} is wrong.`);
  }

  async number(): Promise<number> {
    for (;;) {
      const end = this.#pending.indexOf(10);
      if (end > 16 || (end === -1 && this.#pending.length > 16)) throw this.wrong();
      if (end !== -1) {
        const text = this.#pending.toString('latin1', 0, end);
        this.#pending = this.#pending.subarray(end + 1);
        if (!/^\d{1,15}$/.test(text)) throw this.wrong();
        return Number(text);
      }
      await this.#block();
    }
  }

  /** The rest of the last block is filling. */
  async close(): Promise<void> {
    this.#pending = Buffer.alloc(0);
  }

  async #block(): Promise<void> {
    for (let left = tarBlock; left > 0; ) {
      const piece = await this.#reader.content(left);
      if (piece.length === 0) throw this.wrong();
      this.#pending = Buffer.concat([this.#pending, piece]);
      left -= piece.length;
    }
    this.bytes += tarBlock;
  }
}
