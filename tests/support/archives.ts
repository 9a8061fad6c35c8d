/** Tar archives of a test's own making, well-formed or not. Written from the standard and not from the product. */
import { gzipSync, zstdCompressSync } from 'node:zlib';

export type Part = {
  name: string | Buffer;
  /** One character of ustar; a file unless said. */
  type?: string;
  content?: string | Buffer;
  link?: string | Buffer;
  mode?: number;
  uid?: number;
  gid?: number;
  mtime?: number;
  pax?: Record<string, string | Buffer>;
  /** Instead of the content's length. */
  size?: number;
  /** Instead of the fields' own bytes, at these offsets. */
  raw?: Record<number, string>;
  /** Instead of the right one. */
  sum?: string;
};

const block = 512;
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
const bytesOf = (text: string | Buffer) => (typeof text === 'string' ? Buffer.from(text) : text);

export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), bytesOf(value), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function head(part: Part, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, width: number) =>
    bytes.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
  bytesOf(part.name).copy(bytes, 0, 0, 100);
  octal(part.mode ?? 0o644, 100, 8);
  octal(part.uid ?? 0, 108, 8);
  octal(part.gid ?? 0, 116, 8);
  octal(part.size ?? size, 124, 12);
  octal(part.mtime ?? 1_600_000_000, 136, 12);
  bytes.write(part.type ?? '0', 156, 'latin1');
  bytesOf(part.link ?? '').copy(bytes, 157, 0, 100);
  bytes.write('ustar\x0000', 257, 'latin1');
  for (const [at, text] of Object.entries(part.raw ?? {})) bytes.write(text, Number(at), 'latin1');
  bytes.fill(' ', 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(part.sum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

export function partBytes(part: Part): Buffer {
  const content = bytesOf(part.content ?? '');
  const own = Buffer.concat([head(part, content.length), padded(content)]);
  if (part.pax === undefined) return own;
  const records = Buffer.concat(Object.entries(part.pax).map(([key, value]) => paxRecord(key, value)));
  return Buffer.concat([head({ name: 'pax', type: 'x' }, records.length), padded(records), own]);
}

export const tarEnd = Buffer.alloc(2 * block);

export function tarOf(parts: readonly (Part | Buffer)[], { end = true } = {}): Buffer {
  const all = parts.map((part) => (Buffer.isBuffer(part) ? part : partBytes(part)));
  return Buffer.concat([...all, ...(end ? [tarEnd] : [])]);
}

/** The least that counts as a system: folders, and an init that is known. */
export const smallSystem: readonly Part[] = [
  { name: './', type: '5', mode: 0o755 },
  { name: './bin/', type: '5', mode: 0o755 },
  { name: './sbin/', type: '5', mode: 0o755 },
  { name: './bin/busybox', content: 'not really', mode: 0o755 },
  { name: './sbin/init', type: '2', link: '/bin/busybox' },
];

export const gzip = (bytes: Buffer) => gzipSync(bytes);
export const zstd = (bytes: Buffer) => zstdCompressSync(bytes);
