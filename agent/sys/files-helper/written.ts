import type * as fs from 'node:fs';
import type { Heap, WrittenSince } from '#lib/contract/files.ts';
import { upper } from './parts.ts';
import { child } from './paths.ts';
import { trashFolder } from './places.ts';
import { isWhiteout } from './whiteout.ts';

const mostLookedAt = 300_000;
const mostFolders = 12;
const levels = 2;

/**
 * What of the private area changed after an instant, by the time of the last change to the inode: that one nobody inside can set. Files
 * a restore or a copy brought are older: they were there before the volume took its place.
 */
export function written({ since }: { since: string }): WrittenSince {
  const sinceNs = BigInt(Date.parse(since)) * 1_000_000n;
  const found = { written: { count: 0, bytes: 0 }, deleted: 0 };
  const folders = new Map<string, Heap>();
  const open: Buffer[] = [Buffer.from('/')];
  let left = mostLookedAt;
  for (let folder = open.pop(); folder !== undefined && left > 0; folder = open.pop()) {
    for (const name of upper.names(folder)) {
      const path = child(folder, name);
      const stat = path.equals(trashFolder) ? undefined : upper.stat(path);
      if (stat === undefined) continue;
      left -= 1;
      if (stat.isDirectory()) open.push(path);
      else if (stat.ctimeNs > sinceNs) note(path, stat);
    }
  }

  function note(path: Buffer, stat: fs.BigIntStats): void {
    if (isWhiteout(stat)) {
      found.deleted += 1;
      return;
    }
    const top =
      path
        .toString('latin1')
        .split('/')
        .slice(0, -1)
        .slice(0, levels + 1)
        .join('/') || '/';
    const heap = folders.get(top) ?? { count: 0, bytes: 0 };
    folders.set(top, heap);
    for (const one of [found.written, heap]) {
      one.count += 1;
      one.bytes += stat.isFile() ? Number(stat.size) : 0;
    }
  }

  const most = [...folders].sort(([, a], [, b]) => b.count - a.count).slice(0, mostFolders);
  return {
    ...found,
    since,
    folders: most.map(([path, heap]) => ({ path: Buffer.from(path, 'latin1').toString('base64'), written: heap })),
    whole: left > 0,
  };
}
