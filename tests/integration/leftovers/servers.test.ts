import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** Processes whose command line names one of the directories. */
function processesOf(directories: readonly string[]): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return directories.some((directory) => command.includes(directory.replace(/\/backups$/, '')));
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

it('backup servers and what they keep go with a test that is killed', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server-child.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const directories = z.array(z.string()).length(2).parse(JSON.parse(line));
  expect(directories.map((one) => existsSync(one))).toEqual([true, true]);
  expect(processesOf(directories).length).toBeGreaterThanOrEqual(4); // servers and what looks after them
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await expect.poll(() => directories.filter((one) => existsSync(one)), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => processesOf(directories), { timeout: 20_000 }).toEqual([]);
}, 60_000);
