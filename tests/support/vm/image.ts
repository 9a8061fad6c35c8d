/**
 * Images of guests, below /var/cache/berth-test/vm: one root per Debian release, one of node_modules; each is made once, named after
 * what it is made of, and replaces its predecessor. The checkout is small and made anew for every run.
 */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repoDir } from '#server/setup/context.ts';
import { mirrorIn } from '#server/setup/engine-packages.ts';
import { run, tryRun } from '#server/setup/run.ts';
import { engineDir } from '../engine.ts';
import { type GuestName, guestFiles, guestPackages, guestRootArgv, imageKey, suites, type TreeFile } from './plan.ts';

const cacheDir = '/var/cache/berth-test/vm';
const half = 30 * 60_000;

async function writeTree(root: string, files: readonly TreeFile[]): Promise<void> {
  for (const file of files) {
    const path = join(root, file.path);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    if ('link' in file) await symlink(file.link, path);
    else await writeFile(path, file.content);
  }
}

/** An ext4 image of a directory's content; `size` as mke2fs reads it. Sparse: it takes what is in it. */
async function makeImage(directory: string, image: string, size: string): Promise<void> {
  await rm(image, { force: true });
  await run('mke2fs', ['-q', '-t', 'ext4', '-d', directory, image, size], { timeoutMs: half });
}

/** The cached directory of that name and key, made by `make` when it is not there; older ones of the name go. */
async function cached(name: string, key: string, make: (directory: string) => Promise<void>): Promise<string> {
  const directory = join(cacheDir, `${name}-${key}`);
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  if (existsSync(directory)) return directory;
  for (const other of await readdir(cacheDir)) {
    if (!other.startsWith(`${name}-`)) continue;
    // what another run is still making is left alone
    const { mtimeMs } = await stat(join(cacheDir, other));
    const finished = /-[0-9a-f]{16}$/.test(other);
    if (finished || Date.now() - mtimeMs > 2 * half) await rm(join(cacheDir, other), { recursive: true, force: true });
  }
  const building = await mkdtemp(join(cacheDir, `${name}-`));
  try {
    await make(building);
    await rename(building, directory);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (!existsSync(directory)) throw error; // else another run was quicker
  }
  return directory;
}

/** The key that opens every guest: of no worth to anybody else, for a guest listens on loopback only. */
async function accessKey(): Promise<{ file: string; publicKey: string }> {
  const directory = await cached('key', 'ed25519', async (making) => {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'guest', '-f', join(making, 'key')]);
  });
  return { file: join(directory, 'key'), publicKey: await readFile(join(directory, 'key.pub'), 'utf8') };
}

export async function sources(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sources')).map((name) => join(folder, name));
  const texts = [...names, '/etc/apt/sources.list'].map((file) => readFile(file, 'utf8').catch(() => ''));
  return (await Promise.all(texts)).join('\n');
}

/** The root disk of a guest with kernel and initial RAM disk beside it; two minutes the first time. */
async function rootImage(guest: GuestName, publicKey: string): Promise<string> {
  const packages = guestPackages(await readFile(join(repoDir, 'packages.debian'), 'utf8'));
  const files = guestFiles(publicKey);
  const [suite, mirror] = [suites[guest], mirrorIn(await sources())];
  const recipe = guestRootArgv(suite, packages, 'ROOT', mirror);
  return cached(guest, imageKey(JSON.stringify([recipe, files])), async (making) => {
    const root = join(making, 'root');
    await run('nice', guestRootArgv(suite, packages, root, mirror), { timeoutMs: half });
    for (const place of ['guest/tree', 'guest/modules', 'guest/upper', 'guest/work', 'berth'])
      await mkdir(join(root, place), { recursive: true });
    await writeTree(root, files);
    await chmod(join(root, 'root/.ssh'), 0o700);
    await run('systemctl', [`--root=${root}`, 'enable', '--quiet', 'ssh.service']);
    const boot = await readdir(join(root, 'boot'));
    for (const name of ['vmlinuz', 'initrd.img']) {
      const found = boot.find((file) => file.startsWith(`${name}-`));
      if (found === undefined) throw new Error(`the guest has no ${name}`);
      await cp(join(root, 'boot', found), join(making, name));
    }
    await makeImage(root, join(making, 'root.img'), '16G');
    await rm(root, { recursive: true });
  });
}

async function modulesImage(): Promise<string> {
  const lock = await readFile(join(repoDir, 'package-lock.json'), 'utf8');
  return cached('modules', imageKey(lock), async (making) => {
    const tree = join(making, 'tree');
    await mkdir(tree);
    const copy = (how: string) => tryRun('cp', [how, '--', join(repoDir, 'node_modules'), tree], { timeoutMs: half });
    // as links where cache and checkout are on one disk
    if ((await copy('-al')).code !== 0)
      await run('cp', ['-a', '--', join(repoDir, 'node_modules'), tree], { timeoutMs: half });
    await makeImage(tree, join(making, 'modules.img'), '3G');
    await rm(tree, { recursive: true });
  });
}

/** What is tracked or new in the checkout, what was built of it, the engine and, where it is there, what the engine is made of. */
async function treeImage(directory: string): Promise<string> {
  const tree = join(directory, 'tree');
  await mkdir(tree);
  const names = (
    await run('git', ['-C', repoDir, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  ).split('\0');
  for (const name of names) {
    if (name === '' || !existsSync(join(repoDir, name))) continue;
    await cp(join(repoDir, name), join(tree, name), { preserveTimestamps: true });
  }
  const extras = [
    [join(repoDir, '.build'), '.build'],
    [join(repoDir, '.next'), '.next'],
    [engineDir, '.guest/engine'],
    ['/var/cache/berth/debs', '.guest/cache/debs'],
  ] as const;
  for (const [from, to] of extras) {
    // the builder's own cache is of no use there
    const filter = (path: string) => path !== join(repoDir, '.next/cache');
    if (existsSync(from)) await cp(from, join(tree, to), { recursive: true, verbatimSymlinks: true, filter });
  }
  const image = join(directory, 'tree.img');
  await makeImage(tree, image, '2G');
  await rm(tree, { recursive: true });
  return image;
}

export type GuestImages = {
  root: string;
  kernel: string;
  initrd: string;
  modules: string;
  tree: string;
  keyFile: string;
};

/** Everything a guest is started from; `directory` gets what belongs to this run alone. */
export async function guestImages(guest: GuestName, directory: string): Promise<GuestImages> {
  const key = await accessKey();
  const base = await rootImage(guest, key.publicKey);
  const modules = join(await modulesImage(), 'modules.img');
  const root = join(directory, 'root.img');
  await run('cp', ['--reflink=auto', '--sparse=always', '--', join(base, 'root.img'), root], { timeoutMs: half });
  return {
    ...{ root, modules, keyFile: key.file, tree: await treeImage(directory) },
    ...{ kernel: join(base, 'vmlinuz'), initrd: join(base, 'initrd.img') },
  };
}
