import { and, eq, inArray, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { type ContainerFacts, containerFacts } from '#lib/containers/facts.ts';
import { shownContainer } from '#lib/containers/get.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { heldFrom, type LockClass, type OperationKind, permitted } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { putSealed } from '#lib/secrets/sealed-values.ts';
import { present } from './find.ts';
import { type Change, enqueueOperation, insertOperation } from './insert.ts';
import { kinds } from './kinds.ts';
import { operationEvent } from './present.ts';

const underway = inArray(operations.state, ['queued', 'running', 'undoing']);

export type Request = {
  kind: OperationKind;
  containerId: string;
  /** Never secrets: those go into `secrets` and end up in the input as `<name>Ref`. */
  input?: Record<string, unknown>;
  secrets?: Record<string, string | undefined>;
  undoOf?: string;
  lock?: LockClass;
  /** Instead of the kind's own, where the worker too lets it pass for just this ({@link file://../workflows/reauthorise.ts}). */
  permission?: Permission;
  /** Of a deleted container too: it is about what is kept of that. */
  deletedToo?: true;
  /** Comes before everything else in the transaction: what it changes counts in what is then looked at. */
  before?: (tx: Tx) => Promise<void>;
  /** For the audit record: what is changed, as it is and as it will be. `input` is all of it. */
  change?: (facts: ContainerFacts, input: Record<string, unknown>) => Change;
  /**
   * Looks at what only this kind cares for (plan limits, rows it needs) and returns more input. Runs in the transaction,
   * with the container locked, before anything is written; throws to refuse.
   */
  prepare?: (tx: Tx, facts: ContainerFacts, operationId: string) => Promise<Record<string, unknown>>;
};

/**
 * The one door through which people and schedules ask for something to be done to a container: authorises, asks the state
 * table, the holds and the plan, writes operation, audit and event in one transaction, and puts the workflow in line.
 * Throws `not_found`, `forbidden`, `already` (with the operation that does the same), `busy` (with the one in the way),
 * `held`, `state`, and whatever `prepare` throws.
 */
export async function requestOperation(actor: Actor, request: Request): Promise<Operation> {
  const kind = kinds[request.kind];
  const lock = request.lock ?? kind.lock;
  const permission = request.permission ?? kind.permission;
  authorize(actor, permission);
  const decided = await asActor(actor, async (tx) => {
    await request.before?.(tx);
    if (lock === 'emergency') await lockHolders(tx, request.containerId);
    const facts = await containerFacts(tx, request.containerId, { lock: true });
    const gone = facts === undefined || (facts.container.deletedAt !== null && request.deletedToo !== true);
    if (gone) throw new BerthError('not_found');
    authorize(actor, permission, ofContainer(facts.container));
    await refuseStale('container', () => shownContainer(tx, actor, request.containerId));
    refuseIfTaken(request.kind, lock, facts);
    refuseIfNotPermitted(request.kind, facts);
    const id = uuidv7();
    const more = (await request.prepare?.(tx, facts, id)) ?? {};
    const { container } = facts;
    const generation = lock === 'exclusive' ? container.generation + 1 : container.generation;
    if (lock === 'exclusive') {
      await tx
        .update(containers)
        .set({ generation: sql`${containers.generation} + 1` })
        .where(eq(containers.id, container.id));
    }
    if (lock === 'emergency') await askHolderToCancel(tx, facts);
    const operation = await insertOperation(tx, actor, {
      id,
      kind: request.kind,
      tenantId: container.tenantId,
      container,
      hostId: container.hostId,
      generation,
      lock,
      input: { ...request.input, ...more },
      ...request.change?.(facts, { ...request.input, ...more }),
      ...(request.undoOf === undefined ? {} : { undoOf: request.undoOf }),
    });
    const references = await sealAll(tx, operation.id, request.secrets);
    if (Object.keys(references).length > 0) {
      operation.input = { ...operation.input, ...references };
      await tx.update(operations).set({ input: operation.input }).where(eq(operations.id, operation.id));
    }
    return { operation, shown: await present(tx, actor, operation) };
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}

/** One operation at a time, and the same wish twice is one operation: whoever comes second is shown the first. */
function refuseIfTaken(kind: OperationKind, lock: LockClass, facts: ContainerFacts): void {
  const same = facts.active.find((one) => one.kind === kind);
  if (same !== undefined && kinds[kind].sameAgain && same.state !== 'stuck') {
    throw new BerthError('already', undefined, { operationId: same.id });
  }
  if (lock !== 'exclusive') return;
  const holder = facts.active.find((one) => one.lock === 'exclusive') ?? facts.active[0];
  if (holder === undefined) return;
  const stuck = holder.state === 'stuck';
  throw new BerthError('busy', stuck ? 'An operation is stuck; somebody has to look at it first.' : undefined, {
    operationId: holder.id,
    remedy: stuck ? 'Try it again or undo it, or ask for help.' : 'Wait until it is done, or cancel it.',
  });
}

function refuseIfNotPermitted(kind: OperationKind, facts: ContainerFacts): void {
  const verb = kinds[kind].verb;
  if (verb === null) return;
  const verdict = permitted(verb, facts);
  if (verdict.allowed) return;
  throw new BerthError(heldFrom(verb, facts.holds) === null ? 'state' : 'held', verdict.reason);
}

/** The worker locks an operation and then its container, so who changes both does it in this order too. */
async function lockHolders(tx: Tx, containerId: string): Promise<void> {
  await tx
    .select({ id: operations.id })
    .from(operations)
    .where(and(eq(operations.containerId, containerId), eq(operations.lock, 'exclusive'), underway))
    .for('no key update');
}

/** An emergency does not wait: the holder's flag is set and it undoes itself at its next step. One that has ended meanwhile has. */
async function askHolderToCancel(tx: Tx, facts: ContainerFacts): Promise<void> {
  for (const holder of facts.active.filter((one) => one.lock === 'exclusive' && one.state !== 'stuck')) {
    const [row] = await tx
      .update(operations)
      .set({ cancelRequested: true })
      .where(and(eq(operations.id, holder.id), underway))
      .returning();
    if (row !== undefined) await publish(tx, operationEvent({ ...row, containerName: facts.container.name }));
  }
}

/** Seals what must not stand in the row; the input gets `<name>Ref`. */
export async function sealAll(
  tx: Tx,
  operationId: string,
  secrets: Record<string, string | undefined> = {},
): Promise<Record<string, string>> {
  const references: Record<string, string> = {};
  for (const [name, value] of Object.entries(secrets)) {
    if (value !== undefined) references[`${name}Ref`] = await putSealed(tx, operationId, value);
  }
  return references;
}
