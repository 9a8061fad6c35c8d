import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SetupContext } from '../setup/context.ts';
import { ensureDirectory, readIfThere, writeFileDurably } from '../setup/files.ts';
import { postgresBin } from '../setup/postgres.ts';
import { databaseUrl, readMaster } from '../setup/secrets.ts';
import { productVersion } from '../setup/versions.ts';
import { type Manifest, writeArchive } from './archive.ts';
import { type DumpLimits, dumpDatabase } from './database.ts';
import { readRecipient } from './key.ts';
import { writeRecord } from './record.ts';
import { stagingDirectory } from './staging.ts';

/** How many of one installation's backups stay in a directory. */
const defaultKeep = 14;

export function backupDirectory({ config, paths }: SetupContext): string {
  return config.panelBackup?.directory ?? paths.panelBackups;
}

/**
 * Makes one backup of the panel: database, authority, grant keys, key-encryption key and every other secret, configuration.
 * All goes on meanwhile. Older ones beyond `keep` are removed, after the new one is whole. Gives the new file's path.
 */
export async function backUpPanel(
  context: SetupContext,
  options: { directory?: string; limits?: DumpLimits } = {},
): Promise<string> {
  const now = new Date();
  try {
    const file = await make(context, options.directory ?? backupDirectory(context), now, options.limits);
    const { size: bytes } = await stat(file);
    await writeRecord(context, { backup: { at: now.toISOString(), file, bytes }, failed: null });
    return file;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    await writeRecord(context, { failed: { at: now.toISOString(), why } });
    throw error;
  }
}

async function make(
  context: SetupContext,
  directory: string,
  now: Date,
  limits: DumpLimits | undefined,
): Promise<string> {
  const { paths, config, stateDir } = context;
  const recipient = await readRecipient(context);
  if (recipient === undefined) throw new Error('There is no recovery key yet: run "./berth panel new-key".');
  if (directory === paths.panelBackups) await ensureDirectory(directory, 0o700);
  else
    await stat(directory).catch((cause: unknown) => Promise.reject(new Error(`${directory} is missing.`, { cause })));
  const staging = await stagingDirectory(paths.run, 'panel-');
  try {
    const owner = databaseUrl(context, 'owner', await readMaster(context));
    const bin = await postgresBin(paths.pg);
    // Keys first: a dump may then name keys that are there, never ones that are not.
    await copyFiles(context, staging);
    const rows = await dumpDatabase(bin, owner, join(staging, 'database.dump'), limits);
    const about: Omit<Manifest, 'format' | 'files'> = {
      createdAt: now.toISOString(),
      name: config.name,
      version: await productVersion(context.repoDir),
      postgres: basename(join(bin, '..')),
      stateDir,
      rows,
    };
    const file = join(directory, `${prefixOf(config.name)}${now.toISOString().replace(/[:.]/g, '-')}.tar.age`);
    await writeArchive(staging, file, recipient, about);
    await removeOld(directory, config.name, config.panelBackup?.keep ?? defaultKeep);
    return file;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function copyFiles({ paths, config, stateDir }: SetupContext, staging: string): Promise<void> {
  await mkdir(join(staging, 'secrets'));
  for (const path of [paths.secrets, join(stateDir, 'pki')]) {
    await cp(path, join(staging, basename(path)), { recursive: true });
  }
  await cp(paths.config, join(staging, 'config.json'));
  // What the configuration names elsewhere on the machine.
  const { smtp, tls } = config;
  const others = [
    [smtp?.passwordFile, 'smtp-password'],
    [tls?.certificate, 'tls.crt'],
    [tls?.key, 'tls.key'],
  ] as const;
  for (const [path, name] of others) {
    const text = path === undefined ? undefined : await readIfThere(path);
    if (text !== undefined) await writeFileDurably(join(staging, name), text, { mode: 0o600 });
  }
}

const prefixOf = (name: string) => `panel-${name}-`;
const patternOf = (name: string) => new RegExp(`^${prefixOf(name)}\\d{4}-\\d\\d-\\d\\dT[\\d-]+Z\\.tar\\.age$`);

/** Backups of an installation in a directory, oldest first. */
export async function backupsIn(directory: string, name: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((entry) => patternOf(name).test(entry))
    .sort()
    .map((entry) => join(directory, entry));
}

const dayMs = 86_400_000;

async function removeOld(directory: string, name: string, keep: number): Promise<void> {
  // Whoever was making these was killed over it.
  for (const entry of await readdir(directory)) {
    if (!entry.endsWith('.new') || !patternOf(name).test(entry.slice(0, -'.new'.length))) continue;
    const { mtimeMs } = await stat(join(directory, entry));
    if (Date.now() - mtimeMs > dayMs) await rm(join(directory, entry), { force: true });
  }
  const all = await backupsIn(directory, name);
  for (const file of all.slice(0, Math.max(all.length - keep, 0))) await rm(file);
}
