import { systemActor } from '../access/actor.ts';
import { asActor } from '../db/client.ts';
import { notifications } from '../db/listen.ts';
import { processSlot } from '../process-slot.ts';
import { endPosition, type Position, type ReadEvent, readEvents } from './read.ts';

const batch = 500;
/** How soon to look again when a transaction in progress holds newer events back. */
const heldBackMs = 50;
/** Should a notification be lost. */
const fallbackMs = 2000;

const reader = systemActor('events');

/** Reads every event once per process and hands it to all streams, which pick what their person may see. */
class Hub {
  readonly #streams = new Set<(event: ReadEvent) => void>();
  #position: Position | undefined;
  #starting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #again = false;

  constructor() {
    notifications().on('berth_events', () => void this.#read());
  }

  /** Every event that becomes readable from now on. The promise settles when "now" is fixed. */
  async add(stream: (event: ReadEvent) => void): Promise<() => void> {
    if (this.#streams.size === 0) {
      this.#starting = undefined;
      this.#position = undefined;
    }
    this.#streams.add(stream);
    this.#starting ??= this.#start();
    const starting = this.#starting;
    try {
      await starting;
    } catch (error) {
      // The database is away. Whoever comes next begins anew.
      this.#leave(stream);
      if (this.#starting === starting) this.#starting = undefined;
      throw error;
    }
    return () => this.#leave(stream);
  }

  #leave(stream: (event: ReadEvent) => void): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) clearTimeout(this.#timer);
  }

  async #start(): Promise<void> {
    this.#position = await asActor(reader, endPosition);
    this.#schedule(fallbackMs);
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), afterMs).unref();
  }

  async #read(): Promise<void> {
    if (this.#streams.size === 0 || this.#position === undefined) return;
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    let nextMs = fallbackMs;
    try {
      const after = this.#position;
      const { list, waiting } = await asActor(reader, (tx) => readEvents(tx, after, batch));
      // Meanwhile everybody may have left and others come, who start at a later place.
      if (this.#position === after) {
        for (const event of list) for (const stream of this.#streams) stream(event);
        this.#position = list.at(-1)?.position ?? after;
      }
      if (waiting) nextMs = heldBackMs;
      if (list.length === batch || this.#again) nextMs = 0;
    } catch {
      // The database is away; the fallback asks again, and streams' own limit ends them if it stays away.
    } finally {
      this.#again = false;
      this.#reading = false;
      this.#schedule(nextMs);
    }
  }
}

const slot = processSlot<Hub>('event-hub');

export function eventHub(): Hub {
  const known = slot.peek();
  if (known !== undefined) return known;
  const made = new Hub();
  slot.set(made);
  return made;
}
