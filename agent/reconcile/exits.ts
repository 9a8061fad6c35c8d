/** What follows when a container's init ends without having been asked to. */
import type { Core } from '../core.ts';
import { bringDown, converge } from './converge.ts';
import { noteExit, unnotedExit } from './exit-word.ts';
import { dueInMs } from './restarts.ts';

/** Acts on the end of a run; harmless when the container runs, is to be stopped, or the end is known already. */
export async function handleExit(core: Core, containerId: string): Promise<void> {
  await core.locks.run(containerId, { cancellable: false }, () => settleExit(core, containerId));
}

/** The same for a caller that holds the container's lock. */
export async function settleExit(core: Core, containerId: string): Promise<void> {
  const before = core.store.containers.find(containerId);
  if (before?.state !== 'present' || before.desired !== 'running') return;
  if (before.bootsWanted > before.bootsDone) return; // we stopped it ourselves, in order to start it again
  if (unnotedExit(core, before) === null) return;
  const exit = noteExit(core, containerId);
  core.log.info({ containerId, ...exit }, 'container ended');
  await startWhenDue(core, containerId);
}

/**
 * Starts a container that is down and wanted running: now, at the time its latest ends give, or not at all, and then it is no
 * longer wanted. The caller holds the container's lock.
 */
export async function startWhenDue(core: Core, containerId: string): Promise<void> {
  const record = core.store.containers.find(containerId);
  if (record?.state !== 'present' || record.desired !== 'running') return;
  if (core.adapters.runtime.state(containerId).running) return;
  const owed = record.bootsWanted > record.bootsDone; // a start of ours
  const inMs = owed ? 0 : dueInMs(record, core.config.restarts, Date.now());
  if (inMs === 0) return converge(core, containerId);
  if (inMs === null) {
    core.log.warn({ containerId, policy: record.restartPolicy }, 'container stays down');
    core.store.write('STORE:DESIRED', () => core.store.containers.setDesired(containerId, 'stopped'));
  }
  await bringDown(core, containerId, { timeoutMs: 0 });
  if (inMs === null) return;
  core.alarms.set(containerId, inMs, () => {
    core.locks
      .run(containerId, { cancellable: false }, () => startWhenDue(core, containerId))
      .catch((error: unknown) => core.log.error({ err: error, containerId }, 'start after an end'));
  });
}
