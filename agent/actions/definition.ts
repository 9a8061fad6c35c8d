import type { Logger } from 'pino';
import type { ActionArgs, ActionResult, ActionSecrets, ActionVerb, actionVerbs } from '#lib/contract/agent.ts';
import { BerthError, type ErrorCode } from '#lib/contract/errors.ts';
import type { Depot, Progress } from '../adapters.ts';
import type { Core } from '../core.ts';
import type { SharedLocks } from '../reconcile/locks.ts';
import type { ContainerRecord } from '../store/containers.ts';
import type { Capacity } from '../store/volumes.ts';

type ScopeOf<V extends ActionVerb> = (typeof actionVerbs)[V]['scope']['containerId'] extends null ? null : string;

export type ActionContext<V extends ActionVerb> = {
  core: Core;
  repositories: SharedLocks;
  actionId: string;
  containerId: ScopeOf<V>;
  args: ActionArgs<V>;
  progress: Progress;
  /** Fires when somebody asks a cancellable action to give up. */
  signal: AbortSignal;
  log: Logger;
};

/**
 * One verb: prepare → commit → finish.
 *
 * prepare makes new things that nothing refers to, recorded as owned by the action; it alone sees secrets. commit changes
 * the records, in one transaction with the ledger, and returns what finishing needs (JSON). finish makes the world equal to
 * the records and gives the result; it can be repeated and needs nothing but ledger and records, so that it also runs after
 * a crash. Before the commit a crash or failure leaves the old state, after it the new one.
 */
export type ActionDefinition<V extends ActionVerb, P, C> = {
  verb: V;
  /** What it excludes: its container (default), nothing, or everything with the same key. */
  lock?: 'container' | 'none' | ((context: Pick<ActionContext<V>, 'containerId' | 'args'>) => string);
  /** May be told to give up before its commit, by an emergency or by whoever ordered it. */
  cancellable?: boolean;
  /** Asks whoever holds the container to give up before it waits for the lock. */
  emergency?: boolean;
  prepare?: (context: ActionContext<V>, secrets: ActionSecrets<V>) => Promise<P>;
  commit: (context: ActionContext<V>, prepared: P) => C;
  finish: (context: ActionContext<V>, committed: C) => Promise<ActionResult<V>>;
};

/** A definition without its types, for the registry; the parts fit each other because {@link defineAction} has seen them. */
export type AnyAction = ActionDefinition<ActionVerb, unknown, unknown>;

export function defineAction<V extends ActionVerb, P = undefined, C = Record<string, never>>(
  definition: ActionDefinition<V, P, C>,
): AnyAction {
  return definition as unknown as AnyAction;
}

/** Thrown by a finish that has taken its commit back: the container is as it was before, and a repeat starts anew. */
export class UndoneError extends BerthError {
  readonly retryable: boolean;
  constructor(code: ErrorCode, detail: string, options: { retryable: boolean; cause?: unknown }) {
    super(code, detail, { cause: options.cause });
    this.name = 'UndoneError';
    this.retryable = options.retryable;
  }
}

/** The container's record; `not_found` unless it is present. */
export function present(core: Core, containerId: string): ContainerRecord {
  const record = core.store.containers.find(containerId);
  if (record?.state !== 'present') throw new BerthError('not_found', 'The server does not have this container.');
  return record;
}

/** For what concerns the container's own system, which does not run in repair. */
export function refuseInRepair(record: ContainerRecord): void {
  if (record.repair !== null) throw new BerthError('state', 'The container is in repair.');
}

/**
 * What the pool may promise now. Also refuses (`no_space`) when less than the reserve is really free, whoever took it: a full
 * pool damages every container on it.
 */
export function capacity(core: Core): Capacity {
  const { sizeBytes, usedBytes } = core.adapters.volumes.pool();
  const reserve = core.config.poolReserveBytes;
  if (sizeBytes - usedBytes < reserve) {
    throw new BerthError('no_space', 'The server has not enough free storage for this.', {
      inside: `${sizeBytes - usedBytes} bytes free, reserve ${reserve}`,
    });
  }
  const layers = core.adapters.layers.list().reduce((sum, layer) => sum + layer.bytes, 0);
  return { promisableBytes: sizeBytes - reserve - layers };
}

/** Brings layers that the host lacks from a backup location; refused unless their content has the digest. */
export async function fetchLayers(
  core: Core,
  depot: Depot,
  digests: readonly string[],
  progress: Progress,
): Promise<void> {
  const { backups, layers } = core.adapters;
  for (const digest of digests) {
    if (layers.has(digest)) continue;
    progress('Fetching a layer from the backup location', null);
    await backups.withLayer(depot, digest, (file) => layers.importFile(file, digest));
  }
}

export function requireLayers(core: Core, layers: readonly string[]): void {
  for (const digest of layers) {
    if (!core.adapters.layers.has(digest)) {
      throw new BerthError('not_found', 'The server does not hold a layer of this template.', { inside: digest });
    }
  }
}
