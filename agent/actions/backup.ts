import { join, normalize } from 'node:path';
import type { z } from 'zod';
import type { ActionResult } from '#lib/contract/agent.ts';
import type { BackupLocation, RepositoryRef } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Depot, Repository } from '../adapters.ts';
import type { Core } from '../core.ts';
import { defineAction } from './definition.ts';

type LocationSecrets = { locationUser?: string | undefined; locationPassword?: string | undefined };
type Secrets = LocationSecrets & { repositoryPassword: string; recoveryPassword: string };

/** The location an order names. A directory outside the agent's backup root is refused: the portal is not the file system. */
export function depotOf(core: Core, location: BackupLocation, secrets: LocationSecrets): Depot {
  if (location.kind === 'directory') {
    const root = normalize(join(core.config.backupRoot, '/'));
    if (normalize(join(location.path, '/')).startsWith(root)) return { location };
    throw new BerthError('invalid', 'The backup location is not one this server may use.');
  }
  const { locationUser: user, locationPassword: password } = secrets;
  if (user === undefined || password === undefined) return { location };
  return { location, credentials: { user, password } };
}

export function repositoryOf(core: Core, ref: z.infer<typeof RepositoryRef>, secrets: Secrets): Repository {
  const { repositoryPassword: password, recoveryPassword } = secrets;
  return { ...depotOf(core, ref.location, secrets), tenantId: ref.tenantId, password, recoveryPassword };
}

export function repositoryKey(repository: Repository): string {
  return `${repository.location.id}:${repository.tenantId}`;
}

/** Snapshots of a container are mounted at one fixed place, so its uploads go one after the other. */
export function uploadLock(containerId: string): string {
  return `upload:${containerId}`;
}

type Uploaded = ActionResult<'backup.upload'>;

/** prepare: the snapshot mounted, uploaded, unmounted · commit: the answer */
export const upload = defineAction<'backup.upload', Uploaded, Uploaded>({
  verb: 'backup.upload',
  lock: ({ containerId }) => uploadLock(containerId),
  cancellable: true,
  async prepare({ core, repositories, containerId, args, progress, signal }, secrets) {
    const { backups, volumes } = core.adapters;
    const snapshot = core.store.volumes.findSnapshot(args.snapshotId);
    if (snapshot?.containerId !== containerId || snapshot.state !== 'present') {
      throw new BerthError('not_found', 'The container has no such snapshot.');
    }
    const repository = repositoryOf(core, args.repository, secrets);
    const { template, resources, hostname } = snapshot;
    return repositories.shared(repositoryKey(repository), async () => {
      progress('Opening the backup location', null);
      await backups.ensureRepository(repository);
      try {
        const directory = await volumes.mountSnapshot(args.snapshotId, containerId);
        const metadata = { template, resources, hostname, containerId, backupId: args.backupId };
        const aboutBytes = snapshot.reservedBytes; // once present, what it holds
        const source = { directory, containerId, backupId: args.backupId, metadata, aboutBytes };
        const uploaded = await backups.upload(repository, source, progress, signal);
        return { ...uploaded, template, resources, hostname };
      } finally {
        await volumes.unmountSnapshot(containerId);
      }
    });
  },
  commit: (_context, uploaded) => uploaded,
  finish: async (_context, uploaded) => uploaded,
});

/** prepare: layers stored, everything read back · commit: the answer */
export const verify = defineAction<'backup.verify', undefined, { verifiedAt: string }>({
  verb: 'backup.verify',
  lock: ({ args }) => `verify:${args.backupId}`,
  cancellable: true,
  async prepare({ core, repositories, args, progress, signal }, secrets) {
    const { backups, layers } = core.adapters;
    const repository = repositoryOf(core, args.repository, secrets);
    return repositories.shared(repositoryKey(repository), async () => {
      for (const digest of args.layers) {
        signal.throwIfAborted();
        if (!layers.has(digest)) throw new BerthError('not_found', 'The server does not hold a layer of this backup.');
        progress('Storing a layer at the backup location', null);
        await backups.storeLayer(repository, digest, layers.file(digest), progress);
      }
      progress('Reading the backup back', null);
      await backups.verify(repository, args.resticSnapshotId, args.layers, progress, signal);
      return undefined;
    });
  },
  commit: () => ({ verifiedAt: new Date().toISOString() }),
  finish: async (_context, { verifiedAt }) => ({ complete: true, verifiedAt }),
});

type Measured = ActionResult<'backup.measure'>;

/** prepare: counted; nothing changes · commit: the answer */
export const measure = defineAction<'backup.measure', Measured, Measured>({
  verb: 'backup.measure',
  lock: 'none',
  async prepare({ core, repositories, args, progress }, secrets) {
    const { backups } = core.adapters;
    const repository = repositoryOf(core, args.repository, secrets);
    return repositories.shared(repositoryKey(repository), async () => {
      const { resticSnapshotIds: all } = args;
      const bytes = await backups.measure(repository, all);
      const each: Measured['each'] = [];
      for (const [index, resticSnapshotId] of args.each.entries()) {
        progress('Counting what each backup takes', (index / args.each.length) * 100);
        const others = await backups.measure(
          repository,
          all.filter((id) => id !== resticSnapshotId),
        );
        each.push({ resticSnapshotId, freesBytes: Math.max(0, bytes - others) });
      }
      return { bytes, counted: all, each };
    });
  },
  commit: (_context, measured) => measured,
  finish: async (_context, measured) => measured,
});

/** prepare: forgotten at the location, if hosts can delete there; asking again for what is gone succeeds */
export const deleteBackup = defineAction<'backup.delete', boolean, { pendingPrune: boolean }>({
  verb: 'backup.delete',
  lock: ({ args }) => `forget:${args.repository.location.id}:${args.repository.tenantId}`,
  async prepare({ core, repositories, args }, secrets) {
    const repository = repositoryOf(core, args.repository, secrets);
    const { resticSnapshotId, backupId } = args;
    if (resticSnapshotId === null && backupId === undefined) throw new BerthError('invalid', 'No backup is named.');
    return await repositories.exclusive(repositoryKey(repository), async () => {
      await core.opened.closeOf(repository);
      return await core.adapters.backups.forget(repository, args.resticSnapshotId, args.backupId);
    });
  },
  commit: (_context, forgotten) => ({ pendingPrune: !forgotten }),
  finish: async (_context, committed) => committed,
});
