import { and, eq, inArray, isNull, ne, or } from 'drizzle-orm';
import { activeOperationStates, type ContainerState, containerState, type StateFacts } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';

export type ContainerRow = typeof containers.$inferSelect;
export type ActiveOperation = Pick<typeof operations.$inferSelect, 'id' | 'kind' | 'lock' | 'state'>;

/** What decides whether something may be done to a container now. */
export type ContainerFacts = {
  container: ContainerRow;
  plan: typeof plans.$inferSelect;
  templateName: string;
  /** Its own, and those on all of its tenant. */
  holds: { reason: string; message: string | null; stop: boolean }[];
  /** Operations that hold a lock, emergency first. */
  active: ActiveOperation[];
  state: ContainerState;
};

export function stateFacts(
  container: Pick<ContainerRow, 'deletedAt' | 'createdOnHostAt' | 'observedPower' | 'observedAt' | 'repairUntil'>,
  held: readonly { reason: string }[],
  active: readonly ActiveOperation[],
): StateFacts {
  const moving = active.filter((one) => one.state !== 'stuck');
  const holder = moving.find((one) => one.lock === 'emergency') ?? moving.find((one) => one.lock === 'exclusive');
  return {
    deletedAt: container.deletedAt?.toISOString() ?? null,
    createdOnHost: container.createdOnHostAt !== null,
    observedPower: container.observedPower,
    observedAt: container.observedAt?.toISOString() ?? null,
    holds: held,
    repair: container.repairUntil !== null,
    activeKind: holder?.kind ?? null,
  };
}

/** Active operations that lock something of these containers, the one that was asked for first before the others. */
export async function activeOperations(tx: Tx, containerIds: string[]) {
  if (containerIds.length === 0) return [];
  return await tx
    .select()
    .from(operations)
    .where(
      and(
        inArray(operations.containerId, containerIds),
        inArray(operations.state, [...activeOperationStates]),
        ne(operations.lock, 'background'),
      ),
    )
    .orderBy(operations.queuedAt, operations.id);
}

/**
 * The facts of a container the transaction's actor may see, or undefined. `lock` keeps others from deciding on the same
 * container until the transaction ends.
 */
export async function containerFacts(
  tx: Tx,
  id: string,
  options: { lock: boolean },
): Promise<ContainerFacts | undefined> {
  const query = tx.select().from(containers).where(eq(containers.id, id));
  const [container] = options.lock ? await query.for('update') : await query;
  if (container === undefined) return undefined;
  const [of] = await tx
    .select({ plan: plans, templateName: templates.name })
    .from(plans)
    .innerJoin(templates, eq(templates.id, container.templateId))
    .where(eq(plans.id, container.planId));
  if (of === undefined) throw new Error(`plan ${container.planId} or template ${container.templateId} is gone`);
  const held = await tx
    .select({ reason: holds.reason, message: holds.message, stop: holds.stop })
    .from(holds)
    .where(
      and(
        eq(holds.tenantId, container.tenantId),
        or(eq(holds.containerId, id), isNull(holds.containerId)),
        isNull(holds.liftedAt),
      ),
    );
  const active = await activeOperations(tx, [id]);
  const state = containerState(stateFacts(container, held, active), Date.now());
  return { container, ...of, holds: held, active, state };
}
