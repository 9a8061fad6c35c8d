/** How far a provider's word reaches. */
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { isOfBrand } from '../brands/people.ts';
import { BerthError } from '../contract/errors.ts';
import type { Tx } from '../db/client.ts';
import { identities } from '../db/schema/identities.ts';
import { identityProviders } from '../db/schema/identity-providers.ts';
import { tenants } from '../db/schema/tenants.ts';

/**
 * Whether a person belongs where this provider has nothing to say. A reseller's: they belong or have a role outside the reseller and its
 * tenants. The installation's: they are a reseller's tenant's. Nobody may come in by it who does: whoever runs it could be them.
 */
export async function reachesBeyond(tx: Tx, userId: string, resellerId: string | null): Promise<boolean> {
  const { rows } =
    resellerId === null
      ? await tx.execute(sql`
          select from users u join tenants t on t.id = u.tenant_id where u.id = ${userId} and t.reseller_id is not null`)
      : await tx.execute(sql`
          select from (
            select u.tenant_id from users u where u.id = ${userId}
            union all select a.tenant_id from assignments a where a.user_id = ${userId}
          ) places left join tenants t on t.id = places.tenant_id
          where (t.id = ${resellerId} or t.reseller_id = ${resellerId}) is not true limit 1`);
  return rows.length > 0;
}

/**
 * Whether all that a person is, is the staff of whoever runs the provider: the installation's, or the reseller's own. A tenant's people are not, whoever's
 * tenant it is: nobody comes to look into its containers by saying that they are its owner.
 */
export async function isOwnStaff(tx: Tx, userId: string, resellerId: string | null): Promise<boolean> {
  const { rows } =
    resellerId === null
      ? await tx.execute(sql`
          select from users u where u.id = ${userId} and (u.tenant_id is not null or exists (
            select from assignments a where a.user_id = u.id and (a.role like 'tenant-%' or a.role like 'reseller-%')))`)
      : await tx.execute(sql`
          select from (
            select u.tenant_id from users u where u.id = ${userId}
            union all select a.tenant_id from assignments a where a.user_id = ${userId}
          ) places where places.tenant_id is distinct from ${resellerId}::uuid limit 1`);
  return rows.length === 0;
}

/**
 * Whether somebody may come in by their provider alone. What a reseller says of itself binds its own staff; its tenants' people keep what they have. An
 * administrator or reseller who was made one by hand keeps another way in, for the day on which the provider is gone.
 */
export async function comesByProviderAlone(tx: Tx, userId: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    select from identities i join identity_providers p on p.id = i.provider_id join users u on u.id = i.user_id
    where i.user_id = ${userId} and p.enabled and p.exclusive and (p.reseller_id is null or p.reseller_id = u.tenant_id)
      and not exists (select from assignments a where a.user_id = u.id and a.provider_id is null
        and a.role in ('provider-admin', 'reseller-owner')) limit 1`);
  return rows.length > 0;
}

/** Whether what somebody has of their own (a password, a passkey, a link) lets them in under a brand's name, or the panel's own (null). */
export async function mayComeByOwn(tx: Tx, userId: string, brand: string | null | undefined): Promise<boolean> {
  return (await isOfBrand(tx, userId, brand)) && !(await comesByProviderAlone(tx, userId));
}

/** Throws `conflict` when a reseller's provider signs somebody in who is to get a role in an account that is not that reseller's. */
export async function refuseBeyondProvider(tx: Tx, userId: string, tenantId: string | null): Promise<void> {
  const [account] = tenantId === null ? [] : await tx.select().from(tenants).where(eq(tenants.id, tenantId));
  const by = await tx
    .select({ resellerId: identityProviders.resellerId })
    .from(identities)
    .innerJoin(identityProviders, eq(identityProviders.id, identities.providerId))
    .where(and(eq(identities.userId, userId), isNotNull(identityProviders.resellerId)));
  if (by.every(({ resellerId }) => resellerId === account?.id || resellerId === account?.resellerId)) return;
  throw new BerthError('conflict', 'A reseller’s provider signs this person in, so they can have no role elsewhere.', {
    remedy: 'They can disconnect it on their account’s security page, or use another address.',
  });
}
