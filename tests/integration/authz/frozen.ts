import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '#lib/db/client.ts';

/** Columns that say only that somebody was here; they change with every request and decide nothing. */
const footprints: Record<string, string> = { api_tokens: 'last_used_at', sessions: 'last_seen_at' };

/** What somebody has written to since the rows were last put back. */
export type Traces = { tables: ReadonlySet<string> };

/**
 * A copy of the whole database to come back to, and hashes to see that nothing has changed. Triggers write down which tables anybody
 * writes to, so that only those are looked at and put back: there are some eighty, and thousands of requests. Footprints alone leave
 * no trace.
 */
export class Frozen {
  readonly #db: Db;
  readonly #tables: string[];
  readonly #ofTenants: string[];
  /** Hash of each table's rows, by tenant ('' for all of them), at the time of the copy. */
  readonly #parts = new Map<string, Map<string, string>>();
  /** Hash of each tenant's rows at the time of the copy. */
  readonly whenTaken: Record<string, string> = {};
  /** Hash of all rows at the time of the copy. */
  wholeWhenTaken = '';

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
      const looked = footprints[name] === undefined ? undefined : await columnsBut(db, name, footprints[name]);
      const update = looked === undefined ? 'update' : `update of ${looked.join(', ')}`;
      await db.execute(
        sql.raw(`create trigger frozen_touch after insert or delete or ${update} on public.${name}
          for each statement execute function frozen.touch()`),
      );
      await db.execute(
        sql.raw(`create trigger frozen_emptied after truncate on public.${name}
          for each statement execute function frozen.touch()`),
      );
      // Also for whoever switches triggers off, as tests do that tamper with the record.
      await db.execute(sql.raw(`alter table public.${name} enable always trigger frozen_touch`));
      await db.execute(sql.raw(`alter table public.${name} enable always trigger frozen_emptied`));
    }
    const frozen = new Frozen(db, names, ofTenants);
    frozen.#parts.set('', await frozen.#hashes(names, ''));
    const { rows: tenants } = await db.execute<{ id: string }>(sql`select id from tenants`);
    for (const { id } of tenants) {
      frozen.#parts.set(id, await frozen.#hashes(ofTenants, id));
      frozen.whenTaken[id] = await frozen.hashOf(id);
    }
    frozen.wholeWhenTaken = await frozen.hash();
    return frozen;
  }

  /** Asked once after a request, it serves for all that is then wanted to know. */
  async traces(): Promise<Traces> {
    const { rows } = await this.#db.execute<{ name: string }>(sql`select distinct name from frozen.touched`);
    return { tables: new Set(rows.map(({ name }) => name)) };
  }

  /** Of every row of every table. */
  async hash(traces?: Traces): Promise<string> {
    return this.#hash(this.#tables, '', traces ?? (await this.traces()));
  }

  /** Of the rows of one tenant. */
  async hashOf(tenantId: string, traces?: Traces): Promise<string> {
    return this.#hash(this.#ofTenants, tenantId, traces ?? (await this.traces()));
  }

  async #hash(tables: string[], tenantId: string, traces: Traces): Promise<string> {
    const then = this.#parts.get(tenantId) ?? new Map<string, string>();
    const now = await this.#hashes(
      tables.filter((name) => traces.tables.has(name)),
      tenantId,
    );
    const whole = createHash('sha256');
    for (const name of tables) whole.update(`${name} ${now.get(name) ?? then.get(name)}\n`);
    return whole.digest('hex');
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
  async restore(traces?: Traces): Promise<void> {
    const { tables } = traces ?? (await this.traces());
    if (tables.size === 0) return;
    const statements = [...tables].map(
      (name) => `delete from public.${name}; insert into public.${name} select * from frozen.copy_of_${name}`,
    );
    // Several statements sent as one are one transaction.
    await this.#db.execute(
      sql.raw(`set local session_replication_role = replica; ${statements.join('; ')}; delete from frozen.touched`),
    );
  }
}

async function columnsBut(db: Db, table: string, footprint: string): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select attname as name from pg_attribute
    where attrelid = ${`public.${table}`}::regclass and attnum > 0 and not attisdropped and attname <> ${footprint}`);
  return rows.map(({ name }) => name);
}
