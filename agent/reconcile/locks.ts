import { BerthError } from '#lib/contract/errors.ts';

type Holder = { controller: AbortController; cancellable: boolean };

/**
 * One holder a key at a time, first come first served. What holds a lock may be asked to give up ({@link cancel}) when it
 * said it can be.
 */
export class Locks {
  readonly #queues = new Map<string, Promise<void>>();
  readonly #holders = new Map<string, Holder>();

  /** Runs `body` alone under `key`. The signal fires when somebody cancels a cancellable holder. */
  async run<T>(key: string, options: { cancellable: boolean }, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const { promise: done, resolve: release } = Promise.withResolvers<void>();
    this.#queues.set(key, done);
    await before;
    const holder: Holder = { controller: new AbortController(), cancellable: options.cancellable };
    this.#holders.set(key, holder);
    try {
      return await body(holder.controller.signal);
    } finally {
      this.#holders.delete(key);
      if (this.#queues.get(key) === done) this.#queues.delete(key);
      release();
    }
  }

  /** Runs `body` only if nobody holds or waits for `key`; false otherwise. */
  async tryRun(key: string, body: () => Promise<void>): Promise<boolean> {
    if (this.#queues.has(key)) return false;
    await this.run(key, { cancellable: false }, body);
    return true;
  }

  busy(key: string): boolean {
    return this.#queues.has(key);
  }

  /** Asks the present holder to give up; false when there is none or it cannot. */
  cancel(key: string, reason: string): boolean {
    const holder = this.#holders.get(key);
    if (holder === undefined || !holder.cancellable) return false;
    holder.controller.abort(new BerthError('cancelled', reason));
    return true;
  }
}

/** Many readers or one writer a key. Used for repositories: restic's forget must not meet a backup. */
export class SharedLocks {
  readonly #states = new Map<string, { readers: Set<Promise<void>>; writer: Promise<void> }>();

  async shared<T>(key: string, body: () => Promise<T>): Promise<T> {
    const state = this.#state(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    const writer = state.writer;
    state.readers.add(promise);
    try {
      await writer;
      return await body();
    } finally {
      state.readers.delete(promise);
      resolve();
    }
  }

  async exclusive<T>(key: string, body: () => Promise<T>): Promise<T> {
    const state = this.#state(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = [state.writer, ...state.readers];
    state.writer = promise;
    try {
      await Promise.all(before);
      return await body();
    } finally {
      resolve();
    }
  }

  #state(key: string) {
    const known = this.#states.get(key) ?? { readers: new Set<Promise<void>>(), writer: Promise.resolve() };
    this.#states.set(key, known);
    return known;
  }
}
