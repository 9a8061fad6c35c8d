import { Database } from '#agent/sys/database.ts';
import { AuditHeadRecords } from './audit-heads.ts';
import { Containers } from './containers.ts';
import { Forwards } from './forwards.ts';
import { Ledger } from './ledger.ts';
import { OwedCommands } from './owed.ts';
import { text } from './row.ts';
import { migrations } from './schema.ts';
import { TransferRecords } from './transfers.ts';
import { VolumeRecords } from './volumes.ts';

export type Store = {
  ledger: Ledger;
  containers: Containers;
  volumes: VolumeRecords;
  forwards: Forwards;
  auditHeads: AuditHeadRecords;
  transfers: TransferRecords;
  owed: OwedCommands;
  /** One durable transaction over all of the above. */
  write<T>(label: string, body: () => T): T;
  setting(key: string): string | undefined;
  /** Inside {@link write}. */
  setSetting(key: string, value: string): void;
  close(): void;
};

/** Opens `<agentDir>/agent.db`, making or migrating it. Throws when another agent has it open. */
export function openStore(path: string): Store {
  const db = new Database(path, migrations);
  return {
    ledger: new Ledger(db),
    containers: new Containers(db),
    volumes: new VolumeRecords(db),
    forwards: new Forwards(db),
    auditHeads: new AuditHeadRecords(db),
    transfers: new TransferRecords(db),
    owed: new OwedCommands(db),
    write: (label, body) => db.write(label, body),
    setting(key) {
      const row = db.get('SELECT value FROM settings WHERE key = ?', key);
      return row === undefined ? undefined : text(row, 'value');
    },
    setSetting(key, value) {
      db.change(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        key,
        value,
      );
    },
    close: () => db.close(),
  };
}
