/** Whose people somebody is by a role: of a tenant's roles the tenant's; of staff's their own house's, whichever of its accounts the role is over. */
import { type SQL, sql } from 'drizzle-orm';

/** The account in whose team a row `a` of assignments is, in a statement; null: the installation's. */
export const teamOf: SQL<string | null> =
  sql`(case when a.role like 'tenant-%' then a.tenant_id when a.role like 'reseller-%' then (
  select coalesce(t.reseller_id, t.id) from tenants t where t.id = a.tenant_id) end)`;

/** Whether it is in that of this account. */
export const isOfTeam = (tenantId: string | null): SQL => sql`${teamOf} is not distinct from ${tenantId}::uuid`;
