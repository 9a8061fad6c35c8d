import { z } from 'zod';
import type { Database, Row } from '#agent/sys/database.ts';
import { Resources } from '#lib/contract/fields.ts';
import { Exit, keptExits, normalStartPriority, RestartPolicy } from '#lib/contract/restarts.ts';
import type { Desired } from '#lib/contract/states.ts';
import { TemplateRef } from '#lib/contract/templates.ts';
import { integer, text, textOrNull, word } from './row.ts';
import { type Shown, shown } from './volumes.ts';

const Exits = z.array(Exit);

export type ContainerRecord = {
  id: string;
  state: 'preparing' | 'present' | 'deleting';
  ownerAction: string | null;
  tenantId: string;
  name: string;
  hostname: string;
  desired: Desired;
  idBase: number;
  address: string;
  volumeId: string;
  template: TemplateRef;
  resources: Resources;
  /** Shown read-only at /old. */
  old: Shown | null;
  /** A rescue system runs in place of the container's own. */
  repair: Repair | null;
  bootsWanted: number;
  bootsDone: number;
  bootId: string | null;
  /** When `desired` last changed. */
  since: string;
  /** The latest ends, newest first; at most {@link keptExits}. */
  exits: Exit[];
  restartPolicy: RestartPolicy;
  /** Higher starts earlier after a boot of the host. */
  startPriority: number;
  /** How many of `exits` happened since a person last started or stopped it; older ones no longer weigh against it. */
  weighing: number;
};

/** `volumeId`: the rescue system's. `before`: what was desired when the repair began. */
export type Repair = { volumeId: string; readOnly: boolean; before: Desired };

/** Width of one container's range of user ids. */
export const idRange = 65_536;
const lastId = 4_294_967_295;

/** The containers of this host. Methods that change are called inside {@link Database.write}. */
export class Containers {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  find(id: string): ContainerRecord | undefined {
    const row = this.#db.get('SELECT * FROM containers WHERE id = ?', id);
    return row === undefined ? undefined : record(row);
  }

  list(): ContainerRecord[] {
    return this.#db.all('SELECT * FROM containers ORDER BY id').map(record);
  }

  /** Of containers, and those kept for others than `containerId` that can be had back. */
  takenAddresses(containerId = ''): Set<string> {
    const kept = 'SELECT address FROM kept_addresses WHERE until > ? AND container_id <> ?';
    const rows = this.#db.all(`SELECT address FROM containers UNION ${kept}`, new Date().toISOString(), containerId);
    return new Set(rows.map((row) => text(row, 'address')));
  }

  /** The address a deleted container had and nobody else got since; undefined when none was kept. */
  keptAddress(containerId: string): string | undefined {
    const row = this.#db.get('SELECT address FROM kept_addresses WHERE container_id = ?', containerId);
    return row === undefined ? undefined : text(row, 'address');
  }

