import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackups } from '#agent/backup/apply.ts';
import { inDepth } from '../../support/depth.ts';
import { differences, readTree } from '../../support/tree.ts';
import { engineDir, filesBelow, flipByte } from './fixture.ts';

/** One changed byte in every kind of file at a location: found, named, put back where there is another copy, and told where not. */
const base = fs.mkdtempSync('/var/tmp/berth-tintegrity-');
const id = (tail: string) => `0198c5a0-0000-7000-8000-${tail.padStart(12, '0')}`;
const backupRoot = join(base, 'backups');
const location = { kind: 'directory' as const, id: id('10'), path: join(backupRoot, 'main') };
const repository = {
  tenantId: id('a'),
  location,
  password: randomBytes(24).toString('base64'),
  recoveryPassword: randomBytes(24).toString('base64'),
};
const backups = createBackups({
  agentDir: join(base, 'agent'),
  engineDir,
  backupRoot,
  backupNetworks: [],
  hostId: id('77'),
});
const mounted = join(base, 'agent/mnt/snapshots', id('c1'));
const upper = join(mounted, 'upper');
const repositoryDir = join(location.path, 'tenants', repository.tenantId);
const copies = `${repositoryDir}.keys`;
const never = new AbortController().signal;
const quiet = () => {};
const layer = randomBytes(100_000);
const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
const layerFile = join(base, 'layer.erofs');

let backupsMade = 0;
async function backUp(): Promise<string> {
  backupsMade += 1;
  const source = { directory: mounted, containerId: id('c1'), backupId: id(`b${backupsMade}`), metadata: {} };
  await backups.ensureRepository(repository);
  const { resticSnapshotId } = await backups.upload(repository, source, quiet, never);
  await backups.storeLayer(repository, digest, layerFile, quiet);
  await backups.verify(repository, resticSnapshotId, [digest], quiet, never);
  return resticSnapshotId;
}
const check = (part = { n: 1, of: 1 }, options: { doubt?: string[]; lacksLayer?: boolean; of?: string[] } = {}) =>
  backups.check(
    repository,
    {
      part,
      snapshots: (options.of ?? made).map((resticSnapshotId) => ({
        resticSnapshotId,
        readAll: options.doubt?.includes(resticSnapshotId) === true,
      })),
      others: made.filter((one) => options.of?.includes(one) === false),
      layers: [{ digest, file: options.lacksLayer === true ? null : layerFile, always: false }],
    },
    quiet,
    never,
  );
const none = { found: [], damaged: [], layersLost: [] };
const one = (directory: string) => {
  const [name] = fs.readdirSync(join(repositoryDir, directory)).sort();
  if (name === undefined) throw new Error(`${directory} is empty`);
  return join(repositoryDir, directory, name);
};
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const packs = () => filesBelow(join(repositoryDir, 'data')).sort((a, b) => fs.statSync(b).size - fs.statSync(a).size);
const made: string[] = [];
let kept = '';

beforeAll(async () => {
  fs.mkdirSync(backupRoot);
  fs.mkdirSync(join(upper, 'srv/data'), { recursive: true });
  fs.mkdirSync(join(upper, 'etc'), { recursive: true });
  fs.writeFileSync(layerFile, layer);
  fs.writeFileSync(join(upper, 'srv/data/large'), randomBytes(3_000_000));
  fs.writeFileSync(join(upper, 'etc/conf'), 'one');
  made.push(await backUp());
  fs.writeFileSync(join(upper, 'etc/later'), 'two');
  made.push(await backUp());
  kept = join(base, 'kept');
  fs.cpSync(location.path, kept, { recursive: true, preserveTimestamps: true });
}, 120_000);
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

/** The location as it was before anything was changed. */
function again(): void {
  fs.rmSync(location.path, { recursive: true, force: true });
  fs.cpSync(kept, location.path, { recursive: true, preserveTimestamps: true });
  made.splice(2);
}

async function comesBack(resticSnapshotId: string): Promise<void> {
  const target = fs.mkdtempSync(join(base, 'restored-'));
  fs.mkdirSync(join(target, 'upper'));
  await backups.restore(repository, resticSnapshotId, target, quiet, never);
  expect(differences(readTree(upper), readTree(join(target, 'upper')))).toEqual([]);
}

