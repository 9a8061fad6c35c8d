/**
 * Looking into a container's root. A running one's is mounted anyway. A stopped one's is mounted for it, under the container's
 * lock, and lent without: whoever starts, stops or changes the container does not wait for readers, but ends them.
 */
import { BerthError } from '#lib/contract/errors.ts';
import type { Tree } from '../adapters.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord, Repair } from '../store/containers.ts';
import { bringDown, mountLayers, mountOwnForRepair, mountRoot } from './converge.ts';

/** Looking through folders is a row of calls: the root stays between them. */
const usualLingerMs = 20_000;

export class Loans {
  readonly #users = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #lingerMs: number;

  constructor(lingerMs = usualLingerMs) {
    this.#lingerMs = lingerMs;
  }

  has(containerId: string): boolean {
    return this.#users.has(containerId) || this.#timers.has(containerId);
  }

  take(containerId: string): void {
    clearTimeout(this.#timers.get(containerId));
    this.#timers.delete(containerId);
    this.#users.set(containerId, (this.#users.get(containerId) ?? 0) + 1);
  }

  /** `over` is called when nobody has come again for a while. */
  give(containerId: string, over: () => void): void {
    const left = (this.#users.get(containerId) ?? 1) - 1;
    if (left > 0) {
      this.#users.set(containerId, left);
      return;
    }
    this.#users.delete(containerId);
    const timer = setTimeout(() => {
      this.#timers.delete(containerId);
      over();
    }, this.#lingerMs);
    timer.unref();
    this.#timers.set(containerId, timer);
  }
}

/**
 * The root of a container for the time until `release`, which may be called more than once. In repair it is the container's own
 * tree, as its rescue system has it at /repair.
 */
export async function lendRoot(core: Core, record: ContainerRecord): Promise<{ tree: Tree; release: () => void }> {
  const { id, idBase } = record;
  core.loans.take(id);
  let lent = true;
  const release = () => {
    if (!lent) return;
    lent = false;
    core.loans.give(id, () => void putAway(core, id));
  };
  try {
    return { tree: { containerId: id, idBase, root: await mountedRoot(core, record) }, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** The same tree with the parts it is made of, for comparing them. Everything is mounted already: they are only named. */
export async function withParts(core: Core, record: ContainerRecord, tree: Tree): Promise<Tree> {
  const layers = (await mountLayers(core, record.template.layers)).reverse();
  return { ...tree, parts: { volume: await core.adapters.volumes.mount(record.volumeId), layers } };
}

async function mountedRoot(core: Core, record: ContainerRecord): Promise<string> {
  if (record.repair !== null) return mountedInRepair(core, record, record.repair);
  // A long action holds the container (a restore, a stop that waits): nobody should hang in a file list until it is over.
  const running = core.adapters.runtime.state(record.id).running;
  if (!running && core.locks.busy(record.id) && !core.adapters.roots.listMounted().includes(record.id)) {
    throw new BerthError('busy', 'The container is busy. Try again in a moment.');
  }
  if (running) return mountRoot(core, record); // finds it mounted
  return core.locks.run(record.id, { cancellable: false }, async () => {
    const now = core.store.containers.find(record.id);
    if (now?.state !== 'present') throw new BerthError('not_found', 'The server does not have this container.');
    return mountRoot(core, now);
  });
}

/** Mounted for as long as the rescue system runs, and not for readers alone: it may be about to end. */
async function mountedInRepair(core: Core, record: ContainerRecord, repair: Repair): Promise<string> {
  if (!core.adapters.runtime.state(record.id).running) {
    throw new BerthError('state', 'The rescue system does not run.', { remedy: 'Finish the repair, and begin again.' });
  }
  return await mountOwnForRepair(core, record, repair); // finds it mounted
}

async function putAway(core: Core, containerId: string): Promise<void> {
  try {
    await core.locks.tryRun(containerId, async () => {
      if (core.loans.has(containerId) || core.adapters.runtime.state(containerId).running) return;
      await bringDown(core, containerId, { timeoutMs: 0 });
    });
  } catch (error) {
    core.log.warn({ err: error, containerId }, 'a root that nobody looks into stays mounted for now');
  }
}
