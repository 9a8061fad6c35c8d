/** Pages are built by whatever stands where Next does: a build that takes its time, one that hangs, and ones that fail. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { buildPages } from '#server/setup/build.ts';

let root: string;
const roots: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-build-'));
  roots.push(root);
  mkdirSync(join(root, 'node_modules/next/dist/bin'), { recursive: true });
  mkdirSync(join(root, 'app'));
  writeFileSync(join(root, 'app/page.tsx'), 'one');
});
afterAll(() => {
  for (const one of roots) rmSync(one, { recursive: true, force: true });
});

const buildIs = (script: string) =>
  writeFileSync(
    join(root, 'node_modules/next/dist/bin/next'),
    `const { mkdirSync, writeFileSync } = require('node:fs');
    const whole = () => { mkdirSync('.next', { recursive: true }); writeFileSync('.next/BUILD_ID', process.argv[2]); };
    ${script}`,
  );

it('a build that takes long is waited for, and says that it goes on; then nothing is built twice', async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  buildIs('setTimeout(whole, 600)');
  expect(await buildPages(root, { say, tellEveryMs: 100 })).toBe('built');
  expect(said.length).toBeGreaterThan(2);
  expect(said[0]).toContain('still building after 0 minutes');
  const before = said.length;
  expect(await buildPages(root, { say, tellEveryMs: 1 })).toBe('unchanged');
  writeFileSync(join(root, 'app/page.tsx'), 'two');
  buildIs('whole()');
  expect(await buildPages(root, { say })).toBe('built');
  expect(said.length).toBe(before);
});

it('one that hangs is ended and says so, and the next attempt builds', async () => {
  buildIs('whole(); setInterval(() => 0, 1000)');
  await expect(buildPages(root, { limitMs: 1_500 })).rejects.toThrow(
    'The pages were not built within 0 hours, so the build was ended.',
  );
  expect(existsSync(join(root, '.next/berth-sources'))).toBe(false);
  buildIs('whole()');
  expect(await buildPages(root)).toBe('built');
});

it('one that is killed, as for want of memory, says what it needs; one that fails says what it said', async () => {
  buildIs("process.kill(process.pid, 'SIGKILL')");
  await expect(buildPages(root)).rejects.toThrow('memory ran out');
  buildIs("console.error('there is no such page'); process.exit(1)");
  await expect(buildPages(root)).rejects.toThrow('there is no such page');
});
