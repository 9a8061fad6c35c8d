/** Locations on servers elsewhere, against real servers: restic's REST protocol by rclone, and a bucket that speaks S3. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '#agent/adapters.ts';
import { createBackups } from '#agent/backup/apply.ts';
import type { ObjectName } from '#agent/backup/remote/objects.ts';
import { restObjects } from '#agent/backup/remote/rest.ts';
import { s3Objects } from '#agent/backup/remote/s3.ts';
import { bytesOf, createOutbound } from '#agent/sys/outbound.ts';
import { type BackupServer, startRestServer, startS3Server } from '../../support/backup-servers.ts';
import { inDepth } from '../../support/depth.ts';
import { differences, readTree } from '../../support/tree.ts';
import { engineDir, filesBelow, flipByte, knownGaps, makeDifficultTree, makeRemovable } from './fixture.ts';

const base = fs.mkdtempSync('/var/tmp/berth-tremote-');
const id = (tail: string) => `0198c5a0-0000-7000-8000-${tail.padStart(12, '0')}`;
const newAgent = (name: string, backupNetworks = ['127.0.0.1/32']) =>
  createBackups({ agentDir: join(base, name), engineDir, backupRoot: base, backupNetworks, hostId: id('77') });
const mounted = join(base, 'agent/mnt/snapshots', id('c1'));
const upper = join(mounted, 'upper');
const source = { directory: mounted, containerId: id('c1'), backupId: id('b1'), metadata: { hostname: 'web-1' } };
const never = new AbortController().signal;
const quiet = () => {};
const layer = randomBytes(300_000);
const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
const layerFile = join(base, 'layer.erofs');
const [password, recoveryPassword] = ['the repository has this password', 'and the safe has that one'];
const freshTarget = (name: string) => {
  const target = join(base, name);
  fs.mkdirSync(join(target, 'upper'), { recursive: true });
  return target;
};
const repositoryAt = ({ location, credentials }: BackupServer): Repository => ({
  ...{ tenantId: id('a'), location, credentials, password, recoveryPassword },
});

/** Puts an object there as the owner of the server would, or takes it away. */
async function plant({ location, credentials }: Repository, object: ObjectName, content: Buffer | undefined) {
  const ask = createOutbound(() => true);
  if (location.kind === 'directory') throw new Error('not here');
  const objects =
    location.kind === 's3' ? s3Objects(ask, location, credentials) : restObjects(ask, location, credentials);
  if (content === undefined) await objects.remove(object);
  else await objects.write(object, bytesOf(content), createHash('sha256').update(content).digest('hex'));
}

beforeAll(async () => {
  fs.mkdirSync(upper, { recursive: true });
  await makeDifficultTree(upper);
  fs.writeFileSync(layerFile, layer);
});
afterAll(() => {
  makeRemovable(upper);
  fs.rmSync(base, { recursive: true, force: true });
});

