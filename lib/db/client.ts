import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Actor } from '../access/actor.ts';
import { scopeOf, staffOf } from '../access/authorize.ts';
import { BerthError } from '../contract/errors.ts';
import { processSlot } from '../process-slot.ts';

export type Db = NodePgDatabase<Record<string, never>> & { $client: pg.Pool };
/** Inside a transaction: what {@link withActor} hands to its work. */
export type Tx = NodePgDatabase<Record<string, never>>;

const idleInTransactionMs = 10_000;

/** A pool of connections. `url` names the role: the web's or the worker's, never the owner's. Close with `$client.end()`. */
export function createDb(
  url: string,
  options: { max?: number; applicationName?: string; queryTimeoutMs?: number } = {},
): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'berth',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    // Whoever is stopped in the middle of a transaction must not keep its locks from those who go on without it.
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  // A connection that the server closes while nothing is asked on it would end the process if nobody listened: an idle one,
  // which is replaced at the next use, or one in the middle of a transaction, whose next statement fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return drizzle(pool);
}

/**
 * Runs `work` in one transaction as the actor: row-level security sees scope, tenants and user through settings that end
 * with the transaction, so a pooled connection never carries an actor on. Rolls back when `work` throws.
 */
export async function withActor<T>(db: Db, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.$client.connect();
  let broken: Error | undefined;
  try {
    // One journey for both: a request makes two of these transactions, and journeys are most of what it costs.
    await client.query(`begin; ${settings(actor)}`);
    const result = await work(drizzle(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    if (isFull(error)) {
      throw new BerthError('no_space', "The disk with the panel's database is full; nothing was changed.", {
        remedy: 'Free some space on that disk, and ask again.',
        cause: error,
      });
    }
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Whether PostgreSQL says `disk_full`, maybe wrapped by drizzle. */
function isFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if ('code' in at && at.code === '53100') return true;
  return false;
}

/** The statement that says who is asking, until the transaction ends. */
function settings(actor: Actor): string {
  const scope = scopeOf(actor);
  const over = staffOf(actor);
  const staff = over === 'all' ? '' : over.join(',');
  const values = {
    'berth.actor_scope': scope.kind,
    'berth.actor_tenants': scope.kind === 'tenant' ? scope.tenantIds.join(',') : '',
    'berth.actor_containers': scope.kind === 'tenant' ? scope.containerIds.join(',') : '',
    'berth.actor_parts': scope.kind === 'tenant' ? scope.partTenantIds.join(',') : '',
    'berth.actor_staff': scope.kind === 'tenant' ? staff : '',
    'berth.actor_user': actor.kind === 'user' ? actor.userId : '',
  };
  const calls = Object.entries(values).map(
    ([name, value]) => `set_config('${name}', ${pg.escapeLiteral(value)}, true)`,
  );
  return `select ${calls.join(', ')}`;
}

const pool = processSlot<pg.Pool>('database');

/** Says which database this process works with. Called once, by a composition root (server/web.ts, server/worker.ts, tests). */
export function setDatabase(db: Db): void {
  pool.set(db.$client);
}

let wrapped: { pool: pg.Pool; db: Db } | undefined;

/** The process's database. Throws when no composition root has named one. */
export function database(): Db {
  const current = pool.get();
  if (wrapped?.pool !== current) wrapped = { pool: current, db: drizzle(current) };
  return wrapped.db;
}

/** {@link withActor} on the process's database: what verbs use. */
export function asActor<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withActor(database(), actor, work);
}
