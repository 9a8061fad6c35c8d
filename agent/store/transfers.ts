import type { Database, Row } from '#agent/sys/database.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { integer, text, textOrNull, word } from './row.ts';
import type { Capacity } from './volumes.ts';

/** export: a container in one file, to be fetched. upload: an archive that comes in pieces, of nobody yet. */
export type TransferRecord = {
  id: string;
  kind: 'export' | 'upload';
  containerId: string | null;
  state: 'preparing' | 'present';
  ownerAction: string | null;
  /** What the whole of it takes, or may come to take. */
  reservedBytes: number;
  expiresAt: Date;
};

/** Archives on the pool. Methods that change are called inside {@link Database.write}. */
export class TransferRecords {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  find(id: string): TransferRecord | undefined {
    const row = this.#db.get('SELECT * FROM transfers WHERE id = ?', id);
    return row === undefined ? undefined : transfer(row);
  }

  list(): TransferRecord[] {
    return this.#db.all('SELECT * FROM transfers ORDER BY id').map(transfer);
  }

  /** Takes its place: `no_space` when all archives together would take more than `mostBytes`. The caller checks the pool. */
  insert(row: Omit<TransferRecord, 'state'>, mostBytes: number): void {
    if (this.find(row.id) !== undefined) throw new BerthError('conflict', 'This archive exists already.');
    this.#db.change(
      `INSERT INTO transfers (id, kind, container_id, state, owner_action, reserved_bytes, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.kind,
      row.containerId,
      row.ownerAction === null ? 'present' : 'preparing',
      row.ownerAction,
      row.reservedBytes,
      row.expiresAt.toISOString(),
    );
    const total = this.list().reduce((sum, one) => sum + one.reservedBytes, 0);
    if (total > mostBytes) {
      throw new BerthError(
        'no_space',
        'The server has no room for another archive now. Exported ones go after a day.',
        {
          inside: `archives would take ${total} of ${mostBytes} bytes`,
        },
      );
    }
  }

  markPresent(id: string, bytes: number): void {
    this.#db.change(
      "UPDATE transfers SET state = 'present', owner_action = NULL, reserved_bytes = ? WHERE id = ?",
      bytes,
      id,
    );
  }

  remove(id: string): void {
    this.#db.change('DELETE FROM transfers WHERE id = ?', id);
  }
}

/** Archives may take this part of what the pool can promise; the rest is containers'. */
export const transferShare = (capacity: Capacity) => Math.floor(capacity.promisableBytes / 4);

function transfer(row: Row): TransferRecord {
  return {
    id: text(row, 'id'),
    kind: word(row, 'kind', ['export', 'upload']),
    containerId: textOrNull(row, 'container_id'),
    state: word(row, 'state', ['preparing', 'present']),
    ownerAction: textOrNull(row, 'owner_action'),
    reservedBytes: integer(row, 'reserved_bytes'),
    expiresAt: new Date(text(row, 'expires_at')),
  };
}
