import { BerthError } from '../contract/errors.ts';
import type { Permission } from '../contract/permissions.ts';
import type { Actor } from './actor.ts';
import { policy, reach } from './policy.ts';

export type Scope =
  | { kind: 'provider' }
  | { kind: 'system' }
  | { kind: 'reseller' | 'tenant'; tenantIds: readonly string[] };

/** The rows an actor may know of. The database enforces the same by row-level security. */
export function scopeOf(actor: Actor): Scope {
  if (actor.kind === 'system') return { kind: 'system' };
  const kind = reach[actor.role];
  return kind === 'provider' ? { kind } : { kind, tenantIds: actor.tenantIds };
}

/** Whether a thing of this tenant lies in the actor's scope. A null tenant means a thing of the provider's own. */
export function canSee(actor: Actor, tenantId: string | null): boolean {
  const scope = scopeOf(actor);
  if (scope.kind === 'provider' || scope.kind === 'system') return true;
  return tenantId !== null && scope.tenantIds.includes(tenantId);
}

export function hasPermission(actor: Actor, permission: Permission): boolean {
  return actor.kind === 'system' || policy[actor.role].has(permission);
}

/**
 * Lets the actor pass or throws. A thing outside the scope is `not_found`, the same answer as for a thing that does not
 * exist; a visible thing without the right to it is `forbidden`. Call it with the resource once that is loaded; without
 * one it only checks the right. Pure.
 */
export function authorize(actor: Actor, permission: Permission, resource?: { tenantId: string | null }): void {
  if (resource !== undefined && !canSee(actor, resource.tenantId)) throw new BerthError('not_found');
  if (!hasPermission(actor, permission)) throw new BerthError('forbidden');
}
