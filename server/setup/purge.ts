import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { turnForwardingBack } from '#agent/network/forwarding.ts';
import { startTicks } from '../supervisor-process.ts';
import type { SetupContext } from './context.ts';
import { readIfThere } from './files.ts';
import { describeObjects, hostObjects } from './leftovers.ts';
import { restoreLimits } from './limits.ts';
import { mountsBelow } from './pool.ts';
import { tryRun } from './run.ts';
import { servicesOf } from './services.ts';
import { removeSharedFiles } from './shared.ts';
import type { Step } from './steps.ts';

/** A purge that would destroy what nobody said should be destroyed. */
export class PurgeRefused extends Error {}

const DemoContainers = z.object({ containers: z.array(z.string()).default([]) });

/** Names of containers on this host that set-up did not make itself for the demo, from the agent's own records. */
export async function realContainers({ paths }: Pick<SetupContext, 'paths'>): Promise<string[]> {
  const file = join(paths.agentDir, 'agent.db');
  if (!existsSync(file)) return [];
  const demo = new Set(DemoContainers.parse(JSON.parse((await readIfThere(paths.demo)) ?? '{}')).containers);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('SELECT id, name FROM containers').all();
    return rows.filter((row) => !demo.has(String(row.id))).map((row) => String(row.name));
  } finally {
    database.close();
  }
}

/**
 * {@link refuseToLose}, with the agent stopped while it looks: the agent keeps its records to itself. After a refusal the
 * agent runs again if it did before.
 */
export async function confirmPurge(context: SetupContext, typedName: string | undefined): Promise<void> {
  const services = servicesOf(context);
  const ran = (await services.status()).some((service) => service.name === 'agent' && service.state !== 'stopped');
  if (ran && typedName === undefined) await services.stop('agent');
  try {
    await refuseToLose(context, typedName);
  } catch (error) {
    if (ran && typedName === undefined) await services.start('agent');
    throw error;
  }
}

/** Throws {@link PurgeRefused} unless nothing but what set-up made for the demo would be lost, or the installation's name was typed. */
export async function refuseToLose(context: SetupContext, typedName: string | undefined): Promise<void> {
  if (typedName !== undefined && typedName !== context.config.name) {
    throw new PurgeRefused(
      `This installation is called "${context.config.name}", not "${typedName}". Nothing was removed.`,
    );
  }
  if (typedName !== undefined) return;
  let names: string[];
  try {
    names = await realContainers(context);
  } catch (cause) {
    throw new PurgeRefused(
      `The agent's records cannot be read, so nobody knows what would be lost. To purge all the same: --name ${context.config.name}`,
      { cause },
    );
  }
  if (names.length === 0) return;
  const list = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
  throw new PurgeRefused(
    `${names.length} container${names.length === 1 ? '' : 's'} (${list}) with all data would be lost. To purge all the same: --name ${context.config.name}`,
  );
}

/** Ends a process for sure, and only that one. */
async function kill(pid: number): Promise<void> {
  const ticks = startTicks(pid);
  if (ticks === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return;
  }
  const deadline = Date.now() + 10_000;
  while (startTicks(pid) === ticks && Date.now() < deadline) await sleep(10);
}

function processesIn(group: string): number[] {
  const own = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...below.flatMap((entry) => processesIn(join(group, entry.name)))];
}

function removeGroup(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  rmdirSync(group);
}

/** Repeats `attempt` until it stops throwing; after `timeoutMs` the last error counts. */
async function eventually(attempt: () => void, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Removes everything of an installation from this machine. Safe to repeat; finishes what an interrupted purge began. */
export const purgeSteps: readonly Step<SetupContext>[] = [
  {
    name: 'services',
    title: 'Services stopped',
    async run(context) {
      await servicesOf(context).shutDown();
      await servicesOf(context).forget();
    },
  },
  {
    name: 'processes',
    title: 'Containers and helpers ended',
    needs: ['services'],
    async run({ stateDir, config }) {
      const objects = await hostObjects(stateDir, config.instance);
      // Monitors first, or they would note the end of their container where nobody reads it any more.
      for (const { pid } of objects.processes) await kill(pid);
      for (const group of objects.cgroups) for (const pid of processesIn(group)) await kill(pid);
      // A dead process leaves its group only when it has been reaped, by whomever.
      for (const group of objects.cgroups) {
        await eventually(() => {
          if (existsSync(group)) removeGroup(group);
        }, 15_000);
      }
    },
  },
  {
    name: 'network',
    title: 'Network removed',
    needs: ['processes'],
    async run({ stateDir, config }) {
      const objects = await hostObjects(stateDir, config.instance);
      for (const { family, name } of objects.nftTables) await tryRun('nft', ['delete', 'table', family, name]);
      for (const name of objects.interfaces) await tryRun('ip', ['link', 'delete', 'dev', name]);
      turnForwardingBack();
    },
  },
  {
    name: 'mounts',
    title: 'Mounts and loop devices released',
    needs: ['processes'],
    async run({ stateDir, config }, say) {
      // Those over images in a pool first: once the pool is unmounted, the kernel does not tell any more whose they are.
      for (const loop of (await hostObjects(stateDir, config.instance)).loops) {
        await tryRun('losetup', ['--detach', loop]);
      }
      for (let round = 0; round < 5; round += 1) {
        const mounts = await mountsBelow(stateDir);
        if (mounts.length === 0) break;
        for (const path of mounts) {
          const plain = await tryRun('umount', ['--', path]);
          if (plain.code !== 0 && round >= 3 && (await tryRun('umount', ['--lazy', '--', path])).code === 0)
            say(`${path} was busy`);
        }
      }
      // A loop device goes with its last user, and a process elsewhere that is just making a mount namespace of its own
      // holds a copy of ours for a moment.
      const deadline = Date.now() + 15_000;
      for (;;) {
        const { loops } = await hostObjects(stateDir, config.instance);
        if (loops.length === 0 || Date.now() > deadline) break;
        for (const loop of loops) await tryRun('losetup', ['--detach', loop]);
        await sleep(100);
      }
    },
  },
  {
    name: 'limits',
    title: 'Host limits restored',
    needs: ['processes'],
    async run(context) {
      await restoreLimits(context.stateDir);
    },
  },
  {
    name: 'files',
    title: 'Files removed',
    needs: ['network', 'mounts', 'limits'],
    async run({ stateDir, config }) {
      const left = describeObjects(await hostObjects(stateDir, config.instance));
      // Deleting through a mount that is still there would delete something else.
      if (left.length > 0) throw new Error(`these could not be removed:\n${left.join('\n')}`);
      await removeSharedFiles(stateDir);
      // The configuration last: with it an interrupted purge can be run again.
      for (const name of readdirSync(stateDir).filter((entry) => entry !== 'config.json')) {
        await rm(join(stateDir, name), { recursive: true, force: true });
      }
      await rm(stateDir, { recursive: true, force: true });
    },
  },
];
