import type * as fs from 'node:fs';
import { raw } from '../kernel.ts';

const lseek = raw.bind('int64 lseek(int fd, int64 offset, int whence)');
const [SEEK_DATA, SEEK_HOLE] = [3, 4];
/** Less than this is not worth a map. */
const leastHoles = 64 * 1024;
const mostExtents = 100_000;

/** Where a file has content, as pairs of offset and length; null when it has no holes worth telling. */
export function extentsOf(fd: number, stat: fs.BigIntStats): [number, number][] | null {
  const size = Number(stat.size);
  if (size - Number(stat.blocks) * 512 < leastHoles) return null;
  const extents: [number, number][] = [];
  for (let at = 0; at < size; ) {
    const from = Number(lseek(fd, at, SEEK_DATA));
    if (from < 0) break; // ENXIO: nothing but a hole is left
    const to = Math.min(Number(lseek(fd, from, SEEK_HOLE)), size);
    if (to <= from || extents.length >= mostExtents) return null;
    extents.push([from, to - from]);
    at = to;
  }
  return extents;
}
