import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ContainerRow } from '#lib/containers/facts.ts';
import type { ActionArgsInput, ActionResult, ActionSecrets, ActionVerb } from '#lib/contract/agent.ts';
import type { RepositoryRef } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { operationSteps } from '#lib/contract/operations.ts';
import type { OperationKind } from '#lib/contract/states.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { Tx } from '#lib/db/client.ts';
import { templates } from '#lib/db/schema/templates.ts';
import type { NewEvent } from '#lib/events/publish.ts';
import type { OperationRow } from '#lib/operations/present.ts';

/** What actions of this operation answered so far, by verb; an operation uses a verb once forwards. */
export type Results = { [V in ActionVerb]?: ActionResult<V> };

export type RepositoryAccess = {
  repository: z.infer<typeof RepositoryRef>;
  secrets: ActionSecrets<'backup.upload'>;
};

/** What a step knows while it makes its actions. Read afresh from the rows for every step. */
export type Work = {
  operation: OperationRow;
  /** Null for operations on a host. */
  container: ContainerRow | null;
  results: Results;
  /** The repository a backup lies in, with its passwords. Worker only; never to be stored. */
  repositoryOf(tx: Tx, backup: { tenantId: string; repositoryId: string }): Promise<RepositoryAccess & { id: string }>;
  /** The one that new backups of the operation's container go to, made at the first use. Worker only; never to be stored. */
  repositoryForNew(tx: Tx, tenantId: string): Promise<RepositoryAccess & { id: string }>;
  /** A secret that travelled by reference; undefined when none was given. */
  secret(tx: Tx, name: string): Promise<string | undefined>;
};

export type AnyAction = {
  [V in ActionVerb]: {
    verb: V;
    args: ActionArgsInput<V>;
    secrets: ActionSecrets<V>;
    /** Tells actions of one step apart in their ids. */
    part?: string;
  };
}[ActionVerb];

export type Step = {
  /** Actions on the host, in order. None: the step has nothing to do. */
  actions(tx: Tx, work: Work): Promise<AnyAction[]>;
  /** Writes what the actions brought, with the step's own mark, and returns facts for the operation's result. */
  done?(tx: Tx, work: Work): Promise<Record<string, unknown> | undefined>;
  /** Actions that take the step back. They must succeed also when the step had no effect. */
  undo?(tx: Tx, work: Work): Promise<AnyAction[]>;
  /** Its failure is worth a remark, not an undo; nor is it cancelled. For clearing up after the point of no return. */
  lenient?: boolean;
};

/** One kind of operation: its steps, by the names the contract shows, and what its end means for the rows. */
export type Workflow<K extends OperationKind> = {
  kind: K;
  steps: { [S in keyof (typeof operationSteps)[K]]: Step };
  succeeded?(tx: Tx, work: Work): Promise<Record<string, unknown> | undefined>;
  /** Failed or cancelled, everything undone. `uncertain`: the step that failed may have had effects all the same. */
  failed?(tx: Tx, work: Work, end: { uncertain: boolean }): Promise<void>;
  /** Told to live pages besides the operation itself, whatever the end. */
  events?(work: Work): NewEvent[];
};

export function containerOf(work: Work): ContainerRow {
  if (work.container === null) throw new Error(`operation ${work.operation.id} has no container`);
  return work.container;
}

/** The result of an action that this step follows. */
export function resultOf<V extends ActionVerb>(work: Work, verb: V): ActionResult<V> {
  const result = work.results[verb];
  if (result === undefined) throw new Error(`no result of ${verb}`);
  return result as ActionResult<V>;
}

export async function templateOf(tx: Tx, id: string): Promise<TemplateRef> {
  const [row] = await tx.select().from(templates).where(eq(templates.id, id));
  if (row === undefined) throw new BerthError('not_found', 'The template is gone.');
  return { name: row.name, version: row.version, layers: row.layers, init: row.init };
}

export function containerChanged(work: Work): NewEvent[] {
  const { operation } = work;
  return [
    {
      type: 'container',
      tenantId: operation.tenantId,
      containerId: operation.containerId,
      operationId: operation.id,
      data: {},
    },
  ];
}
