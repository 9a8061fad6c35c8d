/** The database of a panel backup: dumped, loaded and counted with PostgreSQL's own programs. */
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isRoot } from '../setup/files.ts';
import { asPostgres, postgresBin, postgresUser } from '../setup/postgres.ts';
import { CommandFailed, run } from '../setup/run.ts';

/** Row-level security binds the owner too: this is how the dump sees every row of every tenant. */
const asSystem = '-c berth.actor_scope=system';
/** Some servers end whoever waits: we do, with a transaction open, for as long as the dump takes. */
const patiently = '-c idle_in_transaction_session_timeout=0 -c statement_timeout=0';

/** How long a table may be locked by somebody else, and how long the whole may take: a hundred times what a large panel needs. */
export type DumpLimits = { lockMs: number; totalMs: number };
const usualLimits: DumpLimits = { lockMs: 10 * 60_000, totalMs: 4 * 3_600_000 };
const endTimeoutMs = 10_000;

const minutes = (ms: number) => `${Number((ms / 60_000).toPrecision(2))} minutes`;

/** Runs pg_dump or pg_restore within its time. What they are ended over is said in one line. */
async function within(limits: DumpLimits, program: string, args: readonly string[], env: Record<string, string>) {
  const began = performance.now();
  try {
    await run(program, args, { env, cwd: '/', timeoutMs: limits.totalMs });
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause;
    const { signal, stderr } = cause.result;
    const name = basename(program);
    if (signal === 'SIGKILL' && performance.now() - began >= limits.totalMs)
      throw new Error(`${name} did not end within ${minutes(limits.totalMs)}, so it was ended.`, { cause });
    const [, table] = /statement timeout[\s\S]*LOCK TABLE (\S+)/.exec(stderr) ?? [];
    if (table === undefined) throw cause;
    throw new Error(`${name} waited ${minutes(limits.lockMs)} for a table that somebody has locked: ${table}`, {
      cause,
    });
  }
}

/** A password goes through the environment: arguments are visible to everybody. */
function connection(url: string): { name: string; env: Record<string, string> } {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  return { name: address.href, env: { PGPASSWORD: password, PGOPTIONS: asSystem, PGCONNECT_TIMEOUT: '10' } };
}

/**
 * One consistent instant of the whole database, workflow engine included, while everything goes on; and how many rows each table of ours had at that
 * very instant.
 */
export async function dumpDatabase(
  bin: string,
  ownerUrl: string,
  file: string,
  limits = usualLimits,
): Promise<Record<string, number>> {
  const { name, env } = connection(ownerUrl);
  return await withClient(ownerUrl, async (client) => {
    await client.query('begin isolation level repeatable read, read only');
    const { rows } = await client.query<{ snapshot: string }>('select pg_export_snapshot() as snapshot');
    const args = ['--format=custom', '--enable-row-security', '--no-password', `--snapshot=${rows[0]?.snapshot}`];
    args.push(`--lock-wait-timeout=${limits.lockMs}`);
    await within(limits, join(bin, 'pg_dump'), [...args, '--file', file, '--dbname', name], env);
    return await countIn(client);
  });
}

/** Loads a dump into an empty database: all of it or nothing. */
export async function loadDatabase(bin: string, ownerUrl: string, file: string): Promise<void> {
  const { name, env } = connection(ownerUrl);
  const args = ['--exit-on-error', '--single-transaction', '--no-owner', '--no-password', '--dbname', name, file];
  await within(usualLimits, join(bin, 'pg_restore'), args, env);
}

/** Rows of every table of ours, by name. */
export async function countRows(ownerUrl: string): Promise<Record<string, number>> {
  return await withClient(ownerUrl, countIn);
}

async function withClient<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const options = `${asSystem} ${patiently}`;
  const client = new pg.Client({
    connectionString: ownerUrl,
    options,
    connectionTimeoutMillis: 10_000,
    query_timeout: usualLimits.totalMs,
    keepAlive: true, // a server that is gone without a word is noticed
  });
  // A connection that is lost between two questions: the next one says so.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    // A server that is gone does not answer this either.
    await Promise.race([client.end(), sleep(endTimeoutMs, undefined, { ref: false })]);
  }
}

async function countIn(client: pg.Client): Promise<Record<string, number>> {
  const names = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const counts: Record<string, number> = {};
  for (const { name } of names.rows) {
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${pg.escapeIdentifier(name)}`);
    counts[name] = Number(rows[0]?.n);
  }
  return counts;
}

/**
 * Runs `work` on the owner's address of an empty database in a cluster that exists only for that: reached by a socket, gone
 * afterwards.
 */
export async function withScratchDatabase<T>(work: (bin: string, ownerUrl: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'berth-panel-'));
  const data = join(directory, 'data');
  const bin = await postgresBin(data);
  try {
    if (isRoot()) {
      const { uid, gid } = await postgresUser();
      await chown(directory, uid, gid);
    }
    const initdb = ['--pgdata', data, '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust'];
    await asPostgres([join(bin, 'initdb'), ...initdb, '--no-sync', '--no-instructions']);
    const flags = `-c listen_addresses= -c unix_socket_directories=${directory} -c fsync=off`;
    const log = join(directory, 'log');
    await asPostgres([join(bin, 'pg_ctl'), '-D', data, '-l', log, '-o', flags, '--wait', 'start']);
    try {
      const psql = [
        join(bin, 'psql'),
        '-X',
        '-q',
        '-U',
        'postgres',
        '-h',
        directory,
        '-v',
        'ON_ERROR_STOP=1',
        '-f',
        '-',
      ];
      const roles = ['berth_owner', 'berth_web', 'berth_worker'].map((role) => `CREATE ROLE ${role} LOGIN;`).join('\n');
      const owned = `CREATE DATABASE berth OWNER berth_owner;\n\\connect berth\nALTER SCHEMA public OWNER TO berth_owner;`;
      await asPostgres(psql, `${roles}\n${owned}\n`);
      return await work(bin, `postgresql://berth_owner@localhost/berth?host=${encodeURIComponent(directory)}`);
    } finally {
      await asPostgres([join(bin, 'pg_ctl'), '-D', data, '--mode=immediate', '--wait', 'stop']);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
