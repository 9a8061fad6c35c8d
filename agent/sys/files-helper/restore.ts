import * as fs from 'node:fs';
import type { RestoreOrder } from '#lib/contract/files.ts';
import { inPart, inView } from './parts.ts';
import { changeablePath, child, nameOf, parentOf, pathOf } from './paths.ts';
import { newTemporary, trashFolder } from './places.ts';
import { Refusal } from './refusal.ts';
import { putAside } from './trash.ts';
import { copyAttributes, copyTree } from './tree.ts';
import { removeTree } from './walk.ts';

type Count = { restored: number; same: number; left: number };
type How = Pick<RestoreOrder, 'mode' | 'label'> & { count: Count };

const statNow = (path: Buffer) => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
const statThen = (path: Buffer) => inView(() => fs.lstatSync(inPart(path), { bigint: true, throwIfNoEntry: false }));

/** Puts what another system has at the paths into this one. Folders that are in both are gone through, never replaced. */
export function restore({ paths, target, mode, label }: RestoreOrder): Count {
  const count: Count = { restored: 0, same: 0, left: 0 };
  for (const given of paths) {
    const from = changeablePath(given);
    if (statThen(from) === undefined) {
      throw new Refusal('not_found', `The backup has no ${from.toString().slice(0, 200)}.`);
    }
    const to = target === undefined ? from : child(pathOf(target), nameOf(from));
    fs.mkdirSync(parentOf(to), { recursive: true, mode: 0o755 });
    put(from, to, { mode, label, count });
  }
  return count;
}

function put(from: Buffer, to: Buffer, how: How): void {
  const then = statThen(from);
  if (then === undefined || to.equals(trashFolder)) return;
  const now = statNow(to);
  if (now === undefined) place(from, to, how);
  else if (then.isDirectory() && now.isDirectory()) {
    for (const name of inView(() => fs.readdirSync(inPart(from), { encoding: 'buffer' }))) {
      put(child(from, name), child(to, name), how);
    }
    if (how.mode === 'overwrite') inView(() => copyAttributes(inPart(from), to, then));
  } else if (same(from, then, to, now)) how.count.same += 1;
  else if (how.mode === 'missing') how.count.left += 1;
  else if (how.mode === 'overwrite') place(from, to, how, now);
  else {
    const beside = Buffer.concat([to, Buffer.from(` (${how.label})`)]);
    if (statNow(beside) === undefined) place(from, beside, how);
    else how.count.same += 1; // put there before
  }
}

/** Whole when it appears; what was there goes into the trash just before. */
function place(from: Buffer, to: Buffer, { count }: How, now?: fs.BigIntStats): void {
  const temporary = newTemporary();
  try {
    inView(() => copyTree(inPart(from), temporary));
    if (statNow(temporary) === undefined) return; // a socket or device, which is not copied
    if (now !== undefined) putAside(to);
    fs.renameSync(temporary, to);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
  count.restored += 1;
}

function same(from: Buffer, then: fs.BigIntStats, to: Buffer, now: fs.BigIntStats): boolean {
  if (then.mode !== now.mode || then.uid !== now.uid || then.gid !== now.gid) return false;
  if (then.isSymbolicLink()) {
    const link = inView(() => fs.readlinkSync(inPart(from), { encoding: 'buffer' }));
    return link.equals(fs.readlinkSync(to, { encoding: 'buffer' }));
  }
  return then.size === now.size && then.mtimeNs === now.mtimeNs;
}
