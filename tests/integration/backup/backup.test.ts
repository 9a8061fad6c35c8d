import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackups } from '#agent/backup/apply.ts';
import { layerPath } from '#agent/backup/location.ts';
import { differences, readTree } from '../../support/tree.ts';
import { engineDir, filesBelow, flipByte, knownGaps, makeDifficultTree, makeRemovable } from './fixture.ts';

const base = fs.mkdtempSync('/var/tmp/berth-tbackup-');
const id = (tail: string) => `0198c5a0-0000-7000-8000-${tail.padStart(12, '0')}`;
const backupRoot = join(base, 'backups');
const location = { kind: 'directory' as const, id: id('10'), path: join(backupRoot, 'main') };
const repository = {
  tenantId: id('a'),
  location,
  password: randomBytes(24).toString('base64'),
  recoveryPassword: randomBytes(24).toString('base64'),
};
const newAgent = (name: string) =>
  createBackups({ agentDir: join(base, name), engineDir, backupRoot, backupNetworks: [], hostId: id('77') });
const backups = newAgent('agent');
const mounted = join(base, 'agent/mnt/snapshots', id('c1'));
const upper = join(mounted, 'upper');
const metadata = { hostname: 'web-1', template: { name: 'tiny', layers: ['sha256:00'] } };
const source = { directory: mounted, containerId: id('c1'), backupId: id('b1'), metadata };
const never = new AbortController().signal;
const quiet = () => {};
const repositoryDir = join(location.path, 'tenants', repository.tenantId);
const freshTarget = (name: string) => {
  const target = join(base, name);
  fs.mkdirSync(join(target, 'upper'), { recursive: true });
  return target;
};
let first: Awaited<ReturnType<typeof backups.upload>>;

beforeAll(async () => {
  fs.mkdirSync(backupRoot);
  fs.mkdirSync(upper, { recursive: true });
  await makeDifficultTree(upper);
});
afterAll(() => {
  makeRemovable(upper);
  fs.rmSync(base, { recursive: true, force: true });
});

describe('a backup', () => {
  it('of a repository made on the way, tells its progress and its numbers', async () => {
    await backups.ensureRepository(repository);
    await backups.ensureRepository(repository);
    expect(fs.readdirSync(join(repositoryDir, 'keys'))).toHaveLength(2);
    const percents: (number | null)[] = [];
    first = await backups.upload(repository, source, (_message, percent) => percents.push(percent), never);
    expect(first.resticSnapshotId).toMatch(/^[0-9a-f]{64}$/);
    expect(first.files).toBeGreaterThan(310);
    expect(first.bytesTotal).toBeGreaterThan(2 ** 30);
    expect(first.bytesAdded).toBeGreaterThan(9_000_000);
    expect(first.bytesAdded).toBeLessThan(20_000_000);
    expect(percents.length).toBeGreaterThan(0);
    expect(percents.every((percent) => percent !== null && percent >= 0 && percent <= 100)).toBe(true);
  });

  it('comes back identical: owners, modes, times, links, attributes, ACLs, capabilities, devices, holes, any name', async () => {
    const target = freshTarget('restored');
    const result = await backups.restore(repository, first.resticSnapshotId, target, quiet, never);
    expect(result.files).toBeGreaterThan(310);
    const expected = readTree(upper);
    expect(expected.size).toBeGreaterThan(330);
    // The known gaps, here so that it is noticed when they close; sockets are another (below).
    expect(differences(expected, readTree(join(target, 'upper')))).toEqual(knownGaps);
    expect(fs.readdirSync(target)).toEqual(['upper']);
    expect(fs.statSync(join(target, 'upper/sparse')).blocks * 512).toBeLessThan(10_000_000);
    expect(fs.existsSync(join(upper, 'tmp/left-over'))).toBe(true);
    expect(fs.existsSync(join(target, 'upper/tmp/left-over'))).toBe(false);
  });

  it('after the first adds what changed only', async () => {
    fs.writeFileSync(join(upper, 'etc/new'), randomBytes(50_000));
    const second = await backups.upload(repository, { ...source, backupId: id('b2') }, quiet, never);
    expect(second.bytesAdded).toBeGreaterThan(50_000);
    expect(second.bytesAdded).toBeLessThan(500_000);
    expect(second.files).toBe(first.files + 1);
    await backups.forget(repository, second.resticSnapshotId);
    await backups.forget(repository, second.resticSnapshotId);
    await expect(
      backups.restore(repository, second.resticSnapshotId, freshTarget('gone'), quiet, never),
    ).rejects.toThrow('not at its location');
    fs.rmSync(join(upper, 'etc/new'));
  });

  it('restores on an empty agent from the location and the recovery password alone', async () => {
    const elsewhere = newAgent('empty-agent');
    const withRecovery = { ...repository, password: repository.recoveryPassword };
    const [found, ...others] = await elsewhere.list(withRecovery);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      resticSnapshotId: first.resticSnapshotId,
      containerId: id('c1'),
      backupId: id('b1'),
    });
    expect(await elsewhere.metadata(withRecovery, first.resticSnapshotId)).toEqual({
      format: 1,
      tenantId: id('a'),
      containerId: id('c1'),
      backupId: id('b1'),
      ...metadata,
    });
    const target = freshTarget('recovered');
    await elsewhere.restore(withRecovery, first.resticSnapshotId, target, quiet, never);
    expect(fs.readFileSync(join(target, 'upper/etc/shadow'), 'utf8')).toBe('secret');
  });

  it('is refused with a wrong password, which no message repeats', async () => {
    const wrong = { ...repository, password: 'not-the-right-password' };
    const error = await backups.upload(wrong, source, quiet, never).catch((error: unknown) => error);
    expect(String(error)).toContain('another password');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('not-the-right-password');
  });
});

