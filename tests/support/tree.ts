import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { raw } from '#agent/sys/kernel.ts';

/** Everything about one name in a tree that a copy of the tree must have too. Names are latin1 text of the bytes on disk. */
export type Entry = {
  type: string;
  mode: number;
  uid: number;
  gid: number;
  rdev: number;
  /** Of files and links; directories' sizes are the file system's own affair. */
  size: bigint | null;
  mtimeNs: bigint;
  content: string | null;
  /** More holes than content. */
  sparse: boolean;
  /** The first name, in order of bytes, of the same file; its own unless hard-linked. */
  sameAs: string;
  xattrs: string;
};

const formats = new Map([
  [0o040000, 'directory'],
  [0o100000, 'file'],
  [0o120000, 'symlink'],
  [0o020000, 'character'],
  [0o060000, 'block'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
]);

/**
 * Reads a whole tree, `root` itself as `.`: type, mode, owners, device numbers, times in nanoseconds, content, hard links and
 * all extended attributes (which include ACLs, file capabilities and overlay marks). Sockets are left out: no backup keeps them.
 */
export function readTree(root: string): Map<string, Entry> {
  const tree = new Map<string, Entry>();
  const firstNames = new Map<string, string>();
  const xattrs = readXattrs(root);
  const visit = (path: Buffer, name: string): void => {
    const stat = lstatSync(path, { bigint: true });
    const type = formats.get(Number(stat.mode) & 0o170000) ?? 'unknown';
    if (type === 'socket') return;
    const inode = `${stat.dev}:${stat.ino}`;
    const sameAs = type === 'directory' ? name : (firstNames.get(inode) ?? name);
    firstNames.set(inode, sameAs);
    tree.set(name, {
      type,
      mode: Number(stat.mode) & 0o7777,
      uid: Number(stat.uid),
      gid: Number(stat.gid),
      rdev: type === 'character' || type === 'block' ? Number(stat.rdev) : 0,
      size: type === 'directory' ? null : stat.size,
      mtimeNs: stat.mtimeNs,
      content: contentOf(path, type),
      sparse: type === 'file' && stat.size > 1_000_000n && stat.blocks * 512n < stat.size / 2n,
      sameAs,
      xattrs: xattrs.get(name) ?? '',
    });
    if (type !== 'directory') return;
    const children = readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare);
    for (const child of children)
      visit(
        Buffer.concat([path, Buffer.from('/'), child]),
        name === '.' ? child.toString('latin1') : `${name}/${child.toString('latin1')}`,
      );
  };
  visit(Buffer.from(root), '.');
  return tree;
}

const piece = Buffer.alloc(1024 * 1024);
const nothing = Buffer.alloc(piece.length);

const lseek = raw.bind('long lseek(int fd, long offset, int whence)');
const SEEK_DATA = 3;
/** Where the next content lies, in whole pieces, so that it does not matter where the holes are; negative when there is no more. */
function dataFrom(file: number, at: number): number {
  const next = Number(lseek(file, at, SEEK_DATA));
  return next < 0 ? next : Math.max(at, next - (next % piece.length));
}

/** Of what is not zero, and where it lies: gibibytes of holes are told of quickly. */
function hashOf(path: Buffer): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (let at = dataFrom(file, 0); at >= 0; ) {
      const bytes = readSync(file, piece, 0, piece.length - (at % piece.length), at);
      if (bytes === 0) break;
      const part = piece.subarray(0, bytes);
      if (!part.equals(nothing.subarray(0, bytes))) hash.update(`${at}:`).update(part);
      at = dataFrom(file, at + bytes);
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function contentOf(path: Buffer, type: string): string | null {
  if (type === 'file') return hashOf(path);
  if (type === 'symlink') return readlinkSync(path, { encoding: 'buffer' }).toString('latin1');
  return null;
}

/** getfattr escapes what is not printable in names as backslash and three octal digits. */
function readXattrs(root: string): Map<string, string> {
  const args = ['--recursive', '--physical', '--no-dereference', '--dump', '--match=-', '--encoding=hex', '.'];
  const { status, stdout, stderr } = spawnSync('getfattr', args, { cwd: root, maxBuffer: 1 << 28, encoding: 'latin1' });
  if (status !== 0) throw new Error(`getfattr: ${stderr}`);
  const result = new Map<string, string>();
  for (const block of stdout.split('\n\n').filter(Boolean)) {
    const [head = '', ...lines] = block.trim().split('\n');
    const name = head
      .replace(/^# file: /, '')
      .replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
    result.set(name, lines.sort().join('\n'));
  }
  return result;
}

/** Every difference between two trees as a line; empty when they are the same. */
export function differences(expected: Map<string, Entry>, actual: Map<string, Entry>): string[] {
  const result: string[] = [];
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    const [a, b] = [expected.get(name), actual.get(name)];
    if (a === undefined || b === undefined) {
      result.push(`${name}: only ${a === undefined ? 'in the second' : 'in the first'}`);
      continue;
    }
    for (const field of Object.keys(a) as (keyof Entry)[])
      if (a[field] !== b[field]) result.push(`${name}: ${field} ${String(a[field])} → ${String(b[field])}`);
  }
  return result;
}
