import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BerthError } from '#lib/contract/errors.ts';
import type { ContainerPlan, Runtime } from '../adapters.ts';
import type { AgentConfig } from '../config.ts';
import type { Cgroups, Consoles, Monitor, OwnFigures } from '../parts.ts';
import { makeDirectory, remove, writeControl, writeDurably } from '../sys/files.ts';
import { signalExactly } from '../sys/pidfd.ts';
import { capUserNamespace } from './caps.ts';
import { consoleCommand } from './console-command.ts';
import { execIn } from './exec.ts';
import { createOnce } from './once.ts';
import { endOrphans } from './orphans.ts';
import { containerOf, onceId, runtimePaths } from './paths.ts';
import { type HostFacts, ociConfig, type Program, readySignals, shutdownSignal, sysvinitShutdown } from './plan.ts';
import { isAlive, isReadyFor, markProcess } from './process.ts';
import type { LastExit, RunRecord } from './record.ts';
import { createRunc } from './runc.ts';
import { createStateReader } from './state.ts';

/** The group of the container itself below the outer one that carries the limits. */
const leaf = 'ct';
/** Reading /proc twice costs 30 µs; people wait for stops. */
const pollMs = 10;
/** Init installs its handlers in its first moments; a shutdown signal before that would be lost. */
const readyTimeoutMs = 10_000;
/** From SIGKILL to the monitor's word it takes 10 ms; much longer when much memory is given back. */
const killWaitMs = 5000;

/**
 * The runtime on runc and conmon. Everything about a container that runs is on disk, so a new agent knows what the one before
 * it started. See agent/compose-runtime.ts for the parts.
 */
