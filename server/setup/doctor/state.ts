/** What lies in the state directory: configuration, secrets, engine, pool, mounts, room. */
import { chmod, lstat, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentConfig } from '#agent/config.ts';
import { enforcesProjectQuota } from '#agent/volumes/probe.ts';
import type { SetupContext } from '../context.ts';
import { ensureEngine, inspectEngine, selfTest } from '../engine.ts';
import { readIfThere } from '../files.ts';
import { ensureMounts } from '../mounts.ts';
import { hasReflinks, isPoolMounted, mountPool, mountsBelow } from '../pool.ts';
import { readMaster } from '../secrets.ts';
import { type Check, fine, verdict, wrong } from './check.ts';

const GiB = 1024 ** 3;
const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

export async function secrets(context: SetupContext): Promise<Check> {
  const about = {
    id: 'secrets',
    why: 'Everything random is derived from it: without it backups and sealed values cannot be opened.',
  };
  const fault = await readMaster(context).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : String(error)),
  );
  if (fault === undefined) return fine(about, 'whole');
  const file = join(context.paths.secrets, 'master.json');
  const found = (await exists(file)) ? 'master.json does not fit' : 'master.json is missing';
  return wrong(
    about,
    found,
    `Put ${file} back from your copy of it. Do not run "./berth up" before: it would make new ones.`,
  );
}

/** Modes and owners that keep the roles from each other. */
export async function permissions({ paths }: SetupContext): Promise<Check> {
  const about = { id: 'permissions', why: 'Others on this machine could read passwords and keys.' };
  const faults: { path: string; mode: number }[] = [];
  const look = async (path: string, most: number) => {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || found.isSymbolicLink()) return;
    if ((found.mode & 0o777 & ~most) !== 0) faults.push({ path, mode: most });
  };
  await look(join(paths.secrets, 'master.json'), 0o600);
  await look(paths.demo, 0o600);
  for (const role of ['web', 'worker', 'owner'] as const) {
    await look(paths.role(role), 0o700);
    for (const name of await readdir(paths.role(role)).catch(() => [])) await look(join(paths.role(role), name), 0o600);
  }
  for (const path of [paths.backups, paths.log]) await look(path, 0o700);
  // Not the empty place that the pool is mounted at.
  if (await exists(join(paths.pool, 'layers'))) await look(paths.pool, 0o700);
  for (const name of ['agent.db', 'config.json', 'pki']) await look(join(paths.agentDir, name), 0o700);
  return verdict(
    about,
    faults.map(({ path }) => `${path} is open to others`),
    'as they should be',
    'Close them.',
    {
      command: faults.map(({ path, mode }) => `chmod ${mode.toString(8)} ${path}`).join(' && '),
      async apply() {
        for (const { path, mode } of faults) await chmod(path, (await stat(path)).mode & mode);
      },
    },
  );
}

export async function engine({ paths, repoDir }: SetupContext): Promise<Check> {
  const about = { id: 'engine', why: 'runc, criu and restic act as root in every container and backup.' };
  const mend = 'Make the bundle anew from the versions in engine.lock.json. Running containers are not touched.';
  const fix = {
    command: './berth up',
    apply: () => ensureEngine({ engineDir: paths.engine, lockFile: join(repoDir, 'engine.lock.json') }),
  };
  const inspected = await inspectEngine(paths.engine);
  if ('fault' in inspected) return wrong(about, inspected.fault, mend, fix);
  try {
    const versions = await selfTest(paths.engine);
    return fine(
      about,
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    );
  } catch (error) {
    return wrong(about, error instanceof Error ? error.message : String(error), mend, fix);
  }
}

