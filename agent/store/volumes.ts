import { z } from 'zod';
import type { Database, Row } from '#agent/sys/database.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { Resources } from '#lib/contract/fields.ts';
import { Digest } from '#lib/contract/ids.ts';
import { TemplateRef } from '#lib/contract/templates.ts';
import { integer, text, textOrNull, word } from './row.ts';

export type VolumeRecord = {
  id: string;
  containerId: string;
  state: 'preparing' | 'spare' | 'current' | 'retained' | 'discarded';
  ownerAction: string | null;
  quotaBytes: number;
  quotaInodes: number;
  appliedBytes: number;
  reservedBytes: number;
  /** Layers its files were written over; kept on the host for as long as the volume is. */
  layers: Digest[];
  /** When a swap put it aside; null: it is not, or an agent did that which did not write it down. */
  retainedAt: Date | null;
  /** Of a volume that a swap put aside: what was shown at /old beside it. */
  old: Shown | null;
};

/** A system shown read-only at /old. */
export type Shown = { volumeId: string; template: TemplateRef };

export type SnapshotRecord = {
  id: string;
  containerId: string;
  volumeId: string;
  state: 'preparing' | 'present';
  ownerAction: string | null;
  reservedBytes: number;
  template: TemplateRef;
  resources: Resources;
  hostname: string;
  /** Until somebody deletes it. */
  kept: boolean;
  createdAt: Date;
};

/** What may be promised altogether: the pool less what is kept free and what layers take. */
export type Capacity = { promisableBytes: number };

/** Volumes and snapshots with what they reserve of the pool. Methods that change are called inside {@link Database.write}. */
export class VolumeRecords {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  find(id: string): VolumeRecord | undefined {
    const row = this.#db.get('SELECT * FROM volumes WHERE id = ?', id);
    return row === undefined ? undefined : volume(row);
  }

  list(): VolumeRecord[] {
    return this.#db.all('SELECT * FROM volumes ORDER BY id').map(volume);
  }

  ofContainer(containerId: string): VolumeRecord[] {
    return this.#db.all('SELECT * FROM volumes WHERE container_id = ? ORDER BY id', containerId).map(volume);
  }

