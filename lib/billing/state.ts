import { type Service, type ServiceState, type ServiceVerb, servicePermits } from '#lib/contract/billing.ts';
import type { Container } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { OperationState } from '#lib/contract/states.ts';
import type { billingServices } from '#lib/db/schema/billing.ts';

export type ServiceRow = typeof billingServices.$inferSelect;

/** What a service's state follows from. */
export type ServiceFacts = {
  service: Pick<ServiceRow, 'terminatedAt' | 'removeAfter'>;
  /** Null: none was accepted yet. */
  container: Pick<Container, 'state' | 'deleted' | 'holds'> | null;
  /** The latest operation that makes the container or has it back. */
  made: OperationState | null;
  /** Whether billing holds this very container. */
  held: boolean;
};

/** The state of a service, and what comes next. Pure. */
export function serviceState(facts: ServiceFacts): { state: ServiceState; next: string } {
  const { service, container, made } = facts;
  if (service.terminatedAt !== null) return ending(facts);
  if (container === null) return { state: 'failed', next: 'Nothing was made yet. Ask for it again.' };
  if (made === 'stuck') return { state: 'failed', next: 'Making it got stuck: somebody has to look at the operation.' };
  if (made === 'queued' || made === 'running' || made === 'undoing') {
    return { state: 'creating', next: 'Its container is being made.' };
  }
  if (container.state === 'deleted') {
    return made === 'succeeded'
      ? {
          state: 'terminated',
          next: `Its container was deleted in the panel, or lost with its server.${back(container)}`,
        }
      : { state: 'failed', next: 'Making its container failed. Ask for it again.' };
  }
  if (facts.held) return { state: 'suspended', next: 'Waits to be paid for.' };
  const other = container.holds.map(({ reason }) => reason).filter((reason) => reason !== 'billing');
  return {
    state: 'active',
    next: other.length === 0 ? 'Nothing to do.' : `Held for another reason (${other.join(', ')}).`,
  };
}

function ending({ service, container }: ServiceFacts): { state: ServiceState; next: string } {
  if (container === null || container.state === 'deleted') {
    return {
      state: 'terminated',
      next: container === null ? 'There is nothing left of it.' : `Deleted.${back(container)}`,
    };
  }
  const due = service.removeAfter === null || service.removeAfter <= new Date();
  const foreign = container.holds.map(({ reason }) => reason).filter((reason) => reason !== 'billing');
  if (!due) return { state: 'terminating', next: 'Stopped; deleted when its days of grace are over.' };
  if (foreign.length > 0) {
    return { state: 'terminating', next: `Deleted as soon as it is not held any more (${foreign.join(', ')}).` };
  }
  return { state: 'terminating', next: 'Its container is being deleted.' };
}

function back({ deleted }: Pick<Container, 'deleted'>): string {
  return deleted === null ? ' It cannot be had back.' : ' Creating it again brings its files back.';
}

const because: Record<ServiceState, string> = {
  creating: 'it is still being made',
  active: 'it is active',
  suspended: 'it is suspended',
  failed: 'it was not made',
  terminating: 'it is being terminated',
  terminated: 'it is terminated',
};

/** Throws `state` where the table of states does not permit the verb. */
export function refuseUnlessPermitted(verb: ServiceVerb, { state }: Pick<Service, 'state'>): void {
  const permitted: readonly ServiceVerb[] = servicePermits[state];
  if (permitted.includes(verb)) return;
  const remedy = permitted.includes('unsuspend')
    ? 'Unsuspend it first, or wait until it is made.'
    : 'Create it again first.';
  throw new BerthError('state', `Not now: ${because[state]}.`, { remedy });
}
