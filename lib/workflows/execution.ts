import { eq, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { ActionError, type ActionProgress, type Patience, runAction } from '#lib/agent-client/actions.ts';
import type { Agents } from '#lib/agent-client/agents.ts';
import type { AgentAddress } from '#lib/agent-client/connection.ts';
import { type RepositoryKeys, repositoryAccess } from '#lib/backups/repository.ts';
import { BerthError, ErrorCode } from '#lib/contract/errors.ts';
import { actionId } from '#lib/contract/ids.ts';
import type { OperationStep } from '#lib/contract/operations.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { findOperation } from '#lib/operations/find.ts';
import { freshIds } from '#lib/operations/fresh-ids.ts';
import { pendingSteps } from '#lib/operations/insert.ts';
import { operationEvent } from '#lib/operations/present.ts';
import { readSealed } from '#lib/secrets/sealed-values.ts';
import { type OrderedWorkflow, workflowOf } from './all.ts';
import { beginOperation } from './begin.ts';
import { finishOperation } from './finish.ts';
import type { Begin, Ending, Saga, StepOutcome, Trouble } from './saga.ts';
import { change, percentOf } from './steps.ts';
import { stubbornly } from './stubborn.ts';
import type { AnyAction, Results, Work } from './work.ts';

export type ExecutionTools = {
  db: Db;
  agents: Agents;
  keys: RepositoryKeys;
  patience: Patience;
  log: { warn(detail: Record<string, unknown>, message: string): void };
};

export const worker = systemActor('worker');
const progressEveryMs = 250;
/** A background operation may meet a generation raised beside it; so often it asks again with the new one. */
const staleTries = 3;

/** One attempt of one operation: the saga's steps as rows, events and actions on the host. */
export class Execution implements Saga {
  readonly steps: Saga['steps'];
  readonly #workflow: OrderedWorkflow;
  readonly #tools: ExecutionTools;
  readonly #operationId: string;
  readonly #attempt: number;
  /** Grows as steps answer; after a crash the stored answers of the steps fill it again ({@link remember}). */
  readonly results: Results = {};

  constructor(tools: ExecutionTools, operationId: string, attempt: number, workflow: OrderedWorkflow) {
    this.#tools = tools;
    this.#operationId = operationId;
    this.#attempt = attempt;
    this.#workflow = workflow;
    this.steps = workflow.steps.map((step) => ({
      name: step.name,
      undoable: step.undo !== undefined,
      lenient: step.lenient === true,
    }));
  }

  remember(results: Results): void {
    Object.assign(this.results, results);
  }

  async begin(): Promise<Begin> {
    return await this.#inTx((tx) => beginOperation(tx, this.#operationId, this.#attempt));
  }

  async perform(index: number): Promise<StepOutcome & { results?: Results }> {
    const step = this.#step(index);
    try {
      const prepared = await this.#inTx(async (tx) => {
        const work = await this.#work(tx);
        if (work.operation.cancelRequested && step.lenient !== true) return null;
        const actions = await step.actions(tx, work);
        await this.#mark(tx, index, { state: 'running', startedAt: new Date().toISOString(), percent: null });
        return { work, actions, target: await this.#target(tx) };
      });
      if (prepared === null) return { ok: false, cancelled: true };
      const results = await this.#act(index, prepared, false);
      this.remember(results);
      await this.#inTx(async (tx) => {
        const facts = await step.done?.(tx, await this.#work(tx));
        const state = prepared.actions.length === 0 && step.done === undefined ? 'skipped' : 'done';
        await this.#mark(
          tx,
          index,
          { state, percent: 100, message: null, deadline: null, endedAt: new Date().toISOString() },
          facts,
        );
      });
      return { ok: true, results };
    } catch (error) {
      const trouble = this.#trouble(error);
      await this.#inTx((tx) =>
        this.#mark(tx, index, {
          state: 'failed',
          message: trouble.detail,
          deadline: null,
          endedAt: new Date().toISOString(),
        }),
      );
      return { ok: false, cancelled: false, trouble };
    }
  }

  async undoing(trouble: Trouble | null): Promise<void> {
    await this.#inTx(async (tx) => {
      const error = trouble === null ? null : outsideError(trouble, null);
      await tx.update(operations).set({ state: 'undoing', error }).where(eq(operations.id, this.#operationId));
      const operation = await findOperation(tx, this.#operationId);
      if (operation !== undefined) await publish(tx, operationEvent(operation));
    });
  }

  async renew(): Promise<void> {
    await this.#inTx(async (tx) => {
      const operation = await findOperation(tx, this.#operationId);
      if (operation === undefined) throw new Error('the operation is gone');
      const values = {
        state: 'running' as const,
        steps: pendingSteps(operation.kind),
        percent: 0,
        input: { ...operation.input, ...freshIds(operation.input) },
      };
      await tx.update(operations).set(values).where(eq(operations.id, operation.id));
      await publish(tx, operationEvent({ ...operation, ...values }));
    });
  }

  async compensate(index: number): Promise<{ ok: true } | { ok: false; trouble: Trouble }> {
    const step = this.#step(index);
    try {
      const prepared = await this.#inTx(async (tx) => {
        const work = await this.#work(tx);
        await this.#mark(tx, index, { state: 'undoing', percent: null });
        return { work, actions: (await step.undo?.(tx, work)) ?? [], target: await this.#target(tx) };
      });
      await this.#act(index, prepared, true);
      await this.#inTx((tx) => this.#mark(tx, index, { state: 'undone', endedAt: new Date().toISOString() }));
      return { ok: true };
    } catch (error) {
      return { ok: false, trouble: this.#trouble(error) };
    }
  }

  async finish(ending: Ending): Promise<void> {
    await this.#inTx(async (tx) => finishOperation(tx, await this.#work(tx), this.#workflow, ending, this.#attempt));
  }

  /** Runs the actions of a step one after another. A failure after the first had effects says so. */
  async #act(index: number, prepared: Prepared, undo: boolean): Promise<Results> {
    const { actions } = prepared;
    const results: Results = {};
    for (const [k, action] of actions.entries()) {
      const report = this.#reporter(index, k, actions.length);
      try {
        const result = await this.#runOne(this.#step(index).name, action, prepared, undo, report);
        Object.assign(results, { [action.verb]: result });
      } catch (error) {
        if (k > 0 && error instanceof ActionError && !error.uncertain) {
          const { retryable, cause } = error;
          throw new ActionError(error.code, error.message, { retryable, uncertain: true, cause });
        }
        throw error;
      } finally {
        await report.settled();
      }
    }
    return results;
  }

  async #runOne(
    step: string,
    action: AnyAction,
    prepared: Prepared,
    undo: boolean,
    report: Reporter,
  ): Promise<unknown> {
    const { operation } = prepared.work;
    const name = action.part === undefined ? step : `${step}-${action.part}`;
    const onHost = action.verb === 'template.build' || action.verb === 'backup.delete';
    let target: Target | undefined = prepared.target;
    for (let tries = 1; ; tries += 1) {
      const { generation } = target ?? (await this.#inTx((tx) => this.#target(tx)));
      /** The host as it was read with the step; at every further try as it is then. */
      const where = async () => {
        const { address } = target ?? (await this.#inTx((tx) => this.#target(tx)));
        target = undefined;
        return this.#tools.agents.to(address);
      };
      const call = {
        verb: action.verb,
        args: action.args,
        secrets: action.secrets,
        actionId: actionId(this.#operationId, this.#attempt, tries === 1 ? name : `${name}-r${tries}`, undo),
        operationId: this.#operationId,
        containerId: onHost ? null : operation.containerId,
        generation: onHost ? null : generation,
        subject: operation.actorId === null ? 'system' : `${operation.actorKind}:${operation.actorId}`,
      } as Parameters<typeof runAction>[2];
      const onWaiting = () =>
        report.progress({ message: 'The server does not answer; waiting.', percent: null, deadline: null });
      try {
        const watcher = { onProgress: report.progress, onWaiting };
        return await runAction(where, this.#tools.agents.signer, call, watcher, this.#tools.patience);
      } catch (error) {
        const stale = error instanceof ActionError && error.code === 'stale';
        if (!stale || operation.lock === 'exclusive' || tries >= staleTries) throw error;
        target = undefined;
      }
    }
  }

  /** The host's address, and the generation to act under: an exclusive operation's own, else the present one. */
  async #target(tx: Tx): Promise<Target> {
    const [row] = await tx
      .select({
        hostId: hosts.id,
        address: hosts.address,
        status: hosts.status,
        generation: sql<number | null>`case when ${operations.lock} = 'exclusive'
          then ${operations.generation} else coalesce(${containers.generation}, ${operations.generation}) end`,
      })
      .from(operations)
      .innerJoin(hosts, eq(hosts.id, operations.hostId))
      .leftJoin(containers, eq(containers.id, operations.containerId))
      .where(eq(operations.id, this.#operationId));
    if (row === undefined || row.status === 'disabled') {
      throw new BerthError('host_unreachable', 'The server is not in use.');
    }
    return { address: { hostId: row.hostId, address: row.address }, generation: row.generation };
  }

  /** Progress goes to the row and the live pages at most every 250 ms, and never holds the action up. */
  #reporter(index: number, part: number, parts: number): Reporter {
    let last = 0;
    let writing: Promise<void> = Promise.resolve();
    let waiting: ActionProgress | null = null;
    const write = (progress: ActionProgress) => {
      last = Date.now();
      const percent = progress.percent === null ? null : ((part + progress.percent / 100) / parts) * 100;
      writing = writing
        .then(() =>
          this.#inTx((tx) =>
            this.#mark(tx, index, { percent, message: progress.message, deadline: progress.deadline }),
          ),
        )
        .catch((error: unknown) => this.#tools.log.warn({ err: error }, 'progress was not written'));
    };
    let timer: NodeJS.Timeout | undefined;
    return {
      progress: (progress) => {
        const dueMs = last + progressEveryMs - Date.now();
        if (dueMs <= 0) {
          write(progress);
          return;
        }
        waiting = progress;
        timer ??= setTimeout(() => {
          timer = undefined;
          if (waiting !== null) write(waiting);
          waiting = null;
        }, dueMs);
      },
      settled: async () => {
        clearTimeout(timer);
        await writing;
      },
    };
  }

  async #mark(tx: Tx, index: number, patch: Partial<OperationStep>, facts?: Record<string, unknown>): Promise<void> {
    const operation = await findOperation(tx, this.#operationId);
    if (operation === undefined) throw new Error('the operation is gone');
    const steps = change(operation.steps, index, patch);
    const values = {
      steps,
      percent: percentOf(steps),
      ...(facts === undefined ? {} : { result: { ...operation.result, ...facts } }),
    };
    await tx.update(operations).set(values).where(eq(operations.id, operation.id));
    await publish(tx, operationEvent({ ...operation, ...values }));
  }

  async #work(tx: Tx): Promise<Work> {
    const operation = await findOperation(tx, this.#operationId);
    if (operation === undefined) throw new Error('the operation is gone');
    const [container] =
      operation.containerId === null
        ? []
        : await tx.select().from(containers).where(eq(containers.id, operation.containerId));
    return {
      operation,
      container: container ?? null,
      results: this.results,
      repositoryOf: (inTx, tenantId) => repositoryAccess(inTx, tenantId, this.#tools.keys),
      secret: async (inTx, name) => {
        const reference = operation.input[`${name}Ref`];
        if (typeof reference !== 'string') return undefined;
        const value = await readSealed(inTx, reference);
        if (value === undefined) throw new BerthError('stale', 'A secret this needs has expired; ask for it again.');
        return value;
      },
    };
  }

  async #inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return await stubbornly(() => withActor(this.#tools.db, worker, work));
  }

  #step(index: number) {
    const step = this.#workflow.steps[index];
    if (step === undefined) throw new Error(`no step ${index}`);
    return step;
  }

  #trouble(error: unknown): Trouble {
    if (!(error instanceof BerthError)) {
      this.#tools.log.warn({ err: error, operationId: this.#operationId }, 'a step failed for a reason of ours');
      return { code: 'internal', detail: 'Something went wrong on our side.', selfUndo: true };
    }
    if (error.cause !== undefined || error.inside !== undefined) {
      this.#tools.log.warn({ err: error, inside: error.inside, operationId: this.#operationId }, 'a step failed');
    }
    return { code: error.code, detail: error.message, selfUndo: error instanceof ActionError && error.uncertain };
  }
}

type Target = { address: AgentAddress; generation: number | null };
type Prepared = { work: Work; actions: AnyAction[]; target: Target };
type Reporter = { progress(progress: ActionProgress): void; settled(): Promise<void> };

export function outsideError(trouble: Trouble, step: string | null) {
  return {
    code: ErrorCode.catch('internal').parse(trouble.code),
    detail: trouble.detail,
    step,
    remedy: null,
  };
}

/** The execution of an operation's attempt, by its kind; undefined when there is no such operation. */
export async function executionOf(
  tools: ExecutionTools,
  operationId: string,
  attempt: number,
): Promise<Execution | undefined> {
  const operation = await stubbornly(() => withActor(tools.db, worker, (tx) => findOperation(tx, operationId)));
  return operation === undefined ? undefined : new Execution(tools, operationId, attempt, workflowOf(operation.kind));
}
