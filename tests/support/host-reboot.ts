import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createNetwork } from '#agent/network/apply.ts';
import { mountsBelow } from '#agent/sys/mountinfo.ts';
import type { TestAgent } from './agent.ts';
import { mountPool } from './agent-place.ts';
import { groupsOf, killGroups, removeGroups, unmountBelow } from './sweep.ts';

/**
 * What a loss of power and a boot leave of an agent's host: its files, and nothing else. Agent, monitors, resolver, lxcfs and
 * containers are killed without a chance to write a word; mounts, control groups, interfaces and rules are gone; the pool is
 * mounted again, and the kernel has another boot id than the agent remembers. The agent is left for the caller to start.
 */
export async function rebootHost(agent: TestAgent): Promise<void> {
  const { directory, config } = agent.made;
  await agent.stop('SIGKILL');
  for (const pid of processesOf(directory)) killIfThere(pid);
  await killGroups(config.instance);
  await createNetwork(config).tearDown();
  await unmountBelow(directory);
  removeGroups(config.instance);
  const left = [
    ...processesOf(directory),
    ...mountsBelow(directory).map(({ target }) => target),
    ...groupsOf(config.instance),
  ];
  if (left.length > 0) throw new Error(`the host was not rebooted: ${left.join(' ')}`);
  const database = new DatabaseSync(join(config.agentDir, 'agent.db'));
  database.prepare("UPDATE settings SET value = 'the boot before' WHERE key = 'host-boot-id'").run();
  database.close();
  await mountPool(directory);
}

/** Processes whose command line names something below the directory. */
function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandOf(name).includes(`${directory}/`))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    if (existsSync(`/proc/${pid}/exe`)) throw new Error(`${pid} cannot be killed`);
  }
}
