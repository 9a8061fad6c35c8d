/** What follows when a container's init ends without having been asked to. */
import type { Core } from '../core.ts';
import { bringDown, converge } from './converge.ts';
import { causeOf, noteExit, unnotedExit } from './exit-word.ts';

/** Acts on the end of a run; harmless when the container runs, is to be stopped, or the end is known already. */
export async function handleExit(core: Core, containerId: string): Promise<void> {
  await core.locks.run(containerId, { cancellable: false }, () => settleExit(core, containerId));
}

/** The same for a caller that holds the container's lock. */
export async function settleExit(core: Core, containerId: string): Promise<void> {
  const record = core.store.containers.find(containerId);
  if (record?.state !== 'present' || record.desired !== 'running') return;
  if (record.bootsWanted > record.bootsDone) return; // we stopped it ourselves, in order to start it again
  const exit = unnotedExit(core, record);
  if (exit === null) return;
  const cause = causeOf(exit);
  core.log.info({ containerId, status: exit.status, cause }, 'container ended');
  noteExit(core, containerId);
  if (cause === 'reboot') return converge(core, containerId);
  if (cause === 'poweroff') return stayDown(core, containerId);
  const delayMs = core.backoff.afterDeath(containerId);
  if (delayMs === null) {
    core.log.error({ containerId, cause }, 'container ended too often and stays down');
    return stayDown(core, containerId);
  }
  await bringDown(core, containerId, { timeoutMs: 0 });
  setTimeout(() => {
    core.locks
      .run(containerId, { cancellable: false }, () => converge(core, containerId))
      .catch((error: unknown) => core.log.error({ err: error, containerId }, 'start after a crash'));
  }, delayMs).unref();
}

async function stayDown(core: Core, containerId: string): Promise<void> {
  core.store.write('STORE:DESIRED', () => core.store.containers.setDesired(containerId, 'stopped'));
  await bringDown(core, containerId, { timeoutMs: 0 });
}
