import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database, Row } from '#agent/sys/database.ts';
import { ActionFailure, ActionVerb } from '#lib/contract/agent.ts';
import { LocalDeed } from '#lib/contract/agent-state.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { operationOf } from '#lib/contract/ids.ts';
import { integer, integerOrNull, text, textOrNull, word } from './row.ts';

export const Outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.record(z.string(), z.unknown()) }),
  z.object({ ok: z.literal(false), error: ActionFailure }),
]);
export type Outcome = z.infer<typeof Outcome>;

export type LedgerEntry = {
  id: string;
  bodyHash: string;
  verb: ActionVerb;
  containerId: string | null;
  generation: number | null;
  /** As received, without secrets. */
  args: Record<string, unknown>;
  state: 'running' | 'succeeded' | 'failed' | 'interrupted';
  /** What the commit left for finishing; null before it. */
  committed: unknown;
  outcome: Outcome | null;
};

export type LedgerOrder = {
  id: string;
  verb: ActionVerb;
  containerId: string | null;
  generation: number | null;
  /** Of the worker that asks; see the grant's claim. */
  fence: number;
  actor: string;
  args: Record<string, unknown>;
  bodyHash: string;
  /** Ordered on this host, without the portal: told to it later ({@link Ledger.untold}). */
  local?: boolean;
};

/** The durable record of actions: what was asked, how far it came, what it answered. */
export class Ledger {
  readonly #db: Database;
  readonly #hashKey: Buffer;

  constructor(db: Database) {
    this.#db = db;
    const stored = db.get("SELECT value FROM settings WHERE key = 'ledger-hash-key'");
    this.#hashKey = stored === undefined ? randomBytes(32) : Buffer.from(text(stored, 'value'), 'base64');
    if (stored === undefined) {
      db.write('LEDGER:KEY', () =>
        db.change("INSERT INTO settings (key, value) VALUES ('ledger-hash-key', ?)", this.#hashKey.toString('base64')),
      );
    }
  }

  /** Identifies a body, secrets included, without letting a copied ledger be searched for weak secrets. */
  hashBody(body: unknown): string {
    return createHmac('sha256', this.#hashKey).update(argsHash(body)).digest('hex');
  }

  find(id: string): LedgerEntry | undefined {
    const row = this.#db.get('SELECT * FROM actions WHERE id = ?', id);
    return row === undefined ? undefined : entry(row);
  }

  /** Whether the action has begun and not ended. */
  runs(id: string): boolean {
    return this.#db.get("SELECT 1 AS yes FROM actions WHERE id = ? AND state = 'running'", id) !== undefined;
  }

  running(): LedgerEntry[] {
    return this.#db.all("SELECT * FROM actions WHERE state = 'running' ORDER BY started_at").map(entry);
  }

  /**
   * Writes the action down before its first effect, or takes up a row that may run again (interrupted, or failed in a way
   * that may pass). Throws `stale` for an older generation than the container has seen. What was committed stays committed.
   */
  begin(order: LedgerOrder): void {
    this.#db.write('LEDGER:BEGIN', () => {
      if (order.fence > this.fence(order.id)) this.#writeFence(order);
      if (order.containerId !== null && order.generation !== null) {
        this.#raiseGeneration(order.verb, order.containerId, order.generation);
      }
      this.#db.change(
        `INSERT INTO actions (id, body_hash, verb, container_id, generation, actor, args, state, started_at, told)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?)
         ON CONFLICT (id) DO UPDATE SET state = 'running', ended_at = NULL, outcome = NULL`,
        order.id,
        order.bodyHash,
        order.verb,
        order.containerId,
        order.generation,
        order.actor,
        JSON.stringify(order.args),
        new Date().toISOString(),
        order.local === true ? 0 : null,
      );
    });
  }

  /** What was ordered on this host and has ended, and the portal has not taken yet; oldest first. */
  untold(limit: number): LocalDeed[] {
    return this.#db
      .all("SELECT * FROM actions WHERE told = 0 AND state <> 'running' ORDER BY ended_at, id LIMIT ?", limit)
      .map(deed);
  }

  untoldCount(): number {
    return Number(this.#db.get('SELECT count(*) AS n FROM actions WHERE told = 0')?.n ?? 0);
  }

  /** Inside a transaction. What the ledger does not know is passed over. */
  markTold(actionIds: readonly string[]): void {
    for (const id of actionIds) {
      this.#db.change("UPDATE actions SET told = 1 WHERE id = ? AND told = 0 AND state <> 'running'", id);
    }
  }

  /** The action's one transaction: `change` on the records and the mark in the ledger, or neither. */
  commit<C>(id: string, change: () => C): C {
    return this.#db.write('LEDGER:COMMIT', () => {
      const committed = change();
      this.#db.change('UPDATE actions SET committed = ? WHERE id = ?', JSON.stringify(committed ?? {}), id);
      return committed;
    });
  }

  /** `undone`: the effects of a commit have been taken back, so a repeat starts from the beginning. */
  end(id: string, outcome: Outcome, undone = false): void {
    this.#db.write('LEDGER:END', () => {
      this.#db.change(
        `UPDATE actions SET state = ?, outcome = ?, ended_at = ?, committed = CASE WHEN ? THEN NULL ELSE committed END
         WHERE id = ?`,
        outcome.ok ? 'succeeded' : 'failed',
        JSON.stringify(outcome),
        new Date().toISOString(),
        undone ? 1 : 0,
        id,
      );
    });
  }

  /** After a restart: actions cut off before their commit have changed nothing and may be asked for again. */
  markInterrupted(): number {
    return this.#db.write('LEDGER:INTERRUPT', () =>
      this.#db.change(
        `UPDATE actions SET state = 'interrupted', ended_at = ?, outcome = ? WHERE state = 'running' AND committed IS NULL`,
        new Date().toISOString(),
        JSON.stringify({
          ok: false,
          error: {
            code: 'action_failed',
            detail: 'The agent was stopped before this took effect. It can be asked for again.',
            retryable: true,
          },
        } satisfies Outcome),
      ),
    );
  }

  /** Writes a command down before it runs; false when the same id was run before with the same body, `conflict` for another. */
  beginExec(id: string, containerId: string, bodyHash: string): boolean {
    return this.#db.write('LEDGER:EXEC', () => {
      const known = this.#db.get('SELECT * FROM execs WHERE id = ?', id);
      if (known !== undefined) {
        if (text(known, 'body_hash') !== bodyHash || text(known, 'container_id') !== containerId) {
          throw new BerthError('conflict', 'This id was used for another command.');
        }
        return false;
      }
      this.#db.change(
        'INSERT INTO execs (id, container_id, body_hash, started_at) VALUES (?, ?, ?, ?)',
        id,
        containerId,
        bodyHash,
        new Date().toISOString(),
      );
      return true;
    });
  }

  /** Highest fence seen for the operation of this action, 0 when none was. */
  fence(actionId: string): number {
    const row = this.#db.get('SELECT fence FROM fences WHERE operation_id = ?', operationOf(actionId));
    return row === undefined ? 0 : integer(row, 'fence');
  }

  /** Notes the fence of somebody who asks again for a known action. Throws `stale` for a lower one than was seen. */
  checkFence(order: Pick<LedgerOrder, 'id' | 'fence'>, options: { note: boolean }): void {
    const known = this.fence(order.id);
    if (order.fence < known) {
      throw new BerthError('stale', 'Another worker has taken this operation over.', {
        inside: `fence ${order.fence}, seen ${known}`,
      });
    }
    if (options.note && order.fence > known) this.#db.write('LEDGER:FENCE', () => this.#writeFence(order));
  }

  /** Highest generation accepted for the container, 0 when none was. */
  generation(containerId: string): number {
    const row = this.#db.get('SELECT generation FROM generations WHERE container_id = ?', containerId);
    return row === undefined ? 0 : Number(row.generation);
  }

  /** Forgets what ended before the instant; replays are answered for at least that long. What the portal has not heard stays. */
  prune(before: Date): void {
    const instant = before.toISOString();
    const old = this.#db.get(
      `SELECT EXISTS (SELECT 1 FROM actions WHERE ended_at < ?1 AND told IS NOT 0)
         OR EXISTS (SELECT 1 FROM execs WHERE started_at < ?1) OR EXISTS (SELECT 1 FROM fences WHERE seen_at < ?1) AS any`,
      instant,
    );
    if (old?.any !== 1) return;
    this.#db.write('LEDGER:PRUNE', () => {
      this.#db.change('DELETE FROM actions WHERE ended_at < ? AND told IS NOT 0', instant);
      this.#db.change('DELETE FROM execs WHERE started_at < ?', instant);
      this.#db.change('DELETE FROM fences WHERE seen_at < ?', instant);
    });
  }

  #writeFence(order: Pick<LedgerOrder, 'id' | 'fence'>): void {
    this.#db.change(
      `INSERT INTO fences (operation_id, fence, seen_at) VALUES (?, ?, ?)
       ON CONFLICT (operation_id) DO UPDATE SET fence = excluded.fence, seen_at = excluded.seen_at`,
      operationOf(order.id),
      order.fence,
      new Date().toISOString(),
    );
  }

  #raiseGeneration(verb: ActionVerb, containerId: string, generation: number): void {
    const known = this.generation(containerId);
    if (generation < known && !beside.has(verb)) {
      throw new BerthError('stale', 'The container has moved on since this was decided.', {
        inside: `${verb} at generation ${generation}, container at ${known}`,
      });
    }
    this.#db.change(
      `INSERT INTO generations (container_id, generation) VALUES (?, ?)
       ON CONFLICT (container_id) DO UPDATE SET generation = max(generation, excluded.generation)`,
      containerId,
      generation,
    );
  }
}

