/**
 * Backups that are open because somebody looks into them. Each costs a process and some 50 MB: one that nobody has looked into for
 * a while is closed, and the one used longest ago when another is wanted. What is open is in memory alone.
 */
import { BerthError } from '#lib/contract/errors.ts';
import type { Adapters, Repository, Tree } from '../adapters.ts';

const usualLingerMs = 5 * 60_000;
const mostOpen = 8;

type Entry = {
  containerId: string;
  tenantId: string;
  locationId: string;
  /** Its root, when it is ready. */
  view: Promise<string>;
  users: number;
  usedAt: number;
  timer: NodeJS.Timeout | undefined;
};
export type Wanted = {
  backupId: string;
  containerId: string;
  repository: Repository;
  resticSnapshotId: string;
  /** Mounted, lowest first. */
  layers: readonly string[];
};

export class OpenedBackups {
  readonly #entries = new Map<string, Entry>();
  readonly #adapters: Pick<Adapters, 'backups' | 'roots'>;
  readonly #lingerMs: number;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(adapters: Pick<Adapters, 'backups' | 'roots'>, lingerMs = usualLingerMs) {
    this.#adapters = adapters;
    this.#lingerMs = lingerMs;
  }

  /** Opens a backup unless it is open. Throws `rate_limited` when as many as may be are in use. */
  async open(wanted: Wanted): Promise<void> {
    const { backupId } = wanted;
    if (await this.#alive(backupId)) return;
    await this.#makeRoom();
    const known = this.#entries.get(backupId);
    const entry: Entry = known ?? {
      containerId: wanted.containerId,
      tenantId: wanted.repository.tenantId,
      locationId: wanted.repository.location.id,
      view: this.#mount(wanted),
      users: 0,
      usedAt: Date.now(),
      timer: undefined,
    };
    this.#entries.set(backupId, entry);
    try {
      await entry.view;
    } catch (error) {
      await this.#close(backupId);
      throw error;
    }
    if (entry.users === 0) this.#linger(backupId, entry);
  }

  /** The root of an open backup for the time until `release`. `stale` when it is not open, or not one of that container. */
  async lend(containerId: string, backupId: string) {
    const entry = this.#entries.get(backupId);
    if (entry?.containerId !== containerId || !(await this.#alive(backupId))) {
      throw new BerthError('stale', 'The backup is not open.');
    }
    clearTimeout(entry.timer);
    entry.users += 1;
    let lent = true;
    const release = () => {
      if (!lent) return;
      lent = false;
      entry.users -= 1;
      entry.usedAt = Date.now();
      if (entry.users === 0) this.#linger(backupId, entry);
    };
    // Its ids are not mapped; see confineReader.
    const tree: Tree = { containerId, idBase: 0, root: await entry.view, backup: true };
    return { tree, release };
  }

  /** Before something is deleted at a location: whoever looks into a backup there has to open it again. */
  async closeOf({ tenantId, location }: { tenantId: string; location: { id: string } }): Promise<void> {
    for (const [backupId, entry] of this.#entries) {
      if (entry.tenantId === tenantId && entry.locationId === location.id) await this.#close(backupId);
    }
  }

  /** A dead agent's too. */
  async closeAll(): Promise<void> {
    const { backups, roots } = this.#adapters;
    const all = new Set([...this.#entries.keys(), ...roots.listBackups(), ...backups.listOpen()]);
    for (const backupId of all) await this.#close(backupId);
  }

  /** Whether it is open; what has ended by itself is cleared away. */
  async #alive(backupId: string): Promise<boolean> {
    const entry = this.#entries.get(backupId);
    if (entry === undefined) return false;
    const shown = await entry.view.then(
      () => true,
      () => false,
    );
    if (shown && this.#entries.get(backupId) === entry && this.#adapters.backups.isOpen(backupId)) return true;
    await this.#close(backupId);
    return false;
  }

  async #mount({ backupId, repository, resticSnapshotId, layers }: Wanted): Promise<string> {
    await this.#closing; // of the same one, perhaps
    const upper = await this.#adapters.backups.open(repository, backupId, resticSnapshotId);
    return await this.#adapters.roots.mountBackup({ backupId, upper, layers });
  }

  async #makeRoom(): Promise<void> {
    if (this.#entries.size < mostOpen) return;
    const idle = [...this.#entries].filter(([, entry]) => entry.users === 0 && entry.timer !== undefined);
    const [oldest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (oldest === undefined) {
      throw new BerthError(
        'rate_limited',
        'Too many backups are being looked into on this server. Try again in a moment.',
      );
    }
    await this.#close(oldest[0]);
  }

  #linger(backupId: string, entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      if (this.#entries.get(backupId) === entry && entry.users === 0) void this.#close(backupId).catch(() => {});
    }, this.#lingerMs);
    entry.timer.unref();
  }

  #close(backupId: string): Promise<void> {
    const entry = this.#entries.get(backupId);
    clearTimeout(entry?.timer);
    this.#entries.delete(backupId);
    const { backups, roots } = this.#adapters;
    const work = this.#closing.then(async () => {
      await entry?.view.catch(() => {});
      await roots.unmountBackup(backupId);
      await backups.close(backupId);
    });
    // What could not be closed is still known: to whoever closes next, or to its timer.
    this.#closing = work.catch(() => {
      if (entry === undefined || this.#entries.has(backupId)) return;
      this.#entries.set(backupId, entry);
      this.#linger(backupId, entry);
    });
    return work;
  }
}
