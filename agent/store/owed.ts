import { z } from 'zod';
import type { Database, Row } from '#agent/sys/database.ts';
import { integer, text, textOrNull } from './row.ts';

/** A command that has to be run inside a container, because another was that it belongs to. */
export type OwedCommand = {
  containerId: string;
  actionId: string;
  /** Of the run of the container in which the other was: in a later one there is nothing left to take back. */
  bootId: string | null;
  argv: string[];
  timeoutMs: number;
};

/** Commands owed to containers, at most one each. Methods that change are called inside {@link Database.write}. */
export class OwedCommands {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  find(containerId: string): OwedCommand | undefined {
    const row = this.#db.get('SELECT * FROM owed_commands WHERE container_id = ?', containerId);
    return row === undefined ? undefined : owed(row);
  }

  list(): OwedCommand[] {
    return this.#db.all('SELECT * FROM owed_commands ORDER BY container_id').map(owed);
  }

  put({ containerId, actionId, bootId, argv, timeoutMs }: OwedCommand): void {
    this.#db.change(
      'INSERT OR REPLACE INTO owed_commands (container_id, action_id, boot_id, argv, timeout_ms) VALUES (?, ?, ?, ?, ?)',
      containerId,
      actionId,
      bootId,
      JSON.stringify(argv),
      timeoutMs,
    );
  }

  remove(containerId: string): void {
    this.#db.change('DELETE FROM owed_commands WHERE container_id = ?', containerId);
  }
}

const Argv = z.array(z.string());

function owed(row: Row): OwedCommand {
  return {
    containerId: text(row, 'container_id'),
    actionId: text(row, 'action_id'),
    bootId: textOrNull(row, 'boot_id'),
    argv: Argv.parse(JSON.parse(text(row, 'argv'))),
    timeoutMs: integer(row, 'timeout_ms'),
  };
}
