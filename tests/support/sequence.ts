/** A writer with sequence numbers (sequence/writer.c), and the judge of what a copy of its files holds. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Compiles the writer into `directory` and gives its path. It is static: it runs where nothing else is. */
export function buildWriter(directory: string): string {
  const program = join(directory, 'writer');
  const source = new URL('./sequence/writer.c', import.meta.url).pathname;
  execFileSync('gcc', ['-std=gnu17', '-O1', '-static', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
  return program;
}

const recordBytes = 32;
const slots = 64;
const blocks = 256;
const blockBytes = 4096;
const record = (n: number) => `${String(n).padStart(recordBytes - 1, '0')}\n`;
const recordsOf = (n: number) => 1 + ((n * 7919) % 1500);
/** The last number up to `last` that went into a place that comes round every `every`; 0 when none has yet. */
const lastIn = (place: number, every: number, last: number) => {
  const n = last - ((((last - place) % every) + every) % every);
  return n > 0 ? n : 0;
};

/**
 * How many steps are in the files: they must be exactly what they were at one moment, so of step n+1 nothing but its data, and of
 * step n all but its block. Throws with what is wrong.
 */
export function stepsIn(directory: string): number {
  const journal = readFileSync(join(directory, 'journal'), 'latin1');
  if (journal.length % recordBytes !== 0)
    throw new Error(`the journal ends within a record, at byte ${journal.length}`);
  const last = journal.length / recordBytes;
  for (let n = 1; n <= last; n += 1) {
    const found = journal.slice((n - 1) * recordBytes, n * recordBytes);
    if (found !== record(n)) throw new Error(`record ${n} of the journal is ${JSON.stringify(found)}`);
  }
  for (let slot = 0; slot < slots; slot += 1) checkData(directory, slot, last);
  checkRing(directory, last);
  return last;
}

function checkData(directory: string, slot: number, last: number): void {
  const path = join(directory, `data-${slot}`);
  const content = existsSync(path) ? readFileSync(path, 'latin1') : '';
  const allowed = [lastIn(slot, slots, last), ...((last + 1) % slots === slot ? [last + 1] : [])];
  const whole = allowed.some((n) => content === (n === 0 ? '' : record(n).repeat(recordsOf(n))));
  if (!whole) throw new Error(`data-${slot} holds ${content.slice(0, recordBytes).trim()}, of ${allowed.join(' or ')}`);
}

function checkRing(directory: string, last: number): void {
  const ring = readFileSync(join(directory, 'ring'), 'latin1');
  for (let block = 0; block < blocks; block += 1) {
    const found = ring.slice(block * blockBytes, (block + 1) * blockBytes);
    const newest = lastIn(block, blocks, last);
    const allowed = [newest, ...(newest === last ? [Math.max(0, last - blocks)] : [])];
    const holds = (n: number) => (n === 0 ? /^\0*$/.test(found) : found === record(n).repeat(blockBytes / recordBytes));
    if (!allowed.some(holds))
      throw new Error(
        `block ${block} of the ring holds ${JSON.stringify(found.slice(0, recordBytes))}, of ${allowed.join(' or ')}`,
      );
  }
}
