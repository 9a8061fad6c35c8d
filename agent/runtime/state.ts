import { existsSync } from 'node:fs';
import type { ExitWord, Runtime } from '../adapters.ts';
import type { Cgroups, Monitor } from '../parts.ts';
import { bootId } from '../sys/stat.ts';
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
    const killed = existsSync(paths.killed(containerId));
    const oom = word.status === killedStatus && !killed && cgroups.oomKills(containerId) > 0;
    const ranSince = record(containerId)?.startedAt;
    return { ...word, oom, killed, ranSince: ranSince === undefined ? null : new Date(ranSince) };
  };

  /** A run of this boot of the host that ended without a word, and not by our hand: its monitor was gone before it. */
  const unseenExit = (containerId: string, present: RunRecord): ExitWord | null => {
    if (present.init.bootId !== bootId || existsSync(paths.killed(containerId))) return null;
    return { status: null, at: new Date(), oom: false, killed: false, ranSince: new Date(present.startedAt) };
  };

  const lastExit = (containerId: string): ExitWord | null => {
    const last = readRecord(paths.lastExit(containerId), LastExit);
    if (last === null) return null;
    return { ...last, at: new Date(last.at), ranSince: last.ranSince === null ? null : new Date(last.ranSince) };
  };

  const state: Runtime['state'] = (containerId) => {
    const present = record(containerId);
    if (present === null) return { running: false, pid: null, startedAt: null, exit: lastExit(containerId) };
    const startedAt = new Date(present.startedAt);
    const started = !runc.waitsForStart(containerId);
    if (started && isAlive(present.init)) {
      return { running: true, pid: present.init.pid, startedAt, exit: lastExit(containerId) };
    }
    // Looked at before its word is: it writes the word, then ends.
    const monitored = present.monitor !== null && isAlive(present.monitor);
    const exit = presentExit(containerId);
    // Between the death of init and the monitor's word lies a moment in which the cause is not known: not ended yet.
    if (started && exit === null && monitored) return { running: true, pid: null, startedAt, exit: null };
    return {
      running: false,
      pid: null,
      startedAt: null,
      exit: exit ?? (started ? unseenExit(containerId, present) : null),
    };
  };

  return { record, initAlive, presentExit, state };
}
export type StateReader = ReturnType<typeof createStateReader>;
