/**
 * Pictures of others, made anew: of a PNG file only the pixels are kept. Whatever else it carries (texts, profiles, what comes after its
 * end) is left behind, and what is not exactly as its head says is refused. Other kinds, SVG among them, are refused as well.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { BerthError } from '../contract/errors.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Samples a pixel has, by colour type; which bit depths each may have (PNG, table 11.1). */
const kinds: Record<number, { samples: number; depths: readonly number[] }> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

type Chunk = { type: string; data: Buffer };

export function cleanPng(file: Buffer, mostPixelsAside: number): Buffer {
  const chunks = chunksOf(file);
  const head = chunks[0];
  if (head?.type !== 'IHDR' || head.data.length !== 13) throw refused('has no head');
  const [width, height] = [head.data.readUInt32BE(0), head.data.readUInt32BE(4)];
  const [depth = 0, colour = 0, compression, filter, interlace] = head.data.subarray(8);
  const kind = kinds[colour];
  if (kind === undefined || !kind.depths.includes(depth)) throw refused('has colours that do not exist');
  if (compression !== 0 || filter !== 0) throw refused('is packed in an unknown way');
  if (interlace !== 0) throw refused('is interlaced; save it without');
  if (width === 0 || height === 0 || width > mostPixelsAside || height > mostPixelsAside) {
    throw refused(`is ${width} × ${height}; at most ${mostPixelsAside} × ${mostPixelsAside} is taken`);
  }
  const lineBytes = 1 + Math.ceil((width * kind.samples * depth) / 8);
  const expected = lineBytes * height;
  const packed = Buffer.concat(chunks.filter((one) => one.type === 'IDAT').map((one) => one.data));
  const pixels = unpack(packed, expected);
  for (let line = 0; line < height; line += 1) if ((pixels[line * lineBytes] ?? 9) > 4) throw refused('is damaged');
  const palette = chunks.find((one) => one.type === 'PLTE')?.data;
  if (colour === 3 && (palette === undefined || palette.length % 3 !== 0 || palette.length > 768)) {
    throw refused('has no colours');
  }
  const clear = chunks.find((one) => one.type === 'tRNS')?.data;
  return Buffer.concat([
    signature,
    chunkOf('IHDR', head.data),
    ...(colour === 3 && palette !== undefined ? [chunkOf('PLTE', palette)] : []),
    ...(clear !== undefined && clear.length <= 256 && colour < 4 ? [chunkOf('tRNS', clear)] : []),
    chunkOf('IDAT', deflateSync(pixels, { level: 9 })),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(file: Buffer): Chunk[] {
  if (!file.subarray(0, 8).equals(signature)) throw refused('is no PNG file');
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (at + 12 + length > file.length) break;
    const named = file.subarray(at + 4, at + 8 + length);
    if (crc32(named) !== file.readUInt32BE(at + 8 + length)) throw refused('is damaged');
    const type = named.toString('latin1', 0, 4);
    if (type === 'IEND') return chunks;
    chunks.push({ type, data: named.subarray(4) });
    at += 12 + length;
  }
  throw refused('ends too early');
}

function unpack(packed: Buffer, expected: number): Buffer {
  let pixels: Buffer;
  try {
    pixels = inflateSync(packed, { maxOutputLength: expected });
  } catch (cause) {
    throw refused('is damaged', cause);
  }
  if (pixels.length !== expected) throw refused('is damaged');
  return pixels;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

function refused(why: string, cause?: unknown): BerthError {
  return new BerthError('invalid', `The picture ${why}.`, { remedy: 'Send a PNG file.', cause });
}
