import { chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { SetupContext } from './context.ts';
import { ensureDirectory, isRoot, readIfThere, writeFileDurably } from './files.ts';
import { run } from './run.ts';
import type { MasterSecrets } from './secrets.ts';

const programs = '/usr/lib/postgresql';

/** The directory of PostgreSQL's programs: of the version that made the cluster, else the newest installed. */
export async function postgresBin(dataDir: string): Promise<string> {
  const made = (await readIfThere(join(dataDir, 'PG_VERSION')))?.trim();
  const installed = (await readdir(programs).catch(() => [])).sort((a, b) => Number(b) - Number(a));
  const version = made ?? installed[0];
  if (version === undefined || !installed.includes(version)) {
    throw new Error(
      made === undefined
        ? 'PostgreSQL is not installed.'
        : `The database was made by PostgreSQL ${made}, which is not installed any more. Install postgresql-${made}.`,
    );
  }
  return join(programs, version, 'bin');
}

export async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((text) => text.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('There is no user "postgres". Is PostgreSQL installed?');
  return { uid: Number(uid), gid: Number(gid) };
}

export const postgresSocketDir = (stateDir: string) => join(stateDir, 'run', 'postgres');

/** Makes our private cluster, with checksums. Idempotent; a cluster that was interrupted half-way is made anew. */
export async function ensureCluster({ paths, stateDir, config }: SetupContext): Promise<void> {
  const owner = isRoot() ? await postgresUser() : 0;
  await ensureDirectory(postgresSocketDir(stateDir), isRoot() ? 0o755 : 0o700, owner);
  if ((await readIfThere(join(paths.pg, 'PG_VERSION'))) === undefined) {
    const making = `${paths.pg}.new`;
    await rm(making, { recursive: true, force: true });
    await mkdir(making);
    await ensureDirectory(making, 0o700, owner);
    await asPostgres([
      join(await postgresBin(making), 'initdb'),
      ...['--pgdata', making, '--data-checksums', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'],
      ...[isRoot() ? '--auth-local=peer' : '--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions'],
    ]);
    await rm(paths.pg, { recursive: true, force: true });
    await rename(making, paths.pg);
  }
  await writeFileDurably(join(paths.pg, 'berth.conf'), clusterSettings(config.postgresPort ?? 0, stateDir), {
    mode: 0o600,
    owner,
  });
  const main = join(paths.pg, 'postgresql.conf');
  const text = await readFile(main, 'utf8');
  const include = "include 'berth.conf'";
  if (!text.includes(include)) await writeFileDurably(main, `${text}\n${include}\n`, { mode: 0o600, owner });
  await chmod(paths.pg, 0o700);
}

function clusterSettings(port: number, stateDir: string): string {
  return [
    '# Written by "berth up"; changes belong in postgresql.auto.conf (ALTER SYSTEM).',
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    `unix_socket_directories = '${postgresSocketDir(stateDir)}'`,
    'max_connections = 200',
    'password_encryption = scram-sha-256',
    "log_line_prefix = '%m [%p] '",
    'log_timezone = UTC',
    'timezone = UTC',
    '',
  ].join('\n');
}

/** Runs a program as the user postgres, with SQL or anything else as its input. */
export async function asPostgres(argv: readonly string[], input?: string): Promise<string> {
  // From /: the user postgres may have no right to the present directory.
  const become = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'];
  const [program = '', ...args] = isRoot() ? [...become, ...argv] : argv;
  return run(program, args, {
    cwd: '/',
    ...(input === undefined ? {} : { input }),
  });
}

/** Waits until the server takes connections. Rejects after `timeoutMs`. */
export async function waitForPostgres(context: SetupContext, timeoutMs = 60_000): Promise<void> {
  const bin = await postgresBin(context.paths.pg);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const host = postgresSocketDir(context.stateDir);
    const ready = await asPostgres([
      join(bin, 'pg_isready'),
      '-q',
      '-h',
      host,
      '-p',
      String(context.config.postgresPort),
    ]).then(
      () => true,
      () => false,
    );
    if (ready) return;
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL does not answer. Its log: ${join(context.paths.log, 'postgres.log')}`);
    await sleep(100);
  }
}

/** The SQL that makes a role what it should be, whatever it was. Passwords are base64url: nothing in them needs quoting. */
function roleSql(name: string, password: string, attributes = ''): string {
  if (!/^[A-Za-z0-9_-]+$/.test(password))
    throw new Error(`the password of ${name} has characters that are not expected`);
  return `DO $$ BEGIN CREATE ROLE ${name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER ROLE ${name} LOGIN PASSWORD '${password}' ${attributes};
`;
}

/** Runs SQL as the superuser of our own cluster, and gives what it printed. */
export async function runSql(context: SetupContext, sql: string): Promise<string> {
  const psql = [
    join(await postgresBin(context.paths.pg), 'psql'),
    ...['-X', '-q', '-A', '-t', '-U', 'postgres', '-v', 'ON_ERROR_STOP=1'],
    ...['-h', postgresSocketDir(context.stateDir), '-p', String(context.config.postgresPort)],
    ...['-d', 'postgres', '-f', '-'],
  ];
  return asPostgres(psql, sql);
}

/** Roles owner, web and worker, and the database, in our own cluster. Idempotent. */
export async function ensureRoles(context: SetupContext, master: MasterSecrets): Promise<void> {
  const passwords = master.databasePasswords;
  const restricted = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  await runSql(
    context,
    `SET client_min_messages = error;
${roleSql('berth_owner', passwords.owner, restricted)}${roleSql('berth_web', passwords.web, restricted)}${roleSql('berth_worker', passwords.worker, restricted)}
SELECT 'CREATE DATABASE berth OWNER berth_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'berth') \\gexec
REVOKE ALL ON DATABASE berth FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE berth TO berth_web, berth_worker;
\\connect berth
ALTER SCHEMA public OWNER TO berth_owner;
`,
  );
}

/** The roles web and worker on a server somebody else runs; the owner of the address needs CREATEROLE and CREATE on the database. */
export async function ensureExternalRoles(ownerUrl: string, master: MasterSecrets): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // Only a superuser may write NOBYPASSRLS and the like; a new role has none of these rights, and that is checked.
    await client.query(roleSql('berth_web', master.databasePasswords.web));
    await client.query(roleSql('berth_worker', master.databasePasswords.worker));
    const bypass = await client.query<{ rolname: string }>(
      "SELECT rolname FROM pg_roles WHERE rolname IN ('berth_web', 'berth_worker') AND (rolbypassrls OR rolsuper)",
    );
    if (bypass.rows.length > 0) {
      const names = bypass.rows.map((row) => row.rolname).join(', ');
      throw new Error(`These roles may bypass row-level security, which Berth must not allow: ${names}.`);
    }
  } finally {
    await client.end();
  }
}
