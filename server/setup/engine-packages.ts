import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256File } from './files.ts';
import { run, tryRun } from './run.ts';

const LockedPackage = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/),
  version: z.string().regex(/^[A-Za-z0-9.+~:-]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LockedPackage = z.infer<typeof LockedPackage>;

/** `engine.lock.json`: exactly which Debian packages the engine bundle is made of. */
export const EngineLock = z.object({
  suite: z.string(),
  architecture: z.literal('amd64'),
  packages: z.array(LockedPackage).min(3),
});
export type EngineLock = z.infer<typeof EngineLock>;

export const engineSuite = 'forky';
const wanted = ['runc', 'criu', 'restic'];

/**
 * The mirror this machine already uses for Debian itself, so that a local mirror is used for the engine too. Understands
 * both formats of apt's sources.
 */
export function mirrorIn(sources: string): string {
  const found = [...sources.matchAll(/^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(https?:\/\/\S+)/gm)].map(
    (match) => match[1],
  );
  return found.find((uri) => uri !== undefined && /\/debian\/?$/.test(uri)) ?? 'http://deb.debian.org/debian';
}

async function systemSources(): Promise<string> {
  const parts = '/etc/apt/sources.list.d';
  const names = await readdir(parts).catch(() => []);
  const files = [
    ...names.filter((name) => name.endsWith('.sources')).map((name) => join(parts, name)),
    '/etc/apt/sources.list',
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.join('\n');
}

/**
 * An apt of its own in a temporary directory: it knows the engine's suite only, believes nothing is installed, and cannot
 * touch the system's packages. Signatures are checked; the expiry date of testing's Release file is not, for mirrors that lag.
 */
async function isolatedApt() {
  const root = await mkdtemp(join(tmpdir(), 'berth-apt-'));
  for (const directory of ['state/lists/partial', 'cache/archives/partial', 'etc/preferences.d', 'debs']) {
    await mkdir(join(root, directory), { recursive: true });
  }
  const mirror = mirrorIn(await systemSources());
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  await writeFile(join(root, 'etc/sources.list'), `deb [signed-by=${keyring}] ${mirror} ${engineSuite} main\n`);
  await writeFile(join(root, 'status'), '');
  const options = [
    `Dir::State=${root}/state`,
    `Dir::State::status=${root}/status`,
    `Dir::Cache=${root}/cache`,
    `Dir::Etc=${root}/etc`,
    'Dir::Etc::sourceparts=-',
    'Acquire::Check-Valid-Until=false',
    'Acquire::Retries=3',
    'APT::Install-Recommends=false',
    'APT::Architecture=amd64',
    'APT::Sandbox::User=root',
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option]);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  return {
    debs: join(root, 'debs'),
    archives: join(root, 'cache', 'archives'),
    get: (args: string[]) => run('apt-get', ['-q', ...options, ...args], { cwd: join(root, 'debs'), env }),
    try: (args: string[]) => tryRun('apt-get', ['-q', ...options, ...args], { cwd: join(root, 'debs'), env }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const cacheFile = (cacheDir: string, locked: LockedPackage) =>
  join(cacheDir, `${locked.name}_${locked.sha256.slice(0, 16)}.deb`);

/** Verified or not, every package of a directory goes into the cache under its own name and sum. */
export async function keep(cacheDir: string, directory: string): Promise<LockedPackage[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.deb')).sort();
  const packages: LockedPackage[] = [];
  for (const file of names) {
    const path = join(directory, file);
    // Not --field, which puts the field's name before each of several values.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
    const fields = await run('dpkg-deb', ['--show', '--showformat', '${Package} ${Version}', path]);
    const [name = '', version = ''] = fields.trim().split(' ');
    const locked = { name, version, sha256: await sha256File(path) };
    await copyFile(path, cacheFile(cacheDir, locked));
    packages.push(locked);
  }
  return packages;
}

/** Resolves the engine's packages against the suite as it is today and puts them into the cache. */
export async function resolveLatest(cacheDir: string): Promise<EngineLock> {
  await mkdir(cacheDir, { recursive: true });
  await using apt = await isolatedApt();
  await apt.get(['update']);
  await apt.get(['install', '-y', '--download-only', ...wanted]);
  return { suite: engineSuite, architecture: 'amd64', packages: await keep(cacheDir, apt.archives) };
}

/** Which of the locked packages the cache lacks, or holds damaged. */
async function missingFrom(cacheDir: string, lock: EngineLock): Promise<LockedPackage[]> {
  const missing: LockedPackage[] = [];
  for (const locked of lock.packages) {
    const sum = await sha256File(cacheFile(cacheDir, locked)).catch(() => undefined);
    if (sum !== locked.sha256) missing.push(locked);
  }
  return missing;
}

export type Fetched = {
  lock: EngineLock;
  files: string[] /** What differs from the lock, a sentence each. */;
  departures: string[];
};

/**
 * Every package of the lock as a verified file in the cache. When the archive no longer has a locked version, the whole set
 * is resolved anew (libraries fit each other only within one resolution) and `departures` says what changed.
 */
export async function fetchPackages(lock: EngineLock, cacheDir: string): Promise<Fetched> {
  await mkdir(cacheDir, { recursive: true });
  const missing = await missingFrom(cacheDir, lock);
  let effective = lock;
  if (missing.length > 0) {
    await using apt = await isolatedApt();
    await apt.get(['update']);
    const asked = missing.map((locked) => `${locked.name}=${locked.version}`);
    const result = await apt.try(['download', ...asked]);
    await keep(cacheDir, apt.debs);
    const still = await missingFrom(cacheDir, lock);
    if (still.length > 0) {
      // The same version with other content is not a lag of the mirror: it is not what was locked.
      for (const locked of still) {
        if (result.code === 0)
          throw new Error(`${locked.name} ${locked.version} is not what engine.lock.json names: its sha256 differs.`);
      }
      effective = await resolveLatest(cacheDir);
    }
  }
  return {
    lock: effective,
    files: effective.packages.map((locked) => cacheFile(cacheDir, locked)),
    departures: differences(lock, effective),
  };
}

/** What a person should hear when another set than the locked one is used. */
export function differences(locked: EngineLock, used: EngineLock): string[] {
  const before = new Map(locked.packages.map((item) => [item.name, item]));
  return used.packages.flatMap((item) => {
    const was = before.get(item.name);
    if (was?.sha256 === item.sha256) return [];
    return [
      `${item.name} ${was?.version ?? '(not locked)'} is gone from the archive; ${item.version} is used instead.`,
    ];
  });
}
