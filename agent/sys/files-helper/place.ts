import * as fs from 'node:fs';
import type { z } from 'zod';
import type { FilesRestored } from '#lib/contract/files.ts';
import type { Attributes, ParcelLine, Taken } from './parcel.ts';
import { parentOf } from './paths.ts';
import { newTemporary } from './places.ts';
import { input, pieceBytes } from './streams.ts';
import { lookAt } from './survey.ts';
import { putAside } from './trash.ts';
import { removeTree } from './walk.ts';
import { setAttributes, setTimes } from './xattr.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
const decoded = (base64: string) => Buffer.from(base64, 'base64');

type Thing = Extract<ParcelLine, { is: 'thing' }>;

/** Puts what {@link send} sends into this system. Something whole appears when all of it is there. */
export function place(): z.infer<typeof FilesRestored> {
  const count = { restored: 0, same: 0, left: 0 };
  const folders: Extract<ParcelLine, { is: 'folder' }>[] = [];
  for (;;) {
    const line = JSON.parse(input.line()) as ParcelLine;
    if (line.is === 'tree') one(decoded(line.to), line.taken, count);
    else if (line.is === 'folder') folders.push(line);
    else if (line.is === 'over') {
      // At the end: what comes into a folder changes its times, and a mode may forbid it.
      for (const { to, attributes } of folders) if (lookAt(decoded(to))?.isDirectory()) give(decoded(to), attributes);
      return { restored: count.restored, same: count.same + line.same, left: count.left + line.left };
    } else throw new Error(`a ${line.is} out of place`);
  }
}

function one(to: Buffer, taken: Taken, count: { restored: number; same: number; left: number }): void {
  fs.mkdirSync(parentOf(to), { recursive: true, mode: 0o755 });
  const temporary = newTemporary();
  try {
    build(temporary);
    const there = lookAt(to) !== undefined;
    if (there && taken !== 'trash') {
      count[taken] += 1;
      removeTree(temporary);
      return;
    }
    if (there) putAside(to);
    fs.renameSync(temporary, to);
    count.restored += 1;
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
}

/** Everything up to the end of the tree, below `root`, which is of our own making. */
function build(root: Buffer): void {
  const folders: [Buffer, Attributes][] = [];
  for (;;) {
    const line = JSON.parse(input.line()) as ParcelLine;
    if (line.is === 'end') break;
    if (line.is !== 'thing') throw new Error(`a ${line.is} out of place`);
    const path = Buffer.concat([root, within(line.below)]);
    if (line.kind === 'folder') {
      fs.mkdirSync(path, 0o700);
      folders.push([path, line.attributes]);
    } else if (line.hard !== undefined) fs.linkSync(Buffer.concat([root, within(line.hard)]), path);
    else {
      if (line.link === undefined) fill(path, line);
      else fs.symlinkSync(decoded(line.link), path);
      give(path, line.attributes);
    }
  }
  // Innermost first.
  for (const [path, attributes] of folders.reverse()) give(path, attributes);
}

/** A path below the tree; whatever was read from a backup, it names nothing else. */
function within(below: string): Buffer {
  const path = decoded(below);
  const names = path.toString('latin1').split('/');
  if (names.includes('..') || (path.length > 0 && names[0] !== '')) throw new Error('a path out of its tree');
  return path;
}

/** Holes stay holes. */
function fill(path: Buffer, { size }: Thing): void {
  const fd = fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  const room = Buffer.alloc(pieceBytes);
  const nothing = Buffer.alloc(pieceBytes);
  try {
    for (let at = 0; at < size; ) {
      const piece = input.full(room.subarray(0, Math.min(size - at, pieceBytes)));
      const hole = piece.length === pieceBytes && piece.equals(nothing);
      for (let done = 0; !hole && done < piece.length; ) {
        done += fs.writeSync(fd, piece, done, piece.length - done, at + done);
      }
      at += piece.length;
    }
    fs.ftruncateSync(fd, size);
  } finally {
    fs.closeSync(fd);
  }
}

/** Owner first, which clears set-user-id bits; then attributes, mode, times. */
function give(path: Buffer, { uid, gid, mode, extended, accessed, modified }: Attributes): void {
  const link = lookAt(path)?.isSymbolicLink() === true;
  fs.lchownSync(path, uid, gid);
  setAttributes(path, new Map(Object.entries(extended).map(([name, value]) => [name, decoded(value)])));
  if (!link) fs.chmodSync(path, mode);
  setTimes(path, BigInt(accessed), BigInt(modified));
}
