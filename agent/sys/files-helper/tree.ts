/** Whole trees: copied with everything that belongs to them, moved, removed. Links are never followed. */
import * as fs from 'node:fs';
import { isWithin, parentOf } from './paths.ts';
import { newTemporary } from './places.ts';
import { isErrno, Refusal } from './refusal.ts';
import { pieceBytes } from './streams.ts';
import { removeTree, walk } from './walk.ts';
import { attributesOf, setAttributes, setTimes } from './xattr.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Copies to a name that is free, with owners, modes, times, attributes and hard links among each other. */
export function copyTree(from: Buffer, to: Buffer): void {
  if (isWithin(to, from)) throw new Refusal('invalid', 'A folder cannot go into itself.');
  const links = new Map<string, Buffer>();
  const folders: [Buffer, Buffer, fs.BigIntStats][] = [];
  for (const { path, stat } of walk(from)) {
    const target = Buffer.concat([to, path.subarray(from.length)]);
    const first = links.get(`${stat.dev}:${stat.ino}`);
    if (first !== undefined) {
      fs.linkSync(first, target);
      continue;
    }
    if (!copyOne(path, target, stat)) continue;
    if (stat.isDirectory()) folders.push([path, target, stat]);
    else {
      copyAttributes(path, target, stat);
      if (stat.nlink > 1n) links.set(`${stat.dev}:${stat.ino}`, target);
    }
  }
  // Innermost first: what is put into a folder changes its times, and a mode may forbid it.
  for (const [path, target, stat] of folders.reverse()) copyAttributes(path, target, stat);
}

/** False for what cannot be copied: sockets belong to the program that listens, devices to the host. */
function copyOne(path: Buffer, target: Buffer, stat: fs.BigIntStats): boolean {
  if (stat.isDirectory()) fs.mkdirSync(target, 0o700);
  else if (stat.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(path, { encoding: 'buffer' }), target);
  else if (stat.isFile()) copyContent(path, target);
  else return false;
  return true;
}

function copyContent(path: Buffer, target: Buffer): void {
  const from = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const to = fs.openSync(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  const piece = Buffer.alloc(pieceBytes);
  const nothing = Buffer.alloc(pieceBytes);
  try {
    let at = 0;
    for (let bytes = fs.readSync(from, piece); bytes > 0; bytes = fs.readSync(from, piece)) {
      const hole = bytes === pieceBytes && piece.equals(nothing);
      for (let done = 0; !hole && done < bytes; ) done += fs.writeSync(to, piece, done, bytes - done, at + done);
      at += bytes;
    }
    fs.ftruncateSync(to, at);
  } finally {
    fs.closeSync(from);
    fs.closeSync(to);
  }
}

/** Owner first, which clears set-user-id bits; then attributes, mode, times. */
function copyAttributes(path: Buffer, target: Buffer, stat: fs.BigIntStats): void {
  fs.lchownSync(target, Number(stat.uid), Number(stat.gid));
  setAttributes(target, attributesOf(path));
  if (!stat.isSymbolicLink()) fs.chmodSync(target, Number(stat.mode) & 0o7777);
  setTimes(target, stat.atimeNs, stat.mtimeNs);
}

/**
 * Moves to a name that is free. A folder of the template cannot be renamed on an overlay (EXDEV): it is copied, complete before it
 * appears, and then removed.
 */
export function moveTree(from: Buffer, to: Buffer): void {
  if (isWithin(to, from)) throw new Refusal('invalid', 'A folder cannot go into itself.');
  refuseTaken(to);
  try {
    fs.renameSync(from, to);
    return;
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw error;
  }
  copyInto(from, to);
  removeTree(from);
}

/** Copies under a name of our own first, so that `to` is whole when it appears. */
export function copyInto(from: Buffer, to: Buffer): void {
  if (isWithin(to, from)) throw new Refusal('invalid', 'A folder cannot go into itself.');
  refuseTaken(to);
  fs.statSync(parentOf(to)); // no copying for hours to where it cannot go
  const temporary = newTemporary();
  try {
    copyTree(from, temporary);
    fs.renameSync(temporary, to);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
}

export function refuseTaken(path: Buffer): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new Refusal('conflict', 'There is something of that name already.');
  }
}
