/** `sweeper.ts DIRECTORY`: cleans up after a test that has ended without doing so. Started by the guard of a test agent. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sweepAbandoned } from './sweep.ts';

const directory = process.argv[2] ?? '';
/** Its process is there until somebody has asked how it ended; and another sweep may be at work. */
for (const end = Date.now() + 60_000; existsSync(directory) && Date.now() < end; ) {
  await sweepAbandoned();
  await sleep(200);
}