describe('verify', () => {
  const layer = randomBytes(300_000);
  const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const file = join(base, 'layer.erofs');
  const stored = () => layerPath(location, digest);

  it('asks for every layer, whole', async () => {
    fs.writeFileSync(file, layer);
    await expect(backups.verify(repository, first.resticSnapshotId, [digest], quiet, never)).rejects.toThrow(
      'lacks a template',
    );
    await expect(backups.storeLayer(repository, `sha256:${'0'.repeat(64)}`, file, quiet)).rejects.toThrow('damaged');
    await backups.storeLayer(repository, digest, file, quiet);
    await backups.storeLayer(repository, digest, file, quiet);
    expect(fs.readdirSync(dirname(stored()))).toEqual([`${digest.slice(7)}.erofs`]);
    await backups.verify(repository, first.resticSnapshotId, [digest], quiet, never);
    flipByte(stored());
    await expect(backups.verify(repository, first.resticSnapshotId, [digest], quiet, never)).rejects.toThrow('damaged');
    await backups.storeLayer(repository, digest, file, quiet);
    await backups.verify(repository, first.resticSnapshotId, [digest], quiet, never);
  });

  it('finds one changed byte in any pack, and a missing one', async () => {
    for (const pack of filesBelow(join(repositoryDir, 'data')).slice(0, 3)) {
      const whole = fs.readFileSync(pack);
      flipByte(pack);
      await expect(backups.verify(repository, first.resticSnapshotId, [], quiet, never)).rejects.toThrow('damaged');
      fs.rmSync(pack);
      await expect(backups.verify(repository, first.resticSnapshotId, [], quiet, never)).rejects.toThrow('damaged');
      fs.writeFileSync(pack, whole, { mode: 0o400 });
      await backups.verify(repository, first.resticSnapshotId, [], quiet, never);
    }
  });

  it("reads only what its snapshot needs: damage in another's packs is the other's", async () => {
    const before = new Set(filesBelow(join(repositoryDir, 'data')));
    const other = join(base, 'other');
    fs.mkdirSync(join(other, 'upper'), { recursive: true });
    fs.writeFileSync(join(other, 'upper/file'), randomBytes(400_000));
    const theirs = { ...source, directory: other, containerId: id('c2'), backupId: id('b3') };
    const { resticSnapshotId } = await backups.upload(repository, theirs, quiet, never);
    for (const pack of filesBelow(join(repositoryDir, 'data')).filter((path) => !before.has(path))) flipByte(pack);
    await backups.verify(repository, first.resticSnapshotId, [digest], quiet, never);
    await expect(backups.verify(repository, resticSnapshotId, [digest], quiet, never)).rejects.toThrow('damaged');
  });
});

