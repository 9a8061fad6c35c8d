import { join } from 'node:path';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Repository } from '../adapters.ts';
import { copySparse } from '../sys/tree.ts';
import type { Directory } from './directories.ts';
import { layerPath, type Places, placesOf } from './location.ts';
import { createPublisher } from './publish.ts';
import type { Restic } from './restic.ts';
import { addRecoveryKey, type Call, type OwnFiles, opensConfig, type Vault } from './vault.ts';

/** So many snapshots' records are looked at in one call: none takes long, whatever disk they lie on. */
const atATime = 50;

type Tools = {
  directory: Directory;
  restic: Restic;
  hostId: string;
  /** Names that are being made, of all locations: nobody has abandoned them. */
  making: Set<string>;
};

/** A repository in a directory of the host, checked to be one that may be used. Touches none of its files itself: see directories.ts. */
export function directoryVault(
  location: BackupLocation & { kind: 'directory' },
  { tenantId, password }: Pick<Repository, 'tenantId' | 'password'>,
  { directory, restic, hostId, making }: Tools,
): Vault {
  const places = placesOf(location, tenantId);
  const resticAt =
    (repository: string): Call =>
    (label, args, options = {}) =>
      directory.during(options.signal, async (signal) => {
        const key = (await directory.ask('ownKey', repository)) ?? undefined;
        return await restic(repository, password, label, args, { ...options, signal, key });
      });
  const call = resticAt(places.repository);
  const hands = {
    discard: (unfinished: string) => directory.ask('discard', unfinished),
    place: (...placed: [string, string, string]) => directory.ask('place', ...placed),
  };
  const publisher = createPublisher(hostId, hands, making);
  const own = ownFiles(directory, places, call);
  const layerIsWhole = async (digest: string) =>
    (await directory.askLong('hash', layerPath(location, digest))) === digest;

  async function createRepository(recoveryPassword: string): Promise<void> {
    await publisher.publish('BACKUP:PUBLISH-REPOSITORY', places.repository, async (unfinished) => {
      const call = resticAt(unfinished);
      await call('BACKUP:INIT', ['init']);
      await addRecoveryKey(call, recoveryPassword);
    });
  }

  return {
    name: places.repository,
    canDelete: true,
    call,
    own,
    async ensure(recoveryPassword) {
      const there = await directory.ask('prepare', location, places, [...making]);
      if (!there.config && !there.keyCopies) await createRepository(recoveryPassword);
      else if (!there.repository)
        throw new BerthError('action_failed', "The backup location has lost the tenant's repository.");
      await own.settleSum();
      const { keys, locks } = await directory.ask('keep', places);
      // A process of restic costs 0.7 s, so it is asked only when there is a lock that could be a dead one's.
      if (locks > 0) await call('BACKUP:UNLOCK', ['unlock']);
      if (keys < 2) {
        await addRecoveryKey(call, recoveryPassword);
        await directory.ask('keepKeys', places);
      }
    },
    keepKeys: () => directory.ask('keepKeys', places),
    removeDamagedLocks: () => directory.ask('removeDamagedLocks', places),
    exists: () => directory.ask('exists', places.repository),
    // restic names a snapshot's file by its id: absence is told without a process.
    mayHave: (resticSnapshotId) => directory.ask('exists', join(places.repository, 'snapshots', resticSnapshotId)),
    mayHaveSnapshots: () => directory.ask('hasAny', join(places.repository, 'snapshots')),
    layerIsWhole,
    async storeLayer(digest, file) {
      await directory.ask('makeMissing', places.layers);
      await publisher.publish('BACKUP:PUBLISH-LAYER', layerPath(location, digest), async (unfinished) => {
        await directory.during(undefined, (signal) => copySparse('BACKUP:COPY-LAYER', file, unfinished, { signal }));
        await directory.askLong('sync', 'BACKUP:SYNC-LAYER', unfinished);
        if ((await directory.askLong('hash', unfinished)) !== digest)
          throw new BerthError('action_failed', 'A template layer was damaged on its way to the backup location.');
      });
    },
    upperBelow: async (snapshot) => (await directory.ask('upperBelow', snapshot)) ?? undefined,
  };
}

function ownFiles(directory: Directory, places: Places, call: Call): OwnFiles {
  return {
    async settleSum() {
      const sum = await directory.ask('doubtfulSum', places);
      if (sum === null || !(await opensConfig(call))) return false;
      await directory.ask('writeSum', places, sum);
      return true;
    },
    mendKeys: () => directory.ask('mendKeys', places),
    async mendSnapshots(ids) {
      const found = [];
      for (let from = 0; from < ids.length; from += atATime)
        found.push(...(await directory.ask('mendSnapshots', places, ids.slice(from, from + atATime))));
      return found;
    },
    dropOtherCopies: (wanted) => directory.ask('dropOtherCopies', places, wanted),
    keepSnapshot: (resticSnapshotId) => directory.ask('keepSnapshot', places, resticSnapshotId),
    dropSnapshot: (resticSnapshotId) => directory.ask('dropSnapshot', places, resticSnapshotId),
  };
}
