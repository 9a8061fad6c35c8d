import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { effectSync } from './fault.ts';

export type Value = SQLInputValue;
export type Row = Record<string, unknown>;

/**
 * One SQLite file, owned by this process alone (a second opener is refused for as long as this one lives; the lock dies with
 * the process). Every transaction is fsynced before {@link Database.write} returns.
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inside = false;

  /** Opens or makes the file and brings its schema to the newest of `migrations` (applied in order, each once). */
  constructor(path: string, migrations: readonly string[]) {
    const umask = process.umask(0o077); // the file and its log are root's alone
    try {
      this.#db = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 2000 });
      // EXCLUSIVE before WAL: no shared-memory file, and no second agent on the same state.
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    } finally {
      process.umask(umask);
    }
    const version = Number(this.get('PRAGMA user_version')?.user_version ?? 0);
    if (version > migrations.length) throw new Error(`${path} was written by a newer agent (schema ${version})`);
    migrations.slice(version).forEach((sql, index) => {
      this.write('DATABASE:MIGRATE', () => {
        this.#db.exec(sql);
        this.#db.exec(`PRAGMA user_version = ${version + index + 1}`);
      });
    });
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** A change; only within {@link write}, so that no change is without a name. Returns the number of rows changed. */
  change(sql: string, ...values: Value[]): number {
    if (!this.#inside) throw new Error('changes belong in a transaction');
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** One transaction under one label: all of `body` or, when it throws, nothing. `body` must not await. Does not nest. */
  write<T>(label: string, body: () => T): T {
    return effectSync(label, () => {
      if (this.#inside) throw new Error('transactions do not nest');
      this.#db.exec('BEGIN IMMEDIATE');
      this.#inside = true;
      try {
        const result = body();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk ends the transaction by itself.
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      } finally {
        this.#inside = false;
      }
    });
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** True when the file system of the file had no room: the transaction left nothing, and can be tried again. */
export function isFull(error: unknown): boolean {
  const sqliteFull = 13;
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteFull;
}

/** True for a violated UNIQUE or PRIMARY KEY constraint on the named column (`table.column`). */
export function isUniqueViolation(error: unknown, column: string): boolean {
  return error instanceof Error && error.message.includes('UNIQUE constraint failed') && error.message.includes(column);
}
