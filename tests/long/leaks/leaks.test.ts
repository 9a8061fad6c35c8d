/**
 * Life cycles and backups, over and over on one agent: it must end as it began. Descriptors of the agent: 5 more at most; its memory
 * after collecting garbage: 10 % more at most, measured from where it has warmed up; no object left on the host.
 *
 * BERTH_LEAK_LIVES (default 1,000) and BERTH_LEAK_BACKUPS (default 200) say how many; BERTH_SHARD=2/4 does the second quarter of them.
 * BERTH_LEAK_PARALLEL says how many lives go on at a time (default 8 a core).
 */
import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mountsBelow } from '#agent/sys/mountinfo.ts';
import { runAction } from '#lib/agent-client/actions.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { groupsOf } from '#tests/support/sweep.ts';

const [shard = 1, shards = 1] = (process.env.BERTH_SHARD ?? '1/1').split('/').map(Number);
/** This shard's part of a whole. */
const part = (count: number) => Math.floor((count * shard) / shards) - Math.floor((count * (shard - 1)) / shards);
const lives = part(Number(process.env.BERTH_LEAK_LIVES ?? 1000));
const backups = part(Number(process.env.BERTH_LEAK_BACKUPS ?? 200));
const parallel = Number(process.env.BERTH_LEAK_PARALLEL ?? 8 * availableParallelism());
const MiB = 1024 * 1024;
const small = { ...resources, diskBytes: 64 * MiB, inodes: 2048, memoryBytes: 32 * MiB };

let agent: TestAgent;
let template: TemplateRef;
beforeAll(async () => {
  agent = await startTestAgent('real', {}, 4096);
  template = await agent.template();
});
afterAll(() => agent?.cleanUp());

const generation = () => agent.nextGeneration();
/** A machine that does much else must not count as a leak. */
const patience = { unreachableMs: 180_000, idleMs: 180_000, retries: 0, totalMs: 600_000 };
const act: TestAgent['act'] = (verb, order) =>
  runAction(agent.connection('worker'), agent.made.signers.worker, agent.call(verb, order), {}, patience);

/** A container's id, tenant and arguments of its making. */
function wish() {
  const [containerId, volumeId, tenantId] = [uuidv7(), uuidv7(), uuidv7()];
  const args = { tenantId, name: 'web-1', hostname: 'web-1', volumeId, template, resources: small };
  return { containerId, tenantId, args };
}

async function life(): Promise<void> {
  const { containerId, args } = wish();
  await act('container.create', { containerId, args });
  await act('container.start', { containerId, generation: generation() });
  await act('container.kill', { containerId, generation: generation() });
  await act('container.delete', { containerId, generation: generation() });
}

/** `count` times, `width` at a time. The first failure ends it. */
async function times(count: number, width: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, one));
}

/** What the agent's process holds. Idle, and after garbage collections: the least of what is seen for some seconds. */
async function held(): Promise<{ descriptors: number; memoryKiB: number }> {
  let [descriptors, memoryKiB] = [Infinity, Infinity];
  for (let look = 0; look < 20; look += 1) {
    await sleep(500);
    descriptors = Math.min(descriptors, readdirSync(`/proc/${agent.pid}/fd`).length);
    const status = readFileSync(`/proc/${agent.pid}/status`, 'utf8');
    memoryKiB = Math.min(memoryKiB, Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]));
  }
  return { descriptors, memoryKiB };
}