  reservedBytes(): number {
    const row = this.#db.get(
      `SELECT (SELECT coalesce(sum(reserved_bytes), 0) FROM volumes) +
              (SELECT coalesce(sum(reserved_bytes), 0) FROM snapshots) +
              (SELECT coalesce(sum(reserved_bytes), 0) FROM transfers) AS total`,
    );
    return Number(row?.total ?? 0);
  }

  /** Reserves and records a volume that `ownerAction` is about to make; `no_space` when the pool cannot promise it. */
  insertPreparing(
    row: {
      id: string;
      containerId: string;
      ownerAction: string;
      bytes: number;
      inodes: number;
      layers: readonly Digest[];
    },
    capacity: Capacity,
  ): void {
    if (this.find(row.id) !== undefined) throw new BerthError('conflict', 'This volume exists already.');
    this.#db.change(
      `INSERT INTO volumes (id, container_id, state, owner_action, quota_bytes, quota_inodes, applied_bytes, reserved_bytes, layers, created_at)
       VALUES (?, ?, 'preparing', ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.containerId,
      row.ownerAction,
      row.bytes,
      row.inodes,
      row.bytes,
      row.bytes,
      JSON.stringify(row.layers),
      new Date().toISOString(),
    );
    this.check(capacity);
  }

  setState(id: string, state: 'spare' | 'current' | 'retained' | 'discarded'): void {
    this.#db.change(
      'UPDATE volumes SET state = ?, owner_action = NULL, retained_at = ? WHERE id = ?',
      state,
      state === 'retained' ? new Date().toISOString() : null,
      id,
    );
  }

  setLayers(id: string, layers: readonly Digest[]): void {
    this.#db.change('UPDATE volumes SET layers = ? WHERE id = ?', JSON.stringify(layers), id);
  }

  setOld(id: string, old: Shown | null): void {
    this.#db.change(
      'UPDATE volumes SET old_volume_id = ?, old_template = ? WHERE id = ?',
      old?.volumeId ?? null,
      old === null ? null : JSON.stringify(old.template),
      id,
    );
  }

  /** A retained volume can no longer grow: it reserves what it holds. */
  reserve(id: string, bytes: number, capacity?: Capacity): void {
    this.#db.change('UPDATE volumes SET reserved_bytes = ? WHERE id = ?', bytes, id);
    if (capacity !== undefined) this.check(capacity);
  }

  /** A new quota: `no_space` when the pool cannot promise the difference. Null: what is taken back is not asked for. */
  setQuota(id: string, bytes: number, inodes: number, capacity: (() => Capacity) | null): void {
    const before = this.find(id);
    this.#db.change(
      'UPDATE volumes SET quota_bytes = ?1, quota_inodes = ?2, reserved_bytes = ?1 WHERE id = ?3',
      bytes,
      inodes,
      id,
    );
    if (before !== undefined && bytes > before.reservedBytes && capacity !== null) this.check(capacity());
  }

  setApplied(id: string, bytes: number): void {
    this.#db.change('UPDATE volumes SET applied_bytes = ? WHERE id = ?', bytes, id);
  }

  remove(id: string): void {
    this.#db.change('DELETE FROM volumes WHERE id = ?', id);
  }

  findSnapshot(id: string): SnapshotRecord | undefined {
    const row = this.#db.get('SELECT * FROM snapshots WHERE id = ?', id);
    return row === undefined ? undefined : snapshot(row);
  }

  listSnapshots(): SnapshotRecord[] {
    return this.#db.all('SELECT * FROM snapshots ORDER BY id').map(snapshot);
  }

  insertSnapshot(row: Omit<SnapshotRecord, 'state' | 'createdAt'> & { ownerAction: string }, capacity: Capacity): void {
    if (this.findSnapshot(row.id) !== undefined) throw new BerthError('conflict', 'This snapshot exists already.');
    this.#db.change(
      `INSERT INTO snapshots (id, container_id, volume_id, state, owner_action, reserved_bytes, template, resources, hostname, kept, created_at)
       VALUES (?, ?, ?, 'preparing', ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.containerId,
      row.volumeId,
      row.ownerAction,
      row.reservedBytes,
      JSON.stringify(row.template),
      JSON.stringify(row.resources),
      row.hostname,
      row.kept ? 1 : 0,
      new Date().toISOString(),
    );
    this.check(capacity);
  }

  markSnapshotPresent(id: string, bytes: number): void {
    this.#db.change(
      "UPDATE snapshots SET state = 'present', owner_action = NULL, reserved_bytes = ? WHERE id = ?",
      bytes,
      id,
    );
  }

  removeSnapshot(id: string): void {
    this.#db.change('DELETE FROM snapshots WHERE id = ?', id);
  }

  /** In the same transaction as the change it judges: all that is reserved must fit. */
  check(capacity: Capacity): void {
    const reserved = this.reservedBytes();
    if (reserved > capacity.promisableBytes) {
      throw new BerthError('no_space', 'The server has not enough free storage for this.', {
        inside: `reserved would be ${reserved} of ${capacity.promisableBytes} bytes`,
      });
    }
  }
}

const Layers = z.array(Digest);

function volume(row: Row): VolumeRecord {
  return {
    id: text(row, 'id'),
    containerId: text(row, 'container_id'),
    state: word(row, 'state', ['preparing', 'spare', 'current', 'retained', 'discarded']),
    ownerAction: textOrNull(row, 'owner_action'),
    quotaBytes: integer(row, 'quota_bytes'),
    quotaInodes: integer(row, 'quota_inodes'),
    appliedBytes: integer(row, 'applied_bytes'),
    reservedBytes: integer(row, 'reserved_bytes'),
    layers: Layers.parse(JSON.parse(text(row, 'layers'))),
    retainedAt: dateOrNull(textOrNull(row, 'retained_at')),
    old: shown(textOrNull(row, 'old_volume_id'), textOrNull(row, 'old_template')),
  };
}

const dateOrNull = (value: string | null) => (value === null ? null : new Date(value));

/** As two columns hold it. */
export function shown(volumeId: string | null, template: string | null): Shown | null {
  if (volumeId === null || template === null) return null;
  return { volumeId, template: TemplateRef.parse(JSON.parse(template)) };
}

function snapshot(row: Row): SnapshotRecord {
  return {
    id: text(row, 'id'),
    containerId: text(row, 'container_id'),
    volumeId: text(row, 'volume_id'),
    state: word(row, 'state', ['preparing', 'present']),
    ownerAction: textOrNull(row, 'owner_action'),
    reservedBytes: integer(row, 'reserved_bytes'),
    template: TemplateRef.parse(JSON.parse(text(row, 'template'))),
    resources: Resources.parse(JSON.parse(text(row, 'resources'))),
    hostname: text(row, 'hostname'),
    kept: integer(row, 'kept') === 1,
    createdAt: new Date(text(row, 'created_at')),
  };
}