describe('a check', () => {
  it('of what is whole finds nothing, in whichever part', async () => {
    expect(await check()).toEqual(none);
    for (const n of [1, 2, 3]) expect(await check({ n, of: 3 })).toEqual(none);
  });

  inDepth('finds damage in exactly one part of a round', async () => {
    again();
    const [large = ''] = packs();
    flipByte(large);
    const found: string[] = [];
    for (const n of [1, 2, 3, 4]) found.push(...(await check({ n, of: 4 })).found.map((it) => `${it.what} ${it.name}`));
    expect(found).toEqual([`pack ${nameOf(large)}`]);
  });
});

/** What of it one byte is changed in, what it is called, and that it is healed at once, from what. */
const healedAtOnce: readonly [string, () => string, string][] = [
  ['the config', () => join(repositoryDir, 'config'), 'config'],
  ['a key', () => one('keys'), 'key'],
  ['the copy of the config', () => join(copies, 'config'), 'copy'],
  ['the sum of the config', () => join(copies, 'config.sha256'), 'copy'],
  ['the copy of a key', () => join(copies, 'keys', nameOf(one('keys'))), 'copy'],
  ['an index', () => one('index'), 'index'],
  ['a snapshot', () => one('snapshots'), 'snapshot'],
  ['a layer', () => join(location.path, 'layers', `${digest.slice(7)}.erofs`), 'layer'],
];

describe('one changed byte', () => {
  it.each(healedAtOnce)('in %s is found, named and put back', async (_name, path, what) => {
    again();
    const file = path();
    const before = fs.readFileSync(file);
    flipByte(file);
    const report = await check();
    expect(report.found.map((it) => `${it.what} ${it.healed}`)).toEqual([`${what} yes`]);
    expect(report.damaged).toEqual([]);
    expect(report.layersLost).toEqual([]);
    // An index is written anew under another name; everything else is as it was, byte for byte.
    if (what !== 'index') expect(fs.readFileSync(file).equals(before)).toBe(true);
    expect(await check()).toEqual(none);
    await comesBack(made[1] ?? '');
  });

  it('in the copy of a snapshot is made good at the next check', async () => {
    again();
    const copy = join(copies, 'snapshots', made[0] ?? '');
    const before = fs.readFileSync(copy);
    flipByte(copy);
    expect((await check()).damaged).toEqual([]);
    expect(fs.readFileSync(copy).equals(before)).toBe(true);
  });

  it('in the sum of the config, such that it still looks like one, is put right: restic opens the config', async () => {
    again();
    const sum = join(copies, 'config.sha256');
    const before = fs.readFileSync(sum, 'utf8');
    fs.writeFileSync(sum, `${before[0] === '0' ? '1' : '0'}${before.slice(1)}`);
    await backups.ensureRepository(repository);
    expect(fs.readFileSync(sum, 'utf8')).toBe(before);
    expect(await check()).toEqual(none);
  });

  it('in a lock keeps nobody out', async () => {
    again();
    const content = randomBytes(200);
    const name = createHash('sha256').update(content).digest('hex');
    fs.writeFileSync(join(repositoryDir, 'locks', name), content);
    flipByte(join(repositoryDir, 'locks', name));
    expect((await check()).found).toEqual([{ what: 'lock', name, healed: 'yes' }]);
    fs.writeFileSync(join(repositoryDir, 'locks', name), content);
    flipByte(join(repositoryDir, 'locks', name));
    made.push(await backUp());
    expect(await check()).toEqual(none);
  });

  it('in a pack of data: the backups that need it are named with the file; the next backup heals them', async () => {
    again();
    const [large = ''] = packs();
    flipByte(large);
    const report = await check();
    expect(report.found).toEqual([{ what: 'pack', name: nameOf(large), healed: 'next-backup' }]);
    expect(report.damaged.map((it) => it.resticSnapshotId).sort()).toEqual([...made].sort());
    for (const { missing } of report.damaged) expect(missing).toEqual(['/srv/data/large']);
    expect((await check()).damaged).toHaveLength(2); // told again for as long as it is so
    made.push(await backUp());
    expect(await check({ n: 1, of: 1 }, { doubt: made.slice(0, 2) })).toEqual(none);
    await backups.verify(repository, made[0] ?? '', [digest], quiet, never);
    expect(fs.readdirSync(join(base, 'agent/run/backup'))).toEqual([]);
  });

  inDepth('in a pack of folders: only the backup that has such a folder is touched', async () => {
    again();
    const touched: string[][] = [];
    for (const pack of packs().slice(1)) {
      again();
      flipByte(pack);
      const { found, damaged } = await check();
      expect(found.map((it) => `${it.what} ${it.name}`)).toEqual([`pack ${nameOf(pack)}`]);
      touched.push(damaged.map((it) => it.resticSnapshotId).sort());
      for (const { missing } of damaged) expect(missing.length).toBeGreaterThan(0);
      const before = made.length;
      made.push(await backUp());
      // What both still have in common with the container comes back; what only an older one had is lost, and stays told.
      for (const { resticSnapshotId } of (await check()).damaged)
        expect(made.slice(0, before)).toContain(resticSnapshotId);
    }
    expect(touched.some((ids) => ids.length === 1)).toBe(true);
  });

  it('in the only copy of something is told, and the other backups are said to be whole', async () => {
    again();
    const first = made[0] ?? '';
    flipByte(join(repositoryDir, 'snapshots', first));
    flipByte(join(copies, 'snapshots', first));
    expect(await check()).toEqual({
      found: [{ what: 'snapshot', name: first, healed: 'no' }],
      damaged: [{ resticSnapshotId: first, missing: ['/'] }],
      layersLost: [],
    });
    // It can be deleted all the same, and then nothing is damaged any more.
    await backups.forget(repository, first);
    made.shift();
    expect(await check()).toEqual(none);
    made.unshift(first);
  });

  it('in a layer that the host does not have itself is told', async () => {
    again();
    flipByte(join(location.path, 'layers', `${digest.slice(7)}.erofs`));
    const { found, layersLost } = await check({ n: 1, of: 1 }, { lacksLayer: true });
    expect(found).toEqual([{ what: 'layer', name: digest.slice(7), healed: 'no' }]);
    expect(layersLost).toEqual([digest]);
  });

  it('in a key and its copy: nothing can be opened, and every backup is said to be damaged', async () => {
    again();
    const key = one('keys');
    flipByte(key);
    flipByte(join(copies, 'keys', nameOf(key)));
    const { found, damaged } = await check();
    expect(found).toContainEqual({ what: 'key', name: nameOf(key), healed: 'no' });
    expect(damaged).toHaveLength(2);
  });
});