describe('what goes wrong', () => {
  const spare = { ...repository, tenantId: id('d') };
  const spareDir = join(location.path, 'tenants', spare.tenantId);

  it('a location whose disk is not mounted is refused: nothing is made there, nothing is called gone', async () => {
    const disk = join(base, 'disk');
    const path = join(backupRoot, 'mounted');
    const there = { ...repository, location: { ...location, id: id('11'), path } };
    for (const one of [disk, path]) fs.mkdirSync(one);
    const mount = () => execFileSync('mount', ['--bind', disk, path]);
    const unmount = () => execFileSync('umount', [path]);
    mount();
    try {
      await backups.ensureRepository(there);
      const { resticSnapshotId } = await backups.upload(there, { ...source, backupId: id('b7') }, quiet, never);
      unmount();
      const attempts = [
        () => backups.ensureRepository(there),
        () => backups.forget(there, resticSnapshotId),
        () => backups.measure(there, [resticSnapshotId]),
        () => backups.list(there),
        () => backups.restore(there, resticSnapshotId, freshTarget('unmounted'), quiet, never),
        () => backups.withLayer({ location: there.location }, 'sha256:00', async () => undefined),
      ];
      for (const attempt of attempts) {
        await expect((async () => attempt())()).rejects.toMatchObject({
          code: 'state',
          message: expect.stringContaining('may not be mounted'),
        });
      }
      // Also by an agent that was started since; to one that never had it, it is new.
      await expect((async () => newAgent('agent').ensureRepository(there))()).rejects.toMatchObject({ code: 'state' });
      expect(fs.readdirSync(path)).toEqual([]);
      mount();
      await backups.ensureRepository(there);
      expect(await backups.list(there)).toMatchObject([{ resticSnapshotId }]);
      // Before there were marks: what lies there is taken for what it is, and marked.
      fs.rmSync(join(path, `.location-${id('11')}`));
      await newAgent('another').ensureRepository(there);
      expect(await backups.list(there)).toMatchObject([{ resticSnapshotId }]);
    } finally {
      if (fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${path} `)) unmount();
    }
  });

  it('a repository half made is made again', async () => {
    const unfinished = join(location.path, 'tenants', `.new-${id('77')}-${spare.tenantId}`);
    fs.mkdirSync(join(unfinished, 'keys'), { recursive: true });
    fs.writeFileSync(join(unfinished, 'config'), 'half');
    const layers = join(location.path, 'layers');
    const [ours, anothers] = [join(layers, `.new-${id('77')}-aa.erofs`), join(layers, `.new-${id('78')}-aa.erofs`)];
    for (const path of [ours, anothers]) fs.writeFileSync(path, 'half');
    await backups.ensureRepository(spare);
    expect([unfinished, ours, anothers].map((path) => fs.existsSync(path))).toEqual([false, false, true]);
    expect(fs.readdirSync(join(spareDir, 'keys'))).toHaveLength(2);
  });

  it('a changed byte in a key file or the config is mended from the copies', async () => {
    const damaged = [...filesBelow(join(spareDir, 'keys')), join(spareDir, 'config')];
    for (const path of damaged) {
      flipByte(path);
      await backups.ensureRepository(spare);
    }
    fs.rmSync(damaged[0] ?? '');
    await backups.ensureRepository(spare);
    expect(fs.readdirSync(join(spareDir, 'keys'))).toHaveLength(2);
    flipByte(join(`${spareDir}.keys`, 'config'));
    flipByte(join(spareDir, 'config'));
    await expect(backups.ensureRepository(spare)).rejects.toThrow('damaged');
    for (const path of [spareDir, `${spareDir}.keys`]) fs.rmSync(path, { recursive: true });
  });

  it('a repository that is gone is not silently begun again', async () => {
    await backups.ensureRepository(spare);
    fs.renameSync(spareDir, `${spareDir}.moved`);
    await expect(backups.ensureRepository(spare)).rejects.toThrow('has lost');
    fs.renameSync(`${spareDir}.moved`, spareDir);
    await backups.ensureRepository(spare);
  });

  it('an upload stopped half-way ends as cancelled and leaves no snapshot and no lock', async () => {
    fs.writeFileSync(join(upper, 'big'), randomBytes(150_000_000));
    const controller = new AbortController();
    const upload = backups.upload(spare, source, () => controller.abort(), controller.signal);
    await expect(upload).rejects.toMatchObject({ code: 'cancelled' });
    expect(fs.readdirSync(join(spareDir, 'snapshots'))).toEqual([]);
    expect(fs.readdirSync(join(spareDir, 'locks'))).toEqual([]);
  });

  it("a dead process' lock does not hold up what needs the repository for itself", async () => {
    const env = {
      PATH: process.env.PATH,
      RESTIC_PASSWORD: spare.password,
      TMPDIR: base,
    } as unknown as NodeJS.ProcessEnv;
    const args = ['--no-cache', '--repo', spareDir, 'backup', upper];
    const child = spawn(join(engineDir, 'bin/restic'), args, { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    // a lock's file has another name until it is whole
    const locks = () => fs.readdirSync(join(spareDir, 'locks')).filter((name) => /^[0-9a-f]{64}$/.test(name));
    while (locks().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await ended;
    expect(locks()).toHaveLength(1);
    await backups.forget(spare, first.resticSnapshotId);
    expect(locks()).toEqual([]);
    fs.rmSync(join(upper, 'big'));
  });

  it('several at once on one repository all succeed, and one repeated takes its own place', async () => {
    const small = (n: string) => {
      const directory = join(base, `small-${n}`);
      fs.mkdirSync(join(directory, 'upper'), { recursive: true });
      fs.writeFileSync(join(directory, 'upper/file'), randomBytes(10_000));
      return { directory, containerId: id(n), backupId: id(`b${n}`), metadata: {} };
    };
    const [kept, dropped] = await Promise.all(['e1', 'e2'].map((n) => backups.upload(spare, small(n), quiet, never)));
    await Promise.all([
      backups.forget(spare, dropped?.resticSnapshotId ?? ''),
      backups.verify(spare, kept?.resticSnapshotId ?? '', [], quiet, never),
      backups.upload(spare, small('e3'), quiet, never),
      backups.restore(spare, kept?.resticSnapshotId ?? '', freshTarget('together'), quiet, never),
    ]);
    expect(await backups.list(spare)).toHaveLength(2);
    // The same backup again, as after an agent was killed before it could answer: it takes the earlier one's place.
    const again = await backups.upload(spare, small('e3'), quiet, never);
    const records = await backups.list(spare);
    expect(records).toHaveLength(2);
    expect(records.map((r) => r.resticSnapshotId).sort()).toEqual(
      [kept?.resticSnapshotId, again.resticSnapshotId].sort(),
    );
    // Given up instead, it is forgotten by the one name it has.
    await backups.forget(spare, null, id('be3'));
    await backups.forget(spare, null, id('be3'));
    expect((await backups.list(spare)).map((r) => r.resticSnapshotId)).toEqual([kept?.resticSnapshotId]);
    const outside = { location: { ...location, path: '/etc' } };
    await expect(backups.withLayer(outside, 'sha256:00', async () => {})).rejects.toThrow('cannot be used');
  });

  it('locations outside the directory for backups are refused, also by a symbolic link', async () => {
    fs.symlinkSync('/etc', join(backupRoot, 'link'));
    for (const path of [
      base,
      '/etc',
      join(backupRoot, 'link'),
      join(backupRoot, 'link/x'),
      `${backupRoot}/a/../../b`,
      `${backupRoot}/a//b`,
    ])
      await expect(
        backups.ensureRepository({ ...repository, location: { ...location, path } }),
        path,
      ).rejects.toMatchObject({
        code: 'invalid',
      });
  });

  it('leaves nothing of its own behind on the host', () => {
    expect(filesBelow(join(base, 'agent/run'))).toEqual([]);
  });
});
