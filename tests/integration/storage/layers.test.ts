import { execFileSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLayers } from '#agent/layers/apply.ts';
import { makeStorage, type Storage } from '../../support/make-root.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await makeStorage();
});
afterAll(() => storage?.cleanUp());

let trees = 0;
function tree(content: string): string {
  trees += 1;
  const root = `${storage.config.agentDir}/tree-${trees}`;
  mkdirSync(`${root}/d`, { recursive: true });
  writeFileSync(`${root}/d/file`, content.repeat(20_000));
  execFileSync('sh', [
    '-c',
    `cd ${root} && ln d/file hard && ln -s d/file soft && chown 33:1000 d/file && chmod 2755 d && setfattr -n user.x -v y d/file`,
  ]);
  for (const path of ['d/file', 'd', '.']) utimesSync(`${root}/${path}`, 1_600_000_000.25, 1_600_000_000.25);
  execFileSync('touch', ['-h', '-d', '@1600000001', `${root}/soft`]);
  return root;
}

describe('a layer', () => {
  it('has the digest of its content and keeps owners, modes, times, links and attributes', async () => {
    const [a, b, c] = [tree('same'), tree('same'), tree('other')];
    const first = await storage.layers.importTree(a);
    expect(await storage.layers.importTree(b)).toEqual(first);
    expect((await storage.layers.importTree(c)).digest).not.toBe(first.digest);
    const hash = execFileSync('sha256sum', [storage.layers.file(first.digest)], { encoding: 'utf8' }).slice(0, 64);
    expect(first.digest).toBe(`sha256:${hash}`);
    const path = await storage.layers.mount(first.digest);
    const stat = statSync(`${path}/d/file`);
    expect([stat.uid, stat.gid, stat.mtimeMs, stat.nlink]).toEqual([33, 1000, 1_600_000_000_250, 2]);
    expect(statSync(`${path}/d`).mode & 0o7777).toBe(0o2755);
    expect(lstatSync(`${path}/soft`).isSymbolicLink()).toBe(true);
    expect(execFileSync('getfattr', ['--only-values', '-n', 'user.x', `${path}/d/file`], { encoding: 'utf8' })).toBe(
      'y',
    );
    expect(readFileSync(`${path}/hard`, 'utf8')).toBe('same'.repeat(20_000));
    expect(() => writeFileSync(`${path}/new`, '')).toThrow(/EROFS/);
  });

  it('is mounted once however many ask, and unmounted when nobody does', async () => {
    const { digest } = await storage.layers.importTree(tree('shared'));
    const paths = await Promise.all(Array.from({ length: 8 }, () => storage.layers.mount(digest)));
    expect(new Set(paths).size).toBe(1);
    const lines = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.split(' ')[4] === paths[0]);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.split(' ')[5]?.split(',')).toEqual(expect.arrayContaining(['ro', 'nosuid', 'nodev']));
    await storage.layers.unmountExcept(new Set([digest]));
    expect(readdirSync(`${storage.config.agentDir}/mnt/layers`)).toEqual([digest.slice(7)]);
    await storage.layers.unmountExcept(new Set());
    expect(readdirSync(`${storage.config.agentDir}/mnt/layers`)).toEqual([]);
    expect(await storage.layers.remove(digest)).toBeGreaterThan(0);
    expect(await storage.layers.remove(digest)).toBe(0);
    expect(storage.layers.has(digest)).toBe(false);
  });

  it('stays where somebody comes for it before its file goes, and is as young as the last time it was made', async () => {
    const { digest } = await storage.layers.importTree(tree('wanted'));
    const image = storage.layers.file(digest);
    const madeAt = Date.now();
    utimesSync(image, 1_600_000_000, 1_600_000_000);
    await storage.layers.mount(digest);
    const asked: Date[] = [];
    const answers = [false, true];
    const stays = (since: Date) => {
      asked.push(since);
      return answers.shift() ?? true;
    };
    expect(await storage.layers.remove(digest, stays)).toBeNull();
    expect(asked.map((since) => since.getTime())).toEqual([1_600_000_000_000, 1_600_000_000_000]);
    expect(readFileSync(`${await storage.layers.mount(digest)}/hard`, 'utf8')).toBe('wanted'.repeat(20_000));
    await storage.layers.importTree(tree('wanted'));
    expect(await storage.layers.remove(digest, (since) => since.getTime() > madeAt - 60_000)).toBeNull();
    expect(storage.layers.has(digest)).toBe(true);
    await storage.layers.remove(digest);
    expect(storage.layers.has(digest)).toBe(false);
  });

  it('is refused before it is mounted when its image was damaged, also by a new agent', async () => {
    const { digest, bytes } = await storage.layers.importTree(tree('precious'));
    const image = storage.layers.file(digest);
    const before = statSync(image);
    const fd = openSync(image, 'r+');
    writeSync(fd, Buffer.from([0xff]), 0, 1, Math.floor(bytes / 2));
    closeSync(fd);
    utimesSync(image, before.atime, before.mtime); // a careful damager
    for (const layers of [storage.layers, createLayers(storage.config)]) {
      await expect(layers.mount(digest)).rejects.toMatchObject({ code: 'conflict' });
    }
    await storage.layers.remove(digest);
  });

  it('comes in from a file only with the content its digest names', async () => {
    const { digest } = await storage.layers.importTree(tree('travels'));
    const copy = `${storage.config.agentDir}/copy.erofs`;
    execFileSync('cp', [storage.layers.file(digest), copy]);
    await storage.layers.remove(digest);
    await expect(storage.layers.importFile(copy, `sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({
      code: 'conflict',
    });
    await storage.layers.importFile(copy, digest);
    await storage.layers.importFile(copy, digest);
    expect(storage.layers.list().map((l) => l.digest)).toContain(digest);
    expect(readdirSync(`${storage.config.poolPath}/layers`).filter((name) => name.startsWith('.'))).toEqual([]);
    await storage.layers.remove(digest);
  });

  it('is served unpacked where the kernel cannot mount its image', async () => {
    const { digest } = await storage.layers.importTree(tree('unpacked'));
    const layers = createLayers(storage.config, 'directory');
    const path = await layers.mount(digest);
    expect(readFileSync(`${path}/hard`, 'utf8')).toBe('unpacked'.repeat(20_000));
    const stat = statSync(`${path}/d/file`);
    expect([stat.uid, stat.gid, statSync(`${path}/d`).mode & 0o7777]).toEqual([33, 1000, 0o2755]);
    expect(() => writeFileSync(`${path}/new`, '')).toThrow(/EROFS/);
    // An agent was killed after it was bound, before it was closed to writing.
    execFileSync('umount', [path]);
    execFileSync('mount', ['--bind', `${storage.config.poolPath}/layers/${digest.slice(7)}.d`, path]);
    const { mode } = statSync(path);
    expect(await layers.mount(digest)).toBe(path);
    expect(() => writeFileSync(`${path}/new`, '')).toThrow(/EROFS/);
    expect(statSync(path).mode).toBe(mode);
    await layers.remove(digest);
    expect(readdirSync(`${storage.config.poolPath}/layers`).filter((name) => name.startsWith(digest.slice(7)))).toEqual(
      [],
    );
  });
});
