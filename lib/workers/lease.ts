import { sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { ActionVerb } from '#lib/contract/agent.ts';
import { type Db, withActor } from '#lib/db/client.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';

export const beatEveryMs = 2_500;
/** So long after a beat was sent its sender may act. Less than {@link takeoverMs}, so nobody acts beside who takes over. */
export const validMs = 10_000;
/** A worker that has not beaten for so long, by PostgreSQL's clock, loses its lease to any other. */
export const takeoverMs = 15_000;
/** A grant must live long enough to reach its agent. */
const shortestGrantMs = 2_000;

type Options = {
  db: Db;
  /** Unique among the workers that run: whoever starts under a name that is taken replaces its holder. */
  name: string;
  version: string;
  /** The lease is another's. The process must end at once, without tidying up: nothing it holds is its own any more. */
  onLost(): void;
};

const actor = systemActor('worker');

/**
 * A worker's right to run workflows and to act on hosts. It lasts while beats reach PostgreSQL. Its number is higher than
 * that of every lease before it, so `executorId` names this process and no other.
 */
export class Lease {
  readonly executorId: string;
  readonly #options: Options;
  readonly #number: number;
  /** By this process's monotonic clock. */
  #validUntilMs: number;
  /** Since when every beat has come in time: how long it is known that PostgreSQL listened. */
  #steadySinceMs: number;
  #waiting: (() => void)[] = [];

  private constructor(options: Options, number: number, sentAtMs: number) {
    this.#options = options;
    this.#number = number;
    this.executorId = `${options.name}.${number}`;
    this.#validUntilMs = sentAtMs + validMs;
    this.#steadySinceMs = sentAtMs;
  }

  /** Takes the name's lease, from whoever has it. */
  static async take(options: Options): Promise<Lease> {
    const sentAtMs = performance.now();
    const result = await withActor(options.db, actor, (tx) =>
      tx.execute<{ lease: string }>(sql`
        insert into workers (name, lease, version) values (${options.name}, nextval('worker_leases'), ${options.version})
        on conflict (name) do update set lease = excluded.lease, version = excluded.version,
          started_at = now(), beat_at = now(), ended_at = null, taken_by = null
        returning lease`),
    );
    return new Lease(options, Number(result.rows[0]?.lease), sentAtMs);
  }

  /** Renews the lease. Rejects when PostgreSQL does not answer; calls `onLost` when the lease is another's by now. */
  async beat(): Promise<void> {
    const sentAtMs = performance.now();
    const result = await withActor(this.#options.db, actor, (tx) =>
      tx.execute(sql`update workers set beat_at = now()
        where name = ${this.#options.name} and lease = ${this.#number} and ended_at is null`),
    );
    if (result.rowCount === 0) {
      this.#validUntilMs = 0;
      this.#options.onLost();
      return;
    }
    if (performance.now() > this.#validUntilMs) this.#steadySinceMs = sentAtMs;
    this.#validUntilMs = sentAtMs + validMs;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Waits for a lease that is good for `ms` more. Never settles once it is lost: the process is about to end. */
  async held(ms = shortestGrantMs): Promise<void> {
    while (this.#remainingMs() < ms) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Signs orders to agents so that they expire with the lease: who was taken for dead and wakes has nothing to show. */
  signer(inner: GrantSigner): GrantSigner {
    return {
      issuer: inner.issuer,
      sign: async (claims) => {
        if (!ActionVerb.safeParse(claims.verb).success) return await inner.sign(claims);
        await this.held();
        const exp = Math.min(claims.exp, claims.iat + Math.floor(this.#remainingMs() / 1000));
        return await inner.sign({ ...claims, exp });
      },
    };
  }

  /**
   * Ends the leases of workers that are silent too long and returns their executor ids. While PostgreSQL was away nobody
   * could beat, so whoever has not itself beaten steadily for as long does not judge others.
   */
  async takeOver(): Promise<string[]> {
    const nowMs = performance.now();
    if (nowMs > this.#validUntilMs || nowMs - this.#steadySinceMs < takeoverMs) return [];
    const result = await withActor(this.#options.db, actor, (tx) =>
      tx.execute<{ executor_id: string }>(sql`
        update workers set ended_at = now(), taken_by = ${this.executorId}
        where ended_at is null and beat_at < now() - ${`${takeoverMs} milliseconds`}::interval and name <> ${this.#options.name}
        returning name || '.' || lease as executor_id`),
    );
    return result.rows.map((row) => row.executor_id);
  }

  /** Gives the lease back, so that others need not wait for what is left. */
  async release(): Promise<void> {
    await withActor(this.#options.db, actor, (tx) =>
      tx.execute(sql`update workers set ended_at = now()
        where name = ${this.#options.name} and lease = ${this.#number} and ended_at is null`),
    );
  }

  #remainingMs(): number {
    return this.#validUntilMs - performance.now();
  }
}
