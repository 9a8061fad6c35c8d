import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { remove } from '../sys/files.ts';
import { run, signal } from '../sys/process.ts';
import { type NetworkPlan, resolverCommand } from './plan.ts';

/**
 * The containers' DNS server: a dnsmasq of its own that outlives the agent. It is known by its pid file, and believed only if
 * that process's command line is ours: after a crash or reboot the number may be anybody's.
 */
export function createResolver(plan: NetworkPlan, directory: string) {
  const pidFile = join(directory, 'resolver.pid');
  const command = resolverCommand(plan, pidFile);

  /** Its pid; undefined when none runs. `current` is false when it was started with other arguments. */
  function find(): { pid: number; current: boolean } | undefined {
    try {
      const pid = Number(readFileSync(pidFile, 'utf8'));
      if (!Number.isInteger(pid) || pid <= 1) return undefined;
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      if (!argv.includes(`--pid-file=${pidFile}`)) return undefined;
      return { pid, current: argv.slice(1).join('\0') === command.slice(1).join('\0') };
    } catch {
      return undefined; // no file, no process, or a zombie's empty command line
    }
  }

  async function stop(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const found = find();
      if (found === undefined) break;
      signal('NETWORK:STOP-RESOLVER', found.pid, attempt < 50 ? 'SIGTERM' : 'SIGKILL');
      await sleep(20);
    }
    remove('NETWORK:REMOVE-RESOLVER-PID', pidFile);
  }

  const isCurrent = (): boolean => find()?.current === true;

  return {
    stop,
    isCurrent,
    /** Makes one run with the present arguments. dnsmasq returns once it is bound, and reports by its exit if it cannot. */
    async ensure(): Promise<void> {
      if (isCurrent()) return;
      await stop();
      await run('NETWORK:START-RESOLVER', command, { timeoutMs: 10_000 });
    },
  };
}
