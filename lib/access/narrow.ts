import type { Permission } from '../contract/permissions.ts';
import type { Assignment } from './actor.ts';
import { covers } from './authorize.ts';

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
