/**
 * Loss of power during operations, for real: the guest's machine ends between two instructions, boots again, and everything has
 * to be as its records say. 20 cuts; `BERTH_CUTS=5` makes it fewer, `BERTH_SEED` repeats a run.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionError } from '#lib/agent-client/actions.ts';
import type { InventoryItem } from '#lib/contract/agent-state.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources } from '../support/agent.ts';
import { agentPort, GuestAgent, guestPaths } from '../support/vm/agent.ts';
import { Guest, guestRepo } from '../support/vm/guest.ts';
import { chosenGuests } from '../support/vm/plan.ts';
import { record } from '../support/vm/results.ts';

const cuts = Number(process.env.BERTH_CUTS ?? 20);
let seed = Number(process.env.BERTH_SEED ?? randomInt(2 ** 31));

/** Mulberry32: small, seeded, good enough to choose with. */
function chance(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T;

describe.each(chosenGuests(process.env.BERTH_VM_GUESTS))('power cuts in %s', (name) => {
  let guest: Guest;
  let agent: GuestAgent;
  let template: TemplateRef;
  let system: Record<string, string> = {};
  const ids: string[] = [];

  async function create(): Promise<string> {
    const containerId = uuidv7();
    const small = { ...resources, diskBytes: 64 * 1024 ** 2, inodes: 4096 };
    const args = {
      tenantId: uuidv7(),
      name: 'web-1',
      hostname: 'web-1',
      volumeId: uuidv7(),
      template,
      resources: small,
    };
    await agent.act('container.create', { containerId, args });
    ids.push(containerId);
    return containerId;
  }

  beforeAll(async () => {
    console.log(`seed ${seed}`);
    guest = await Guest.start(name, { forward: [agentPort] });
    system = await guest.describe();
    agent = await GuestAgent.install(guest, await guest.placeEngine());
    template = (await agent.act('template.build', { args: { name: 'tiny' } })).template;
    for (let i = 0; i < 4; i += 1) {
      const containerId = await create();
      if (i < 3) await agent.act('container.start', { containerId });
    }
  });
  afterAll(async () => {
    agent?.close();
    await guest?.[Symbol.asyncDispose]();
  });

  /** One operation of a kind that changes something on the disk. */
  const kinds: Record<string, (containerId: string) => Promise<unknown>> = {
    start: (containerId) => agent.act('container.start', { containerId }),
    stop: (containerId) => agent.act('container.stop', { containerId, args: { timeoutMs: 5000 } }),
    restart: (containerId) => agent.act('container.restart', { containerId, args: { timeoutMs: 5000 } }),
    kill: (containerId) => agent.act('container.kill', { containerId }),
    snapshot: async (containerId) => {
      const snapshotId = uuidv7();
      await agent.act('snapshot.create', { containerId, args: { snapshotId } });
      await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    },
    volume: async (containerId) => {
      const volumeId = uuidv7();
      await agent.act('volume.create', { containerId, args: { volumeId } });
      await agent.act('volume.delete', { containerId, args: { volumeId } });
    },
    configure: (containerId) => {
      const changed = {
        ...resources,
        memoryBytes: pick([64, 96, 128]) * 1024 ** 2,
        diskBytes: pick([64, 80]) * 1024 ** 2,
      };
      return agent.act('container.configure', { containerId, args: { resources: { ...changed, inodes: 4096 } } });
    },
    delete: async (containerId) => {
      if (ids.length <= 3) return;
      ids.splice(ids.indexOf(containerId), 1);
      await agent.act('container.delete', { containerId });
    },
    create: async () => {
      if (ids.length < 6) await agent.act('container.start', { containerId: await create() });
    },
  };

  const initOf = (containerId: string) =>
    `$(head -n 1 /sys/fs/cgroup/berth-vm/${containerId}/ct/cgroup.procs 2>/dev/null || echo none)`;

  /** Puts a word into every running container that must be there after the cut: written and synchronised. */
  async function mark(word: string): Promise<string[]> {
    const marked: string[] = [];
    for (const item of (await agent.inventory()).filter((i) => i.power === 'running' && ids.includes(i.containerId))) {
      const file = `/proc/${initOf(item.containerId)}/root/root/mark`;
      const { code } = await guest.try(`f=${file}; echo ${word} > $f && sync -f $f`, 120_000);
      if (code === 0) marked.push(item.containerId);
    }
    return marked;
  }

  /** Waits until the agent's records and the world are one. */
  async function settled(): Promise<InventoryItem[]> {
    let seen: InventoryItem[] = [];
    for (const end = Date.now() + 20 * 60_000; ; await sleep(2000)) {
      seen = await agent.inventory().catch(() => []);
      const wrong = seen.filter((item) => item.power !== item.desired);
      if (seen.length > 0 && wrong.length === 0) return seen;
      if (Date.now() > end)
        throw new Error(`not as the records say: ${JSON.stringify(wrong.length === 0 ? seen : wrong)}`);
    }
  }

  /** What the world holds, counted by other means than the agent's. */
  async function faults(items: readonly InventoryItem[], marked: readonly string[], word: string): Promise<string[]> {
    const running = items.filter((item) => item.power === 'running').map((item) => item.containerId);
    const found: string[] = [];
    const same = (what: string, said: string, wanted: readonly string[]) => {
      const has = said
        .split('\n')
        .filter((line) => line !== '')
        .sort();
      if (JSON.stringify(has) !== JSON.stringify([...wanted].sort()))
        found.push(`${what}: ${has} instead of ${wanted}`);
    };
    const list = async (script: string) => (await guest.try(script, 120_000)).stdout;
    same('records', items.map((item) => item.containerId).join('\n'), ids);
    same('control groups', await list(`cd /sys/fs/cgroup/berth-vm 2>/dev/null && ls -d *-*-*`), running);
    same(
      'roots',
      await list(`cd ${guestPaths.agent}/mnt/roots && for d in *; do mountpoint -q $d/root && echo $d; done`),
      running,
    );
    same('monitors', await list('pgrep -c conmon'), [String(running.length)]);
    same(
      'file system errors',
      await list('dmesg | grep -E "EXT4-fs (error|warning)|XFS.*(orrupt|error)|I/O error"'),
      [],
    );
    for (const containerId of marked.filter((id) => running.includes(id)))
      same(`mark in ${containerId}`, await list(`cat /proc/${initOf(containerId)}/root/root/mark`), [word]);
    const script = `const {DatabaseSync} = await import('node:sqlite'); const d = new DatabaseSync('${guestPaths.agent}/agent.db', {readOnly: true}); console.log(d.prepare('PRAGMA integrity_check').get().integrity_check)`;
    same('ledger', (await guest.node(['--input-type=module', '-e', script])).stdout, ['ok']);
    return found;
  }

  it(`${cuts} of ${cuts}: what was to run runs, what was written is there, nothing is left over`, async () => {
    const bad: string[] = [];
    let whole = 0;
    for (let cut = 1; cut <= cuts; cut += 1) {
      const marked = await mark(`cut-${cut}`);
      const wanted = Array.from({ length: 4 }, () => [pick(Object.keys(kinds)), pick(ids)] as const);
      const ends = wanted.map(([kind, containerId]) =>
        Promise.resolve(kinds[kind]?.(containerId)).then(
          () => `${kind} done`,
          (error: unknown) => (error instanceof ActionError ? `${kind} ${error.code}` : `${kind} threw ${error}`),
        ),
      );
      const delayMs = Math.floor(chance() * 6000);
      await sleep(delayMs);
      await guest.powerCut();
      await guest.boot();
      const told = await Promise.all(ends);
      const wrong = [
        ...told.filter((end) => / internal$| threw /.test(end)),
        ...(await faults(await settled(), marked, `cut-${cut}`)),
      ];
      if (wrong.length === 0) whole += 1;
      else bad.push(`cut ${cut}: ${wrong.join('; ')}`);
      console.log(
        `cut ${cut} after ${delayMs} ms of ${told.join(', ')}: ${wrong.length === 0 ? 'whole' : wrong.join('; ')}`,
      );
    }
    const passed = whole === cuts;
    const test = `${whole} of ${cuts} power cuts`;
    record(name, system, [
      { file: 'vm/power-cut', test, ...(passed ? { result: 'passed' } : { result: 'failed', reason: bad[0] ?? '' }) },
    ]);
    console.log(`${name}: ${whole} of ${cuts} power cuts consistent`);
    expect(bad).toEqual([]);
  });

  it('the pool and every volume pass their file system’s own check', async () => {
    for (const containerId of ids) await agent.act('container.stop', { containerId, args: { timeoutMs: 5000 } });
    await settled();
    await guest.sh('systemctl stop guest-agent.service');
    const check = `for i in ${guestPaths.pool}/volumes/*.img; do e2fsck -fn "$i" >/tmp/said 2>&1 || { echo "$i"; cat /tmp/said; }; done`;
    expect(await guest.sh(check)).toBe('');
    await guest.sh(`cat /proc/mounts | grep -o '${guestPaths.agent}/mnt[^ ]*' | sort -r | xargs -r umount`);
    await guest.sh(`umount ${guestPaths.pool} && xfs_repair -n ${guestPaths.image}`);
    expect(await guest.sh(`ls ${guestRepo}/berth`)).not.toBe('');
  });
});
