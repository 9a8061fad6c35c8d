import pg from 'pg';
import { processSlot } from '../process-slot.ts';
import { database } from './client.ts';

type Channel = 'berth_events' | 'berth_sessions';
type Listener = (payload: string) => void;

/** One LISTEN connection per process, for everybody in it. A lost connection comes back by itself. */
class Notifications {
  readonly #listeners = new Map<Channel, Set<Listener>>();
  #client: pg.Client | undefined;
  #closed = false;

  /** Calls `listener` for each notification, and once with '' after a connection was lost: something may have been missed. */
  on(channel: Channel, listener: Listener): () => void {
    const set = this.#listeners.get(channel) ?? new Set();
    set.add(listener);
    this.#listeners.set(channel, set);
    if (this.#client === undefined && !this.#closed) void this.#connect();
    return () => set.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const { connectionString } = database().$client.options;
    const client = new pg.Client({ connectionString, application_name: 'berth listen', keepAlive: true });
    this.#client = client;
    client.on('notification', ({ channel, payload }) => this.#tell(channel as Channel, payload ?? ''));
    // The end follows, and is where a new one is made.
    client.on('error', () => undefined);
    let again = false;
    const retry = () => {
      if (again || this.#closed) return;
      again = true;
      setTimeout(() => void this.#connect(), 1000).unref();
    };
    client.on('end', retry);
    try {
      await client.connect();
      await client.query('listen berth_events');
      await client.query('listen berth_sessions');
      for (const channel of this.#listeners.keys()) this.#tell(channel, '');
    } catch {
      await client.end().catch(() => undefined);
      retry();
    }
  }

  #tell(channel: Channel, payload: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(payload);
  }
}

const slot = processSlot<Notifications>('notifications');

/** The process's notifications. */
export function notifications(): Notifications {
  const known = slot.peek();
  if (known !== undefined) return known;
  const made = new Notifications();
  slot.set(made);
  return made;
}
