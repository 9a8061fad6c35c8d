import type { Permission } from '../contract/permissions.ts';
import type { Assignment, UserActor } from './actor.ts';
import { covers } from './authorize.ts';
import { widest } from './policy.ts';

/** What a token was made for. Null: no such limit. */
export type TokenLimits = {
  verbs: readonly Permission[] | null;
  containers: readonly { id: string; tenantId: string }[] | null;
};

export function isLimited({ verbs, containers }: TokenLimits): boolean {
  return verbs !== null || containers !== null;
}

/**
 * What is left of a person's rights through a token: never a right they do not have at this moment, never a container they do not
 * reach. Pure.
 */
export function narrow(assignments: readonly Assignment[], limits: TokenLimits): Assignment[] {
  const { verbs, containers } = limits;
  return assignments.flatMap((one) => {
    const permissions = verbs === null ? one.permissions : new Set(verbs.filter((verb) => one.permissions.has(verb)));
    if (permissions.size === 0) return [];
    if (containers === null) return [{ ...one, permissions }];
    const reached = containers.filter(({ id, tenantId }) => covers(one, { tenantId, containerId: id }));
    return [...new Set(reached.map(({ tenantId }) => tenantId))].map((tenantId) => ({
      ...one,
      permissions,
      scope: 'container' as const,
      tenantId,
      reach: {
        tenantIds: [],
        containerIds: reached.filter((container) => container.tenantId === tenantId).map(({ id }) => id),
      },
    }));
  });
}

/** What is left of somebody who is only what they are to a brand, by the rows with these ids, and by the consents that those let them use. Pure. */
export function ofBrand(actor: UserActor, assignmentIds: readonly string[]): UserActor {
  const roles = actor.assignments.filter((one) => one.consent === undefined && assignmentIds.includes(one.id));
  const consents = actor.assignments.filter(
    (one) =>
      one.consent !== undefined &&
      roles.some(
        (role) =>
          role.permissions.has('access.request') &&
          covers(role, { tenantId: one.tenantId, containerId: one.containerId }),
      ),
  );
  const assignments = [...roles, ...consents];
  if (assignments.length === actor.assignments.length) return actor;
  const role = widest(roles.filter((one) => one.role === one.base).map((one) => one.base));
  return { ...actor, assignments, role, limited: true };
}

/**
 * What somebody is under a brand's name: {@link ofBrand}. Whoever runs the name runs what is in front of it: what is stolen or made
 * there is worth nothing elsewhere. A token that was made for less stays one. Pure.
 */
export function underBrand(actor: UserActor, assignmentIds: readonly string[]): UserActor {
  const there = ofBrand(actor, assignmentIds);
  return there === actor || actor.limited ? there : { ...there, partial: true };
}
