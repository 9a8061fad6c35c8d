/**
 * The engine bundle: runc, criu and restic from Debian testing in one directory with their own loader and libraries,
 * because Debian stable's own are too old. `bin/`, `lib/`, `manifest.json`. The directory cannot be moved: the programs name
 * their loader by absolute path.
 */
import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { EngineLock, fetchPackages } from './engine-packages.ts';
import { readIfThere, sha256File, writeFileDurably } from './files.ts';
import { run } from './run.ts';
import { belowFloor, type EngineTool, versionIn } from './versions.ts';

export const Manifest = z.object({
  lockSha256: z.string(),
  suite: z.string(),
  versions: z.object({ runc: z.string(), criu: z.string(), restic: z.string() }),
  packages: EngineLock.shape.packages,
  /** Path below the bundle → sha256 of a file, or `-> target` of a link. */
  files: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

export const defaultEngineCache = () => process.env.BERTH_CACHE || '/var/cache/berth';
/** The bundle that tests share between runs. */
export const sharedEngineDir = () => process.env.BERTH_ENGINE || '/var/cache/berth-test/engine';

async function digestTree(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const folder of ['bin', 'lib']) {
    for (const name of (await readdir(join(root, folder))).sort()) {
      const path = join(root, folder, name);
      const link = (await lstat(path)).isSymbolicLink();
      files[`${folder}/${name}`] = link ? `-> ${await readlink(path)}` : await sha256File(path);
    }
  }
  return files;
}

/** The versions of the three programs, as they say themselves. */
async function toolVersions(engineDir: string): Promise<Record<EngineTool, string>> {
  const say = async (tool: EngineTool, args: string[]) => {
    const text = await run(join(engineDir, 'bin', tool), args, { timeoutMs: 20_000 });
    const version = versionIn(text);
    if (version === undefined) throw new Error(`${tool} does not say its version: ${text.slice(0, 200)}`);
    return version;
  };
  return {
    runc: await say('runc', ['--version']),
    criu: await say('criu', ['--version']),
    restic: await say('restic', ['version']),
  };
}

/** Runs each program on this kernel and compares versions with the floors. Rejects with what does not work. */
export async function selfTest(engineDir: string): Promise<Record<EngineTool, string>> {
  const versions = await toolVersions(engineDir);
  const faults = belowFloor(versions);
  if (faults.length > 0) throw new Error(faults.join(' '));
  await run(join(engineDir, 'bin', 'criu'), ['check'], { timeoutMs: 30_000 });
  return versions;
}

/** The manifest of a whole and unchanged bundle, or the reason why it is not one. Reads every file. */
export async function inspectEngine(engineDir: string): Promise<{ manifest: Manifest } | { fault: string }> {
  const text = await readIfThere(join(engineDir, 'manifest.json'));
  if (text === undefined) return { fault: 'there is no bundle' };
  const parsed = Manifest.safeParse(JSON.parse(text));
  if (!parsed.success) return { fault: 'its manifest does not fit' };
  const now = await digestTree(engineDir).catch(() => ({}) as Record<string, string>);
  const wrong = Object.entries(parsed.data.files).find(([path, digest]) => now[path] !== digest);
  return wrong === undefined ? { manifest: parsed.data } : { fault: `${wrong[0]} is damaged or missing` };
}

async function unpack(debs: readonly string[], target: string): Promise<void> {
  const root = await mkdtemp(join(dirname(target), '.engine-'));
  try {
    for (const deb of debs) await run('dpkg-deb', ['--extract', deb, root]);
    await mkdir(join(target, 'bin'), { recursive: true });
    await mkdir(join(target, 'lib'), { recursive: true });
    const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
    for (const entry of await readdir(libraries, { withFileTypes: true })) {
      if (!/\.so(\.|$)/.test(entry.name) || entry.isDirectory()) continue;
      const [from, to] = [join(libraries, entry.name), join(target, 'lib', entry.name)];
      // Links between libraries stay links; one that leaves this directory is followed.
      const goal = entry.isSymbolicLink() ? await readlink(from) : undefined;
      if (goal !== undefined && !goal.includes('/')) await symlink(goal, to);
      else await copyFile(from, to);
    }
    for (const tool of ['runc', 'criu', 'restic']) {
      await copyFile(join(root, 'usr/sbin', tool), join(target, 'bin', tool)).catch(() =>
        copyFile(join(root, 'usr/bin', tool), join(target, 'bin', tool)),
      );
      await chmod(join(target, 'bin', tool), 0o755);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export async function readLock(lockFile: string): Promise<EngineLock> {
  return EngineLock.parse(JSON.parse(await readFile(lockFile, 'utf8')));
}

const hashOf = (lock: EngineLock) => createHash('sha256').update(JSON.stringify(lock)).digest('hex');

/**
 * A tested bundle at `engineDir`, made of what the lock names. Idempotent: a whole bundle of the same lock is left alone;
 * anything else there is replaced. Needs apt, dpkg and patchelf. `say` hears every departure from the lock.
 */
export async function ensureEngine(options: {
  engineDir: string;
  lockFile: string;
  say?: (line: string) => void;
}): Promise<Manifest> {
  const { engineDir, lockFile, say = () => undefined } = options;
  const lock = await readLock(lockFile);
  const present = await inspectEngine(engineDir);
  if ('manifest' in present && present.manifest.lockSha256 === hashOf(lock)) return present.manifest;

  const fetched = await fetchPackages(lock, join(defaultEngineCache(), 'debs'));
  for (const line of fetched.departures) say(line);
  await mkdir(dirname(engineDir), { recursive: true });
  const building = `${engineDir}.new`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o755 });
  await unpack(fetched.files, building);
  // Only the programs: a patched loader or C library segfaults. The paths are those of the final place.
  for (const tool of ['runc', 'criu']) {
    await run('patchelf', [
      ...['--set-interpreter', join(engineDir, 'lib/ld-linux-x86-64.so.2'), '--set-rpath', join(engineDir, 'lib')],
      ...['--force-rpath', join(building, 'bin', tool)],
    ]);
  }
  // Two renames: containers run on without it, and whoever starts one in between tries again.
  const former = `${engineDir}.former`;
  await rm(former, { recursive: true, force: true });
  await rename(engineDir, former).catch(() => undefined);
  await rename(building, engineDir);
  const versions = await selfTest(engineDir).catch(async (error: unknown) => {
    if ('manifest' in present) {
      await rm(engineDir, { recursive: true, force: true });
      await rename(former, engineDir);
    }
    throw error;
  });
  await rm(former, { recursive: true, force: true });
  const manifest: Manifest = {
    lockSha256: hashOf(lock),
    suite: fetched.lock.suite,
    versions,
    packages: fetched.lock.packages,
    files: await digestTree(engineDir),
  };
  // Written last: a bundle without a manifest is one that never passed its test.
  await writeFileDurably(join(engineDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o644 });
  return manifest;
}

const previous = (engineDir: string) => `${engineDir}.previous`;

/** Keeps a copy of the present bundle for {@link putBackEngine}. */
export async function keepPreviousEngine(engineDir: string): Promise<void> {
  if (!('manifest' in (await inspectEngine(engineDir)))) return;
  await rm(previous(engineDir), { recursive: true, force: true });
  await cp(engineDir, previous(engineDir), { recursive: true, verbatimSymlinks: true });
}

/** The bundle that was kept, in the place that its programs name; nothing when the present one is the same. */
export async function putBackEngine(engineDir: string): Promise<void> {
  const [kept, now] = [
    await readIfThere(join(previous(engineDir), 'manifest.json')),
    await readIfThere(join(engineDir, 'manifest.json')),
  ];
  if (kept === undefined || kept === now) return;
  await rm(engineDir, { recursive: true, force: true });
  await cp(previous(engineDir), engineDir, { recursive: true, verbatimSymlinks: true });
}
