import { existsSync } from 'node:fs';
import { chown, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { InstallationConfig, readConfig, statePaths } from '#lib/settings.ts';
import { type SetupContext, serviceUids, setupContext } from '../setup/context.ts';
import { ensureDirectory, isRoot, readIfThere, writeFileDurably } from '../setup/files.ts';
import { migrateDatabase } from '../setup/migrate.ts';
import { ensureCluster, ensureExternalRoles, ensureRoles, postgresBin, waitForPostgres } from '../setup/postgres.ts';
import { databaseUrl, ensureDirectories, ensureSecrets, readMaster } from '../setup/secrets.ts';
import { servicesOf } from '../setup/services.ts';
import { type Manifest, openArchive } from './archive.ts';
import { loadDatabase } from './database.ts';
import { renameDatabase } from './rename.ts';
import { settleRestored } from './settle.ts';

export type RestoreOptions = {
  file: string;
  /** The recovery key. */
  identity: string;
  stateDir: string;
  /** Puts an installation that is there aside instead of refusing. */
  replace?: boolean;
  /** Ports on this machine, where those of the copy are taken. */
  ports?: Partial<Pick<InstallationConfig, 'port' | 'agentPort' | 'postgresPort'>>;
  say?: (line: string) => void;
};

/**
 * Brings the panel back from a backup; afterwards `./berth up` starts it. The backup is opened and compared before anything is
 * touched. On a machine with an installation it refuses, unless told to replace that: then database, secrets and configuration
 * are put aside under names with the time, and come back by themselves when the restore fails.
 */
export async function restorePanel(options: RestoreOptions): Promise<Manifest> {
  const { stateDir, say = () => undefined } = options;
  const paths = statePaths(stateDir);
  const there = existsSync(paths.config);
  if (there && options.replace !== true) {
    throw new Error(`There is an installation at ${stateDir}. To put it aside and restore: --replace`);
  }
  await ensureDirectory(stateDir, 0o711);
  const { directory, manifest } = await openArchive(options.file, options.identity, stateDir);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    say(`the backup of ${manifest.createdAt} is whole`);
    const text = await readIfThere(join(directory, 'config.json'));
    const config = InstallationConfig.parse({ ...JSON.parse(text ?? '{}'), ...options.ports });
    if (there) await putAside(setupContext(readConfig(stateDir), stateDir), undo);
    else undo.push(() => clear(setupContext(config, stateDir)));
    // With the files in place: they may name an external database.
    const context = setupContext(await placeFiles(paths, directory, config), stateDir);
    await ensureDirectories(context);
    await giveToRoles(context);
    // Hosts may have taken newer keys since the copy: those of the copy are told anew, above them.
    await rm(paths.grantKeySet, { force: true });
    await ensureSecrets(context);
    await load(context, join(directory, 'database.dump'), undo);
    const owner = databaseUrl(context, 'owner', await readMaster(context));
    await migrateDatabase(owner);
    await settleRestored(owner, manifest.createdAt);
    say('database, keys and secrets are back');
    return manifest;
  } catch (error) {
    for (const step of undo.reverse()) {
      await step().catch((cause: unknown) => say(`could not put something back: ${String(cause)}`));
    }
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const replaced = (context: SetupContext) => [
  context.paths.secrets,
  join(context.stateDir, 'pki'),
  context.paths.config,
];

/** The installation that is here stops, except for database and agent, and gives up its names. */
async function putAside(context: SetupContext, undo: (() => Promise<unknown>)[]): Promise<void> {
  const services = servicesOf(context);
  for (const name of ['web', 'worker'] as const) {
    undo.push(() => services.start(name));
    await services.stop(name);
  }
  const aside = join(context.stateDir, `before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  await mkdir(aside, { mode: 0o700 });
  for (const path of replaced(context)) {
    undo.push(async () => {
      if (!existsSync(join(aside, basename(path)))) return;
      await rm(path, { recursive: true, force: true });
      await rename(join(aside, basename(path)), path);
    });
    if (existsSync(path)) await rename(path, join(aside, basename(path)));
  }
}

/** A failed restore onto an empty machine leaves it empty. */
async function clear(context: SetupContext): Promise<void> {
  await servicesOf(context).shutDown();
  for (const path of [...replaced(context), context.paths.pg]) await rm(path, { recursive: true, force: true });
}

async function placeFiles(paths: SetupContext['paths'], from: string, config: InstallationConfig) {
  await cp(join(from, 'secrets'), paths.secrets, { recursive: true });
  await cp(join(from, 'pki'), dirname(paths.caFile), { recursive: true });
  // What lay elsewhere on the old machine comes to lie with the secrets, unless this machine has it too.
  const place = async (name: string, wanted: string | undefined) => {
    if (wanted === undefined || existsSync(wanted)) return wanted;
    const text = await readIfThere(join(from, name));
    if (text === undefined) return wanted;
    const file = join(paths.secrets, name);
    await writeFileDurably(file, text, { mode: 0o600 });
    return file;
  };
  const { smtp, tls } = config;
  const passwordFile = await place('smtp-password', smtp?.passwordFile);
  const [certificate, key] = [await place('tls.crt', tls?.certificate), await place('tls.key', tls?.key)];
  const placed: InstallationConfig = {
    ...config,
    ...(smtp === undefined ? {} : { smtp: { ...smtp, ...(passwordFile === undefined ? {} : { passwordFile }) } }),
    ...(certificate === undefined || key === undefined ? {} : { tls: { ...tls, certificate, key } }),
  };
  await writeFileDurably(paths.config, `${JSON.stringify(placed, null, 2)}\n`, { mode: 0o644 });
  return placed;
}

/** What only one role may read belongs to it again. */
async function giveToRoles({ paths }: SetupContext): Promise<void> {
  for (const role of ['web', 'worker'] as const) {
    const directory = paths.role(role);
    for (const name of await readdir(directory)) {
      if (isRoot()) await chown(join(directory, name), serviceUids[role], serviceUids[role]);
    }
  }
}

/** Our cluster and its roles, or those of the external server, and the dump in an empty database. */
async function load(context: SetupContext, dump: string, undo: (() => Promise<unknown>)[]): Promise<void> {
  const master = await readMaster(context);
  if (context.externalDatabaseUrl === undefined) {
    await ensureCluster(context);
    const services = servicesOf(context);
    await services.prepare();
    await services.start('postgres');
    await waitForPostgres(context);
    const aside = `berth_before_${Date.now()}`;
    if (await renameDatabase(context, 'berth', aside)) {
      undo.push(async () => {
        await renameDatabase(context, 'berth', `berth_failed_restore_${Date.now()}`);
        await renameDatabase(context, aside, 'berth');
      });
    }
    await ensureRoles(context, master);
  } else {
    await ensureExternalRoles(context.externalDatabaseUrl, master);
  }
  const owner = databaseUrl(context, 'owner', master);
  await refuseFull(owner);
  await loadDatabase(await postgresBin(context.paths.pg), owner, dump);
}

async function refuseFull(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query("select from pg_tables where schemaname in ('public', 'dbos') limit 1");
    if (rows.length > 0) throw new Error('The database is not empty. Give an empty one.');
  } finally {
    await client.end();
  }
}
