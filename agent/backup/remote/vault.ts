import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BerthError } from '#lib/contract/errors.ts';
import type { Digest } from '#lib/contract/ids.ts';
import type { Repository } from '../../adapters.ts';
import { remove } from '../../sys/files.ts';
import { atMost } from '../../sys/outbound.ts';
import { writeStream } from '../../sys/tree.ts';
import { upperBelow } from '../helper/calls.ts';
import type { createPublisher } from '../publish.ts';
import type { Restic } from '../restic.ts';
import { addRecoveryKey, type Call, type Vault } from '../vault.ts';
import { withGateway } from './gateway.ts';
import { keepRemoteKeys, readSmall, writeSmall } from './keys.ts';
import { removeDamagedLocks } from './locks.ts';
import { type BlobType, type ObjectName, type Objects, understood } from './objects.ts';

/** Layers lie in a repository of their own, as blobs that are named by their content. */
const layerOf = (digest: Digest): ObjectName => ({ repository: 'layers', type: 'data', name: digest.slice(7) });

type Tools = {
  objects: Objects;
  restic: Restic;
  publisher: ReturnType<typeof createPublisher>;
  /** For sockets, on this host, root's alone. */
  working: string;
  /** Where a repository is made before it is brought to its location; survives the agent. */
  nursery: string;
  /** Layers whose content this process has compared, by location, with their bytes: read again in full after a restart. */
  compared: Map<string, number>;
};

/** No template is larger; a server may say, and send, what it likes. */
export const mostLayerBytes = 64 * 1024 ** 3;

let gateways = 0;

