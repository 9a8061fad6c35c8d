/** Commands inside around a snapshot, on the real agent: in order, held to their time, and the second never forgotten. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AroundCommands } from '#lib/contract/integrity.ts';
import { startTestAgent, type TestAgent } from '../../support/agent.ts';

let agent: TestAgent;
let containerId: string;
beforeAll(async () => {
  agent = await startTestAgent('real');
  ({ containerId } = await agent.container(await agent.template('tiny')));
  await agent.act('container.start', { containerId });
}, 300_000);
afterAll(() => agent?.cleanUp());
beforeEach(async () => {
  await agent.sh(containerId, 'rm -f /root/order');
});

const command = (script: string, timeoutMs = 20_000) => ({ argv: ['/bin/sh', '-c', script], timeoutMs });
const both = (before: string, over: Partial<AroundCommands> = {}): AroundCommands => ({
  before: command(before),
  after: command('echo after >> /root/order; echo let go'),
  ifBeforeFails: 'fail',
  ...over,
});
const call = (commands: AroundCommands) =>
  agent.call('snapshot.create', { containerId, args: { snapshotId: uuidv7(), commands } });
const take = async (commands: AroundCommands) => await agent.send(call(commands));
const order = async () => (await agent.sh(containerId, 'cat /root/order 2>/dev/null || true')).trim().split('\n');
const reserved = async () => (await agent.host()).pool.reservedBytes;

it('runs one before and one after, and what each printed is told', async () => {
  const { commands, freezeMs } = await take(both('echo before >> /root/order; echo held; echo oops >&2'));
  expect(freezeMs).toBeGreaterThanOrEqual(0);
  expect(commands).toMatchObject({
    before: { exitCode: 0, timedOut: false, output: 'held\noops\n' },
    after: { exitCode: 0, output: 'let go\n' },
  });
  expect(await order()).toEqual(['before', 'after']);
});

it('keeps the end of what is printed, not all of it', async () => {
  const { commands } = await take(both('seq 1 100000'));
  expect(commands?.before?.output.length).toBeLessThanOrEqual(4096);
});

it('takes no snapshot when the first fails, says so with what it printed, and runs the second', async () => {
  const before = await reserved();
  await expect(take(both('echo before >> /root/order; echo database is locked; exit 4'))).rejects.toMatchObject({
    code: 'action_failed',
    retryable: false,
    message: expect.stringContaining(
      'ended with exit code 4, so nothing was backed up. It printed: database is locked',
    ),
  });
  expect(await order()).toEqual(['before', 'after']);
  expect(await reserved()).toBe(before);
});

it('goes on where that is wanted', async () => {
  const { commands } = await take(both('exit 4', { ifBeforeFails: 'go-on' }));
  expect(commands).toMatchObject({ before: { exitCode: 4 }, after: { exitCode: 0 } });
});

it('holds them to their time', async () => {
  const late = both('', { before: command('sleep 60', 1000) });
  await expect(take(late)).rejects.toMatchObject({ message: expect.stringContaining('did not end in time') });
  expect(await order()).toEqual(['after']);
  const { commands } = await take(both('true', { after: command('sleep 60', 1000) }));
  expect(commands?.after).toMatchObject({ exitCode: null, timedOut: true });
});

it('runs nothing in a container that does not run', async () => {
  await agent.act('container.stop', { containerId, args: { timeoutMs: 20_000 } });
  expect((await take(both('echo never'))).commands).toBeUndefined();
  await agent.act('container.start', { containerId });
});

it('lets a kill pass while the first runs, and owes nothing to a later run', async () => {
  const running = agent.send(call(both('sleep 15'))).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const startedAt = performance.now();
  await agent.act('container.kill', { containerId });
  expect(performance.now() - startedAt).toBeLessThan(8000);
  expect(await running).toMatchObject({ code: 'cancelled' });
  await agent.act('container.start', { containerId });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(await order()).toEqual(['']);
});

it('runs the second without being waited for when somebody wants it no more', async () => {
  const asked = call(both('echo before >> /root/order; sleep 15'));
  const running = agent.send(asked).catch((error: unknown) => error);
  await expect.poll(order, { timeout: 10_000 }).toEqual(['before']);
  expect(await agent.cancel(asked)).toBe(true);
  expect(await running).toMatchObject({ code: 'cancelled' });
  await expect.poll(order, { timeout: 10_000 }).toEqual(['before', 'after']);
});

it('runs the second when the agent is killed in between and started again', async () => {
  const asked = call(both('echo before >> /root/order; sleep 15'));
  const running = agent.send(asked).catch((error: unknown) => error);
  await expect.poll(order, { timeout: 10_000 }).toEqual(['before']);
  await agent.stop('SIGKILL');
  await running;
  await agent.start();
  await expect.poll(order, { timeout: 30_000 }).toEqual(['before', 'after']);
}, 60_000);
