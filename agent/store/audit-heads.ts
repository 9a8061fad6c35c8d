import type { Database } from '#agent/sys/database.ts';
import type { AuditHead } from '#lib/contract/agent-trust.ts';
import { text } from './row.ts';

/** Signed heads of the panel's audit record. Two of one place and different hashes are both kept: that is what they are for. */
export class AuditHeadRecords {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Inside {@link Database.write}. One that is known is not written again. */
  keep(head: AuditHead, jws: string): void {
    this.#db.change(
      'INSERT INTO audit_heads (seq, hash, jws, taken_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      head.seq,
      head.hash,
      jws,
      new Date().toISOString(),
    );
  }

  /** Those beyond a place, in order; at most `limit`, and all of the last place among them. */
  after(seq: number, limit: number): string[] {
    const page = 'SELECT seq FROM audit_heads WHERE seq > ? ORDER BY seq LIMIT ?';
    return this.#db
      .all(
        `SELECT jws FROM audit_heads WHERE seq > ? AND seq <= (SELECT max(seq) FROM (${page})) ORDER BY seq, hash`,
        seq,
        seq,
        limit,
      )
      .map((row) => text(row, 'jws'));
  }
}