describe.each([
  ['rest', () => startRestServer(false)],
  ['s3', startS3Server],
])('a location that speaks %s', (kind, start) => {
  let server: BackupServer;
  let repository: Repository;
  let first: string;
  const backups = newAgent(`agent-${kind}`);
  // Below it all are the same files: every day one kind goes through everything, the other through what it does itself.
  const thorough = kind === 'rest' ? it : inDepth;
  const stored = (part: string) => filesBelow(server.directory).filter((path) => path.includes(part));
  /** The file that holds what an object has: one server adds a file of its own beside it. */
  const content = (part: string) => stored(part).filter((path) => !/_(metadata|object\.md5)/.test(basename(path)));

  beforeAll(async () => {
    server = await start();
    repository = repositoryAt(server);
  });
  afterAll(() => server?.stop());

  it('takes a backup and its layers, proven, and gives both back identical', async () => {
    await backups.ensureRepository(repository);
    await backups.ensureRepository(repository);
    const made = await backups.upload(repository, source, quiet, never);
    first = made.resticSnapshotId;
    expect(made.bytesAdded).toBeGreaterThan(9_000_000);
    await expect(backups.verify(repository, first, [digest], quiet, never)).rejects.toThrow('lacks a template layer');
    await backups.storeLayer(repository, digest, layerFile, quiet);
    await backups.verify(repository, first, [digest], quiet, never);
    const target = freshTarget(`restored-${kind}`);
    await newAgent(`elsewhere-${kind}`).restore(repository, first, target, quiet, never);
    expect(differences(readTree(upper), readTree(join(target, 'upper')))).toEqual(knownGaps);
    await backups.withLayer(repository, digest, async (file) => expect(fs.readFileSync(file).equals(layer)).toBe(true));
  });

  thorough('adds what changed only, and deletes', async () => {
    fs.writeFileSync(join(upper, 'etc/new'), randomBytes(50_000));
    const second = await backups.upload(repository, { ...source, backupId: id('b2') }, quiet, never);
    expect(second.bytesAdded).toBeLessThan(500_000);
    expect(await backups.list(repository)).toHaveLength(2);
    expect(await backups.forget(repository, second.resticSnapshotId)).toBe(true);
    expect((await backups.list(repository)).map((one) => one.resticSnapshotId)).toEqual([first]);
    fs.rmSync(join(upper, 'etc/new'));
  });

  it('is not closed by a damaged lock, which restic itself cannot take away', async () => {
    const whole = randomBytes(200);
    const name = createHash('sha256').update(whole).digest('hex');
    const object: ObjectName = { repository: `tenants/${repository.tenantId}`, type: 'locks', name };
    const locks = () => content(`tenants/${repository.tenantId}/locks/`);
    const damaged = async () => {
      await plant(repository, object, whole);
      flipByte(locks()[0] ?? '');
    };
    await damaged();
    await backups.ensureRepository(repository);
    const next = await backups.upload(repository, { ...source, backupId: id('b9') }, quiet, never);
    expect(await backups.forget(repository, next.resticSnapshotId)).toBe(true);
    expect(locks()).toEqual([]);
    await damaged();
    const order = { part: { n: 1, of: 1 }, snapshots: [{ resticSnapshotId: first, readAll: false }] };
    const report = await backups.check(repository, { ...order, others: [], layers: [] }, quiet, never);
    expect(report).toMatchObject({ found: [{ what: 'lock', name, healed: 'yes' }], damaged: [] });
    expect(locks()).toEqual([]);
  });

  thorough('is opened by bare restic and the recovery password', () => {
    const { location, credentials } = repository;
    if (location.kind === 'directory') throw new Error('not here');
    const tenants = `tenants/${repository.tenantId}`;
    const url = new URL(location.url);
    const address =
      location.kind === 's3'
        ? `s3:${location.url}/${location.bucket}/${location.prefix}/${tenants}`
        : `rest:http://${credentials?.user}:${encodeURIComponent(credentials?.password ?? '')}@${url.host}/${tenants}`;
    const env = {
      ...{ PATH: process.env.PATH, HOME: base, RESTIC_REPOSITORY: address, RESTIC_PASSWORD: recoveryPassword },
      ...{ AWS_ACCESS_KEY_ID: credentials?.user, AWS_SECRET_ACCESS_KEY: credentials?.password },
    };
    const said = execFileSync(join(engineDir, 'bin/restic'), ['snapshots', '--no-cache', '--json'], {
      env: env as unknown as NodeJS.ProcessEnv,
    });
    expect(JSON.parse(said.toString())).toMatchObject([{ id: first, hostname: id('c1') }]);
  });

  inDepth(
    'says that a layer, a key file or a piece of data is damaged; a key file is put back from its copy',
    async () => {
      const [key = ''] = content(`tenants/${id('a')}/keys/`);
      const before = fs.readFileSync(key);
      flipByte(key);
      await newAgent(`keys-${kind}`).ensureRepository(repository);
      expect(fs.readFileSync(key).equals(before)).toBe(true);

      const [config = ''] = content(`tenants/${id('a')}/config`);
      const was = fs.readFileSync(config);
      flipByte(config);
      await newAgent(`config-${kind}`).ensureRepository(repository);
      expect(fs.readFileSync(config).equals(was)).toBe(true);

      const [kept = ''] = content(`layers/data/`);
      flipByte(kept);
      const fresh = newAgent(`layer-${kind}`);
      await expect(fresh.verify(repository, first, [digest], quiet, never)).rejects.toThrow('damaged');
      let used = 0;
      const fetched = fresh.withLayer(repository, digest, async () => void used++);
      await expect(fetched).rejects.toThrow('not have the content');
      expect(used).toBe(0);
      fs.writeFileSync(kept, layer);
      await fresh.verify(repository, first, [digest], quiet, never);

      const packs = content(`tenants/${id('a')}/data/`).sort((a, b) => fs.statSync(b).size - fs.statSync(a).size);
      flipByte(packs[0] ?? '');
      await expect(fresh.verify(repository, first, [digest], quiet, never)).rejects.toThrow('The backup is damaged');
      flipByte(packs[0] ?? '');
      await fresh.verify(repository, first, [digest], quiet, never);
    },
  );

  inDepth(
    'may not have this host spend what it likes on trying a key: 64 GiB of memory, in a file that says so',
    async () => {
      const [mine = ''] = content(`tenants/${id('a')}/keys/`);
      const key = { ...JSON.parse(fs.readFileSync(mine, 'utf8')), N: 2 ** 26 };
      const planted = Buffer.from(JSON.stringify(key));
      const name = createHash('sha256').update(planted).digest('hex');
      const object: ObjectName = { repository: `tenants/${repository.tenantId}`, type: 'keys', name };
      await plant(repository, object, planted);
      await expect(newAgent(`costly-${kind}`).ensureRepository(repository)).rejects.toThrow('damaged');
      // restic tries keys in the order of their names, so it may have opened the repository before it comes to this one.
      const listed = await backups.list(repository).then(() => 'key file', String);
      expect(listed).toContain('key file');
      await plant(repository, object, undefined);
      await backups.ensureRepository(repository);
    },
  );

  it('is told apart from one that refuses the credentials, or does not answer; nothing of theirs is repeated', async () => {
    const wrong = { ...repository, credentials: { user: 'somebody', password: 'the-wrong-one' } };
    const error = await backups.ensureRepository(wrong).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'forbidden' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('the-wrong-one');
    const location = { ...server.location, url: 'http://127.0.0.1:1' };
    await expect(backups.ensureRepository({ ...repository, location })).rejects.toThrow('does not answer');
  });

  it("a tenant's own may not be here, on this very machine, whatever its name", async () => {
    const { port } = new URL(server.location.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
      const location = { ...server.location, owner: 'tenant' as const, url: `https://${host}:${port}` };
      await expect(backups.ensureRepository({ ...repository, location }), host).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    const strict = newAgent(`strict-${kind}`, []);
    await expect(strict.ensureRepository(repository)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leaves nothing of its own behind on the host', () => {
    const left = fs.readdirSync(base).flatMap((name) => {
      const folders = [join(base, name, 'run'), join(base, name, 'new-repositories')];
      return folders.filter((path) => fs.existsSync(path)).flatMap(filesBelow);
    });
    expect(left).toEqual([]);
  });
});

describe.each([
  ['REST', () => startRestServer(true)],
  // By the very policy that docs/backup.md gives.
  ['S3', () => startS3Server(true)],
] as const)('an append-only location (%s)', (kind, start) => {
  let server: BackupServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  it('keeps what a host would delete until a maintenance run, which signs in elsewhere, deletes it', async () => {
    const backups = newAgent(`agent-append-${kind}`);
    const repository = repositoryAt(server);
    await backups.ensureRepository(repository);
    const { resticSnapshotId } = await backups.upload(repository, source, quiet, never);
    expect(await backups.forget(repository, resticSnapshotId, source.backupId)).toBe(false);
    expect(await backups.list(repository)).toHaveLength(1);
    // Not for want of trying: a host that is told the location is another gets no further.
    const pretending = { ...repository, location: { ...server.location, appendOnly: false } };
    await expect(backups.forget(pretending, resticSnapshotId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await backups.list(repository)).toHaveLength(1);

    const maintenance = repositoryAt(await server.maintenance());
    expect(await newAgent(`maintenance-${kind}`).forget(maintenance, resticSnapshotId, source.backupId)).toBe(true);
    expect(await backups.list(repository)).toEqual([]);
  });
});

describe('a server that sends restic elsewhere', () => {
  let elsewhere: Server;
  let asked = 0;
  beforeAll(async () => {
    elsewhere = createServer((request, response) => {
      asked += request.url?.startsWith('/trap') ? 1 : 0;
      response.writeHead(307, { location: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/trap` }).end();
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  });
  afterAll(() => elsewhere?.close());

  it('is not followed', async () => {
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const location = { kind: 'rest' as const, id: id('r'), url, owner: 'provider' as const, appendOnly: false };
    const repository = { tenantId: id('a'), location, password, recoveryPassword };
    await expect(newAgent('led').ensureRepository(repository)).rejects.toThrow('points elsewhere');
    expect(asked).toBe(0);
  });
});
