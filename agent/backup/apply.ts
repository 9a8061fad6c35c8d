import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import type { Backups, Progress, Repository } from '../adapters.ts';
import type { AgentConfig } from '../config.ts';
import { makeDirectory, remove, writeDurably } from '../sys/files.ts';
import { CommandError, type RunOptions, type RunResult } from '../sys/process.ts';
import { copySparse, hashFile, syncFile } from '../sys/tree.ts';
import { countKeys, keepKeys } from './keys.ts';
import { checkLocation, layerPath, placesOf } from './location.ts';
import {
  backupArguments,
  checkArguments,
  type Line,
  listArguments,
  metadataFile,
  parseLine,
  parseSnapshots,
  parseStats,
  percentOf,
  restoreArguments,
  type SnapshotRecord,
  statsArguments,
  tagOf,
} from './plan.ts';
import { createPublisher } from './publish.ts';
import { createQueues } from './queue.ts';
import { createRestic } from './restic.ts';
import { createStarted } from './started.ts';

/** restic, on one repository. */
type Call = (label: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;
type Summary = Line & { message_type: 'summary' };

/** What a location tells with nothing but a key: for an empty agent after the loss of everything else. */
export type Recovery = {
  /** Every backup in the repository, oldest first. The recovery password may stand in `password`. */
  list(repository: Repository): Promise<SnapshotRecord[]>;
  /** What {@link Backups.upload} was given as `metadata`. */
  metadata(repository: Repository, resticSnapshotId: string): Promise<unknown>;
};

/**
 * Backups by restic into directory locations, one repository per tenant. docs/backup.md has the layout of a location, what a
 * round trip keeps, and how to restore by hand.
 */
export function createBackups(
  config: Pick<AgentConfig, 'agentDir' | 'engineDir' | 'backupRoot' | 'hostId'>,
): Backups & Recovery {
  const working = join(config.agentDir, 'run', 'backup');
  const restic = createRestic(config.engineDir, working);
  const queueOf = createQueues();
  const started = createStarted(join(config.agentDir, 'backups-started'));
  const { publish, removeAbandoned, removeAbandonedBelow } = createPublisher(config.hostId);
  remove('BACKUP:REMOVE-LEFT-OVERS', working); // of an agent that was killed
  // At the locations too, but nothing waits for these: one may be a network disk that does not answer.
  void removeAbandonedBelow(config.backupRoot).catch(() => {}); // the next backup there tries again

  /** A checked repository, its queue, and restic bound to it. */
  function open(repository: Repository) {
    checkLocation(repository.location, config.backupRoot);
    makeMissing(working);
    const places = placesOf(repository.location, repository.tenantId);
    const call: Call = (label, args, options) => restic(places.repository, repository.password, label, args, options);
    return { places, call, queue: queueOf(places.repository) };
  }

  /** Makes a directory and those above it that are missing, each for root alone. */
  function makeMissing(path: string): void {
    if (existsSync(path)) return;
    makeMissing(dirname(path));
    makeDirectory('BACKUP:MKDIR', path);
  }

  /** The snapshot's record; `not_found` when the repository does not have it. */
  async function find(repository: Repository, resticSnapshotId: string): Promise<SnapshotRecord> {
    const { places, call } = open(repository);
    // restic names a snapshot's file by its id: absence is told without a process.
    if (!existsSync(join(places.repository, 'snapshots', resticSnapshotId)))
      throw new BerthError('not_found', 'The backup is not at its location any more.');
    const { stdout } = await call('BACKUP:FIND', [...listArguments, '--', resticSnapshotId]);
    const record = parseSnapshots(stdout).find((found) => found.resticSnapshotId === resticSnapshotId);
    if (record === undefined) throw new BerthError('not_found', 'The snapshot is not one of a container.');
    return record;
  }

  /** Snapshots of a backup that an agent was killed after making, before it could say so: made anew, or given up. */
  async function forgetEarlier(repository: Repository, backupId: string): Promise<void> {
    const { places, call } = open(repository);
    if (readdirSync(join(places.repository, 'snapshots')).length === 0) return;
    const { stdout } = await call('BACKUP:FIND-EARLIER', [...listArguments, '--tag', tagOf(backupId)]);
    const ids = parseSnapshots(stdout).map((record) => record.resticSnapshotId);
    if (ids.length > 0) await call('BACKUP:FORGET-EARLIER', ['forget', '--', ...ids]);
  }

  /** Reads restic's lines: progress as it comes, the summary at the end. */
  function listen(message: string, progress: Progress) {
    let summary: Summary | undefined;
    const onLine = (text: string) => {
      const line = parseLine(text);
      if (line?.message_type === 'summary') summary = line;
      if (line?.message_type === 'status') progress(message, percentOf(line));
    };
    const result = (): Summary => {
      if (summary === undefined) throw new Error('restic ended without a summary');
      return summary;
    };
    return { onLine, result };
  }

  async function createRepository(repository: Repository): Promise<void> {
    const { places } = open(repository);
    await publish('BACKUP:PUBLISH-REPOSITORY', places.repository, async (unfinished) => {
      const call: Call = (label, args, options) => restic(unfinished, repository.password, label, args, options);
      await call('BACKUP:INIT', ['init']);
      await addRecoveryKey(call, repository.recoveryPassword);
    });
  }

  async function addRecoveryKey(call: Call, recoveryPassword: string): Promise<void> {
    // Without a terminal restic reads the new password from standard input (a pipe that /dev/stdin could not name).
    await call('BACKUP:ADD-KEY', ['key', 'add', '--user', 'berth-recovery'], { input: `${recoveryPassword}\n` });
  }

  async function layerIsWhole(repository: Repository, digest: string): Promise<boolean> {
    const file = layerPath(repository.location, digest);
    return existsSync(file) && `sha256:${await hashFile(file)}` === digest;
  }

  return {
    async ensureRepository(repository) {
      const { places, call } = open(repository);
      await queueOf(`make ${places.repository}`).exclusive(async () => {
        for (const path of [places.tenants, places.layers]) {
          makeMissing(path);
          removeAbandoned(path);
        }
        if (!existsSync(join(places.repository, 'config')) && !existsSync(places.keyCopies))
          await createRepository(repository);
        else if (!existsSync(places.repository))
          throw new BerthError('action_failed', "The backup location has lost the tenant's repository.");
        keepKeys(places);
        // A process of restic costs 0.7 s, so it is asked only when there is a lock that could be a dead one's.
        if (readdirSync(join(places.repository, 'locks')).length > 0) await call('BACKUP:UNLOCK', ['unlock']);
        if (countKeys(places) < 2) {
          await addRecoveryKey(call, repository.recoveryPassword);
          keepKeys(places);
        }
      });
    },

    async upload(repository, source, progress, signal) {
      const { call, queue } = open(repository);
      const file = metadataFile(config.agentDir, source.containerId);
      const { tenantId } = repository;
      const { containerId, backupId } = source;
      return await queue.shared(async () => {
        makeMissing(dirname(file));
        const content = { format: 1, tenantId, containerId, backupId, ...source.metadata };
        writeDurably('BACKUP:METADATA', file, `${JSON.stringify(content, null, 2)}\n`);
        const { onLine, result } = listen('Copying to the backup location', progress);
        try {
          if (started.has(backupId)) await forgetEarlier(repository, backupId);
          else started.add(backupId);
          const { code, stderr } = await call('BACKUP:UPLOAD', backupArguments(source, file), {
            onLine,
            signal,
            okCodes: [0, 3],
          });
          const { snapshot_id: resticSnapshotId, ...summary } = result();
          if (resticSnapshotId === undefined) throw new Error('restic made no snapshot');
          if (code === 3) {
            // Some file could not be read, and restic kept the rest as a snapshot. Half a backup is none.
            await call('BACKUP:FORGET-PARTIAL', ['forget', '--', resticSnapshotId]);
            throw new BerthError('action_failed', 'Some files could not be read.', { inside: stderr.slice(-2000) });
          }
          return {
            resticSnapshotId,
            files: summary.total_files_processed - 1, // without the metadata
            bytesTotal: summary.total_bytes_processed,
            bytesAdded: summary.data_added_packed,
          };
        } finally {
          remove('BACKUP:REMOVE-METADATA', dirname(file));
        }
      });
    },

    async storeLayer(repository, digest, file, progress) {
      const { places } = open(repository);
      const target = layerPath(repository.location, digest);
      await queueOf(target).exclusive(async () => {
        if (await layerIsWhole(repository, digest)) return;
        progress('Copying a template layer to the backup location', null);
        makeMissing(places.layers);
        await publish('BACKUP:PUBLISH-LAYER', target, async (unfinished) => {
          await copySparse('BACKUP:COPY-LAYER', file, unfinished);
          await syncFile('BACKUP:SYNC-LAYER', unfinished);
          if (`sha256:${await hashFile(unfinished)}` !== digest)
            throw new BerthError('action_failed', 'A template layer was damaged on its way to the backup location.');
        });
      });
    },

    async verify(repository, resticSnapshotId, layers, progress, signal) {
      const { places, call, queue } = open(repository);
      progress('Checking the template layers at the backup location', null);
      for (const digest of layers)
        if (!(await layerIsWhole(repository, digest)))
          throw new BerthError('action_failed', 'The backup location lacks a template layer, or has it damaged.', {
            inside: digest,
          });
      keepKeys(places);
      await queue.shared(async () => {
        await find(repository, resticSnapshotId);
        progress('Reading back what was written', null);
        await call('BACKUP:CHECK', checkArguments(resticSnapshotId), { signal }).catch((error: unknown) => {
          if (!(error instanceof CommandError)) throw error;
          throw new BerthError('action_failed', 'The backup is damaged at its location.', { cause: error });
        });
      });
    },

    async restore(repository, resticSnapshotId, target, progress, signal) {
      const { call, queue } = open(repository);
      return await queue.shared(async () => {
        const record = await find(repository, resticSnapshotId);
        const { onLine, result } = listen('Copying from the backup location', progress);
        await call('BACKUP:RESTORE', restoreArguments(record, target), { onLine, signal });
        const { files_restored: files, bytes_restored: bytes } = result();
        return { files, bytes };
      });
    },

    layerFile(location, digest) {
      checkLocation(location, config.backupRoot);
      return layerPath(location, digest);
    },

    async measure(repository, resticSnapshotIds) {
      const { places, call, queue } = open(repository);
      return await queue.shared(async () => {
        const there = resticSnapshotIds.filter((id) => existsSync(join(places.repository, 'snapshots', id)));
        if (there.length === 0) return 0;
        const { stdout } = await call('BACKUP:MEASURE', statsArguments(there));
        return parseStats(stdout);
      });
    },

    async forget(repository, resticSnapshotId, backupId) {
      const { places, call, queue } = open(repository);
      await queue.exclusive(async () => {
        if (!existsSync(places.repository)) return;
        // Pruned in any case: an earlier attempt may have been broken off between the two.
        if (resticSnapshotId !== null && existsSync(join(places.repository, 'snapshots', resticSnapshotId)))
          await call('BACKUP:FORGET', ['forget', '--', resticSnapshotId]);
        if (backupId !== undefined) await forgetEarlier(repository, backupId);
        await call('BACKUP:PRUNE', ['prune']);
      });
    },

    async list(repository) {
      const { places, call, queue } = open(repository);
      if (!existsSync(places.repository) || readdirSync(join(places.repository, 'snapshots')).length === 0) return [];
      const { stdout } = await queue.shared(() => call('BACKUP:LIST', listArguments, { maxBytes: 256 * 1024 * 1024 }));
      return parseSnapshots(stdout);
    },

    async metadata(repository, resticSnapshotId) {
      const { call, queue } = open(repository);
      return await queue.shared(async () => {
        const { metadataPath } = await find(repository, resticSnapshotId);
        const args = ['dump', '--no-lock', '--', resticSnapshotId, metadataPath];
        const { stdout } = await call('BACKUP:READ-METADATA', args);
        return JSON.parse(stdout) as unknown;
      });
    },
  };
}
