import { existsSync } from 'node:fs';
import type { ExitWord, Runtime } from '../adapters.ts';
import type { Cgroups, Monitor } from '../parts.ts';
import type { RuntimePaths } from './paths.ts';
import { isAlive } from './process.ts';
import { LastExit, RunRecord, readRecord } from './record.ts';
import type { Runc } from './runc.ts';

/** 128 + SIGKILL: what the monitor writes when init was killed. */
const killedStatus = 137;

/** What can be read of a container without starting a program. */
export function createStateReader(paths: RuntimePaths, runc: Runc, cgroups: Cgroups, monitor: Monitor) {
  const record = (containerId: string) => readRecord(paths.record(containerId), RunRecord);

  /** Init lives, started or not. */
  const initAlive = (containerId: string) => {
    const present = record(containerId);
    return present !== null && isAlive(present.init);
  };

  /** How the present run ended. Want of memory is the cause when init was killed, not by us, in a group where the kernel has killed for memory. */
  const presentExit = (containerId: string): ExitWord | null => {
    const word = monitor.exit(containerId);
    if (word === null) return null;
    const oom =
      word.status === killedStatus && !existsSync(paths.killed(containerId)) && cgroups.oomKills(containerId) > 0;
    return { ...word, oom };
  };

  const lastExit = (containerId: string): ExitWord | null => {
    const last = readRecord(paths.lastExit(containerId), LastExit);
    return last === null ? null : { status: last.status, at: new Date(last.at), oom: last.oom };
  };

  const state: Runtime['state'] = (containerId) => {
    const present = record(containerId);
    if (present === null) return { running: false, pid: null, startedAt: null, exit: lastExit(containerId) };
    const started = !runc.waitsForStart(containerId);
    if (started && isAlive(present.init)) {
      return {
        running: true,
        pid: present.init.pid,
        startedAt: new Date(present.startedAt),
        exit: lastExit(containerId),
      };
    }
    const exit = presentExit(containerId);
    // Between the death of init and the monitor's word lies a moment in which the cause is not known: not ended yet.
    const wordToCome = started && exit === null && present.monitor !== null && isAlive(present.monitor);
    return { running: wordToCome, pid: null, startedAt: wordToCome ? new Date(present.startedAt) : null, exit };
  };

  return { record, initAlive, presentExit, state };
}
export type StateReader = ReturnType<typeof createStateReader>;