  /** One that is kept for it already stays the one; those whose time is over go. */
  keepAddress(containerId: string, address: string, until: Date): void {
    this.#db.change('DELETE FROM kept_addresses WHERE until <= ? OR address = ?', new Date().toISOString(), address);
    this.#db.change(
      `INSERT INTO kept_addresses (container_id, address, until) VALUES (?, ?, ?)
       ON CONFLICT (container_id) DO UPDATE SET until = excluded.until`,
      containerId,
      address,
      until.toISOString(),
    );
  }

  forgetAddress(containerId: string): void {
    this.#db.change('DELETE FROM kept_addresses WHERE container_id = ?', containerId);
  }

  /** First free range of ids from `from` up. */
  freeIdBase(from: number): number {
    const taken = new Set(this.#db.all('SELECT id_base FROM containers').map((row) => integer(row, 'id_base')));
    for (let base = from; base + idRange - 1 <= lastId; base += idRange) if (!taken.has(base)) return base;
    throw new Error('no range of user ids is free');
  }

  insertPreparing(
    row: Pick<
      ContainerRecord,
      'id' | 'tenantId' | 'name' | 'hostname' | 'idBase' | 'address' | 'volumeId' | 'template' | 'resources'
    > &
      Partial<Pick<ContainerRecord, 'restartPolicy' | 'startPriority'>> & { ownerAction: string },
  ): void {
    this.#db.change(
      `INSERT INTO containers (id, state, owner_action, tenant_id, name, hostname, id_base, address, volume_id, template, resources,
                               restart_policy, start_priority, since)
       VALUES (?, 'preparing', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.ownerAction,
      row.tenantId,
      row.name,
      row.hostname,
      row.idBase,
      row.address,
      row.volumeId,
      JSON.stringify(row.template),
      JSON.stringify(row.resources),
      row.restartPolicy ?? 'on-failure',
      row.startPriority ?? normalStartPriority,
      new Date().toISOString(),
    );
  }

  markPresent(id: string): void {
    this.#db.change("UPDATE containers SET state = 'present', owner_action = NULL WHERE id = ?", id);
  }

  markDeleting(id: string): void {
    this.#db.change(
      "UPDATE containers SET state = 'deleting', owner_action = NULL, desired = 'stopped', since = ? WHERE id = ?",
      new Date().toISOString(),
      id,
    );
  }

  setDesired(id: string, desired: Desired): void {
    this.#db.change(
      'UPDATE containers SET since = CASE WHEN desired = ?1 THEN since ELSE ?2 END, desired = ?1 WHERE id = ?3',
      desired,
      new Date().toISOString(),
      id,
    );
  }

  /** From now on a boot is owed: whatever runs is older than what was asked for. */
  wantBoot(id: string): void {
    this.#db.change('UPDATE containers SET boots_wanted = boots_done + 1 WHERE id = ?', id);
  }

  /** The boot that is about to happen pays what was owed. */
  beginBoot(id: string, bootId: string): void {
    this.#db.change(
      'UPDATE containers SET boots_done = max(boots_wanted, boots_done), boot_id = ? WHERE id = ?',
      bootId,
      id,
    );
  }

  /** The newest end, before those known. */
  addExit(id: string, exit: Exit): void {
    const exits = [exit, ...(this.find(id)?.exits ?? [])].slice(0, keptExits);
    this.#db.change(
      'UPDATE containers SET exits = ?, weighing = min(weighing + 1, ?) WHERE id = ?',
      JSON.stringify(exits),
      exits.length,
      id,
    );
  }

  /** A person acted: from now on the container is as good as new. */
  forgive(id: string): void {
    this.#db.change('UPDATE containers SET weighing = 0 WHERE id = ?', id);
  }

  /** What is absent stays. */
  setStartup(
    id: string,
    startup: { restartPolicy?: RestartPolicy | undefined; startPriority?: number | undefined },
  ): void {
    this.#db.change(
      `UPDATE containers SET restart_policy = coalesce(?, restart_policy), start_priority = coalesce(?, start_priority)
       WHERE id = ?`,
      startup.restartPolicy ?? null,
      startup.startPriority ?? null,
      id,
    );
  }

  setResources(id: string, resources: Resources): void {
    this.#db.change('UPDATE containers SET resources = ? WHERE id = ?', JSON.stringify(resources), id);
  }

  /** Whose it is, and what it is called there. */
  setTenant(id: string, { tenantId, name }: { tenantId: string; name: string }): void {
    this.#db.change('UPDATE containers SET tenant_id = ?, name = ? WHERE id = ?', tenantId, name, id);
  }

  setHostname(id: string, hostname: string): void {
    this.#db.change('UPDATE containers SET hostname = ? WHERE id = ?', hostname, id);
  }

  setSystem(id: string, volumeId: string, template: TemplateRef, old: ContainerRecord['old']): void {
    this.#db.change(
      'UPDATE containers SET volume_id = ?, template = ?, old_volume_id = ?, old_template = ? WHERE id = ?',
      volumeId,
      JSON.stringify(template),
      old?.volumeId ?? null,
      old === null ? null : JSON.stringify(old.template),
      id,
    );
  }

  forgetOld(volumeId: string): void {
    this.#db.change(
      'UPDATE containers SET old_volume_id = NULL, old_template = NULL WHERE old_volume_id = ?',
      volumeId,
    );
  }

  beginRepair(id: string, repair: Repair): void {
    this.#db.change(
      'UPDATE containers SET repair_volume_id = ?, repair_read_only = ?, repair_before = ? WHERE id = ?',
      repair.volumeId,
      repair.readOnly ? 1 : 0,
      repair.before,
      id,
    );
    this.setDesired(id, 'running');
  }

  /** Desired is again what it was before. */
  endRepair(id: string): void {
    const repair = this.find(id)?.repair;
    if (repair == null) return;
    this.setDesired(id, repair.before);
    this.#db.change(
      'UPDATE containers SET repair_volume_id = NULL, repair_read_only = NULL, repair_before = NULL WHERE id = ?',
      id,
    );
  }

  remove(id: string): void {
    this.#db.change('DELETE FROM containers WHERE id = ?', id);
  }
}

function record(row: Row): ContainerRecord {
  return {
    id: text(row, 'id'),
    state: word(row, 'state', ['preparing', 'present', 'deleting']),
    ownerAction: textOrNull(row, 'owner_action'),
    tenantId: text(row, 'tenant_id'),
    name: text(row, 'name'),
    hostname: text(row, 'hostname'),
    desired: word(row, 'desired', ['running', 'stopped']),
    idBase: integer(row, 'id_base'),
    address: text(row, 'address'),
    volumeId: text(row, 'volume_id'),
    template: TemplateRef.parse(JSON.parse(text(row, 'template'))),
    resources: Resources.parse(JSON.parse(text(row, 'resources'))),
    old: shown(textOrNull(row, 'old_volume_id'), textOrNull(row, 'old_template')),
    repair: repairOf(row),
    bootsWanted: integer(row, 'boots_wanted'),
    bootsDone: integer(row, 'boots_done'),
    bootId: textOrNull(row, 'boot_id'),
    since: text(row, 'since'),
    exits: Exits.parse(JSON.parse(text(row, 'exits'))),
    restartPolicy: word(row, 'restart_policy', RestartPolicy.options),
    startPriority: integer(row, 'start_priority'),
    weighing: integer(row, 'weighing'),
  };
}

function repairOf(row: Row): Repair | null {
  const volumeId = textOrNull(row, 'repair_volume_id');
  if (volumeId === null) return null;
  const before = word(row, 'repair_before', ['running', 'stopped']);
  return { volumeId, readOnly: integer(row, 'repair_read_only') === 1, before };
}
