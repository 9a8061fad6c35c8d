/**
 * A tree as tar (POSIX.1-2001, pax): names of any bytes and length, owners by number, times, links, extended attributes in the
 * records GNU tar and libarchive know.
 */
import * as fs from 'node:fs';
import { extentsOf } from './extents.ts';
import { nameOf } from './paths.ts';
import { pieceBytes } from './streams.ts';
import { walk } from './walk.ts';
import { attributesOf } from './xattr.ts';

const block = 512;
const types = { file: '0', hardLink: '1', link: '2', folder: '5', pipe: '6', pax: 'x' } as const;
const mostOctal = 8 ** 11 - 1;

/** `sparse`: holes of files are told and not sent, as GNU tar 1.0 does; not every reader understands that. */
type Manner = { sparse: boolean };

/** One small file of our own making. */
export function* tarOfText(name: string, text: string): Generator<Buffer> {
  const content = Buffer.from(text);
  const now = BigInt(Date.now());
  const stat = { mode: 0o100644n, uid: 0n, gid: 0n, mtimeMs: now, mtimeNs: now * 1_000_000n };
  yield* header(Buffer.from(name), stat, types.file, { size: content.length });
  yield content;
  yield padding(content.length);
}

/** Everything at `path`, below its own name. What tar cannot hold (sockets, devices) is left out. */
export function* tarOf(path: Buffer, manner: Manner = { sparse: false }): Generator<Buffer> {
  const name = path.length === 1 ? Buffer.from('root') : nameOf(path);
  const links = new Map<string, Buffer>();
  for (const found of walk(path)) {
    const below =
      path.length === 1 ? found.path.subarray(found.path.length === 1 ? 1 : 0) : found.path.subarray(path.length);
    yield* entry(found.path, Buffer.concat([name, below]), found.stat, links, manner);
  }
  yield Buffer.alloc(2 * block);
}

function* entry(
  path: Buffer,
  name: Buffer,
  stat: fs.BigIntStats,
  links: Map<string, Buffer>,
  manner: Manner,
): Generator<Buffer> {
  const first = links.get(`${stat.dev}:${stat.ino}`);
  if (first !== undefined) return yield* header(name, stat, types.hardLink, { link: first });
  if (stat.isDirectory()) return yield* header(Buffer.concat([name, Buffer.from('/')]), stat, types.folder, { path });
  if (stat.isSymbolicLink()) {
    return yield* header(name, stat, types.link, { link: fs.readlinkSync(path, { encoding: 'buffer' }), path });
  }
  if (stat.isFIFO()) return yield* header(name, stat, types.pipe, { path });
  if (!stat.isFile()) return;
  if (stat.nlink > 1n) links.set(`${stat.dev}:${stat.ino}`, name);
  yield* file(path, name, stat, manner);
}

/** A file as long as it was when it was looked at: one that grows is cut, one that shrinks is filled with zeros. */
function* file(path: Buffer, name: Buffer, stat: fs.BigIntStats, manner: Manner): Generator<Buffer> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const size = Number(stat.size);
    const extents = manner.sparse ? extentsOf(fd, stat) : null;
    if (extents === null) {
      yield* header(name, stat, types.file, { size, path });
      yield* content(fd, 0, size);
      yield padding(size);
      return;
    }
    const map = Buffer.from([extents.length, ...extents.flat()].map((number) => `${number}\n`).join(''));
    const sent = extents.reduce((sum, [, length]) => sum + length, map.length + padding(map.length).length);
    yield* header(name, stat, types.file, { size: sent, path, sparseSize: size });
    yield map;
    yield padding(map.length);
    for (const [at, length] of extents) yield* content(fd, at, length);
    yield padding(sent);
  } finally {
    fs.closeSync(fd);
  }
}

function* content(fd: number, from: number, length: number): Generator<Buffer> {
  for (let left = length; left > 0; ) {
    const piece = Buffer.alloc(Math.min(left, pieceBytes));
    const bytes = fs.readSync(fd, piece, 0, piece.length, from + length - left);
    yield bytes === 0 ? piece : piece.subarray(0, bytes);
    left -= bytes === 0 ? piece.length : bytes;
  }
}

const padding = (size: number) => Buffer.alloc((block - (size % block)) % block);

type Facts = Pick<fs.BigIntStats, 'mode' | 'uid' | 'gid' | 'mtimeMs' | 'mtimeNs'>;

function* header(
  name: Buffer,
  stat: Facts,
  type: string,
  {
    link = Buffer.alloc(0),
    size = 0,
    path,
    sparseSize,
  }: { link?: Buffer; size?: number; path?: Buffer; sparseSize?: number },
): Generator<Buffer> {
  const records: Buffer[] = [];
  if (sparseSize !== undefined) {
    const facts = { major: '1', minor: '0', name, realsize: String(sparseSize) };
    for (const [key, value] of Object.entries(facts)) records.push(record(`GNU.sparse.${key}`, Buffer.from(value)));
  }
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

function ustar(name: Buffer, stat: Facts, type: string, link: Buffer, size: number): Buffer {
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