export function createRuntime(
  config: Pick<AgentConfig, 'agentDir' | 'engineDir'>,
  parts: { cgroups: Cgroups; monitor: Monitor; consoles: Consoles; figures: OwnFigures },
): Runtime {
  const { cgroups, monitor, consoles, figures } = parts;
  const paths = runtimePaths(config.agentDir);
  const runc = createRunc(join(config.engineDir, 'bin/runc'), paths.runcRoot);
  const reader = createStateReader(paths, runc, cgroups, monitor);
  for (const directory of [paths.runcRoot, paths.bundles, paths.run]) makeDirectory('RUNTIME:DIRECTORY', directory);
  endOrphans(paths.exec, cgroups.list());
  remove('RUNTIME:EXEC-CLEAR', paths.exec);
  cgroups.removeEmpty();

  const hostFacts = async (containerId: string, group: string, program: Program): Promise<HostFacts> => ({
    cgroupsPath: cgroups.runtimePath(containerId, group),
    openFiles: openFilesLimit(),
    oomScoreAdj: Number(readFileSync('/proc/self/oom_score_adj', 'utf8')),
    figures: program.kind === 'init' ? await figures.ensure() : [],
  });

  const writeBundle = async (bundle: string, plan: ContainerPlan, group: string, program: Program) => {
    const host = await hostFacts(plan.containerId, group, program);
    makeDirectory('RUNTIME:BUNDLE', bundle);
    const config = ociConfig(plan, host, program);
    writeControl('RUNTIME:BUNDLE', join(bundle, 'config.json'), JSON.stringify(config));
  };

  /**
   * Ends whatever a start or a single program left half-done. The container itself must not run. This is all that `runc delete
   * --force` would do (kill by group, remove groups and state), without its 100 ms.
   */
  const sweep = async (containerId: string) => {
    await monitor.end(containerId); // before its children: it could be creating the container right now
    cgroups.killAll(containerId);
    await removeGroup(cgroups, containerId);
    for (const runcId of [containerId, onceId(containerId)]) runc.forget(runcId);
  };

  /** The present run's end becomes the last one's. Before the sweep: the counters that tell the cause go with the group. */
  const keepExit = (containerId: string) => {
    makeDirectory('RUNTIME:DIRECTORY', paths.container(containerId));
    const exit = reader.presentExit(containerId);
    if (exit !== null) {
      const { status, at, oom, killed, ranSince } = exit;
      const last: LastExit = { status, at: at.toISOString(), oom, killed, ranSince: ranSince?.toISOString() ?? null };
      writeDurably('RUNTIME:LAST-EXIT', paths.lastExit(containerId), JSON.stringify(last));
    } else if (reader.record(containerId) !== null) {
      remove('RUNTIME:LAST-EXIT', paths.lastExit(containerId)); // ended unseen; an older word would mislead
    }
    remove('RUNTIME:RECORD', paths.record(containerId));
    remove('RUNTIME:RECORD', paths.killed(containerId));
    monitor.clearExit(containerId);
  };

  const kill = (containerId: string) => {
    const present = reader.record(containerId);
    if (present !== null && isAlive(present.init)) {
      writeControl('RUNTIME:KILLED', paths.killed(containerId), '');
      signalExactly('RUNTIME:KILL', present.init.pid, 9, () => isAlive(present.init));
    }
    cgroups.killAll(containerId);
  };

  const waitStopped = async (containerId: string, timeoutMs: number) => {
    const end = performance.now() + timeoutMs;
    while (reader.state(containerId).running || reader.initAlive(containerId)) {
      if (performance.now() >= end) return false;
      await sleep(pollMs);
    }
    return true;
  };

  const begin = async (plan: ContainerPlan) => {
    const { containerId } = plan;
    cgroups.ensure(containerId, plan.resources);
    await writeBundle(paths.bundle(containerId), plan, leaf, { kind: 'init' });
    const startedAt = new Date().toISOString();
    const { pid, monitorPid } = await monitor.create({
      containerId,
      bundle: paths.bundle(containerId),
      runtime: runc.program,
      runtimeArgs: runc.globalArgs,
    });
    const init = markProcess(pid);
    if (init === null) throw new Error(`init of ${containerId} ended before it was started`);
    const record: RunRecord = { init, monitor: markProcess(monitorPid), startedAt };
    writeDurably('RUNTIME:RECORD', paths.record(containerId), JSON.stringify(record));
    cgroups.delegate(containerId, leaf, plan.idBase);
    cgroups.sayCores(containerId, leaf, plan.resources);
    await capUserNamespace(pid);
    await runc.start(containerId);
  };

  return {
    async prepareHost() {
      await figures.ensure();
    },
    async start(plan) {
      const { containerId } = plan;
      if (reader.state(containerId).running) return;
      keepExit(containerId);
      await sweep(containerId);
      try {
        await begin(plan);
      } catch (error) {
        await sweep(containerId);
        monitor.clearExit(containerId); // the word on a container that never ran
        remove('RUNTIME:RECORD', paths.record(containerId));
        throw error;
      }
    },
    state: reader.state,
    async askToStop(containerId, init) {
      const present = reader.record(containerId);
      if (present === null) return;
      if (init === 'sysvinit') {
        await execIn(runc, paths.exec, containerId, sysvinitShutdown, { timeoutMs: readyTimeoutMs, maxBytes: 1024 });
        return;
      }
      const end = performance.now() + readyTimeoutMs;
      while (isAlive(present.init) && !isReadyFor(present.init.pid, readySignals[init]) && performance.now() < end) {
        await sleep(pollMs);
      }
      signalExactly('RUNTIME:ASK-TO-STOP', present.init.pid, shutdownSignal[init], () => isAlive(present.init));
    },
    async kill(containerId) {
      kill(containerId);
      if (await waitStopped(containerId, killWaitMs)) return;
      // Init is gone but its monitor hangs: without it the end is unknown, and the container no longer counts as running.
      if (!reader.initAlive(containerId)) await monitor.end(containerId);
    },
    waitStopped,
    async cleanUp(containerId, what = 'all') {
      if (reader.state(containerId).running) throw new BerthError('state', 'The container is running.');
      await consoles.closeAll(containerId);
      if (what === 'run') keepExit(containerId);
      await sweep(containerId);
      if (what === 'all') remove('RUNTIME:CLEAR', paths.container(containerId));
      monitor.remove(containerId, { log: what === 'all' });
      remove('RUNTIME:CLEAR', paths.bundle(containerId));
      remove('RUNTIME:CLEAR', paths.bundle(onceId(containerId)));
    },
    async applyResources(containerId, resources) {
      if (reader.state(containerId).running) cgroups.apply(containerId, resources);
    },
    async exec(containerId, argv, options) {
      if (!reader.state(containerId).running) throw new BerthError('state', 'The container is not running.');
      return execIn(runc, paths.exec, containerId, argv, options);
    },
    runOnce: createOnce({
      runc,
      bundle: (containerId) => paths.bundle(onceId(containerId)),
      isRunning: (containerId) => reader.state(containerId).running,
      prepare: async (plan, argv) => {
        await sweep(plan.containerId);
        cgroups.ensure(plan.containerId, plan.resources);
        await writeBundle(paths.bundle(onceId(plan.containerId)), plan, 'once', { kind: 'once', argv });
      },
      kill: (containerId) => cgroups.killAll(containerId),
      clear: async (containerId) => {
        await sweep(containerId);
        remove('RUNTIME:CLEAR', paths.bundle(onceId(containerId)));
      },
    }),
    async openConsole(containerId, sessionId, size) {
      if (!reader.state(containerId).running) throw new BerthError('state', 'The container is not running.');
      return consoles.open(containerId, sessionId, size, () => consoleCommand(runc, paths.exec, containerId));
    },
    closeConsole: consoles.close,
    closeConsoles: (containerId) => consoles.closeAll(containerId),
    bootLog: (containerId, bytes) => monitor.log(containerId, bytes),
    listKnown: () => [
      ...new Set(
        [...runc.list(), ...namesIn(paths.bundles), ...namesIn(paths.run), ...monitor.list(), ...cgroups.list()].map(
          containerOf,
        ),
      ),
    ],
    listRuns: () => [...new Set([...runc.list(), ...namesIn(paths.bundles), ...cgroups.list()].map(containerOf))],
    cgroupVersion: () => cgroups.version,
    onExit(listener) {
      monitor.onExit(listener);
    },
  };
}

const namesIn = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);

/** Processes that were killed leave their group within milliseconds, those in the middle of a write later. */
async function removeGroup(cgroups: Cgroups, containerId: string): Promise<void> {
  const end = performance.now() + 5000;
  for (;;) {
    try {
      return cgroups.remove(containerId);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || performance.now() > end) throw error;
      await sleep(pollMs);
    }
  }
}

/** Hard limit of open files of this process, from /proc/self/limits. */
function openFilesLimit(): number {
  const limit = /^Max open files\s+\d+\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === undefined || limit === 'unlimited' ? 524_288 : Number(limit);
}
