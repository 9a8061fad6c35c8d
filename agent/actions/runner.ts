import { type ActionEvent, type ActionVerb, actionVerbs } from '#lib/contract/agent.ts';
import { BerthError, type ErrorCode } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import { converge } from '../reconcile/converge.ts';
import { discardPrepared } from '../reconcile/garbage.ts';
import { SharedLocks } from '../reconcile/locks.ts';
import type { LedgerEntry, LedgerOrder, Outcome } from '../store/ledger.ts';
import { isFull } from '../sys/database.ts';
import { CommandError } from '../sys/process.ts';
import { type ActionContext, type AnyAction, UndoneError } from './definition.ts';
import { registry } from './registry.ts';

type ProgressEvent = Extract<ActionEvent, { type: 'progress' }>;

/** One action under way: any number of listeners may join and leave; it goes on regardless. */
export class Run {
  last: ProgressEvent | undefined;
  /** Fires when whoever ordered the action wants it no more. */
  readonly givingUp = new AbortController();
  readonly #listeners = new Set<(event: ProgressEvent) => void>();
  readonly outcome: Promise<Outcome>;
  constructor(start: (report: (event: ProgressEvent) => void, givingUp: AbortSignal) => Promise<Outcome>) {
    this.outcome = start((event) => {
      this.last = event;
      for (const listener of this.#listeners) listener(event);
    }, this.givingUp.signal);
  }

  /** Tells the latest progress at once and all that follows; returns how to stop listening. */
  listen(listener: (event: ProgressEvent) => void): () => void {
    if (this.last !== undefined) listener(this.last);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

type Caller = { report: (event: ProgressEvent) => void; givingUp: AbortSignal };
export type Order = Omit<LedgerOrder, 'bodyHash'> & { secrets: Record<string, unknown>; parsed: Parsed };
export type Parsed = { args: unknown; secrets: unknown };

const stateFull = "The disk with the server's own records is full; nothing was changed.";
const diskFull = 'A disk of the server or of the backup location is full. Ask again when there is room on it.';
const makeRoom = 'Free some space on that disk, and ask again.';

/** Failures that repeating the same order cannot cure. */
const final: ReadonlySet<ErrorCode> = new Set([
  'invalid',
  'forbidden',
  'not_found',
  'already',
  'state',
  'conflict',
  'stale',
  'plan_limit',
  'no_space',
  'too_large',
  'cancelled',
]);

/** Takes orders, runs each at most once at a time, and answers repeats from the ledger. */
export class Runner {
  readonly #core: Core;
  readonly #runs = new Map<string, Run>();
  readonly #repositories = new SharedLocks();
  #closing = false;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The run of an action known by this id, or its stored outcome. */
  find(id: string): Run | Outcome | undefined {
    return this.#runs.get(id) ?? this.#core.store.ledger.find(id)?.outcome ?? undefined;
  }

  /**
   * Starts the order, joins it when it runs, or gives its stored outcome. Throws before any effect: `conflict` for a known id
   * with another body, `stale` for an older generation or a lower fence.
   */
  submit(order: Order): Run | Outcome {
    const { ledger } = this.#core.store;
    const { verb, containerId, generation, args, secrets } = order;
    ledger.checkFence(order, { note: false });
    const bodyHash = ledger.hashBody({ verb, containerId, generation, args, secrets });
    const known = ledger.find(order.id);
    if (known !== undefined && known.bodyHash !== bodyHash) {
      throw new BerthError('conflict', 'This action id was used for another order.');
    }
    const running = this.#runs.get(order.id);
    const stored = known?.outcome ?? undefined;
    const settled = stored?.ok === true || stored?.error.retryable === false ? stored : undefined;
    const answer = running ?? settled;
    if (answer !== undefined) {
      ledger.checkFence(order, { note: true });
      return answer;
    }
    if (this.#closing) throw new BerthError('host_unreachable', 'The agent is being restarted; ask again.');
    this.#begin({ ...order, bodyHash });
    // A repeat begins anew, without what the time before could not clear up.
    const before = known === undefined ? undefined : () => discardPrepared(this.#core, order.id);
    return this.#launch(order, order.parsed, known?.committed ?? null, before);
  }

  /** Nothing may happen that is not written down first, so a full disk refuses the order and leaves all as it is. */
  #begin(order: LedgerOrder): void {
    try {
      this.#core.store.ledger.begin(order);
    } catch (error) {
      if (isFull(error)) throw new BerthError('no_space', stateFull, { cause: error, remedy: makeRoom });
      throw error;
    }
  }

  /**
   * Asks an action that runs to give up; false when it does not run or cannot. It ends with `cancelled`, having left nothing, or
   * with its result when it was past its commit. Throws `stale` for a lower fence than the operation has shown.
   */
  cancel(entry: Pick<LedgerEntry, 'id' | 'verb'>, fence: number): boolean {
    this.#core.store.ledger.checkFence({ id: entry.id, fence }, { note: false });
    const run = this.#runs.get(entry.id);
    if (run === undefined || registry[entry.verb].cancellable !== true) return false;
    run.givingUp.abort(new BerthError('cancelled'));
    return true;
  }

  /** Takes up what a dead agent had committed and not finished. Returns the runs, for those who want to wait. */
  resume(): Run[] {
    return this.#core.store.ledger.running().flatMap((entry) => {
      try {
        return this.#launch(entry, parsedOf(entry), entry.committed);
      } catch (error) {
        // Written by an agent of another version: whoever ordered it asks again, in the words of this one.
        this.#core.log.error({ err: error, actionId: entry.id }, 'an action that had taken effect cannot be taken up');
        return [];
      }
    });
  }

  active(): number {
    return this.#runs.size;
  }

  /** No new actions; resolves when those under way have ended, or after the time-out: reconcile will take them up. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    const all = Promise.allSettled([...this.#runs.values()].map((run) => run.outcome));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    await Promise.race([all, late]);
    clearTimeout(timer);
  }

  #launch(
    order: Pick<LedgerEntry, 'id' | 'verb' | 'containerId'>,
    parsed: Parsed,
    committed: unknown,
    before: () => Promise<void> = async () => {},
  ): Run {
    const run = new Run((report, givingUp) => this.#carryOut(order, parsed, committed, before, { report, givingUp }));
    this.#runs.set(order.id, run);
    run.outcome
      .catch((error: unknown) =>
        this.#core.log.fatal({ err: error, actionId: order.id }, 'the ledger cannot be written'),
      )
      .finally(() => this.#runs.delete(order.id));
    return run;
  }

  async #carryOut(
    order: Pick<LedgerEntry, 'id' | 'verb' | 'containerId'>,
    parsed: Parsed,
    committed: unknown,
    before: () => Promise<void>,
    caller: Caller,
  ): Promise<Outcome> {
    const log = this.#core.log.child({ actionId: order.id, verb: order.verb, containerId: order.containerId });
    const startedAt = performance.now();
    let outcome: Outcome;
    let undone = false;
    try {
      // Nothing happens within the caller's own turn: it must be able to listen first.
      await Promise.resolve();
      const result = await this.#perform(order, parsed, committed, before, caller, log);
      outcome = { ok: true, result };
      log.info({ tookMs: Math.round(performance.now() - startedAt) }, 'done');
    } catch (error) {
      undone = error instanceof UndoneError;
      outcome = { ok: false, error: failureOf(error, order.id) };
      log.warn({ err: error, failure: outcome.error }, 'failed');
    }
    this.#core.store.ledger.end(order.id, outcome, undone);
    return outcome;
  }

  async #perform(
    order: Pick<LedgerEntry, 'id' | 'verb' | 'containerId'>,
    parsed: Parsed,
    committed: unknown,
    before: () => Promise<void>,
    { report, givingUp }: Caller,
    log: Core['log'],
  ): Promise<Record<string, unknown>> {
    const core = this.#core;
    const action = registry[order.verb];
    const base = { core, repositories: this.#repositories, actionId: order.id, log };
    const rest = { containerId: order.containerId as never, args: parsed.args as never };
    const progress: ActionContext<ActionVerb>['progress'] = (message, percent, deadline) =>
      report({
        type: 'progress',
        message,
        percent,
        ...(deadline === undefined ? {} : { deadline: deadline.toISOString() }),
      });
    const body = async (lost: AbortSignal) => {
      const signal = AbortSignal.any([lost, givingUp]);
      const context = { ...base, ...rest, progress, signal };
      await before();
      const state = committed ?? (await this.#prepareAndCommit(action, context, parsed.secrets));
      return (await action.finish(context, state)) as Record<string, unknown>;
    };
    const key = lockKey(action, rest);
    if (action.emergency === true && order.containerId !== null) {
      core.locks.cancel(order.containerId, 'Another order for this container came first.');
    }
    if (key === null) return body(new AbortController().signal);
    return core.locks.run(key, { cancellable: action.cancellable === true }, body);
  }

  async #prepareAndCommit(action: AnyAction, context: ActionContext<ActionVerb>, secrets: unknown): Promise<unknown> {
    const { core, actionId } = context;
    try {
      context.signal.throwIfAborted();
      const prepared = await action.prepare?.(context, secrets as never);
      context.signal.throwIfAborted();
      return core.store.ledger.commit(actionId, () => action.commit(context, prepared));
    } catch (error) {
      await discardPrepared(core, actionId).catch((cause: unknown) =>
        context.log.error({ err: cause }, 'leftovers of a failed action; reconcile takes them up'),
      );
      await this.#payOwedBoot(context);
      throw error;
    }
  }

  /** An action that stopped a container on its way and then failed gives it back running. */
  async #payOwedBoot({ core, containerId, log }: ActionContext<ActionVerb>): Promise<void> {
    const record = containerId === null ? undefined : core.store.containers.find(containerId);
    if (record?.state !== 'present' || record.desired !== 'running' || record.bootsWanted <= record.bootsDone) return;
    await converge(core, record.id).catch((cause: unknown) =>
      log.error({ err: cause }, 'the container could not be started again; reconcile tries'),
    );
  }
}

function lockKey(action: AnyAction, rest: { containerId: string | null; args: unknown }): string | null {
  if (action.lock === 'none') return null;
  if (typeof action.lock === 'function') return action.lock(rest as never);
  return rest.containerId ?? 'host';
}

/** Secrets are not in the ledger; what is committed does not need them. */
function parsedOf(entry: LedgerEntry): Parsed {
  return { args: actionVerbs[entry.verb].args.parse(entry.args), secrets: {} };
}

/** A disk ran full under the agent itself, or under a program it ran. */
function ranFull(error: unknown): boolean {
  if (error instanceof CommandError) return /no space left on device/i.test(error.stderr);
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' || ranFull(error.cause);
}

function failureOf(error: unknown, actionId: string): Extract<Outcome, { ok: false }>['error'] {
  // It may pass, unlike a full pool: the same order is carried out when there is room again.
  if (isFull(error)) return { code: 'no_space', detail: stateFull, retryable: true };
  if (error instanceof UndoneError) return { code: error.code, detail: error.message, retryable: error.retryable };
  if (error instanceof BerthError)
    return { code: error.code, detail: error.message, retryable: !final.has(error.code) };
  if (ranFull(error)) return { code: 'no_space', detail: diskFull, retryable: true };
  return {
    code: 'action_failed',
    detail: `The server could not carry this out. Its log has the reason under ${actionId}.`,
    retryable: true,
  };
}
