import * as fs from 'node:fs';
import { child } from './paths.ts';

/** Every path of a tree, folders before what is in them. Links are not followed. */
export function* walk(path: Buffer): Generator<{ path: Buffer; stat: fs.BigIntStats }> {
  const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return;
  yield { path, stat };
  if (!stat.isDirectory()) return;
  for (const name of fs.readdirSync(path, { encoding: 'buffer' })) yield* walk(child(path, name));
}

export function removeTree(path: Buffer): void {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    fs.unlinkSync(path);
    return;
  }
  for (const name of fs.readdirSync(path, { encoding: 'buffer' })) removeTree(child(path, name));
  fs.rmdirSync(path);
}
