/** A directory for backups that does not answer any more, as that of a network disk whose server is gone: the agent and all else go on. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareAgent, type TestAgent } from '../../support/agent.ts';
import { mountDead, processes } from '../../support/dead-mount.ts';

const silenceMs = 1500;
/** A busy machine is slow; who hangs is so for ever. */
const limitMs = 10_000;
const mayProtect = spawnSync('choom', ['-n', '-900', '--', 'true']).status === 0;
let agent: TestAgent;
let web: { containerId: string; tenantId: string };
let revive: (() => Promise<void>) | undefined;

beforeAll(async () => {
  agent = await prepareAgent('real', { backupSilenceMs: silenceMs });
  // As systemd starts it, where one may.
  if (mayProtect) agent.made.place = ['choom', '-n', '-900', '--'];
  await agent.start();
  web = await agent.container(await agent.template('tiny'));
  await agent.act('container.start', { containerId: web.containerId });
}, 120_000);
afterAll(async () => {
  await revive?.();
  await agent?.cleanUp();
});

const helpers = () => processes((one) => one.parent === agent.pid && one.command.includes('backup-helper'));
const health = () =>
  agent.connection('worker').text({ method: 'GET', path: '/healthz', signal: AbortSignal.timeout(10_000) });
const tookMs = async (work: Promise<unknown>) => {
  const began = performance.now();
  const end = await work.catch((error: unknown) => error);
  return { end, ms: performance.now() - began };
};

async function backUp(place: string) {
  const { args, secrets } = agent.repository(web.tenantId);
  const location = { kind: 'directory' as const, id: uuidv7(), path: join(agent.config.backupRoot, place) };
  const snapshotId = uuidv7();
  await agent.act('snapshot.create', { containerId: web.containerId, args: { snapshotId } });
  try {
    const order = { backupId: uuidv7(), snapshotId, repository: { ...args, location } };
    return await agent.act('backup.upload', { containerId: web.containerId, args: order, secrets });
  } finally {
    await agent.act('snapshot.delete', { containerId: web.containerId, args: { snapshotId } });
  }
}

it('what the agent starts, and what runs in containers, has no part in its protection', async ({ skip }) => {
  if (!mayProtect) {
    process.stdout.write('skipped: nobody may protect a process here (CAP_SYS_RESOURCE)\n');
    skip();
  }
  expect(processes((one) => one.pid === agent.pid)).toMatchObject([{ oomScoreAdj: -900 }]);
  await agent.sh(web.containerId, 'nohup sleep 1000 > /dev/null 2>&1 &');
  const seen = new Map<string, number>();
  let over = false;
  const backup = backUp('default').finally(() => {
    over = true;
  });
  while (!over) {
    for (const one of processes((one) => /restic|backup-helper|sleep 1000/.test(one.command))) {
      const name = /restic|backup-helper|sleep/.exec(one.command)?.[0] ?? '';
      seen.set(name, Math.min(seen.get(name) ?? 0, one.oomScoreAdj));
    }
    await sleep(20);
  }
  await backup;
  expect(Object.fromEntries(seen)).toEqual({ restic: 0, 'backup-helper': 0, sleep: 0 });
});

it('a location that hangs fails what is wanted of it, says since when, and holds up nothing else', async () => {
  const directory = join(agent.config.backupRoot, 'default');
  await backUp('default');
  revive = await mountDead(directory);
  const before = new Date().toISOString().slice(0, 16).replace('T', ' ');

  const first = tookMs(backUp('default'));
  let ended = false;
  void first.finally(() => {
    ended = true;
  });
  let [looks, worstMs] = [0, 0];
  while (!ended) {
    const { end, ms } = await tookMs(health());
    expect(end).not.toBeInstanceOf(Error);
    worstMs = Math.max(worstMs, ms);
    looks += 1;
    if (looks === 5) {
      // Right while it hangs: a container stops and starts, and its commands run.
      await agent.act('container.stop', { containerId: web.containerId, args: { timeoutMs: 5000 } });
      await agent.act('container.start', { containerId: web.containerId });
      expect(await agent.sh(web.containerId, 'echo well')).toBe('well');
    }
    await sleep(50);
  }
  await expect.poll(() => helpers().map((one) => one.state), { timeout: limitMs }).toEqual(['D']);
  const hung = helpers();
  const { end } = await first;
  expect(String(end)).toContain('The backup location has not answered since ');
  expect(String(end).includes(before) || String(end).includes(new Date().toISOString().slice(0, 16))).toBe(true);
  expect(agent.log).toContain(`the directory ${directory} does not answer since`);
  expect(worstMs).toBeLessThan(limitMs);

  // The next one is told at once, and starts no second process to hang there; another location is as good as ever.
  const again = await tookMs(backUp('default'));
  expect(String(again.end)).toContain('has not answered since');
  expect(again.ms).toBeLessThan(limitMs);
  await expect(backUp('other')).resolves.toMatchObject({ sameServer: true });
  expect(helpers().filter((one) => one.state === 'D')).toEqual(hung);
});

it('ends and begins again beside a location that hangs, and uses it when it is back', async () => {
  const { ms } = await tookMs(agent.stop());
  expect(ms).toBeLessThan(2 * limitMs);
  await agent.start();
  expect(await agent.sh(web.containerId, 'echo well')).toBe('well');
  // Beside the one that the agent before has left there, no other is begun.
  expect(String(await backUp('default').catch((error: unknown) => error))).toContain('has not answered since');
  expect(helpers().filter((one) => one.state === 'D')).toEqual([]);
  await revive?.();
  revive = undefined;
  for (const until = Date.now() + 10_000; ; await sleep(200)) {
    const { end } = await tookMs(backUp('default'));
    if (!(end instanceof Error)) break;
    if (Date.now() > until) throw end;
  }
  expect(processes((one) => one.command.includes('backup-helper') && one.state === 'D')).toEqual([]);
});

it('one that stops to answer in the midst of a backup fails that, though restic cannot be killed, and the next elsewhere goes well', async () => {
  const directory = join(agent.config.backupRoot, 'default');
  await agent.sh(web.containerId, 'head -c 120000000 /dev/urandom > /root/big; sync');
  const restic = () => processes((one) => one.command.includes('/restic ') && one.command.includes(directory));
  const copying = tookMs(backUp('default'));
  let pid: number | undefined;
  for (; pid === undefined; await sleep(20)) pid = restic().find((one) => one.command.includes(' backup '))?.pid;
  await sleep(300); // it has opened the repository; all that it opens from here on hangs
  revive = await mountDead(directory);
  const { end, ms } = await copying;
  expect(String(end)).toContain('has not answered since');
  // The silence, and what SIGTERM and SIGKILL are given.
  expect(ms).toBeLessThan(silenceMs * 2 + 30_000);
  // Its first thread is dead, others hang.
  const isThere = () => processes((one) => one.pid === pid).length > 0;
  expect(isThere()).toBe(true);
  expect(await health()).toBeTypeOf('string');
  await expect(backUp('other')).resolves.toMatchObject({ sameServer: true });

  await revive();
  revive = undefined;
  for (const until = Date.now() + 10_000; isThere(); await sleep(100)) expect(Date.now()).toBeLessThan(until);
  for (const until = Date.now() + 10_000; ; await sleep(200)) {
    const { end } = await tookMs(backUp('default'));
    if (!(end instanceof Error)) break;
    if (Date.now() > until) throw end;
  }
});