/** Names of everything of this agent on the host that belongs to some container. */
function objects() {
  const { agentDir, poolPath, instance } = agent.config;
  const names = (path: string) => (existsSync(path) ? readdirSync(path).sort() : []);
  return {
    mounts: mountsBelow(agent.made.directory)
      .map(({ target }) => target)
      .filter((path) => !path.includes('/layers/')),
    loops: readdirSync('/sys/block').filter((name) => {
      const file = `/sys/block/${name}/loop/backing_file`;
      return existsSync(file) && readFileSync(file, 'utf8').startsWith(`${poolPath}/`);
    }),
    groups: groupsOf(instance).filter((path) => /[0-9a-f]{8}-[0-9a-f]{4}-7/.test(path)),
    volumes: [...names(join(poolPath, 'volumes')), ...names(join(poolPath, 'snapshots'))],
    runtime: ['bundles', 'run/runtime', 'run/runc', 'run/monitor', 'run/exits', 'run/exec', 'logs'].flatMap((path) =>
      names(join(agentDir, path)).map((name) => `${path}/${name}`),
    ),
    interfaces: names('/sys/class/net').filter((name) => {
      const master = `/sys/class/net/${name}/master/ifindex`;
      const bridge = `/sys/class/net/berth-${instance}/ifindex`;
      return existsSync(master) && existsSync(bridge) && readFileSync(master, 'utf8') === readFileSync(bridge, 'utf8');
    }),
    monitors: readdirSync('/proc').filter((pid) => {
      try {
        return (
          /^\d+$/.test(pid) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`/usr/bin/conmon`) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(agent.made.directory)
        );
      } catch {
        return false; // ended meanwhile
      }
    }),
  };
}

async function asBefore(before: ReturnType<typeof objects>): Promise<void> {
  // The last monitors and interfaces take a moment to go.
  for (const end = Date.now() + 30_000; Date.now() < end && JSON.stringify(objects()) !== JSON.stringify(before); ) {
    await sleep(250);
  }
  expect(objects()).toEqual(before);
}

function compare(what: string, before: Awaited<ReturnType<typeof held>>, after: Awaited<ReturnType<typeof held>>) {
  const more = Math.round((after.memoryKiB / before.memoryKiB - 1) * 1000) / 10;
  console.log(
    `${what}: descriptors ${before.descriptors} → ${after.descriptors}, memory ${before.memoryKiB} → ${after.memoryKiB} KiB (${more} %)`,
  );
  expect(after.descriptors - before.descriptors).toBeLessThanOrEqual(5);
  expect(after.memoryKiB).toBeLessThanOrEqual(before.memoryKiB * 1.1);
}

it(`${lives} lives leave the agent and the host as they were`, async () => {
  // Warmed up: code compiled, caches and the heap as large as work of this width makes them.
  await times(Math.max(parallel, Math.ceil(lives / 5)), parallel, life);
  const [before, things] = [await held(), objects()];
  await times(lives, parallel, life);
  await asBefore(things);
  compare(`${lives} of ${lives} lives, ${parallel} at a time`, before, await held());
});

it(`${backups} backups leave the agent and the host as they were`, async () => {
  const { containerId, tenantId, args } = wish();
  await act('container.create', { containerId, args });
  await act('container.start', { containerId, generation: generation() });
  const { args: repository, secrets } = agent.repository(tenantId);
  const backup = async () => {
    const [snapshotId, backupId] = [uuidv7(), uuidv7()];
    await agent.sh(containerId, `echo ${backupId} > /root/word`);
    await act('snapshot.create', { containerId, args: { snapshotId } });
    const uploaded = await act('backup.upload', {
      containerId,
      args: { backupId, snapshotId, repository },
      secrets,
    });
    await act('snapshot.delete', { containerId, args: { snapshotId } });
    expect(uploaded.resticSnapshotId).toMatch(/^[0-9a-f]{64}$/);
  };
  for (let warm = 0; warm < Math.max(3, backups / 10); warm += 1) await backup();
  const [before, things] = [await held(), objects()];
  const used = () => statfsSync(agent.config.poolPath).bfree;
  const free = used();
  for (let n = 0; n < backups; n += 1) await backup();
  await asBefore(things);
  compare(`${backups} of ${backups} backups`, before, await held());
  expect((free - used()) * statfsSync(agent.config.poolPath).bsize).toBeLessThan(64 * MiB);
  await act('container.kill', { containerId, generation: generation() });
  await act('container.delete', { containerId, generation: generation() });
});
