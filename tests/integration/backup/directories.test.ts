/** A location's directory by the helper that reaches it: what it says, and what happens when the file system does not answer. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { createDirectories } from '#agent/backup/directories.ts';
import { mountDead, processes } from '../../support/dead-mount.ts';

const silenceMs = 1000;
const base = mkdtempSync('/var/tmp/berth-tdirectories-');
const path = join(base, 'location');
const surroundings = { agentDir: base, backupRoot: base, hostId: '0198c5a0-0000-7000-8000-000000000077' };
const directoryAt = createDirectories(surroundings, silenceMs);
const directory = directoryAt(path);
const location = { kind: 'directory' as const, id: surroundings.hostId, path };
const helpers = () => processes((one) => one.parent === process.pid && /backup.helper/.test(one.command));
let revive: (() => Promise<void>) | undefined;
afterAll(async () => {
  await revive?.();
  rmSync(base, { recursive: true, force: true });
});

it('answers by one process, with values and with the errors of what it was asked for', async () => {
  mkdirSync(join(path, 'layers'), { recursive: true });
  writeFileSync(join(path, 'layers/one'), 'content');
  expect(directoryAt(path)).toBe(directory);
  expect(await Promise.all([directory.ask('exists', path), directory.ask('exists', `${path}/no`)])).toEqual([
    true,
    false,
  ]);
  expect(await directory.askLong('hash', join(path, 'layers/one'))).toMatch(/^sha256:ed7002b439e9ac84/);
  expect(await directory.askLong('hash', join(path, 'layers/two'))).toBe(null);
  await expect(directory.ask('hasAny', `${path}/no`)).rejects.toMatchObject({ code: 'ENOENT' });
  const outside = { ...location, path: '/etc' };
  await expect(directory.ask('check', outside)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('does not lie in the directory'),
  });
  expect(helpers()).toHaveLength(1);
});

it('a process that ends under a question fails it, and the next question has another', async () => {
  const [one] = helpers();
  const asked = directory.ask('exists', path);
  process.kill(one?.pid ?? 0, 'SIGKILL');
  await asked.catch((error: unknown) => expect(String(error)).toContain('a helper for backups ended'));
  while (helpers().some(({ pid }) => pid === one?.pid)) await sleep(10);
  expect(await directory.ask('exists', path)).toBe(true);
});

it('silence is an error after its time, at once from then on, and over when there is an answer again', async () => {
  revive = await mountDead(path);
  const began = performance.now();
  const working = directory.watching(() => new Promise<never>(() => {}));
  const told = { code: 'action_failed', message: expect.stringMatching(/has not answered since 20\d\d-.* UTC\.$/) };
  await expect(Promise.all([directory.ask('exists', path), working])).rejects.toMatchObject(told);
  await expect(working).rejects.toMatchObject(told);
  expect(performance.now() - began).toBeGreaterThanOrEqual(silenceMs * 0.9);
  await expect(working).rejects.toMatchObject({ inside: expect.stringContaining(path) });

  for (let n = 0; n < 5; n += 1) {
    const at = performance.now();
    await expect(directory.ask('exists', path)).rejects.toMatchObject(told);
    expect(performance.now() - at).toBeLessThan(silenceMs);
  }
  // It is past being killed; there is no second one, however long that lasts.
  await sleep(silenceMs);
  await expect(directory.ask('exists', path)).rejects.toMatchObject(told);
  expect(helpers()).toMatchObject([{ state: 'D' }]);
  // Nor does an agent that comes after this one start another.
  const next = createDirectories(surroundings, silenceMs)(path);
  await expect(next.ask('exists', path)).rejects.toMatchObject(told);
  await expect(next.ask('exists', path)).rejects.toMatchObject(told);
  expect(helpers()).toMatchObject([{ state: 'D' }]);
  // Another directory has nothing to do with it.
  expect(await directoryAt(base).ask('exists', base)).toBe(true);

  await revive();
  revive = undefined;
  for (const each of [next, directory]) {
    for (const until = Date.now() + 10_000; ; await sleep(50)) {
      const answer = await each.ask('exists', join(path, 'layers')).catch(() => undefined);
      if (answer !== undefined) break;
      expect(Date.now()).toBeLessThan(until);
    }
  }
  expect(existsSync(join(path, 'layers/one'))).toBe(true);
});
