import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackupLocation } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Repository } from '../adapters.ts';
import { makeDirectory } from '../sys/files.ts';
import { copySparse, hashFile, syncFile } from '../sys/tree.ts';
import { countKeys, keepKeys } from './keys.ts';
import { layerPath, placesOf } from './location.ts';
import type { createMarks } from './mark.ts';
import type { createPublisher } from './publish.ts';
import type { Restic } from './restic.ts';
import { addRecoveryKey, type Call, opensConfig, type Vault } from './vault.ts';
import { removeDamagedLocks, settleSum } from './whole.ts';

/** Makes a directory and those above it that are missing, each for root alone. */
export function makeMissing(path: string): void {
  if (existsSync(path)) return;
  makeMissing(dirname(path));
  makeDirectory('BACKUP:MKDIR', path);
}

type Tools = {
  restic: Restic;
  publisher: ReturnType<typeof createPublisher>;
  marks: ReturnType<typeof createMarks>;
};

/** A repository in a directory of the host, checked to be one that may be used. */
export function directoryVault(
  location: BackupLocation & { kind: 'directory' },
  { tenantId, password }: Pick<Repository, 'tenantId' | 'password'>,
  { restic, publisher, marks }: Tools,
): Vault {
  const places = placesOf(location, tenantId);
  const call: Call = (label, args, options) => restic(places.repository, password, label, args, options);
  const layerIsWhole = async (digest: string) => {
    const file = layerPath(location, digest);
    return existsSync(file) && `sha256:${await hashFile(file)}` === digest;
  };

  async function createRepository(recoveryPassword: string): Promise<void> {
    await publisher.publish('BACKUP:PUBLISH-REPOSITORY', places.repository, async (unfinished) => {
      const call: Call = (label, args, options) => restic(unfinished, password, label, args, options);
      await call('BACKUP:INIT', ['init']);
      await addRecoveryKey(call, recoveryPassword);
    });
  }

  return {
    name: places.repository,
    canDelete: true,
    call,
    places,
    async ensure(recoveryPassword) {
      for (const path of [places.tenants, places.layers]) {
        makeMissing(path);
        publisher.removeAbandoned(path);
      }
      await marks.make(location);
      if (!existsSync(join(places.repository, 'config')) && !existsSync(places.keyCopies))
        await createRepository(recoveryPassword);
      else if (!existsSync(places.repository))
        throw new BerthError('action_failed', "The backup location has lost the tenant's repository.");
      await settleSum(places, () => opensConfig(call));
      keepKeys(places);
      removeDamagedLocks(places);
      // A process of restic costs 0.7 s, so it is asked only when there is a lock that could be a dead one's.
      if (readdirSync(join(places.repository, 'locks')).length > 0) await call('BACKUP:UNLOCK', ['unlock']);
      if (countKeys(places) < 2) {
        await addRecoveryKey(call, recoveryPassword);
        keepKeys(places);
      }
    },
    keepKeys: async () => keepKeys(places),
    exists: async () => existsSync(places.repository),
    // restic names a snapshot's file by its id: absence is told without a process.
    mayHave: async (resticSnapshotId) => existsSync(join(places.repository, 'snapshots', resticSnapshotId)),
    mayHaveSnapshots: async () => readdirSync(join(places.repository, 'snapshots')).length > 0,
    layerIsWhole,
    async storeLayer(digest, file) {
      makeMissing(places.layers);
      await publisher.publish('BACKUP:PUBLISH-LAYER', layerPath(location, digest), async (unfinished) => {
        await copySparse('BACKUP:COPY-LAYER', file, unfinished);
        await syncFile('BACKUP:SYNC-LAYER', unfinished);
        if (`sha256:${await hashFile(unfinished)}` !== digest)
          throw new BerthError('action_failed', 'A template layer was damaged on its way to the backup location.');
      });
    },
  };
}
