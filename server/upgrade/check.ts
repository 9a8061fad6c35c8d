import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import type { Tree } from '../setup/release.ts';

const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) });

/**
 * Throws a sentence unless an installation of `from` may become `to`: portal and agent speak with the version next to theirs, and a
 * checkout that lacks a migration the database has is older than the database.
 */
export async function refuseUpgrade(from: Tree, to: Tree, ownerUrl: string): Promise<void> {
  const steps = to.contract - from.contract;
  if (steps < 0) throw new Error(`${to.repoDir} is version ${to.version}, which is older than ${from.version}.`);
  if (steps > 1) {
    throw new Error(`From ${from.version} to ${to.version} is too far: upgrade to a version between them first.`);
  }
  const missing = await migrationsLacking(to.repoDir, ownerUrl);
  if (missing > 0)
    throw new Error(`The database is newer than ${to.version}: ${missing} of its migrations are not here.`);
}

/** How many of the migrations that a database has seen a checkout does not have. */
export async function migrationsLacking(repoDir: string, ownerUrl: string): Promise<number> {
  const folder = join(repoDir, 'drizzle');
  const journal = Journal.parse(JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')));
  const ours = new Set<string>();
  for (const { tag } of journal.entries) {
    ours.add(
      createHash('sha256')
        .update(await readFile(join(folder, `${tag}.sql`)))
        .digest('hex'),
    );
  }
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ hash: string }>('select hash from drizzle.__drizzle_migrations');
    return rows.filter((row) => !ours.has(row.hash)).length;
  } finally {
    await client.end();
  }
}
