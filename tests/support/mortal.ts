import { createDb, type Db } from '#lib/db/client.ts';

/**
 * A database of a process that dies: at the n-th statement from {@link MortalDatabase.dieAt} on, and from then on nothing reaches the
 * server any more. `answerLost`: the statement itself still did.
 */
export class MortalDatabase {
  readonly db: Db;
  #left = Number.POSITIVE_INFINITY;
  #answerLost = false;
  dead = false;

  constructor(url: string) {
    this.db = createDb(url);
    const connect = this.db.$client.connect.bind(this.db.$client) as () => Promise<object>;
    const mortal = async () => {
      const client = await connect();
      return new Proxy(client, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          const method = value.bind(target) as (...args: unknown[]) => unknown;
          return name === 'query' ? (...args: unknown[]) => this.#query(() => method(...args)) : method;
        },
      });
    };
    Object.assign(this.db.$client, { connect: mortal });
  }

  dieAt(statement: number, answerLost = false): void {
    this.#left = statement;
    this.#answerLost = answerLost;
    this.dead = false;
  }

  async #query(send: () => unknown): Promise<unknown> {
    if (this.dead) throw new Error('the process is dead');
    this.#left -= 1;
    if (this.#left > 0) return await send();
    this.dead = true;
    if (this.#answerLost) await send();
    throw new Error('the process died');
  }
}
