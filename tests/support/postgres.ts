import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { hashSources } from '#server/setup/build.ts';
import { repoDir } from '#server/setup/context.ts';
import { withFileLock } from '#server/setup/lock.ts';

const bin = '/usr/lib/postgresql/15/bin';
const roles = ['berth_owner', 'berth_web', 'berth_worker'] as const;

export type TestPostgres = {
  ownerUrl: string;
  webUrl: string;
  workerUrl: string;
  /** As the cluster's superuser: for looking, never for the product. */
  superUrl: string;
  /** Ends the server by this signal to its first process (SIGQUIT: "immediate") and starts it again on the same address. */
  crash(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
  stop(): Promise<void>;
};

/** `durable`: as a real one writes. `below`: the directory its files lie in, else the temporary one. `migrated`: with the portal's tables. */
export type PostgresOptions = { durable?: boolean; below?: string; migrated?: boolean };

/** An address on loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });
}

/**
 * A PostgreSQL cluster of the test's own, in a temporary directory, with the portal's three roles and a database `berth`, empty or
 * `migrated`. Not durable unless asked for. It ends with the test process even when that is killed: the server sees its pipe close.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<TestPostgres> {
  return startFrom(await pattern(options.migrated === true), options);
}

/** A cluster's files as they are before a test: made once, for making them takes longer than many a test. */
async function pattern(migrated: boolean): Promise<string> {
  const kept = join(repoDir, '.build/test-databases');
  const version = execFileSync(`${bin}/postgres`, ['--version'], { encoding: 'utf8' }).trim();
  const made = createHash('sha256')
    .update(version)
    .update(await hashSources(repoDir, ['drizzle', 'tests/support/postgres.ts']));
  const path = join(kept, `${migrated ? 'migrated' : 'empty'}-${made.digest('hex').slice(0, 16)}`);
  if (existsSync(path)) return path;
  mkdirSync(kept, { recursive: true });
  await withFileLock(join(kept, 'lock'), async () => {
    if (existsSync(path)) return;
    const part = `${path}.part`;
    rmSync(part, { recursive: true, force: true });
    const postgres = await startFrom(null, {});
    try {
      const inside = new pg.Client({ connectionString: postgres.superUrl });
      await inside.connect();
      await inside.query('alter schema public owner to berth_owner');
      await inside.end();
      if (migrated) await migrateTables(postgres.ownerUrl);
      await postgres.stop((data) => copyTree(data, part));
    } catch (error) {
      await postgres.stop();
      throw error;
    }
    renameSync(part, path);
  });
  return path;
}

async function migrateTables(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: join(repoDir, 'drizzle') });
  await client.end();
}

const copyTree = (from: string, to: string) => void execFileSync('cp', ['-a', '--reflink=auto', from, to]);

type Stoppable = Omit<TestPostgres, 'stop'> & { stop(keep?: (data: string) => void): Promise<void> };

/** `from`: a cluster's files, which are copied; else it is new, with roles and an empty database. */
async function startFrom(from: string | null, options: PostgresOptions): Promise<Stoppable> {
  const directory = mkdtempSync(join(options.below ?? tmpdir(), 'berth-pg-'));
  const root = process.getuid?.() === 0;
  const number = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const identity = root ? { uid: number('-u'), gid: number('-g') } : {};
  if (identity.uid !== undefined) chownSync(directory, identity.uid, identity.gid);
  const data = join(directory, 'data');
  if (from === null) {
    const like = ['-U', 'super', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
    execFileSync(`${bin}/initdb`, ['-D', data, ...like], {
      ...identity,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } else copyTree(from, data);
  let port = 0;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    max_connections: 60,
    shared_buffers: '32MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Ends the server when its input ends, which it does when this process is gone, however that came about.
  const script =
    'exec 3<&0; "$@" 3<&- & p=$!; { read -r _ <&3; kill -INT $p; } 2>/dev/null & r=$!; wait $p; kill $r 2>/dev/null';
  const launch = () =>
    spawn('/bin/sh', ['-c', script, 'sh', `${bin}/postgres`, '-D', data, '-c', `port=${port}`, ...flags], {
      ...identity,
      cwd: directory,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  const url = (user: string, database = 'berth') => `postgresql://${user}@127.0.0.1:${port}/${database}`;
  let server: ChildProcess;
  let said = '';
  /** Whether it has come up; what it said of it is in `said`. */
  const comesUp = () => {
    server = launch();
    said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    return untilUp(url('super', 'postgres'), server);
  };
  for (let tries = 1; ; tries += 1) {
    port = await freePort(); // somebody else may be quicker to take it
    if (await comesUp()) break;
    if (tries === 5) throw new Error(`PostgreSQL does not start: ${said}`);
  }
  if (from === null) {
    const client = new pg.Client({ connectionString: url('super', 'postgres') });
    await client.connect();
    for (const role of roles) await client.query(`create role ${role} login nobypassrls nosuperuser`);
    await client.query('create database berth owner berth_owner');
    await client.end();
  }
  return {
    ownerUrl: url('berth_owner'),
    webUrl: url('berth_web'),
    workerUrl: url('berth_worker'),
    superUrl: url('super'),
    crash: async (signal) => {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, signal);
      await end(server);
      // Its other processes notice at their own pace, and as long as one lives the next server refuses to start.
      for (const until = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
        if (await comesUp()) return;
        if (Date.now() > until) throw new Error(`PostgreSQL does not start again: ${said}`);
      }
    },
    stop: async (keep?: (data: string) => void) => {
      await end(server);
      keep?.(data);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Ends the shell around the server, and with it the server. */
async function end(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  shell.stdin?.end();
  await ended;
}

/** False when the server that was to come up has ended. */
async function untilUp(connectionString: string, server: ChildProcess): Promise<boolean> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      if (server.exitCode !== null) return false;
      if (tries > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
