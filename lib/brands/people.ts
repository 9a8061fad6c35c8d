import { sql } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';

/**
 * Whether somebody may be met under a brand's name: their account is the reseller's own or one of its tenants', or they have a role there. The
 * provider's staff, whose roles are over everything, may not. Under the panel's own name (null) anybody may. The transaction must
 * be the portal's own.
 */
export async function isOfBrand(tx: Tx, userId: string, resellerId: string | null | undefined): Promise<boolean> {
  return resellerId == null || (await placeInBrand(tx, userId, resellerId)) !== undefined;
}

/** The ids of the assignments that somebody has there, none for who only belongs to an account of it; undefined for who may not be met there. */
export async function placeInBrand(tx: Tx, userId: string, resellerId: string): Promise<string[] | undefined> {
  const { rows } = await tx.execute<{ id: string | null }>(sql`
    select a.id from tenants t left join assignments a on a.user_id = ${userId} and a.tenant_id = t.id
    where (t.id = ${resellerId} or t.reseller_id = ${resellerId})
      and (a.id is not null or t.id = (select u.tenant_id from users u where u.id = ${userId}))`);
  return rows.length === 0 ? undefined : rows.flatMap((one) => one.id ?? []);
}
