import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const common = { LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' };

/** For a process whose clock is wrong by a constant, e.g. `+10m`. Timers run as ever. */
export const wrongBy = (offset: string): Record<string, string> => ({ ...common, FAKETIME: offset });

/** A clock in a file that any number of processes follow, and that can be put forward while they run. */
export class SharedClock {
  readonly #file: string;
  #offsetMs = 0;
  readonly env: Record<string, string>;

  constructor(directory: string) {
    this.#file = join(directory, 'clock');
    this.env = { ...common, FAKETIME_TIMESTAMP_FILE: this.#file, FAKETIME_NO_CACHE: '1' };
    this.forward(0);
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  forward(ms: number): void {
    this.#offsetMs += ms;
    writeFileSync(this.#file, `+${Math.round(this.#offsetMs / 1000)}\n`);
  }
}
