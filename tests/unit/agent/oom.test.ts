import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { runBounded } from '#agent/sys/bounded.ts';
import { layingAside } from '#agent/sys/oom.ts';
import { run, start } from '#agent/sys/process.ts';

const { begun } = vi.hoisted(() => ({ begun: { unprotected: 0 } }));
vi.mock('#agent/sys/oom.ts', async (original) => ({
  ...(await original<typeof import('#agent/sys/oom.ts')>()),
  unprotected: <T>(begin: () => T): T => {
    begun.unprotected += 1;
    return begin();
  },
}));

const own = readFileSync('/proc/self/oom_score_adj', 'utf8');
afterEach(() => writeFileSync('/proc/self/oom_score_adj', own));
const scoreOf = (pid: number | 'self' | undefined) => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));

it('a process is begun without the protection of the one that begins it, which keeps it', async () => {
  // Above what anybody may set: to protect itself takes a right that tests do without.
  writeFileSync('/proc/self/oom_score_adj', String(Number(own) + 100));
  const child = layingAside(Number(own) + 100, Number(own) + 300)(() => spawn('sleep', ['12'], { stdio: 'ignore' }));
  expect([scoreOf(child.pid), scoreOf('self')]).toEqual([Number(own) + 300, Number(own) + 100]);
  child.kill('SIGKILL');
  const fails = () => {
    throw new Error('no such program');
  };
  expect(() => layingAside(Number(own) + 100, Number(own) + 300)(fails)).toThrow('no such program');
  expect(scoreOf('self')).toBe(Number(own) + 100);
});

it('whatever has no protection to lay aside starts others as it is itself', () => {
  const child = layingAside(200, 0)(() => spawn('sleep', ['12'], { stdio: 'ignore' }));
  expect(scoreOf(child.pid)).toBe(Number(own));
  child.kill('SIGKILL');
});

it('everything that the agent starts is begun so, but what asks to be as safe as the agent', async () => {
  await run('TEST:RUN', ['true']);
  await runBounded('TEST:BOUNDED', ['true'], { timeoutMs: 5000, maxBytes: 10 });
  expect(begun.unprotected).toBe(2);
  start('TEST:START', ['true'], { stdio: 'ignore' });
  expect(begun.unprotected).toBe(3);
  start('TEST:KEEP', ['true'], { stdio: 'ignore', keepProtection: true });
  expect(begun.unprotected).toBe(3);
});
