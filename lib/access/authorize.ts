import { BerthError } from '../contract/errors.ts';
import { heldReason } from '../contract/holds.ts';
import type { Permission } from '../contract/permissions.ts';
import type { Actor, Assignment } from './actor.ts';
import { audienceOf, reads, wholeInstallation } from './policy.ts';

/** What a right is asked for. A null tenant means a thing of the provider's own; a null container one that is no container's. */
export type Resource = { tenantId: string | null; containerId: string | null };

/** A container as a resource. */
export function ofContainer(row: { id: string; tenantId: string }): Resource {
  return { tenantId: row.tenantId, containerId: row.id };
}

/** A tenant, or what belongs to a tenant and to no container. */
export function ofTenant(tenantId: string | null): Resource {
  return { tenantId, containerId: null };
}

/** What an actor reaches, whatever the right; what row-level security is told. */
export type Scope =
  | { kind: 'provider' }
  | { kind: 'system' }
  | {
      kind: 'tenant';
      /** Reached whole. */
      tenantIds: readonly string[];
      containerIds: readonly string[];
      /** Of which a part is reached: they may be known by name. */
      partTenantIds: readonly string[];
    };

/** The rows an actor may know of. The database enforces the same by row-level security. */
export function scopeOf(actor: Actor): Scope {
  if (actor.kind === 'system') return { kind: 'system' };
  return union(actor.assignments);
}

/** The rows over which an actor has a right: for lists. */
export function scopeFor(actor: Actor, permission: Permission): Scope {
  if (actor.kind === 'system') return { kind: 'system' };
  return union(actor.assignments.filter((one) => one.permissions.has(permission)));
}

function union(assignments: readonly Assignment[]): Scope {
  const [tenantIds, containerIds, partTenantIds] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { reach, tenantId } of assignments) {
    if (reach === 'all') return { kind: 'provider' };
    for (const id of reach.tenantIds) tenantIds.add(id);
    for (const id of reach.containerIds) containerIds.add(id);
    if (tenantId !== null) partTenantIds.add(tenantId);
  }
  return {
    kind: 'tenant',
    tenantIds: [...tenantIds],
    containerIds: [...containerIds],
    partTenantIds: [...partTenantIds].filter((id) => !tenantIds.has(id)),
  };
}

/** Whether a thing lies within what an assignment reaches. */
export function covers({ reach }: Pick<Assignment, 'reach'>, { tenantId, containerId }: Resource): boolean {
  if (reach === 'all') return true;
  if (tenantId !== null && reach.tenantIds.includes(tenantId)) return true;
  return containerId !== null && reach.containerIds.includes(containerId);
}

/** The tenants of which the actor is staff, the provider's or a reseller's; for row-level security. */
export function staffOf(actor: Actor): 'all' | readonly string[] {
  if (actor.kind === 'system') return 'all';
  const staff = actor.assignments.filter((one) => one.consent === undefined && audienceOf(one.base) !== 'tenant');
  if (staff.some((one) => one.reach === 'all')) return 'all';
  return [...new Set(staff.flatMap((one) => (one.reach === 'all' ? [] : one.reach.tenantIds)))];
}

/** The consent by which alone the actor has a right over a thing; undefined where a role gives it, or nothing does. */
export function consentUsed(actor: Actor, permission: Permission, resource: Resource): Assignment['consent'] {
  if (actor.kind === 'system') return undefined;
  const giving = actor.assignments.filter((one) => one.permissions.has(permission) && covers(one, resource));
  return giving.every((one) => one.consent !== undefined) ? giving[0]?.consent : undefined;
}

/** Whether a thing lies in the actor's scope. */
export function canSee(actor: Actor, resource: Resource): boolean {
  return actor.kind === 'system' || actor.assignments.some((one) => covers(one, resource));
}

/**
 * Whether the actor has a right: over the resource, or without one over anything at all. Of rights about the installation itself
 * only a role over all of it counts.
 */
export function hasPermission(actor: Actor, permission: Permission, resource?: Resource): boolean {
  if (actor.kind === 'system') return true;
  return actor.assignments.some(
    (one) =>
      one.permissions.has(permission) &&
      (one.reach === 'all' || !wholeInstallation.has(permission)) &&
      (resource === undefined || covers(one, resource)) &&
      (reads(permission) || !isHeld(one, resource)),
  );
}

function isHeld({ held }: Assignment, resource: Resource | undefined): boolean {
  if (held === null) return false;
  return held.whole || (resource?.containerId != null && held.containerIds.includes(resource.containerId));
}

/** Whether nothing but a hold keeps the actor from it: then it is shown with that reason, and not as if it were not there. */
export function onlyHeld(actor: Actor, permission: Permission, resource?: Resource): boolean {
  if (actor.kind === 'system') return false;
  const assignments = actor.assignments.map((one) => ({ ...one, held: null }));
  return hasPermission({ ...actor, assignments }, permission, resource);
}

/** Whether the actor has a right, or would but for a hold. */
export function hasUnlessHeld(actor: Actor, permission: Permission, resource?: Resource): boolean {
  return hasPermission(actor, permission, resource) || onlyHeld(actor, permission, resource);
}

/** Whether a hold leaves the actor to look only, at this thing or (without one) at all of an account of theirs. */
export function isBound(actor: Actor, resource?: Resource): boolean {
  if (actor.kind === 'system') return false;
  return actor.assignments.some((one) => (resource === undefined || covers(one, resource)) && isHeld(one, resource));
}

/**
 * Lets the actor pass or throws. A thing outside the scope is `not_found`, the same answer as for a thing that does not
 * exist; a visible thing without the right to it is `forbidden`, and `held` if nothing but a hold is in the way. Call it with the resource once that is loaded; without
 * one it only checks that the right is had over something. Pure.
 */
export function authorize(actor: Actor, permission: Permission, resource?: Resource): void {
  if (resource !== undefined && !canSee(actor, resource)) throw new BerthError('not_found');
  if (hasPermission(actor, permission, resource)) return;
  if (onlyHeld(actor, permission, resource)) {
    throw new BerthError('held', heldReason);
  }
  throw new BerthError('forbidden');
}
