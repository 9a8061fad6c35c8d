import { eq, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { ActionError, cancelAction, type Patience, runAction } from '#lib/agent-client/actions.ts';
import type { Agents } from '#lib/agent-client/agents.ts';
import type { AgentAddress } from '#lib/agent-client/connection.ts';
import { type RepositoryKeys, repositoryAccess } from '#lib/backups/repository.ts';
import type { ActionVerb } from '#lib/contract/agent.ts';
import { BerthError, ErrorCode } from '#lib/contract/errors.ts';
import { actionId } from '#lib/contract/ids.ts';
import type { OperationStep } from '#lib/contract/operations.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts, lostCopies } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';
import { findOperation } from '#lib/operations/find.ts';
import { freshIds } from '#lib/operations/fresh-ids.ts';
import { pendingSteps } from '#lib/operations/insert.ts';
import { operationEvent } from '#lib/operations/present.ts';
import { readSealed } from '#lib/secrets/sealed-values.ts';
import type { OrderedWorkflow } from './all.ts';
import { beginOperation } from './begin.ts';
import { finishOperation } from './finish.ts';
import { heedCancel } from './heed-cancel.ts';
import { createReporter, type Reporter } from './progress.ts';
import { type Begin, type Ending, type Saga, type StepOutcome, SupersededError, type Trouble } from './saga.ts';
import { change, percentOf } from './steps.ts';
import { stubbornly } from './stubborn.ts';
import type { AnyAction, Results, Work } from './work.ts';

export type ExecutionTools = {
  db: Db;
  agents: Agents;
  /** This process in the workflow engine. */
  executorId: string;
  /** Signs orders to agents, for as long as this worker may give any. */
  signer: GrantSigner;
  /** Waits until this worker may act on hosts. */
  mayAct(): Promise<void>;
  keys: RepositoryKeys;
  patience: Patience;
  log: { warn(detail: Record<string, unknown>, message: string): void };
};

export const worker = systemActor('worker');
/** Orders to a host that name no container. */
const onHostVerbs: ReadonlySet<ActionVerb> = new Set([
  'template.build',
  'backup.delete',
  'backup.measure',
  'backup.check',
  'backup.test',
]);
/** A background operation may meet a generation raised beside it; so often it asks again with the new one. */
const staleTries = 3;
/** The operation's host is lost, or its container there is about to be. */
const lostWith = sql<boolean>`(${hosts.lostAt} is not null or exists (select from ${lostCopies}
  where ${lostCopies.hostId} = ${operations.hostId} and ${lostCopies.containerId} = ${operations.containerId}
    and ${lostCopies.goneAt} is null))`;
type Attempt = { operationId: string; attempt: number; fence: number };

/** One attempt of one operation: the saga's steps as rows, events and actions on the host. */
export class Execution implements Saga {
  readonly steps: Saga['steps'];
  readonly #workflow: OrderedWorkflow;
  readonly #tools: ExecutionTools;
  readonly #operationId: string;
  readonly #attempt: number;
  readonly #fence: number;
  /** Grows as steps answer; after a crash the stored answers of the steps fill it again ({@link remember}). */
  readonly results: Results = {};

  constructor(tools: ExecutionTools, { operationId, attempt, fence }: Attempt, workflow: OrderedWorkflow) {
    this.#tools = tools;
    this.#operationId = operationId;
    this.#attempt = attempt;
    this.#fence = fence;
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

  /**
   * A step that is run again, because its answer was lost with a worker, is not begun: what it has done counts. Done and
   * written down, it gives the results that were written with it; else it is run again, whatever the cancel flag says, and when it
   * fails or gives up then, its undo is due.
   */
  async perform(index: number): Promise<StepOutcome & { results?: Results }> {
    const step = this.#step(index);
    let begun = false;
    try {
      const prepared = await this.#inTx(async (tx) => {
        const work = await this.#work(tx);
        const state = work.operation.steps[index]?.state;
        if (state === 'done') return { results: work.operation.stepResults[step.name] ?? {} };
        begun = state !== 'pending';
        if (work.operation.cancelRequested && !begun && step.lenient !== true) return null;
        const actions = await step.actions(tx, work);
        await this.#mark(tx, index, { state: 'running', startedAt: new Date().toISOString(), percent: null });
        return { work, actions, target: await this.#target(tx) };
      });
      if (prepared === null) return { ok: false, cancelled: true, begun: false };
      if ('results' in prepared) {
        this.remember(prepared.results);
        return { ok: true, results: prepared.results };
      }
      const results = await this.#act(index, prepared, null);
      begun = true;
      this.remember(results);
      await this.#inTx(async (tx) => {
        const facts = await step.done?.(tx, await this.#work(tx));
        const state = prepared.actions.length === 0 && step.done === undefined ? 'skipped' : 'done';
        const patch = {
          state,
          percent: 100,
          message: null,
          deadline: null,
          endedAt: new Date().toISOString(),
        } as const;
        await this.#mark(tx, index, patch, { facts: facts ?? {}, results });
      });
      return { ok: true, results };
    } catch (error) {
      if (error instanceof SupersededError) throw error;
      const trouble = this.#trouble(error);
      const cancelled = await this.#inTx(async (tx) => {
        const message = trouble.detail;
        await this.#mark(tx, index, { state: 'failed', message, deadline: null, endedAt: new Date().toISOString() });
        return trouble.code === 'cancelled' && (await this.#isCancelled(tx));
      });
      if (cancelled) return { ok: false, cancelled: true, begun: true };
      return { ok: false, cancelled: false, trouble: { ...trouble, selfUndo: trouble.selfUndo || begun } };
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

  async compensate(index: number, when: 'before' | 'after'): Promise<{ ok: true } | { ok: false; trouble: Trouble }> {
    const step = this.#step(index);
    try {
      const prepared = await this.#inTx(async (tx) => {
        const work = await this.#work(tx);
        await this.#mark(tx, index, { state: 'undoing', percent: null });
        if (await this.#isLost(tx)) return null;
        return { work, actions: (await step.undo?.(tx, work)) ?? [], target: await this.#target(tx) };
      });
      if (prepared !== null) {
        await this.#act(index, prepared, when).catch(async (error: unknown) => {
          if (error instanceof SupersededError || !(await this.#inTx((tx) => this.#isLost(tx)))) throw error;
        });
      }
      await this.#inTx((tx) => this.#mark(tx, index, { state: 'undone', endedAt: new Date().toISOString() }));
      return { ok: true };
    } catch (error) {
      if (error instanceof SupersededError) throw error;
      return { ok: false, trouble: this.#trouble(error) };
    }
  }

  async finish(ending: Ending): Promise<void> {
    await this.#inTx(async (tx) => finishOperation(tx, await this.#work(tx), this.#workflow, ending, this.#attempt));
  }

  /** Runs the actions of a step one after another. A failure after the first had effects says so. */
  async #act(index: number, prepared: Prepared, undo: Undo): Promise<Results> {
    const { actions } = prepared;
    const results: Results = {};
    for (const [k, action] of actions.entries()) {
      const report = createReporter(
        (patch) => this.#inTx((tx) => this.#mark(tx, index, patch)),
        { part: k, parts: actions.length },
        this.#tools.log,
      );
      try {
        const result = await this.#runOne(this.#step(index), action, prepared, undo, report);
        Object.assign(results, { [action.verb]: result });
      } catch (error) {
        if (!(error instanceof BerthError)) throw error;
        const definite = k === 0 && error instanceof ActionError && !error.uncertain;
        if (definite) throw error;
        const { code, message, inside, cause } = error;
        const facts = { retryable: error instanceof ActionError && error.retryable, uncertain: true, cause };
        throw new ActionError(code, message, { ...facts, ...(inside === undefined ? {} : { inside }) });
      } finally {
        await report.settled();
      }
    }
    return results;
  }

  async #runOne(step: Step, action: AnyAction, prepared: Prepared, undo: Undo, report: Reporter): Promise<unknown> {
    const { operation } = prepared.work;
    const part = action.part === undefined ? '' : `-${action.part}`;
    const name = `${step.name}${part}${undo === 'before' ? '-before' : ''}`;
    const onHost = onHostVerbs.has(action.verb);
    let target: Target | undefined = prepared.target;
    for (let tries = 1; ; tries += 1) {
      const { generation, raised } = target ?? (await this.#inTx((tx) => this.#target(tx)));
      /** The host as it was read with the step; at every further try as it is then. */
      const where = async () => {
        const { address } = target ?? (await this.#inTx((tx) => this.#target(tx)));
        target = undefined;
        await this.#tools.mayAct();
        return this.#tools.agents.to(address);
      };
      const call = {
        verb: action.verb,
        args: action.args,
        secrets: action.secrets,
        actionId: actionId(this.#operationId, this.#attempt, raised ? `${name}-g${generation}` : name, undo !== null),
        operationId: this.#operationId,
        fence: this.#fence,
        containerId: onHost ? null : operation.containerId,
        generation: onHost ? null : generation,
        subject: operation.actorId === null ? 'system' : `${operation.actorKind}:${operation.actorId}`,
      } as Parameters<typeof runAction>[2];
      const onWaiting = () =>
        report.progress({ message: 'The server does not answer; waiting.', percent: null, deadline: null });
      const { address } = target ?? prepared.target;
      // Undone or cleared up is to the end.
      using _heeding =
        undo === null && step.lenient !== true
          ? heedCancel({
              wanted: () => withActor(this.#tools.db, worker, (tx) => this.#isCancelled(tx)),
              ask: () => cancelAction(this.#tools.agents.to(address), this.#tools.signer, call),
              failed: (err) => this.#tools.log.warn({ err }, 'an action was not told to give up'),
            })
          : undefined;
      try {
        const watcher = { onProgress: report.progress, onWaiting };
        return await runAction(where, this.#tools.signer, call, watcher, this.#tools.patience);
      } catch (error) {
        const stale = error instanceof ActionError && error.code === 'stale';
        if (!stale || operation.lock === 'exclusive' || tries >= staleTries) throw error;
        target = await this.#inTx(async (tx) => {
          await this.#raiseGeneration(tx);
          return await this.#target(tx);
        });
      }
    }
  }

  /** Written off with its host: there is nothing left to take back, and nobody to ask. */
  async #isLost(tx: Tx): Promise<boolean> {
    const [row] = await tx
      .select({ lost: lostWith })
      .from(operations)
      .innerJoin(hosts, eq(hosts.id, operations.hostId))
      .where(eq(operations.id, this.#operationId));
    return row?.lost === true;
  }

  async #isCancelled(tx: Tx): Promise<boolean> {
    const [row] = await tx
      .select({ asked: operations.cancelRequested })
      .from(operations)
      .where(eq(operations.id, this.#operationId));
    return row?.asked === true;
  }

  /** From now on under the container's present generation; written down first, so that a repeat asks for the very same. */
  async #raiseGeneration(tx: Tx): Promise<void> {
    await tx
      .update(operations)
      .set({
        generation: sql`(select ${containers.generation} from ${containers} where ${containers.id} = ${operations.containerId})`,
        input: sql`${operations.input} || '{"generationRaised": true}'`,
      })
      .where(eq(operations.id, this.#operationId));
  }

  /** The host's address, and the generation to act under. `raised`: it is not the one the operation was asked for under. */
  async #target(tx: Tx): Promise<Target> {
    const [row] = await tx
      .select({
        hostId: hosts.id,
        address: hosts.address,
        status: hosts.status,
        lost: lostWith,
        generation: operations.generation,
        raised: sql<boolean>`${operations.input} ? 'generationRaised'`,
      })
      .from(operations)
      .innerJoin(hosts, eq(hosts.id, operations.hostId))
      .where(eq(operations.id, this.#operationId));
    if (row === undefined || row.status === 'disabled') {
      throw new BerthError('host_unreachable', 'The server is not in use.');
    }
    if (row.lost) throw new BerthError('host_unreachable', 'The server is lost.');
    const { hostId, address, generation, raised } = row;
    return { address: { hostId, address }, generation, raised };
  }

  async #mark(
    tx: Tx,
    index: number,
    patch: Partial<OperationStep>,
    brought?: { facts: Record<string, unknown>; results: Results },
  ): Promise<void> {
    const operation = await findOperation(tx, this.#operationId);
    if (operation === undefined) throw new Error('the operation is gone');
    const steps = change(operation.steps, index, patch);
    const values = {
      steps,
      percent: percentOf(steps),
      ...(brought === undefined
        ? {}
        : {
            result: { ...operation.result, ...brought.facts },
            stepResults: { ...operation.stepResults, [this.#step(index).name]: brought.results },
          }),
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
      repositoryOf: (inTx, { tenantId, repositoryId }) =>
        repositoryAccess(inTx, tenantId, this.#tools.keys, { repositoryId }),
      repositoryForNew: (inTx, tenantId) =>
        repositoryAccess(inTx, tenantId, this.#tools.keys, { container: container ?? null }),
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
    return await stubbornly(() =>
      withActor(this.#tools.db, worker, async (tx) => {
        await this.#hold(tx);
        return await work(tx);
      }),
    );
  }

  /** Until the transaction ends nobody else takes the operation up. Throws {@link SupersededError} when somebody has. */
  async #hold(tx: Tx): Promise<void> {
    const [row] = await tx
      .select({ fence: operations.fence })
      .from(operations)
      .where(eq(operations.id, this.#operationId))
      .for('no key update');
    if (row?.fence !== this.#fence) throw new SupersededError(this.#operationId);
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

type Step = OrderedWorkflow['steps'][number];
type Target = { address: AgentAddress; generation: number | null; raised: boolean };
/** Which undo an action belongs to: none, that of the attempt before, or this attempt's own. */
type Undo = null | 'before' | 'after';
type Prepared = { work: Work; actions: AnyAction[]; target: Target };

export function outsideError(trouble: Trouble, step: string | null) {
  return {
    code: ErrorCode.catch('internal').parse(trouble.code),
    detail: trouble.detail,
    step,
    remedy: null,
  };
}
