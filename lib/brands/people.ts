import { sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { asActor } from '../db/client.ts';

/**
 * Whether somebody belongs to a brand: their account is the reseller's own or one of its tenants', or they have a role there. The provider's
 * staff, whose roles are over everything, do not.
 */
export async function isOfBrand(
  who: { userId: string; tenantId: string | null },
  resellerId: string,
): Promise<boolean> {
  const { rows } = await asActor(systemActor('brand'), (tx) =>
    tx.execute(sql`
      select from tenants t where (t.id = ${resellerId} or t.reseller_id = ${resellerId})
        and (t.id = ${who.tenantId}::uuid
          or exists (select from assignments a where a.user_id = ${who.userId} and a.tenant_id = t.id))
      limit 1`),
  );
  return rows.length > 0;
}
