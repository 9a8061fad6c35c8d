import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { type Actor, systemActor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { BerthError } from '../contract/errors.ts';
import type { Permission } from '../contract/permissions.ts';
import type { CreateTenant, Tenant } from '../contract/tenants.ts';
import { asActor, type Tx } from '../db/client.ts';
import { tenants } from '../db/schema/tenants.ts';
import { emailTaken, insertAccount } from './account.ts';

/**
 * Makes a tenant with its first owner, who gets a link by mail to choose a password. A reseller's tenants are its own; the
 * provider says whose it is to be. Throws `conflict` when the address already has an account, `not_found` for an unknown reseller.
 */
export async function createTenant(actor: Actor, input: z.input<typeof CreateTenant>): Promise<Tenant> {
  authorize(actor, 'tenant.create');
  const resellerId = ownerOf(actor, 'tenant.create', input.resellerId ?? null);
  // As the system: a reseller's scope does not hold the new tenant yet. What may be made was decided above.
  return await asActor(systemActor('tenant.create'), async (tx) => {
    if (resellerId !== null) await needReseller(tx, resellerId);
    const { name, ownerEmail, ownerName } = input;
    const account = { kind: 'tenant', role: 'tenant-owner', resellerId, name, ownerEmail, ownerName } as const;
    const tenant = await insertAccount(tx, actor, account);
    return {
      id: tenant.id,
      name: tenant.name,
      resellerId,
      containers: 0,
      users: 1,
      createdAt: tenant.createdAt.toISOString(),
    };
  }).catch(emailTaken);
}

/** Whose a thing becomes that this person makes: a reseller's own, or of whom the provider names. Throws `not_found` for another's. */
export function ownerOf(actor: Actor, permission: Permission, wished: string | null): string | null {
  const own = resellerOf(actor, permission);
  if (own === null) return wished;
  if (wished !== null && wished !== own) throw noReseller();
  return own;
}

export async function needReseller(tx: Tx, id: string): Promise<typeof tenants.$inferSelect> {
  const [row] = await tx
    .select()
    .from(tenants)
    .where(and(eq(tenants.id, id), eq(tenants.kind, 'reseller')));
  if (row === undefined) throw noReseller();
  return row;
}

function noReseller(): BerthError {
  return new BerthError('not_found', 'There is no such reseller.');
}

/** Whose what the actor makes is: the provider's own, or the reseller's over whom they have the right. */
export function resellerOf(actor: Actor, permission: Permission = 'tenant.create'): string | null {
  if (actor.kind === 'system') return null;
  const able = actor.assignments.filter((one) => one.permissions.has(permission));
  if (able.some((one) => one.reach === 'all')) return null;
  const reseller = able.find((one) => one.scope === 'reseller')?.tenantId;
  if (reseller == null) throw new BerthError('forbidden');
  return reseller;
}
