import { sql } from 'drizzle-orm';
import type { Db } from '#lib/db/client.ts';

/** Columns that say only that somebody was here; they change with every request and decide nothing. */
const footprints: Record<string, string> = { api_tokens: 'last_used_at', sessions: 'last_seen_at' };

/** A copy of the whole database to come back to, and hashes to see that nothing has changed. */
export class Frozen {
  readonly #db: Db;
  readonly #tables: string[];
  readonly #ofTenants: string[];
  /** Hash of each tenant's rows at the time of the copy. */
  readonly whenTaken: Record<string, string> = {};

  private constructor(db: Db, tables: string[], ofTenants: string[]) {
    this.#db = db;
    this.#tables = tables;
    this.#ofTenants = ofTenants;
  }

  static async take(db: Db): Promise<Frozen> {
    const { rows } = await db.execute<{ name: string; tenant: boolean }>(sql`
      select c.relname as name,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as tenant
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`);
    const names = rows.map((row) => row.name);
    const ofTenants = rows.filter((row) => row.tenant).map((row) => row.name);
    await db.execute(sql`create schema frozen`);
    for (const name of names) await db.execute(sql.raw(`create table frozen.${name} as table public.${name}`));
    const frozen = new Frozen(db, names, ofTenants);
    const { rows: tenants } = await db.execute<{ id: string }>(sql`select id from tenants`);
    for (const { id } of tenants) frozen.whenTaken[id] = await frozen.hashOf(id);
    return frozen;
  }

  /** Of every row of every table. */
  hash(): Promise<string> {
    return this.#hash(this.#tables, '');
  }

  /** Of the rows of one tenant. */
  hashOf(tenantId: string): Promise<string> {
    return this.#hash(this.#ofTenants, `where tenant_id = '${tenantId}'`);
  }

  async #hash(tables: string[], where: string): Promise<string> {
    const parts = tables
      .filter((name) => name !== 'audit_unsealed')
      .map((name) => {
        const row = `to_jsonb(t) - '${footprints[name] ?? '-'}'`;
        // What is refused leaves a record of that, which waits for its seal, and nothing else.
        const only = name !== 'audit_log' ? where : `${where === '' ? 'where' : `${where} and`} outcome <> 'denied'`;
        return `select '${name}' || coalesce(md5(string_agg(md5((${row})::text), '' order by md5((${row})::text))), '') as part from ${name} t ${only}`;
      });
    const { rows } = await this.#db.execute<{ hash: string }>(
      sql.raw(`select md5(string_agg(part, '' order by part)) as hash from (${parts.join(' union all ')}) x`),
    );
    return rows[0]?.hash ?? '';
  }

  /** Puts every row back. Keys and triggers are off meanwhile. */
  async restore(): Promise<void> {
    // Of the few rows there are, deleting is quicker by far than truncating, which makes new files for every table and index.
    const statements = this.#tables.map(
      (name) => `delete from public.${name}; insert into public.${name} select * from frozen.${name}`,
    );
    await this.#db.transaction((tx) =>
      tx.execute(sql.raw(`set local session_replication_role = replica; ${statements.join('; ')}`)),
    );
  }
}
