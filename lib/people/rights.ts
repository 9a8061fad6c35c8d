import { type SQL, sql } from 'drizzle-orm';
import type { Assignment } from '../access/actor.ts';
import { policy } from '../access/policy.ts';
import type { Permission } from '../contract/permissions.ts';
import { type Role, roleWords, type ScopeKind } from '../contract/roles.ts';

/** As {@link assignmentsOf} selects them. */
export type AssignmentRow = {
  id: string;
  role: Role;
  customRoleId: string | null;
  title: string | null;
  permissions: Permission[] | null;
  scope: ScopeKind;
  tenantId: string | null;
  labels: string[];
  containerId: string | null;
  tenantIds: string[] | null;
  containerIds: string[] | null;
  held: { whole: boolean; containerIds: string[] } | null;
};

/**
 * The assignments of a row of `users`, for a select list, so that they cost no journey of their own: what a reseller has, and what is
 * behind a label, as it is now. Spelled out, because of a table that is selected alone columns are written without its name. Always in the same order: two answers that differ mean other rights.
 */
export const assignmentsOf: SQL<AssignmentRow[]> = sql`(
  select coalesce(json_agg(json_build_object(
    'id', a.id, 'role', a.role, 'customRoleId', a.custom_role_id, 'title', r.title, 'permissions', r.permissions,
    'scope', a.scope, 'tenantId', a.tenant_id, 'labels', a.labels, 'containerId', a.container_id,
    'tenantIds', case when a.scope = 'reseller' then (
      select json_agg(t.id order by t.id) from tenants t where t.id = a.tenant_id or t.reseller_id = a.tenant_id) end,
    'held', case when a.role like 'tenant-%' then json_build_object(
      'whole', exists (select from holds h where h.lifted_at is null and h.tenant_id = a.tenant_id and h.container_id is null),
      'containerIds', (select coalesce(json_agg(h.container_id order by h.container_id), '[]'::json) from holds h
        where h.lifted_at is null and h.tenant_id = a.tenant_id and h.container_id is not null)) end,
    'containerIds', case when a.scope in ('labels', 'container') then (
      select json_agg(c.id order by c.id) from containers c
      where c.tenant_id = a.tenant_id and (c.id = a.container_id or c.labels && a.labels)) end
  ) order by a.created_at, a.id), '[]'::json)
  from assignments a left join roles r on r.id = a.custom_role_id where a.user_id = users.id)`;

/** What the rows mean. A custom role never has more than the built-in one it was cloned from has now. */
export function toAssignment(row: AssignmentRow): Assignment {
  const builtIn: ReadonlySet<Permission> = policy[row.role];
  return {
    id: row.id,
    role: row.customRoleId ?? row.role,
    base: row.role,
    title: row.title ?? roleWords[row.role].title,
    permissions:
      row.customRoleId === null ? builtIn : new Set((row.permissions ?? []).filter((one) => builtIn.has(one))),
    scope: row.scope,
    tenantId: row.tenantId,
    labels: row.labels,
    containerId: row.containerId,
    reach: reachOf(row),
    held: row.held,
  };
}

function reachOf(row: AssignmentRow): Assignment['reach'] {
  if (row.scope === 'installation') return 'all';
  if (row.scope === 'tenant') return { tenantIds: row.tenantId === null ? [] : [row.tenantId], containerIds: [] };
  return { tenantIds: row.tenantIds ?? [], containerIds: row.containerIds ?? [] };
}
