import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  promises,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startOnTerminal } from '#agent/sys/pty.ts';

const directory = mkdtempSync(join(tmpdir(), 'berth-pty-'));
afterAll(() => rmSync(directory, { recursive: true }));

const terminals = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('/ptmx');
    } catch {
      return false; // the one that reads this directory
    }
  });

it('what is typed goes to the terminal or nowhere, however busy the pool of threads is', async () => {
  const before = terminals();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const size = { cols: 80, rows: 24 };
  const terminal = startOnTerminal('TEST:PTY', ['cat'], size, { data: () => {}, exit: () => resolve() });
  const [fd] = terminals().filter((one) => !before.includes(one));
  // Every thread of the pool waits for somebody who writes.
  const pipes = Array.from({ length: 32 }, (_, n) => join(directory, `pipe-${n}`));
  execFileSync('mkfifo', pipes);
  const waiting = pipes.map((path) => promises.open(path, 'r'));
  terminal.write(Buffer.from('typed by a tenant\n'));
  terminal.kill();
  await ended;
  await expect.poll(terminals).toEqual(before);
  // The number of the terminal's descriptor is given to a file of ours.
  const opened: number[] = [];
  let file = '';
  for (let n = 0; n < 200 && String(opened.at(-1)) !== fd; n += 1) {
    file = join(directory, `file-${n}`);
    opened.push(openSync(file, 'w+'));
  }
  expect(String(opened.at(-1))).toBe(fd);
  const writers = pipes.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
  for (const handle of await Promise.all(waiting)) await handle.close();
  expect(readFileSync(file, 'utf8')).toBe('');
  for (const one of [...opened, ...writers]) closeSync(one);
});

it('a program that does not read holds nobody up, and gets all of it when it reads', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let seen = '';
  const data = (bytes: Buffer) => {
    seen += bytes.toString();
  };
  const argv = ['sh', '-c', 'stty raw -echo; echo ready; sleep 0.5; head -c 100000 | md5sum; stty sane'];
  const terminal = startOnTerminal('TEST:PTY', argv, { cols: 80, rows: 24 }, { data, exit: () => resolve() });
  await expect.poll(() => seen).toContain('ready');
  const began = performance.now();
  terminal.write(Buffer.alloc(100_000, 'a'));
  expect(performance.now() - began).toBeLessThan(300);
  await ended;
  expect(seen).toContain('1af6d6f2f682f76f80e606aeaaee1680');
});
