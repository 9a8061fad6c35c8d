import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { BerthError } from '#lib/contract/errors.ts';
import type { Digest } from '#lib/contract/ids.ts';
import type { Repository } from '../../adapters.ts';
import { remove } from '../../sys/files.ts';
import { writeStream } from '../../sys/tree.ts';
import type { createPublisher } from '../publish.ts';
import type { Restic } from '../restic.ts';
import { addRecoveryKey, type Call, type Vault } from '../vault.ts';
import { withGateway } from './gateway.ts';
import { keepRemoteKeys, readSmall, writeSmall } from './keys.ts';
import type { BlobType, ObjectName, Objects } from './objects.ts';

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
  /** Layers whose content this process has compared, by location: read again in full after a restart. */
  compared: Set<string>;
};

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
    for await (const chunk of found.body) hash.update(chunk as Buffer);
    return `sha256:${hash.digest('hex')}`;
  }

  const has = async (type: BlobType) => (await objects.list(repository, type)).length > 0;
  return {
    name: `${location.id}/${repository}`,
    canDelete: !location.appendOnly,
    call,
    async ensure(recoveryPassword) {
      const there = await readSmall(objects, config);
      if (there === undefined && (await objects.list(`${repository}.keys`, 'keys')).length > 0 && !(await has('keys')))
        throw new BerthError('action_failed', "The backup location has lost the tenant's repository.");
      if ((there === undefined && !(await has('keys'))) || existsSync(made)) await create(recoveryPassword, there);
      const keys = await keepRemoteKeys(objects, repository);
      if (keys === 0)
        throw new BerthError('action_failed', 'Another server is making the repository at the backup location.');
      if (await has('locks')) await call('BACKUP:UNLOCK', ['unlock']);
      if (keys < 2) {
        await addRecoveryKey(call, recoveryPassword);
        await keepRemoteKeys(objects, repository);
      }
    },
    keepKeys: async () => void (await keepRemoteKeys(objects, repository)),
    exists: async () => (await objects.size(config)) !== undefined,
    mayHave: async (name) => (await objects.size({ repository, type: 'snapshots', name })) !== undefined,
    mayHaveSnapshots: () => has('snapshots'),
    async layerIsWhole(digest) {
      const name = `${location.id}:${digest}`;
      if (compared.has(name)) return (await objects.size(layerOf(digest))) !== undefined;
      const whole = (await hashOfLayer(digest)) === digest;
      if (whole) compared.add(name);
      return whole;
    },
    async storeLayer(digest, file) {
      await objects.make('layers');
      const bytes = statSync(file).size;
      const stream = createReadStream(file, { highWaterMark: 1024 * 1024 }).pipe(new PassThrough());
      await objects.write(layerOf(digest), { stream, bytes }, digest.slice(7));
      // Damaged on the way is worse than absent where nothing can be replaced: it is compared before anybody relies on it.
      if ((await hashOfLayer(digest)) !== digest)
        throw new BerthError('action_failed', 'A template layer was damaged on its way to the backup location.');
      compared.add(`${location.id}:${digest}`);
    },
  };
}

/** Brings a layer to a file of this host, unproven. */
export async function fetchLayer(objects: Objects, digest: Digest, file: string): Promise<void> {
  const found = await objects.read(layerOf(digest));
  if (found === undefined) throw new BerthError('not_found', 'The backup location does not hold a layer.');
  await writeStream('BACKUP:FETCH-LAYER', file, found.body);
}
