import * as fs from 'node:fs';
import type { RestoreOrder } from '#lib/contract/files.ts';
import { kindOf } from './entry.ts';
import type { Attributes, ParcelLine, Taken } from './parcel.ts';
import { changeablePath, child, nameOf, pathOf } from './paths.ts';
import { Refusal } from './refusal.ts';
import { output, pieceBytes } from './streams.ts';
import { factsOf, lookAt, Other, sameFacts } from './survey.ts';
import { walk } from './walk.ts';
import { attributesOf } from './xattr.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const put = (line: ParcelLine) => output.line(line);

type How = { mode: RestoreOrder['mode']; label: string; other: Other; same: number; left: number };

/**
 * Sends what of the paths the other system has not, or has otherwise; its survey comes in as content. Folders that are in both are
 * gone through, never replaced. Only what is sent is read.
 */
export function send({ paths, target, mode, label }: RestoreOrder): void {
  const other = new Other();
  if (!other.whole) throw new Refusal('too_large', 'That is too much at a time. Choose fewer folders.');
  const roots = paths.map(changeablePath);
  for (const from of roots) {
    if (lookAt(from) === undefined) {
      throw new Refusal('not_found', `The backup has no ${from.toString().slice(0, 200)}.`);
    }
  }
  output.line({ ok: true, answer: {} });
  const how: How = { mode, label, other, same: 0, left: 0 };
  for (const [number, from] of roots.entries()) {
    const to = target === undefined ? from : child(pathOf(target), nameOf(from));
    one(number, from, to, Buffer.alloc(0), how);
  }
  put({ is: 'over', same: how.same, left: how.left });
}

function one(number: number, from: Buffer, to: Buffer, below: Buffer, how: How): void {
  const then = lookAt(from);
  if (then === undefined) return;
  const now = how.other.at(number, below);
  if (now === undefined) tree(from, to, how.mode === 'overwrite' ? 'trash' : 'left');
  else if (then.isDirectory() && now.kind === 'folder') {
    for (const name of fs.readdirSync(from, { encoding: 'buffer' })) {
      one(number, child(from, name), child(to, name), Buffer.concat([below, Buffer.from('/'), name]), how);
    }
    const changed = !sameFacts(factsOf(from, then), now);
    if (how.mode === 'overwrite' && changed) {
      put({ is: 'folder', to: to.toString('base64'), attributes: attributesFor(from, then) });
    }
  } else if (sameFacts(factsOf(from, then), now)) how.same += 1;
  else if (how.mode === 'missing') how.left += 1;
  else if (how.mode === 'overwrite') tree(from, to, 'trash');
  else tree(from, Buffer.concat([to, Buffer.from(` (${how.label})`)]), 'same'); // put there before
}

/** Nothing is sent of sockets, which belong to the program that listens, and of devices, which belong to the host. */
const sendable = (stat: fs.BigIntStats) => stat.isDirectory() || stat.isSymbolicLink() || stat.isFile();

function tree(from: Buffer, to: Buffer, taken: Taken): void {
  const first = lookAt(from);
  if (first === undefined || !sendable(first)) return;
  put({ is: 'tree', to: to.toString('base64'), taken });
  const links = new Map<string, string>();
  for (const { path, stat } of walk(from)) {
    if (!sendable(stat)) continue;
    const below = path.subarray(from.length).toString('base64');
    const key = `${stat.dev}:${stat.ino}`;
    const hard = stat.isDirectory() ? undefined : links.get(key);
    const about = { is: 'thing', below, kind: kindOf(stat), attributes: attributesFor(path, stat) } as const;
    if (hard !== undefined) put({ ...about, size: 0, hard });
    else {
      if (!stat.isDirectory() && stat.nlink > 1n) links.set(key, below);
      if (stat.isSymbolicLink()) {
        put({ ...about, size: 0, link: fs.readlinkSync(path, { encoding: 'buffer' }).toString('base64') });
      } else if (stat.isDirectory()) put({ ...about, size: 0 });
      else sendFile(path, (size) => put({ ...about, size }));
    }
  }
  put({ is: 'end' });
}

/** Exactly as many bytes as were announced, or this process ends badly. */
function sendFile(path: Buffer, announce: (size: number) => void): void {
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    let left = fs.fstatSync(fd).size;
    announce(left);
    const piece = Buffer.alloc(pieceBytes);
    while (left > 0) {
      const bytes = fs.readSync(fd, piece, 0, Math.min(left, piece.length), null);
      if (bytes === 0) throw new Error('the file is shorter than it says');
      output.bytes(piece.subarray(0, bytes));
      left -= bytes;
    }
  } finally {
    fs.closeSync(fd);
  }
}

function attributesFor(path: Buffer, stat: fs.BigIntStats): Attributes {
  const extended = [...attributesOf(path)].map(([name, value]) => [name, value.toString('base64')] as const);
  return {
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    accessed: String(stat.atimeNs),
    modified: String(stat.mtimeNs),
    extended: Object.fromEntries(extended),
  };
}
