import type { SetupContext } from '../setup/context.ts';
import { runSql } from '../setup/postgres.ts';

/** Renames a database of our own cluster, ending whoever uses it. False when there is no such database. */
export async function renameDatabase(context: SetupContext, from: string, to: string): Promise<boolean> {
  const found = await runSql(context, `SELECT 'found' FROM pg_database WHERE datname = '${from}';\n`);
  if (!found.includes('found')) return false;
  await runSql(
    context,
    `ALTER DATABASE ${from} ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${from}';
ALTER DATABASE ${from} RENAME TO ${to};
ALTER DATABASE ${to} ALLOW_CONNECTIONS true;
`,
  );
  return true;
}