describe('what is not there', () => {
  inDepth('a pack: named, and healed by the next backup', async () => {
    again();
    const [large = ''] = packs();
    fs.rmSync(large);
    const report = await check();
    expect(report.found).toEqual([{ what: 'pack', name: nameOf(large), healed: 'next-backup' }]);
    expect(report.damaged).toHaveLength(2);
    made.push(await backUp());
    // What a backup says of itself is in no other; its files are all there again.
    for (const { resticSnapshotId, missing } of (await check()).damaged) {
      expect(made.slice(0, 2)).toContain(resticSnapshotId);
      expect(missing).toEqual(['metadata.json']);
    }
    await comesBack(made[1] ?? '');
  });

  it('a snapshot that was deleted does not come back from its copy', async () => {
    again();
    const first = made.shift() ?? '';
    await backups.forget(repository, first);
    expect(fs.existsSync(join(copies, 'snapshots', first))).toBe(false);
    expect(await check()).toEqual(none);
    expect(fs.existsSync(join(repositoryDir, 'snapshots', first))).toBe(false);
    made.unshift(first);
  });

  it('a check by one of two hosts that share the directory leaves what is kept for the other’s backups', async () => {
    again();
    const [first = '', second = ''] = made;
    const copy = join(copies, 'snapshots', second);
    expect(await check(undefined, { of: [first] })).toEqual(none);
    expect(fs.existsSync(copy)).toBe(true);
    // Also of one whose record is lost, which its own host puts back from there.
    fs.rmSync(join(repositoryDir, 'snapshots', second));
    await check(undefined, { of: [first] });
    expect(fs.existsSync(copy)).toBe(true);
    expect((await check()).found).toEqual([{ what: 'snapshot', name: second, healed: 'yes' }]);
    // And what neither of them has goes.
    fs.rmSync(join(repositoryDir, 'snapshots', second));
    made.pop();
    await check();
    expect(fs.existsSync(copy)).toBe(false);
  });
});
