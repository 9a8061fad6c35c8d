/**
 * Backups opened to be looked into: `restic mount` shows a snapshot as a file system, reading at the location what is asked for
 * and no more. One process for each, which ends with the agent (docs/decisions/0021-backups-are-looked-into-by-mounting-them.md).
 */
import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import { makeDirectory, removeDirectory } from '../sys/files.ts';
import { detach } from '../sys/kernel.ts';
import { isMounted } from '../sys/mountinfo.ts';
import { ensureMountRoot } from '../sys/mounts.ts';
import { tagOf } from './plan.ts';
import type { Call } from './vault.ts';

/** Opening reads the repository's index: seconds for a large one, more from far away. */
const openTimeoutMs = 120_000;
const pollMs = 25;
/** Directories above upper/ in a snapshot: those of an agent's own paths, and nothing beside them but the metadata's. */
const mostAbove = 100;

type Opened = { stop: AbortController; ended: Promise<unknown>; over: boolean };

export function createOpened(config: { agentDir: string }) {
  const all = `${config.agentDir}/mnt/opened`;
  const target = (backupId: string) => `${all}/${backupId}`;
  const opened = new Map<string, Opened>();

  const isOpen = (backupId: string) => opened.get(backupId)?.over === false;

  async function mount(call: Call, backupId: string): Promise<Opened> {
    // No lock: a deletion must not wait for whoever looks. It closes what is open here (see closeOf); what another host deletes
    // meanwhile is an error of reading for whoever looks. It keeps nothing that a sudden end could harm.
    const args = ['mount', '--no-lock', '--tag', tagOf(backupId), '--path-template', '%I', '--', target(backupId)];
    const stop = new AbortController();
    const ended = call('BACKUP:OPEN', args, { signal: stop.signal, whenOrphaned: 'SIGKILL' });
    const one: Opened = { stop, ended, over: false };
    ended
      .catch(() => {})
      .finally(() => {
        one.over = true;
      });
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
    if (isMounted(target(backupId))) await detach('BACKUP:CLOSE', target(backupId));
    if (known !== undefined) await end(known);
    opened.delete(backupId);
    removeDirectory('BACKUP:OPENED-GONE', target(backupId));
  }

  return {
    isOpen,
    close,
    /** The snapshot's upper/, shown by a process of restic. */
    async open(call: Call, backupId: string, resticSnapshotId: string): Promise<string> {
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

/**
 * The private area in a snapshot, below the directories it was backed up from. Nothing in it is gone into, no link followed. Reads on
 * threads of the pool: a location may be slow, and the agent has others to answer.
 */
async function upperBelow(snapshot: string): Promise<string | undefined> {
  const open = [snapshot];
  for (let looked = 0; looked < mostAbove; looked += 1) {
    const folder = open.shift();
    if (folder === undefined) return undefined;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      if (entry.name === 'upper') return join(folder, entry.name);
      open.push(join(folder, entry.name));
    }
  }
  return undefined;
}
