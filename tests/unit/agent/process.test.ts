import { expect, it } from 'vitest';
import { runBounded } from '#agent/sys/bounded.ts';
import { CommandError, run } from '#agent/sys/process.ts';

const took = async (work: Promise<unknown>) => {
  const at = performance.now();
  const end = await work.catch((error: unknown) => error);
  return { end, ms: performance.now() - at };
};

it('a program is over when it has ended, whoever it left behind holds its output', async () => {
  const { end, ms } = await took(run('TEST:LEAVES', ['sh', '-c', 'echo said; sleep 12 & exit 0']));
  expect(end).toMatchObject({ code: 0, stdout: 'said\n' });
  expect(ms).toBeLessThan(10_000);
});

it('so is one that took too long, and what it had started goes on', async () => {
  const argv = ['sh', '-c', 'sleep 12 & sleep 12'];
  const { end, ms } = await took(run('TEST:LATE', argv, { timeoutMs: 100 }));
  expect(end).toBeInstanceOf(CommandError);
  expect(ms).toBeLessThan(10_000);
});

it('keeps what was printed before the end, however late it is read', async () => {
  const printed = run('TEST:PRINTS', ['sh', '-c', 'head -c 60000 /dev/zero | tr "\\0" x'], {});
  const until = performance.now() + 1500;
  while (performance.now() < until); // this process has something else to do
  expect((await printed).stdout).toHaveLength(60_000);
});

it('what fails while a program that took too long is ended is told to who ran it, and the program ends', async () => {
  const fails = () => {
    throw new Error('the groups cannot be read');
  };
  const options = { timeoutMs: 50, maxBytes: 10, end: fails };
  const { end } = await took(runBounded('TEST:BOUNDED', ['sleep', '12'], options));
  expect(end).toMatchObject({ message: 'the groups cannot be read' });
});
