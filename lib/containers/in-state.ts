import { and, eq, gte, inArray, isNotNull, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm';
import {
  type ContainerState,
  movingOperationStates,
  OperationKind,
  observationLimitMs,
  stateWhile,
} from '#lib/contract/states.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';

/**
 * For lists: the containers in this state at this time, by the rule of `containerState`, on the same facts as `stateFacts`. There is no index
 * for it: power and age of the last word change with every report, and each report would then write to the index. What costs is to look
 * at the rows, which are read by name until the page is full.
 */
export function inState(state: ContainerState, nowMs: number): SQL | undefined {
  const { deletedAt, createdOnHostAt, observedAt, observedPower, repairUntil } = containers;
  if (state === 'deleted') return isNotNull(deletedAt);
  const showing = OperationKind.options.filter((kind) => stateWhile[kind] !== undefined);
  const here = showing.filter((kind) => stateWhile[kind] === state);
  const believed = gte(observedAt, new Date(nowMs - observationLimitMs));
  const known = and(isNotNull(createdOnHostAt), isNotNull(observedPower), believed);
  const left = ((): SQL | undefined => {
    switch (state) {
      case 'creating':
        return isNull(createdOnHostAt);
      case 'unknown': {
        const unheard = or(
          isNull(observedPower),
          isNull(observedAt),
          lt(observedAt, new Date(nowMs - observationLimitMs)),
        );
        return and(isNotNull(createdOnHostAt), unheard);
      }
      case 'repairing':
        return and(known, isNotNull(repairUntil));
      case 'suspended':
        return and(known, isNull(repairUntil), eq(observedPower, 'stopped'), held);
      case 'stopped':
        return and(known, isNull(repairUntil), eq(observedPower, 'stopped'), not(held));
      case 'running':
      case 'starting':
      case 'stopping':
        return and(known, isNull(repairUntil), eq(observedPower, state));
      default:
        return sql`false`;
    }
  })();
  const byOperation = here.length === 0 ? undefined : sql`${containers.id} in ${busyWith(here)}`;
  return and(isNull(deletedAt), or(byOperation, and(sql`${containers.id} not in ${busyWith(showing)}`, left)));
}

/** By a hold of its own or on all of its tenant. */
const held = sql`exists(select from ${holds} where ${and(
  eq(holds.tenantId, containers.tenantId),
  or(eq(holds.containerId, containers.id), isNull(holds.containerId)),
  isNull(holds.liftedAt),
)})`;

/** Whose lock is held by an operation of these kinds: few rows of an index of their own, read once for the whole list. */
function busyWith(kinds: readonly OperationKind[]): SQL {
  const { containerId, kind, state, lock, queuedAt, id } = operations;
  const active = and(
    inArray(state, [...movingOperationStates]),
    inArray(lock, ['exclusive', 'emergency']),
    isNotNull(containerId),
  );
  const holders = sql`select distinct on (${containerId}) ${containerId} as container_id, ${kind} as kind from ${operations}
    where ${active} order by ${containerId}, ${lock} = 'emergency' desc, ${queuedAt}, ${id}`;
  return sql`(select holder.container_id from (${holders}) holder where ${inArray(sql`holder.kind`, [...kinds])})`;
}
