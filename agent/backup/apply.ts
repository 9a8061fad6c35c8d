import { dirname, join } from 'node:path';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Backups, Progress, Repository } from '../adapters.ts';
import type { AgentConfig } from '../config.ts';
import { remove, writePassing } from '../sys/files.ts';
import { CommandError } from '../sys/process.ts';
import { createDirectories, type Directory } from './directories.ts';
import { directoryVault } from './directory.ts';
import { createIntegrity } from './integrity.ts';
import { onlyStoredAgain } from './integrity-plan.ts';
import { checkPath, layerPath } from './location.ts';
import { rememberedLocations } from './mark.ts';
import { createOpened } from './opened.ts';
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
import { createPublisher, makeMissing } from './publish.ts';
import { createQueues } from './queue.ts';
import { createRemotes } from './remote/open.ts';
import { createRestic } from './restic.ts';
import { createStarted } from './started.ts';
import type { Vault } from './vault.ts';

type Summary = Line & { message_type: 'summary' };

/** A backup to be forgotten: by its snapshot, if one is known, and by its name. */
type Gone = { resticSnapshotId: string | null; backupId?: string | undefined };

/** For a maintenance run: several forgotten, and the space given back once. False where one cannot delete. */
export type Maintenance = { forgetAll(repository: Repository, gone: readonly Gone[]): Promise<boolean> };

/** What a location tells with nothing but a key: for an empty agent after the loss of everything else. */
export type Recovery = {
  /** Every backup in the repository, oldest first. The recovery password may stand in `password`. */
  list(repository: Repository): Promise<SnapshotRecord[]>;
  /** What {@link Backups.upload} was given as `metadata`. */
  metadata(repository: Repository, resticSnapshotId: string): Promise<unknown>;
};

/**
 * Backups by restic into directories and to servers elsewhere, one repository per tenant and location. docs/backup.md has the layout of a location, what a
 * round trip keeps, and how to restore by hand.
 */
