import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentConfig } from '../config.ts';
import type { OwnFigures } from '../parts.ts';
import { makeDirectory } from '../sys/files.ts';
import { detach } from '../sys/kernel.ts';
import { isMounted } from '../sys/mountinfo.ts';
import { signalExactly } from '../sys/pidfd.ts';
import { start } from '../sys/process.ts';

/** What lxcfs(1) shows below its /proc and a container looks at. */
const files = ['cpuinfo', 'diskstats', 'loadavg', 'meminfo', 'stat', 'swaps', 'uptime'] as const;

const startTimeoutMs = 5000;
/** One that hangs is as bad as one that is gone. */
const answerTimeoutMs = 2000;
/** After a failure nobody waits for another try for so long: containers start without. */
const pauseMs = 60_000;

/**
 * One lxcfs for all containers of this agent. It outlives the agent, and one that works is never restarted: containers hold
 * its files, and would get errors from them until they start anew. One that died or hangs is replaced, for those that start
 * from then on.
 */
export function createLxcfs(config: Pick<AgentConfig, 'agentDir'>, program = '/usr/bin/lxcfs'): OwnFigures {
  const mountPoint = join(config.agentDir, 'lxcfs');
  const pidFile = join(config.agentDir, 'run/lxcfs.pid');
  let pending: Promise<boolean> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  const works = async () => {
    if (!isMounted(mountPoint)) return false;
    const late = sleep(answerTimeoutMs, null, { ref: false });
    const names = await Promise.race([readdir(join(mountPoint, 'proc')).catch(() => null), late]);
    return names?.includes('meminfo') === true;
  };

  const isOurs = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(mountPoint);
    } catch {
      return false; // ended
    }
  };

  /** Ends one that does not work, so that whoever waits for its answer gets an error instead. */
  const clear = async () => {
    const pid = pidIn(pidFile);
    if (pid !== null && isOurs(pid)) signalExactly('LXCFS:END', pid, 9, () => isOurs(pid));
    if (isMounted(mountPoint)) await detach('LXCFS:UNMOUNT', mountPoint);
  };

  const launch = async () => {
    await clear();
    makeDirectory('LXCFS:DIRECTORY', mountPoint, 0o755);
    makeDirectory('LXCFS:DIRECTORY', join(config.agentDir, 'run'));
    // cfs: as many processors as the quota of CPU time amounts to.
    const child = start('LXCFS:START', [program, '-f', '-l', '--enable-cfs', '-p', pidFile, mountPoint], {
      detached: true,
      stdio: 'ignore',
      cwd: '/',
      keepProtection: true, // without it every container gets errors for files of its /proc
    });
    let ended = false;
    const end = () => {
      ended = true;
    };
    child.once('error', end).once('exit', end).unref();
    const giveUp = performance.now() + startTimeoutMs;
    while (!ended && performance.now() < giveUp) {
      if (await works()) return true;
      await sleep(10);
    }
    await clear();
    return false;
  };

  return {
    async ensure() {
      if (!(await works())) {
        if (performance.now() - failedAt < pauseMs) return [];
        pending ??= launch().finally(() => {
          pending = undefined;
        });
        if (!(await pending)) {
          failedAt = performance.now();
          return [];
        }
      }
      return files.map((name) => ({ source: join(mountPoint, 'proc', name), destination: `/proc/${name}` }));
    },
  };
}

function pidIn(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : null;
  } catch {
    return null;
  }
}
