import * as fs from 'node:fs';
import type { FileEdit } from '#lib/contract/files.ts';
import { accounts } from './entry.ts';
import { changeablePath, parentOf } from './paths.ts';
import { Refusal } from './refusal.ts';
import { emptyTrash, putAside, putBack } from './trash.ts';
import { copyInto, moveTree, refuseTaken } from './tree.ts';
import { removeTree, walk } from './walk.ts';

type Of<A extends FileEdit['action']> = Extract<FileEdit, { action: A }>;

/** Carries out one change; gives how many things it was done to. */
export function change(what: FileEdit): number {
  switch (what.action) {
    case 'create-folder':
      return createFolder(changeablePath(what.path));
    case 'move':
      moveTree(changeablePath(what.path), changeablePath(what.to));
      return 1;
    case 'copy':
      copyInto(changeablePath(what.path), changeablePath(what.to));
      return 1;
    case 'attributes':
      return setAttributes(what);
    case 'delete':
      return remove(what);
    case 'put-back':
      return putBack(what.ids);
    case 'empty-trash':
      return emptyTrash(what.ids);
  }
}

/** A new folder belongs to whom the folder around it belongs. */
function createFolder(path: Buffer): number {
  refuseTaken(path);
  const { uid, gid } = fs.statSync(parentOf(path));
  fs.mkdirSync(path, 0o755);
  fs.lchownSync(path, uid, gid);
  return 1;
}

function remove({ paths, permanently }: Of<'delete'>): number {
  const present = paths.map(changeablePath);
  for (const path of present) {
    if (permanently) {
      fs.lstatSync(path);
      removeTree(path);
    } else putAside(path);
  }
  return present.length;
}

function setAttributes({ paths, mode, user, group, recursive }: Of<'attributes'>): number {
  const uid = idOf(user, '/etc/passwd', 'user');
  const gid = idOf(group, '/etc/group', 'group');
  let changed = 0;
  for (const given of paths) {
    const top = changeablePath(given);
    fs.lstatSync(top);
    for (const { path, stat } of walk(top)) {
      if (!recursive && path !== top) break;
      if (uid !== undefined || gid !== undefined) {
        fs.lchownSync(path, uid ?? Number(stat.uid), gid ?? Number(stat.gid));
      }
      // A change of owner takes set-user-id bits away, on purpose: they are given again only when asked for.
      if (mode !== undefined && !stat.isSymbolicLink()) fs.chmodSync(path, modeFor(mode, stat, recursive));
      changed += 1;
    }
  }
  return changed;
}

/** Through a whole tree, execution is given only where it makes sense: to folders, and to files that have it (chmod's X). */
function modeFor(mode: number, stat: fs.BigIntStats, recursive: boolean): number {
  if (!recursive || stat.isDirectory() || (Number(stat.mode) & 0o111) !== 0) return mode;
  return mode & ~0o111;
}

function idOf(owner: string | number | undefined, file: '/etc/passwd' | '/etc/group', what: string) {
  if (owner === undefined || typeof owner === 'number') return owner;
  const id = accounts(file).byName.get(owner);
  if (id === undefined || id > 65_535)
    throw new Refusal('invalid', `There is no ${what} “${owner}” in this container.`);
  return id;
}
