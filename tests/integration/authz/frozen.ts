import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '#lib/db/client.ts';

/** Columns that say only that somebody was here; they change with every request and decide nothing. */
const footprints: Record<string, string> = { api_tokens: 'last_used_at', sessions: 'last_seen_at' };

/**
 * A copy of the whole database to come back to, and hashes to see that nothing has changed. Triggers write down which tables anybody
 * writes to, so that only those are looked at and put back: there are some eighty, and thousands of requests.
 */
export class Frozen {
  readonly #db: Db;
  readonly #tables: string[];
  readonly #ofTenants: string[];
  /** Hash of each table's rows, by tenant ('' for all of them), at the time of the copy. */
  readonly #parts = new Map<string, Map<string, string>>();
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
    await db.execute(sql`create table frozen.touched (name text)`);
    await db.execute(sql`
      create function frozen.touch() returns trigger language plpgsql security definer as
      $$ begin insert into frozen.touched values (tg_table_name); return null; end $$`);
    for (const name of names) {
      await db.execute(sql.raw(`create table frozen.copy_of_${name} as table public.${name}`));
      await db.execute(
        sql.raw(`create trigger frozen_touch after insert or update or delete or truncate on public.${name}
          for each statement execute function frozen.touch()`),
      );
      // Also for whoever switches triggers off, as tests do that tamper with the record.
      await db.execute(sql.raw(`alter table public.${name} enable always trigger frozen_touch`));
    }
    const frozen = new Frozen(db, names, ofTenants);
    frozen.#parts.set('', await frozen.#hashes(names, ''));
    const { rows: tenants } = await db.execute<{ id: string }>(sql`select id from tenants`);
    for (const { id } of tenants) {
      frozen.#parts.set(id, await frozen.#hashes(ofTenants, id));
      frozen.whenTaken[id] = await frozen.hashOf(id);
    }
    return frozen;
  }

  /** Of every row of every table. */
  hash(): Promise<string> {
    return this.#hash(this.#tables, '');
  }

  /** Of the rows of one tenant. */
  hashOf(tenantId: string): Promise<string> {
    return this.#hash(this.#ofTenants, tenantId);
  }

  async #hash(tables: string[], tenantId: string): Promise<string> {
    const touched = new Set(await this.#touched());
    const then = this.#parts.get(tenantId) ?? new Map<string, string>();
    const now = await this.#hashes(
      tables.filter((name) => touched.has(name)),
      tenantId,
    );
    const whole = createHash('sha256');
    for (const name of tables) whole.update(`${name} ${now.get(name) ?? then.get(name)}\n`);
    return whole.digest('hex');
  }

  async #touched(): Promise<string[]> {
    const { rows } = await this.#db.execute<{ name: string }>(sql`select distinct name from frozen.touched`);
    return rows.map(({ name }) => name);
  }

  async #hashes(tables: string[], tenantId: string): Promise<Map<string, string>> {
    const parts = tables
      .filter((name) => name !== 'audit_unsealed')
      .map((name) => {
        const row = `to_jsonb(t) - '${footprints[name] ?? '-'}'`;
        const only = [
          ...(tenantId === '' ? [] : [`tenant_id = '${tenantId}'`]),
          // What is refused leaves a record of that, which waits for its seal, and nothing else.
          ...(name === 'audit_log' ? ["outcome <> 'denied'"] : []),
        ];
        const where = only.length === 0 ? '' : `where ${only.join(' and ')}`;
        return `select '${name}' as name, coalesce(md5(string_agg(md5((${row})::text), '' order by md5((${row})::text))), '') as hash from public.${name} t ${where}`;
      });
    if (parts.length === 0) return new Map();
    const { rows } = await this.#db.execute<{ name: string; hash: string }>(sql.raw(parts.join(' union all ')));
    return new Map(rows.map(({ name, hash }) => [name, hash]));
  }

  /** Puts every row back. Keys and triggers are off meanwhile. */
  async restore(): Promise<void> {
    const touched = await this.#touched();
    if (touched.length === 0) return;
    const statements = touched.map(
      (name) => `delete from public.${name}; insert into public.${name} select * from frozen.copy_of_${name}`,
    );
    await this.#db.transaction((tx) =>
      tx.execute(
        sql.raw(`set local session_replication_role = replica; ${statements.join('; ')}; truncate frozen.touched`),
      ),
    );
  }
}
