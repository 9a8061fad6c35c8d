import { type AnyColumn, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Actor } from '../access/actor.ts';
import { scopeFor } from '../access/authorize.ts';
import type { Permission } from '../contract/permissions.ts';

/**
 * For lists: the rows over which the actor has the right, as a condition, so that pages stay full and cursors true. Row-level
 * security draws the wider circle of all that the actor may know of. Undefined: all rows. Without a column of
 * containers the rows belong to whole tenants.
 */
export function within(
  actor: Actor,
  permission: Permission,
  columns: { tenant: AnyColumn; container?: AnyColumn },
): SQL | undefined {
  const scope = scopeFor(actor, permission);
  if (scope.kind !== 'tenant') return undefined;
  const { tenantIds, containerIds } = scope;
  const whole = tenantIds.length === 0 ? undefined : inArray(columns.tenant, [...tenantIds]);
  const single =
    columns.container === undefined || containerIds.length === 0
      ? undefined
      : inArray(columns.container, [...containerIds]);
  return or(whole, single) ?? sql`false`;
}
