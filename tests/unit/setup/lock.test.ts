import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withFileLock } from '#server/setup/lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'berth-lock-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each([
  ['a file', join(directory, 'one')],
  ['a directory', directory],
])('on %s lets one in at a time, and the next one after a failure', async (_, path) => {
  let inside = 0;
  let most = 0;
  const visit = async (fails: boolean) => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
    if (fails) throw new Error('as planned');
    return 'done';
  };
  const results = await Promise.allSettled([0, 1, 2, 3].map((i) => withFileLock(path, () => visit(i === 1))));
  expect(most).toBe(1);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});

it('waits for another process, and does not outlive one that was killed', async () => {
  const path = join(directory, 'two');
  const other = spawn('flock', [path, 'sleep', '60'], { stdio: 'ignore', detached: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  let entered = false;
  const mine = withFileLock(path, async () => {
    entered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(entered).toBe(false);
  process.kill(-(other.pid ?? 0), 'SIGKILL');
  await mine;
  expect(entered).toBe(true);
});

it('says which file cannot be locked', async () => {
  await expect(withFileLock(join(directory, 'no/such/folder'), async () => 'never')).rejects.toThrow(
    'cannot be locked',
  );
});
