/**
 * A tree as tar (POSIX.1-2001, pax): names of any bytes and length, owners by number, times, links, extended attributes in the
 * records GNU tar and libarchive know.
 */
import * as fs from 'node:fs';
import { nameOf } from './paths.ts';
import { pieceBytes } from './streams.ts';
import { walk } from './walk.ts';
import { attributesOf } from './xattr.ts';

const block = 512;
const types = { file: '0', hardLink: '1', link: '2', folder: '5', pipe: '6', pax: 'x' } as const;
const mostOctal = 8 ** 11 - 1;

/** Everything at `path`, below its own name. What tar cannot hold (sockets, devices) is left out. */
export function* tarOf(path: Buffer): Generator<Buffer> {
  const name = path.length === 1 ? Buffer.from('root') : nameOf(path);
  const links = new Map<string, Buffer>();
  for (const found of walk(path)) {
    const below =
      path.length === 1 ? found.path.subarray(found.path.length === 1 ? 1 : 0) : found.path.subarray(path.length);
    yield* entry(found.path, Buffer.concat([name, below]), found.stat, links);
  }
  yield Buffer.alloc(2 * block);
}

function* entry(path: Buffer, name: Buffer, stat: fs.BigIntStats, links: Map<string, Buffer>): Generator<Buffer> {
  const first = links.get(`${stat.dev}:${stat.ino}`);
  if (first !== undefined) return yield* header(name, stat, types.hardLink, { link: first });
  if (stat.isDirectory()) return yield* header(Buffer.concat([name, Buffer.from('/')]), stat, types.folder, { path });
  if (stat.isSymbolicLink()) {
    return yield* header(name, stat, types.link, { link: fs.readlinkSync(path, { encoding: 'buffer' }), path });
  }
  if (stat.isFIFO()) return yield* header(name, stat, types.pipe, { path });
  if (!stat.isFile()) return;
  if (stat.nlink > 1n) links.set(`${stat.dev}:${stat.ino}`, name);
  yield* file(path, name, stat);
}

/** A file as long as it was when it was looked at: one that grows is cut, one that shrinks is filled with zeros. */
function* file(path: Buffer, name: Buffer, stat: fs.BigIntStats): Generator<Buffer> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    yield* header(name, stat, types.file, { size: Number(stat.size), path });
    let left = Number(stat.size);
    while (left > 0) {
      const piece = Buffer.alloc(Math.min(left, pieceBytes));
      const bytes = fs.readSync(fd, piece);
      yield bytes === 0 ? piece : piece.subarray(0, bytes);
      left -= bytes === 0 ? piece.length : bytes;
    }
    yield padding(Number(stat.size));
  } finally {
    fs.closeSync(fd);
  }
}

const padding = (size: number) => Buffer.alloc((block - (size % block)) % block);

function* header(
  name: Buffer,
  stat: fs.BigIntStats,
  type: string,
  { link = Buffer.alloc(0), size = 0, path }: { link?: Buffer; size?: number; path?: Buffer },
): Generator<Buffer> {
  const records: Buffer[] = [];
  if (name.length > 100) records.push(record('path', name));
  if (link.length > 100) records.push(record('linkpath', link));
  if (size > mostOctal) records.push(record('size', Buffer.from(String(size))));
  records.push(record('mtime', Buffer.from(seconds(stat.mtimeNs))));
  if (path !== undefined) {
    for (const [key, value] of attributesOf(path)) records.push(record(`SCHILY.xattr.${key}`, value));
  }
  // Without this a reader may take names for UTF-8, which they need not be.
  const pax = Buffer.concat([record('hdrcharset', Buffer.from('BINARY')), ...records]);
  yield ustar(Buffer.from('pax'), stat, types.pax, Buffer.alloc(0), pax.length);
  yield Buffer.concat([pax, padding(pax.length)]);
  yield ustar(name, stat, type, link, size);
}

function seconds(ns: bigint): string {
  const sign = ns < 0n ? '-' : '';
  const positive = ns < 0n ? -ns : ns;
  return `${sign}${positive / 1_000_000_000n}.${String(positive % 1_000_000_000n).padStart(9, '0')}`;
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function ustar(name: Buffer, stat: fs.BigIntStats, type: string, link: Buffer, size: number): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, at: number, width: number) =>
    head.write(
      Math.min(Math.max(value, 0), 8 ** (width - 1) - 1)
        .toString(8)
        .padStart(width - 1, '0'),
      at,
      'latin1',
    );
  name.copy(head, 0, 0, 100);
  octal(Number(stat.mode) & 0o7777, 100, 8);
  octal(Number(stat.uid), 108, 8);
  octal(Number(stat.gid), 116, 8);
  octal(size, 124, 12);
  octal(Number(stat.mtimeMs / 1000n), 136, 12);
  head.fill(' ', 148, 156);
  head.write(type, 156, 'latin1');
  link.copy(head, 157, 0, 100);
  head.write('ustar\x0000', 257, 'latin1');
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return head;
}
