import { type Database, isUniqueViolation } from '#agent/sys/database.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { PortForward } from '#lib/contract/fields.ts';
import { integer, text, word } from './row.ts';

/** Port forwards of this host; a host port and protocol belongs to one container at most. */
export class Forwards {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** All of them, by container. */
  byContainer(): Map<string, PortForward[]> {
    const result = new Map<string, PortForward[]>();
    for (const row of this.#db.all('SELECT * FROM forwards ORDER BY protocol, host_port')) {
      const id = text(row, 'container_id');
      const list = result.get(id) ?? [];
      list.push({
        protocol: word(row, 'protocol', ['tcp', 'udp']),
        hostPort: integer(row, 'host_port'),
        containerPort: integer(row, 'container_port'),
      });
      result.set(id, list);
    }
    return result;
  }

  /** Replaces a container's set; `conflict` when a host port is another's (or named twice). Inside {@link Database.write}. */
  replace(containerId: string, forwards: readonly PortForward[]): void {
    this.#db.change('DELETE FROM forwards WHERE container_id = ?', containerId);
    for (const { protocol, hostPort, containerPort } of forwards) {
      try {
        this.#db.change(
          'INSERT INTO forwards (protocol, host_port, container_id, container_port) VALUES (?, ?, ?, ?)',
          protocol,
          hostPort,
          containerId,
          containerPort,
        );
      } catch (error) {
        if (!isUniqueViolation(error, 'forwards.host_port')) throw error;
        throw new BerthError('conflict', `Port ${hostPort}/${protocol} of the server is in use already.`, {
          cause: error,
        });
      }
    }
  }
}
