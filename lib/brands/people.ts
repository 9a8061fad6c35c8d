import { sql } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';

/**
 * Whether somebody may be met under a brand's name: their account is the reseller's own or one of its tenants', or they have a role there. The
 * provider's staff, whose roles are over everything, may not. Under the panel's own name (null) anybody may. The transaction must
 * be the portal's own.
 */
export async function isOfBrand(tx: Tx, userId: string, resellerId: string | null | undefined): Promise<boolean> {
  if (resellerId == null) return true;
  const { rows } = await tx.execute(sql`
    select from tenants t where (t.id = ${resellerId} or t.reseller_id = ${resellerId})
      and (t.id = (select u.tenant_id from users u where u.id = ${userId})
        or exists (select from assignments a where a.user_id = ${userId} and a.tenant_id = t.id))
    limit 1`);
  return rows.length > 0;
}
