import * as fs from 'node:fs';
import type { FileEntry, FileKind } from '#lib/contract/files.ts';
import { nameOf } from './paths.ts';

const mostAccountsBytes = 1024 * 1024;

export function kindOf(
  is: Pick<fs.Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket'>,
): FileKind {
  if (is.isFile()) return 'file';
  if (is.isDirectory()) return 'folder';
  if (is.isSymbolicLink()) return 'link';
  if (is.isFIFO()) return 'pipe';
  return is.isSocket() ? 'socket' : 'device';
}

/** Reads a small regular file; empty when it is anything else, or not there. */
export function readSmall(path: string | Buffer, mostBytes: number): string {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return '';
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile() || stat.size > mostBytes) return '';
    return fs.readFileSync(fd, 'utf8').slice(0, mostBytes);
  } finally {
    fs.closeSync(fd);
  }
}

type Accounts = { byId: Map<number, string>; byName: Map<string, number> };
const known = new Map<string, Accounts>();

/** The container's own users or groups: id and name, as its files say. */
export function accounts(file: '/etc/passwd' | '/etc/group'): Accounts {
  const before = known.get(file);
  if (before !== undefined) return before;
  const read: Accounts = { byId: new Map(), byName: new Map() };
  for (const line of readSmall(file, mostAccountsBytes).split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name === '' || name.length > 64 || !/^\d{1,10}$/.test(id)) continue;
    if (!read.byId.has(Number(id))) read.byId.set(Number(id), name);
    if (!read.byName.has(name)) read.byName.set(name, Number(id));
  }
  known.set(file, read);
  return read;
}

/** What the API tells of one thing. `stat` is lstat's. */
export function entryOf(path: Buffer, stat: fs.Stats): FileEntry {
  const kind = kindOf(stat);
  return {
    name: nameOf(path).toString('base64'),
    kind,
    size: stat.size,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    user: accounts('/etc/passwd').byId.get(stat.uid) ?? null,
    group: accounts('/etc/group').byId.get(stat.gid) ?? null,
    modifiedAt: instantOf(stat.mtimeMs),
    ...linkOf(path, kind),
  };
}

function linkOf(path: Buffer, kind: FileKind): Pick<FileEntry, 'target' | 'leadsTo'> {
  if (kind !== 'link') return { target: null, leadsTo: null };
  try {
    const target = fs.readlinkSync(path, { encoding: 'buffer' }).toString('base64');
    const there = fs.statSync(path, { throwIfNoEntry: false });
    return { target, leadsTo: there === undefined ? null : kindOf(there) };
  } catch {
    return { target: null, leadsTo: null };
  }
}

/** File systems take years that JavaScript's dates and ISO 8601 do not. */
export function instantOf(ms: number): string {
  const bounded = Math.min(Math.max(ms, 0), Date.UTC(9999, 11, 31));
  return new Date(Math.floor(bounded)).toISOString();
}
