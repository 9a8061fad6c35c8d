/** The bytes of an archive as they are asked for, unpacked from whatever they were compressed with; counted on both sides. */
import { Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Refusal } from './refusal.ts';

export const compressions = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** What a compressed archive may grow to: so much in any case, and so many times its size. Honest ones stay far below. */
const freeBytes = 1024 ** 3;
const mostRatio = 1000;

const damaged = () => new Refusal('invalid', 'The archive is damaged or cut off.');
const starts = (head: Buffer, ...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);

/** By the first bytes. What we do not unpack is said by name. */
export function compressionOf(head: Buffer): Compression {
  if (starts(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (starts(head, 0x1f, 0x8b)) return 'gzip';
  for (const [name, magic] of [
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
    ['bzip2', [0x42, 0x5a, 0x68]],
    ['zip', [0x50, 0x4b, 0x03, 0x04]],
    ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf]],
  ] as const) {
    if (starts(head, ...magic)) {
      throw new Refusal('invalid', `This is ${name}. Send a tar archive, plain or compressed with gzip or zstd.`);
    }
  }
  return 'none';
}

export class TarSource {
  readonly compression: Compression;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #taken: { bytes: number };
  #pending: Buffer = Buffer.alloc(0);
  #given = 0;

  private constructor(compression: Compression, chunks: AsyncIterator<Uint8Array>, taken: { bytes: number }) {
    this.compression = compression;
    this.#chunks = chunks;
    this.#taken = taken;
  }

  static async of(input: AsyncIterable<Uint8Array>): Promise<TarSource> {
    const taken = { bytes: 0 };
    const chunks = input[Symbol.asyncIterator]();
    let head = Buffer.alloc(0);
    while (head.length < 8) {
      const { value, done } = await chunks.next();
      if (done === true) break;
      head = Buffer.concat([head, value]);
    }
    async function* all(): AsyncGenerator<Uint8Array> {
      taken.bytes += head.length;
      yield head;
      for (;;) {
        const { value, done } = await chunks.next();
        if (done === true) return;
        taken.bytes += value.length;
        yield value;
      }
    }
    const compression = compressionOf(head);
    if (compression === 'none') return new TarSource(compression, all()[Symbol.asyncIterator](), taken);
    const unpacker: Transform = compression === 'gzip' ? createGunzip() : createZstdDecompress();
    const packed = Readable.from(all(), { objectMode: false });
    packed.once('error', (error) => unpacker.destroy(error));
    packed.pipe(unpacker);
    return new TarSource(compression, unpacker[Symbol.asyncIterator](), taken);
  }

  /** At most `most` bytes; none at the end. */
  async some(most: number): Promise<Buffer> {
    if (this.#pending.length === 0) {
      const { value, done } = await this.#next();
      if (done === true) return Buffer.alloc(0);
      this.#pending = Buffer.from(value.buffer, value.byteOffset, value.length);
      this.#given += value.length;
      if (this.compression !== 'none' && this.#given > freeBytes + mostRatio * this.#taken.bytes) {
        throw new Refusal('too_large', 'The archive grows beyond measure when it is unpacked.');
      }
    }
    const piece = this.#pending.subarray(0, most);
    this.#pending = this.#pending.subarray(piece.length);
    return piece;
  }

  /** Exactly so many bytes, which are few. */
  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      const piece = await this.some(left);
      if (piece.length === 0) throw damaged();
      parts.push(piece);
      left -= piece.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const piece = await this.some(left);
      if (piece.length === 0) throw damaged();
      left -= piece.length;
    }
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#chunks.next();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw damaged();
    }
  }
}