export async function mounts(context: SetupContext): Promise<Check[]> {
  const { paths } = context;
  const [poolAbout, appAbout] = [
    { id: 'pool', why: 'The disks of all containers lie in it, and snapshots share blocks there.' },
    { id: 'checkout', why: 'Web and worker run from it; they may not read the original place.' },
  ];
  const image = await exists(paths.poolImage);
  const mounted = !image || (await isPoolMounted(paths.pool));
  const fix = { command: './berth up', apply: () => mountPool(paths) };
  const pool = !mounted
    ? wrong(poolAbout, `${paths.poolImage} is not mounted`, 'Mount it again.', fix)
    : (await exists(paths.pool)) && (await hasReflinks(paths.pool))
      ? fine(poolAbout, `${image ? 'XFS image of our own' : 'directory'}, with reflinks, ${await quotas(paths.pool)}`)
      : wrong(
          poolAbout,
          'its file system cannot share blocks',
          'Move the state directory to XFS or btrfs, or run "./berth up".',
        );
  const app = (await mountsBelow(paths.app)).includes(paths.app);
  return [
    pool,
    app
      ? fine(appAbout, `at ${paths.app}`)
      : wrong(appAbout, `nothing is mounted at ${paths.app}`, 'Mount it again.', {
          command: './berth up',
          apply: () => ensureMounts(context),
        }),
  ];
}

/** By trying: the project-quota driver of volumes would work here. */
const quotas = async (pool: string) =>
  (await enforcesProjectQuota(pool)).fault === null ? 'with project quotas' : 'without project quotas';

/** Room in the pool above the agent's own reserve, and on the disk that logs and the database are on. */
export async function room({ paths, stateDir }: SetupContext): Promise<Check[]> {
  const text = await readIfThere(join(paths.agentDir, 'config.json'));
  const config = AgentConfig.safeParse(text === undefined ? undefined : JSON.parse(text));
  const reserve = config.success ? config.data.poolReserveBytes : 256 * 1024 ** 2;
  return [
    await space('pool-room', paths.pool, 2 * reserve, {
      why: 'Below its reserve the server refuses new containers, snapshots and backups; a full pool damages every disk in it.',
      mend: 'Delete containers or backups on this server, confirm operations that keep old files for an undo, or give the pool more room.',
    }),
    await space('disk-room', stateDir, GiB, {
      why: 'Database and agent cannot write down what they do, and stop doing it.',
      mend: 'Free some space on this disk.',
    }),
  ];
}

async function space(id: string, path: string, wanted: number, words: { why: string; mend: string }): Promise<Check> {
  const about = { id, why: words.why };
  const { bavail, bsize, blocks } = await statfs(path);
  const free = bavail * bsize;
  const found = `${(free / GiB).toFixed(2)} of ${((blocks * bsize) / GiB).toFixed(2)} GiB free`;
  return free >= wanted
    ? fine(about, found)
    : wrong(about, `${found}, wanted ${(wanted / GiB).toFixed(2)}`, words.mend);
}

/** restic refreshes its locks every 5 minutes and takes one of 30 for dead. */
const lockAgeMs = 30 * 60_000;

/** Locks that dead processes left: of the supervisor, and of restic in the repositories on this machine. */
export async function locks({ paths }: SetupContext): Promise<Check> {
  const about = {
    id: 'locks',
    why: 'What is locked by nobody waits for ever: backups fail, or services are not started.',
  };
  const stale: string[] = [];
  const pidFile = join(paths.run, 'supervisor.pid');
  const pid = (await readIfThere(pidFile))?.trim();
  if (pid !== undefined && !(await exists(`/proc/${pid}`))) stale.push(pidFile);
  const below = (await readdir(paths.backups).catch(() => [])).map((name) => join(paths.backups, name));
  for (const location of [paths.backups, ...below]) {
    const tenants = join(location, 'tenants');
    for (const tenant of await readdir(tenants).catch(() => [])) {
      const folder = join(tenants, tenant, 'locks');
      for (const name of await readdir(folder).catch(() => [])) {
        const file = join(folder, name);
        const found = await stat(file).catch(() => undefined);
        if (found !== undefined && Date.now() - found.mtimeMs > lockAgeMs) stale.push(file);
      }
    }
  }
  return verdict(
    about,
    stale.map((file) => `${file} is stale`),
    'none stale',
    'Remove them.',
    {
      command: `rm ${stale.join(' ')}`,
      async apply() {
        for (const file of stale) await rm(file, { force: true });
      },
    },
  );
}
