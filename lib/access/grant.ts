import type { Permission } from '../contract/permissions.ts';
import type { ScopeKind } from '../contract/roles.ts';
import type { Actor, Assignment } from './actor.ts';
import { covers } from './authorize.ts';

/** What a role is to be given over. */
export type Over = {
  scope: ScopeKind;
  tenantId: string | null;
  labels: readonly string[];
  containerId: string | null;
};

/** Whether an assignment reaches all that a role over this would reach, now and later. */
function spans(one: Assignment, over: Over): boolean {
  if (one.reach === 'all') return true;
  switch (over.scope) {
    case 'installation':
      return false;
    case 'reseller':
      return one.scope === 'reseller' && one.tenantId === over.tenantId;
    case 'labels': {
      const same = one.scope === 'labels' && one.tenantId === over.tenantId;
      if (same && over.labels.every((label) => one.labels.includes(label))) return true;
      return covers(one, { tenantId: over.tenantId, containerId: null });
    }
    default:
      return covers(one, { tenantId: over.tenantId, containerId: over.containerId });
  }
}

/** Which of these rights the actor does not have over all of that: nobody gives those. Pure. */
export function lacking(actor: Actor, rights: Iterable<Permission>, over: Over): Permission[] {
  if (actor.kind === 'system') return [];
  const spanning = actor.assignments.filter((one) => one.consent === undefined && spans(one, over));
  return [...rights].filter((right) => !spanning.some((one) => one.permissions.has(right)));
}