export function createBackups(
  config: Pick<AgentConfig, 'agentDir' | 'engineDir' | 'backupRoot' | 'backupNetworks' | 'backupSilenceMs' | 'hostId'>,
): Backups & Recovery & Maintenance {
  const working = join(config.agentDir, 'run', 'backup');
  const restic = createRestic(config.engineDir, working);
  const queueOf = createQueues();
  const opened = createOpened(config);
  const started = createStarted(join(config.agentDir, 'backups-started'));
  const { agentDir, backupRoot, hostId } = config;
  const publisher = createPublisher(hostId);
  const directoryAt = createDirectories({ agentDir, backupRoot, hostId }, config.backupSilenceMs);
  const making = new Set<string>();
  const remotes = createRemotes(config, { restic, publisher, working });
  remove('BACKUP:REMOVE-LEFT-OVERS', working); // of an agent that was killed
  // At the locations too, but nothing waits for these: one may be a network disk that does not answer.
  void sweepRemembered();
  async function sweepRemembered(): Promise<void> {
    for (const location of rememberedLocations(agentDir)) {
      const directory = directoryAt(location.path);
      await directory.ask('sweep', location, [...making]).catch(() => {}); // the next backup there tries again
      directory.endIdle();
    }
  }

  async function directoryOf(location: BackupLocation & { kind: 'directory' }): Promise<Directory> {
    checkPath(location, backupRoot);
    const directory = directoryAt(location.path);
    await directory.ask('check', location);
    return directory;
  }

  async function vaultOf(repository: Repository): Promise<Vault> {
    const { location } = repository;
    if (location.kind !== 'directory') return remotes.vault(repository);
    const directory = await directoryOf(location);
    return directoryVault(location, repository, { directory, restic, hostId, making });
  }

  /** A checked repository, its queue, and restic bound to it. */
  async function open(repository: Repository) {
    const vault = await vaultOf(repository);
    makeMissing(working);
    return { vault, call: vault.call, queue: queueOf(vault.name) };
  }

  async function refuseMissing(vault: Vault, resticSnapshotId: string): Promise<void> {
    if (!(await vault.mayHave(resticSnapshotId)))
      throw new BerthError('not_found', 'The backup is not at its location any more.');
  }

  /** The snapshot's record; `not_found` when the repository does not have it. */
  async function find(repository: Repository, resticSnapshotId: string): Promise<SnapshotRecord> {
    const { vault, call } = await open(repository);
    await refuseMissing(vault, resticSnapshotId);
    const { stdout } = await call('BACKUP:FIND', [...listArguments, '--', resticSnapshotId]);
    const record = parseSnapshots(stdout).find((found) => found.resticSnapshotId === resticSnapshotId);
    if (record === undefined) throw new BerthError('not_found', 'The snapshot is not one of a container.');
    return record;
  }

  /** Snapshots of a backup that an agent was killed after making, before it could say so: made anew, or given up. */
  async function forgetEarlier(repository: Repository, backupId: string): Promise<void> {
    const { vault, call } = await open(repository);
    if (!vault.canDelete || !(await vault.mayHaveSnapshots())) return;
    const { stdout } = await call('BACKUP:FIND-EARLIER', [...listArguments, '--tag', tagOf(backupId)]);
    const ids = parseSnapshots(stdout).map((record) => record.resticSnapshotId);
    if (ids.length > 0) await call('BACKUP:FORGET-EARLIER', ['forget', '--', ...ids]);
  }

  /** Reads restic's lines: progress as it comes, the summary at the end. */
  function listen(message: string, progress: Progress, aboutBytes?: number) {
    let summary: Summary | undefined;
    const onLine = (text: string) => {
      const line = parseLine(text);
      if (line?.message_type === 'summary') summary = line;
      if (line?.message_type === 'status') progress(message, percentOf(line, aboutBytes));
    };
    const result = (): Summary => {
      if (summary === undefined) throw new Error('restic ended without a summary');
      return summary;
    };
    return { onLine, result };
  }

  async function forgetAll(repository: Repository, gone: readonly Gone[]): Promise<boolean> {
    const { vault, call, queue } = await open(repository);
    if (!vault.canDelete) return false;
    return await queue.exclusive(async () => {
      if (!(await vault.exists())) return true;
      for (const { resticSnapshotId, backupId } of gone) {
        if (resticSnapshotId !== null) await vault.own?.dropSnapshot(resticSnapshotId);
        if (resticSnapshotId !== null && (await vault.mayHave(resticSnapshotId)))
          await call('BACKUP:FORGET', ['forget', '--', resticSnapshotId]);
        if (backupId !== undefined) await forgetEarlier(repository, backupId);
      }
      // Pruned in any case: an earlier attempt may have been broken off between the two.
      await call('BACKUP:PRUNE', ['prune']);
      return true;
    });
  }

  async function storeLayer(repository: Repository, digest: string, file: string, progress: Progress): Promise<void> {
    const { vault } = await open(repository);
    await queueOf(`layer ${repository.location.id} ${digest}`).exclusive(async () => {
      if (await vault.layerIsWhole(digest)) return;
      progress('Copying a template layer to the backup location', null);
      await vault.storeLayer(digest, file);
    });
  }

  return {
    check: createIntegrity({ open, storeLayer, working }),
    storeLayer,

    async ensureRepository(repository) {
      const { vault } = await open(repository);
      await queueOf(`make ${vault.name}`).exclusive(() => vault.ensure(repository.recoveryPassword));
    },

    async upload(repository, source, progress, signal) {
      const { vault, call, queue } = await open(repository);
      const file = metadataFile(config.agentDir, source.containerId);
      const { tenantId } = repository;
      const { containerId, backupId } = source;
      return await queue.shared(async () => {
        makeMissing(dirname(file));
        const content = { format: 1, tenantId, containerId, backupId, ...source.metadata };
        writePassing('BACKUP:METADATA', file, `${JSON.stringify(content, null, 2)}\n`);
        const { onLine, result } = listen('Copying to the backup location', progress, source.aboutBytes);
        try {
          if (started.has(backupId)) await forgetEarlier(repository, backupId);
          else started.add(backupId);
          const { code, stderr } = await call('BACKUP:UPLOAD', backupArguments(source, file), {
            onLine,
            signal,
            okCodes: [0, 3],
            maxBytes: 64 * 1024 * 1024,
          });
          const { snapshot_id: resticSnapshotId, ...summary } = result();
          if (resticSnapshotId === undefined) throw new Error('restic made no snapshot');
          if (code === 3 && !onlyStoredAgain(stderr)) {
            // Some file could not be read, and restic kept the rest as a snapshot. Half a backup is none.
            if (vault.canDelete) await call('BACKUP:FORGET-PARTIAL', ['forget', '--', resticSnapshotId]);
            throw new BerthError('action_failed', 'Some files could not be read.', { inside: stderr.slice(-2000) });
          }
          return {
            resticSnapshotId,
            files: summary.total_files_processed - 1, // without the metadata
            bytesTotal: summary.total_bytes_processed,
            bytesAdded: summary.data_added_packed,
            sameServer: repository.location.kind === 'directory' || remotes.isHere(repository.location.id),
          };
        } finally {
          remove('BACKUP:REMOVE-METADATA', dirname(file));
        }
      });
    },

    async verify(repository, resticSnapshotId, layers, progress, signal) {
      const { vault, call, queue } = await open(repository);
      progress('Checking the template layers at the backup location', null);
      for (const digest of layers)
        if (!(await vault.layerIsWhole(digest)))
          throw new BerthError('action_failed', 'The backup location lacks a template layer, or has it damaged.', {
            inside: digest,
          });
      await vault.keepKeys();
      await queue.shared(async () => {
        // What is there and no snapshot's record, or a damaged one, restic finds when it checks it: no process more for that.
        await refuseMissing(vault, resticSnapshotId);
        progress('Reading back what was written', null);
        await call('BACKUP:CHECK', checkArguments(resticSnapshotId), { signal }).catch((error: unknown) => {
          if (!(error instanceof CommandError)) throw error;
          throw new BerthError('action_failed', 'The backup is damaged at its location.', { cause: error });
        });
        await vault.own?.keepSnapshot(resticSnapshotId);
      });
    },

    async restore(repository, resticSnapshotId, target, progress, signal) {
      const { call, queue } = await open(repository);
      return await queue.shared(async () => {
        const record = await find(repository, resticSnapshotId);
        const { onLine, result } = listen('Copying from the backup location', progress);
        await call('BACKUP:RESTORE', restoreArguments(record, target), { onLine, signal });
        const { files_restored: files, bytes_restored: bytes } = result();
        return { files, bytes };
      });
    },

    async open(repository, backupId, resticSnapshotId) {
      const { vault } = await open(repository);
      await refuseMissing(vault, resticSnapshotId);
      return await opened.open(vault, backupId, resticSnapshotId);
    },
    isOpen: opened.isOpen,
    close: opened.close,
    listOpen: opened.list,

    async withLayer(depot, digest, use) {
      const { location } = depot;
      if (location.kind !== 'directory') return await remotes.withLayer(depot, digest, use);
      const directory = await directoryOf(location);
      await directory.watching(() => use(layerPath(location, digest)));
    },

    async measure(repository, resticSnapshotIds) {
      const { vault, call, queue } = await open(repository);
      return await queue.shared(async () => {
        const there: string[] = [];
        for (const id of resticSnapshotIds) if (await vault.mayHave(id)) there.push(id);
        if (there.length === 0) return 0;
        const { stdout } = await call('BACKUP:MEASURE', statsArguments(there));
        return parseStats(stdout);
      });
    },

    forget: (repository, resticSnapshotId, backupId) => forgetAll(repository, [{ resticSnapshotId, backupId }]),
    forgetAll,

    async list(repository) {
      const { vault, call, queue } = await open(repository);
      if (!(await vault.exists()) || !(await vault.mayHaveSnapshots())) return [];
      const { stdout } = await queue.shared(() => call('BACKUP:LIST', listArguments, { maxBytes: 256 * 1024 * 1024 }));
      return parseSnapshots(stdout);
    },

    async metadata(repository, resticSnapshotId) {
      const { call, queue } = await open(repository);
      return await queue.shared(async () => {
        const { metadataPath } = await find(repository, resticSnapshotId);
        const args = ['dump', '--no-lock', '--', resticSnapshotId, metadataPath];
        const { stdout } = await call('BACKUP:READ-METADATA', args);
        return JSON.parse(stdout) as unknown;
      });
    },
  };
}
