/** Whose people somebody is by a role: of a tenant's roles the tenant's; of staff's their own house's, whichever of its accounts the role is over. */
import { type SQL, sql } from 'drizzle-orm';

/** The account in whose team a row `a` of assignments is, in a statement; null: the installation's. */
export const teamOf: SQL<string | null> =
  sql`(case when a.role like 'tenant-%' then a.tenant_id when a.role like 'reseller-%' then (
  select coalesce(t.reseller_id, t.id) from tenants t where t.id = a.tenant_id) end)`;

/** Whether it is in that of this account. The installation's are told by their roles: an account that a reader may not see must not make its people theirs. */
export const isOfTeam = (tenantId: string | null): SQL =>
  tenantId === null
    ? sql`a.role not like 'tenant-%' and a.role not like 'reseller-%'`
    : sql`${teamOf} = ${tenantId}::uuid`;
