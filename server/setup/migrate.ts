import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { engineGrants } from '#lib/workflows/engine-grants.ts';
import { nodeBinary, repoDir } from './context.ts';
import { writeFileDurably } from './files.ts';
import { run } from './run.ts';

/** A number nobody else locks: one migration at a time, also from two machines. */
const lockKey = 7_254_190_031;

/**
 * Brings a database up to this version: our tables, then those of the workflow engine (schema `dbos`), then what the roles
 * may do there. Needs the roles berth_web and berth_worker. Idempotent; a failed migration leaves the last whole one.
 */
export async function migrateDatabase(ownerUrl: string, folder = join(repoDir, 'drizzle')): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await migrate(drizzle(client), { migrationsFolder: folder });
    await migrateWorkflowEngine(ownerUrl);
    await client.query(engineGrants);
  } finally {
    await client.end();
  }
}

/**
 * The workflow engine's own migrations, by its own program. Once and here: two processes that start together would run
 * them at the same time and deadlock. The password goes through a file that is gone afterwards: arguments and environment show.
 */
async function migrateWorkflowEngine(ownerUrl: string): Promise<void> {
  const program = join(repoDir, 'node_modules/@dbos-inc/dbos-sdk/dist/src/cli/cli.js');
  const url = new URL(ownerUrl);
  // PostgreSQL's own format, where a colon and a backslash are escaped.
  const field = (text: string) => decodeURIComponent(text).replaceAll(/[\\:]/g, '\\$&');
  // With the user: the reader passes over lines as short as one with a short password would be.
  const line = `*:*:*:${field(url.username)}:${field(url.password)}\n`;
  url.password = '';
  const directory = await mkdtemp(join(tmpdir(), 'berth-migrate-'));
  try {
    const file = join(directory, 'pgpass');
    await writeFileDurably(file, line, { mode: 0o600 });
    await run(nodeBinary, [program, 'schema', url.href, '--schema', 'dbos', '--app-role', 'berth_worker'], {
      cwd: '/',
      env: { PGPASSFILE: file },
      timeoutMs: 120_000,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
