/**
 * Backups opened to be looked into: `restic mount` shows a snapshot as a file system, reading at the location what is asked for
 * and no more. One process for each, which ends with the agent (docs/decisions/0021-backups-are-looked-into-by-mounting-them.md).
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import { makeDirectory, removeDirectory } from '../sys/files.ts';
import { detach } from '../sys/kernel.ts';
import { isMounted } from '../sys/mountinfo.ts';
import { ensureMountRoot } from '../sys/mounts.ts';
import { tagOf } from './plan.ts';
import type { Call, Vault } from './vault.ts';

/** Opening reads the repository's index: seconds for a large one, more from far away. */
const openTimeoutMs = 120_000;
const pollMs = 25;

type Opened = { stop: AbortController; ended: Promise<unknown>; over: boolean };

export function createOpened(config: { agentDir: string }) {
  const all = `${config.agentDir}/mnt/opened`;
  const target = (backupId: string) => `${all}/${backupId}`;
  const opened = new Map<string, Opened>();

  const isOpen = (backupId: string) => opened.get(backupId)?.over === false;

  const outOfSight = (backupId: string) => detach('BACKUP:CLOSE', target(backupId), { abort: true });

  async function mount(call: Call, backupId: string): Promise<Opened> {
    // No lock: a deletion must not wait for whoever looks. It closes what is open here (see closeOf); what another host deletes
    // meanwhile is an error of reading for whoever looks. It keeps nothing that a sudden end could harm.
    const args = ['mount', '--no-lock', '--tag', tagOf(backupId), '--path-template', '%I', '--', target(backupId)];
    const stop = new AbortController();
    const ended = call('BACKUP:OPEN', args, { signal: stop.signal, whenOrphaned: 'SIGKILL' });
    const one: Opened = { stop, ended, over: false };
    ended
      .catch(() => {})
      .then(async () => {
        one.over = true;
        // A process that hangs does not let go of what it shows: nobody must wait in there for ever.
        if (isMounted(target(backupId))) await outOfSight(backupId);
      })
      .catch(() => {}); // close() tries again, and tells
    const deadline = performance.now() + openTimeoutMs;
    try {
      while (!isMounted(target(backupId))) {
        if (one.over) await ended;
        if (one.over || performance.now() > deadline) throw new Error('restic mount shows nothing');
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
      return one;
    } catch (cause) {
      await end(one);
      if (cause instanceof BerthError) throw cause;
      throw new BerthError('action_failed', 'The server could not open the backup.', { cause });
    }
  }

  async function end({ stop, ended }: Opened): Promise<void> {
    stop.abort();
    await ended.catch(() => {});
  }

  async function close(backupId: string): Promise<void> {
    const known = opened.get(backupId);
    // Out of sight first: nobody may wait in it for a process that ends.
    if (isMounted(target(backupId))) await outOfSight(backupId);
    if (known !== undefined) await end(known);
    opened.delete(backupId);
    removeDirectory('BACKUP:OPENED-GONE', target(backupId));
  }

  return {
    isOpen,
    close,
    /** The snapshot's upper/, shown by a process of restic. */
    async open(
      { call, upperBelow }: Pick<Vault, 'call' | 'upperBelow'>,
      backupId: string,
      resticSnapshotId: string,
    ): Promise<string> {
      await ensureMountRoot(config.agentDir);
      if (!isOpen(backupId)) {
        await close(backupId);
        makeDirectory('BACKUP:OPENED-DIRECTORY', target(backupId));
        opened.set(backupId, await mount(call, backupId));
      }
      const upper = await upperBelow(join(target(backupId), resticSnapshotId));
      if (upper !== undefined) return upper;
      await close(backupId);
      throw new BerthError('not_found', 'The snapshot is not one of a container.');
    },
    /** What a dead agent left is among them; its processes have ended with it. */
    list: () => (existsSync(all) ? readdirSync(all) : []),
  };
}
