/**
 * The process that freezes a volume: `node freeze-helper.ts <mount point> <image>`. Writes `frozen` and thaws when standard input
 * ends (the agent is done, or dead), at the latest after 2 s; then writes how long writes stood still, in milliseconds. It is a
 * process of its own because a frozen file system must never depend on the agent being alive.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { freeze, syncFileSystem, thaw } from './kernel.ts';

const [mountPoint, image] = process.argv.slice(2);
if (mountPoint === undefined || image === undefined) throw new Error('usage: freeze-helper.ts <mount point> <image>');

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) process.on(name, () => {});
process.stdout.on('error', () => {}); // the agent may be gone; thawing matters, telling does not

// Most of what freezing would have to write is written before, while others may still write.
syncFileSystem(mountPoint);
const fd = openSync(image, 'r');
fsyncSync(fd);
closeSync(fd);

let began = 0;
let finished = false;
function finish(inTime: boolean): void {
  if (finished) return;
  finished = true;
  // Somebody else may have thawed it meanwhile (`berth local thaw`): then the copy is not of one instant.
  const stillFrozen = thaw('SNAPSHOT:THAW', mountPoint ?? '');
  const frozenMs = (performance.now() - began).toFixed(2);
  process.stdout.write(`${inTime && stillFrozen ? 'thawed' : 'late'} ${frozenMs}\n`, () => process.exit(0));
}
process.stdin.on('end', () => finish(true));
process.stdin.on('error', () => finish(false));
process.stdin.on('close', () => finish(false));
process.stdin.resume();

began = performance.now();
freeze(mountPoint);
process.stdout.write('frozen\n');
setTimeout(() => finish(false), 2000);
