import type * as fs from 'node:fs';

/** How an overlay marks what is deleted: a device that cannot exist. */
export function isWhiteout(stat: fs.BigIntStats): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0n;
}