/** A repository on a server elsewhere. restic reaches it through a gateway of this process, see gateway.ts. */
export function remoteVault(
  { location, tenantId, password }: Repository & { location: { kind: 'rest' | 's3'; appendOnly: boolean } },
  { objects, restic, publisher, working, nursery, compared }: Tools,
): Vault {
  const repository = `tenants/${tenantId}`;
  const config: ObjectName = { repository, type: 'config' };
  const call: Call = (label, args, options) => {
    gateways += 1;
    const socket = join(working, `${gateways}.sock`);
    // Without the agent it reaches nothing, and would go on trying to take its lock away for a quarter of an hour.
    const whenOrphaned = 'SIGKILL' as const;
    return withGateway(objects, repository, socket, (address) =>
      restic(address, password, label, args, { whenOrphaned, ...options }),
    );
  };
  const made = join(nursery, `${location.id}-${tenantId}`);
  const fileIn = (path: string) => readFileSync(join(made, path));

  /**
   * Makes the repository on this host and brings it there: first `config`, which decides between two hosts that do the same, then
   * the keys that belong to it. An agent that was killed in between goes on with the same files.
   */
  async function create(recoveryPassword: string, there: Buffer | undefined): Promise<void> {
    if (!existsSync(made))
      await publisher.publish('BACKUP:PUBLISH-REPOSITORY', made, async (unfinished) => {
        const local: Call = (label, args, options) => restic(unfinished, password, label, args, options);
        await local('BACKUP:INIT', ['init']);
        await addRecoveryKey(local, recoveryPassword);
      });
    await objects.make(repository);
    if (there === undefined) await writeSmall(objects, config, fileIn('config'));
    const written = await readSmall(objects, config);
    if (written?.equals(fileIn('config')))
      for (const name of readdirSync(join(made, 'keys')))
        await writeSmall(objects, { repository, type: 'keys', name }, fileIn(`keys/${name}`));
    remove('BACKUP:REMOVE-MADE', made);
  }

  async function hashOfLayer(digest: Digest): Promise<string | undefined> {
    const found = await objects.read(layerOf(digest));
    if (found === undefined) return undefined;
    const hash = createHash('sha256');
    await pipeline(found.body, atMost(mostLayerBytes), hash);
    return `sha256:${hash.digest('hex')}`;
  }

  const has = async (type: BlobType) => (await objects.list(repository, type)).length > 0;
  async function ensure(recoveryPassword: string): Promise<void> {
    const there = await readSmall(objects, config);
    if (there === undefined && (await objects.list(`${repository}.keys`, 'keys')).length > 0 && !(await has('keys')))
      throw new BerthError('action_failed', "The backup location has lost the tenant's repository.");
    if ((there === undefined && !(await has('keys'))) || existsSync(made)) await create(recoveryPassword, there);
    const keys = await keepRemoteKeys(objects, repository);
    if (keys === 0)
      throw new BerthError('action_failed', 'Another server is making the repository at the backup location.');
    if (await has('locks')) {
      await removeDamagedLocks(objects, repository);
      await call('BACKUP:UNLOCK', ['unlock']);
    }
    if (keys < 2) {
      await addRecoveryKey(call, recoveryPassword);
      await keepRemoteKeys(objects, repository);
    }
  }

  return {
    name: `${location.id}/${repository}`,
    canDelete: !location.appendOnly,
    own: null,
    upperBelow,
    call,
    ensure: (recoveryPassword) => understood(() => ensure(recoveryPassword)),
    keepKeys: () => understood(async () => void (await keepRemoteKeys(objects, repository))),
    removeDamagedLocks: () => understood(() => removeDamagedLocks(objects, repository)),
    exists: () => understood(async () => (await objects.size(config)) !== undefined),
    mayHave: (name) =>
      understood(async () => (await objects.size({ repository, type: 'snapshots', name })) !== undefined),
    mayHaveSnapshots: () => understood(() => has('snapshots')),
    async layerIsWhole(digest) {
      const name = `${location.id}:${digest}`;
      return await understood(async () => {
        const bytes = await objects.size(layerOf(digest));
        if (bytes === undefined || compared.get(name) === bytes) return bytes !== undefined;
        const whole = (await hashOfLayer(digest)) === digest;
        if (whole) compared.set(name, bytes);
        return whole;
      });
    },
    async storeLayer(digest, file) {
      const bytes = statSync(file).size;
      let unreadable: Error | undefined;
      const arrived = await understood(async () => {
        await objects.make('layers');
        const source = createReadStream(file, { highWaterMark: 1024 * 1024 });
        source.once('error', (error) => {
          if ('syscall' in error) unreadable = error; // not that the other end has gone
        });
        const stream = new PassThrough();
        pipeline(source, stream).catch(() => {}); // whoever writes hears of it by the stream
        await objects.write(layerOf(digest), { stream, bytes }, digest.slice(7));
        return await hashOfLayer(digest);
      }).catch((error: unknown) => {
        throw unreadable ?? error;
      });
      // Damaged on the way is worse than absent where nothing can be replaced: it is compared before anybody relies on it.
      if (arrived !== digest)
        throw new BerthError('action_failed', 'A template layer was damaged on its way to the backup location.');
      compared.set(`${location.id}:${digest}`, bytes);
    },
  };
}

/**
 * Brings a layer to a file of this host. Refuses one whose content its digest does not name; no more than `roomBytes` are taken,
 * whatever the server sends.
 */
export async function fetchLayer(objects: Objects, digest: Digest, file: string, roomBytes: number): Promise<void> {
  const bytes = await objects.size(layerOf(digest));
  const found = bytes === undefined ? undefined : await objects.read(layerOf(digest));
  if (bytes === undefined || found === undefined)
    throw new BerthError('not_found', 'The backup location does not hold a layer.');
  if (bytes > Math.min(roomBytes, mostLayerBytes)) {
    found.body.destroy();
    throw new BerthError('no_space', 'The server has not enough free storage for a layer of this backup.', {
      inside: `${digest} is said to have ${bytes} bytes, there is room for ${roomBytes}`,
    });
  }
  const hash = createHash('sha256');
  await writeStream('BACKUP:FETCH-LAYER', file, found.body, atMost(bytes, hash));
  const actual = `sha256:${hash.digest('hex')}`;
  if (actual !== digest)
    throw new BerthError('conflict', 'The copy of a layer does not have the content its digest names.', {
      inside: `fetched ${actual}, expected ${digest}`,
    });
}