/**
 * Verbs of the background lock class: they touch a named snapshot or a location, never the container's present state, and
 * may outlast later exclusive operations. For them an older generation is not a contradiction.
 */
const beside: ReadonlySet<ActionVerb> = new Set(['backup.upload', 'backup.verify', 'snapshot.delete']);

function entry(row: Row): LedgerEntry {
  const committed = textOrNull(row, 'committed');
  const outcome = textOrNull(row, 'outcome');
  return {
    id: text(row, 'id'),
    bodyHash: text(row, 'body_hash'),
    verb: ActionVerb.parse(row.verb),
    containerId: textOrNull(row, 'container_id'),
    generation: integerOrNull(row, 'generation'),
    args: z.record(z.string(), z.unknown()).parse(JSON.parse(text(row, 'args'))),
    state: word(row, 'state', ['running', 'succeeded', 'failed', 'interrupted']),
    committed: committed === null ? null : JSON.parse(committed),
    outcome: outcome === null ? null : Outcome.parse(JSON.parse(outcome)),
  };
}

function deed(row: Row): LocalDeed {
  const outcome = textOrNull(row, 'outcome');
  const parsed = outcome === null ? null : Outcome.parse(JSON.parse(outcome));
  return LocalDeed.parse({
    actionId: text(row, 'id'),
    verb: text(row, 'verb'),
    containerId: textOrNull(row, 'container_id'),
    actor: text(row, 'actor'),
    startedAt: text(row, 'started_at'),
    endedAt: text(row, 'ended_at'),
    outcome: word(row, 'state', ['succeeded', 'failed', 'interrupted']),
    error: parsed?.ok === false ? parsed.error.detail.slice(0, 500) : null,
  });
}
