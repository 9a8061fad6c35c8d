import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileDurably } from '#server/setup/files.ts';

let directory = '';
let writer: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-files-'));
});
afterEach(() => {
  writer?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Another process that is in the midst of writing the file, and stands still there. */
async function halfWritten(path: string): Promise<string> {
  const files = new URL('../../../server/setup/files.ts', import.meta.url).href;
  const program = `
    const { writeFileDurably } = await import(${JSON.stringify(files)});
    await writeFileDurably(${JSON.stringify(path)}, 'theirs'.repeat(10_000_000), { mode: 0o600 });
    console.log('written');`;
  writer = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const before = readdirSync(directory);
  for (;;) {
    const left = readdirSync(directory).find((name) => name.endsWith('.tmp') && !before.includes(name));
    if (left !== undefined) {
      writer.kill('SIGSTOP');
      return left;
    }
    await sleep(1);
  }
}

it('what a writer that was killed has left goes with the next writing of that file, and nothing else', async () => {
  const path = join(directory, 'secrets.json');
  const others = ['secrets.json.mine.tmp', 'secrets.json.12345678.bak', 'other.json.4194305-12345678.tmp'];
  for (const name of others) writeFileSync(join(directory, name), '');
  await halfWritten(path);
  const gone = new Promise((resolve) => writer?.once('exit', resolve));
  writer?.kill('SIGKILL');
  await gone;
  await writeFileDurably(path, 'ours', { mode: 0o600 });
  expect(readdirSync(directory).sort()).toEqual([...others, 'secrets.json'].sort());
  expect(readFileSync(path, 'utf8')).toBe('ours');
});

it('what somebody is writing at the same time is left to them', async () => {
  const path = join(directory, 'secrets.json');
  const theirs = await halfWritten(path);
  await writeFileDurably(path, 'ours', { mode: 0o600 });
  expect(readdirSync(directory)).toContain(theirs);
  const said = new Promise((resolve) => writer?.stdout?.once('data', resolve));
  writer?.kill('SIGCONT');
  await said;
  expect(readFileSync(path, 'utf8').startsWith('theirstheirs')).toBe(true);
  expect(readdirSync(directory)).toEqual(['secrets.json']);
});

it('those of earlier releases say of nobody, and go when they are a day old', async () => {
  const path = join(directory, 'secrets.json');
  for (const name of ['aaaaaaaa', 'bbbbbbbb']) writeFileSync(`${path}.${name}.tmp`, 'theirs');
  const before = new Date(Date.now() - 2 * 86_400_000);
  utimesSync(`${path}.aaaaaaaa.tmp`, before, before);
  await writeFileDurably(path, 'ours', { mode: 0o600 });
  expect(readdirSync(directory).sort()).toEqual(['secrets.json', 'secrets.json.bbbbbbbb.tmp']);
});
