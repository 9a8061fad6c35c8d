import type { Actor } from '../access/actor.ts';
import { audienceOf } from '../access/policy.ts';

/** The reseller whose person this is; null for a tenant's people, the provider's, and the portal itself. */
export function actingReseller(actor: Actor): string | null {
  if (actor.kind === 'system') return null;
  const own = actor.assignments.find((one) => one.scope === 'reseller' && audienceOf(one.base) === 'reseller');
  return own?.tenantId ?? null;
}

/** Whether this is one of a tenant's own people, to whom a reseller's affairs are closed. */
export function isCustomer(actor: Actor): boolean {
  return actor.kind === 'user' && actor.assignments.every((one) => audienceOf(one.base) === 'tenant');
}
