import { isNull, or, sql } from 'drizzle-orm';
import type { Assignment } from '../access/actor.ts';
import { covers, type Resource } from '../access/authorize.ts';
import { wholeInstallation } from '../access/policy.ts';
import type { Permission } from '../contract/permissions.ts';
import type { Tx } from '../db/client.ts';
import { assignments } from '../db/schema/people.ts';
import { users } from '../db/schema/users.ts';
import { assignmentsOf, toAssignment } from './rights.ts';

export type Holder = {
  id: string;
  name: string;
  email: string;
  kind: 'person' | 'service';
  /** The roles that give them the right, never none. */
  giving: Assignment[];
};

/** Everybody with a role somewhere from where it could reach the thing, whose account is not turned off; by name. */
export async function peopleNear(tx: Tx, about: Resource) {
  const accounts = sql`${assignments.tenantId} in (
    select unnest(array[t.id, t.reseller_id]) from tenants t where t.id = ${about.tenantId})`;
  const near = tx
    .select({ one: sql`1` })
    .from(assignments)
    .where(sql`${assignments.userId} = ${users.id} and ${or(isNull(assignments.tenantId), accounts)}`);
  return await tx
    .select({ id: users.id, name: users.name, email: users.email, kind: users.kind, assignments: assignmentsOf })
    .from(users)
    .where(sql`${users.disabledAt} is null and exists ${near}`)
    .orderBy(users.name, users.id);
}

/** Those of somebody's roles that give the right over the thing. Pure. */
export const givingOf = (given: readonly Assignment[], permission: Permission, about: Resource): Assignment[] =>
  given
    .filter((one) => one.permissions.has(permission) && covers(one, about))
    .filter((one) => one.reach === 'all' || !wholeInstallation.has(permission));

/**
 * Who has a right over a thing at this moment, by whatever role, built in or not, over whatever it was given; by
 * name. No consents, and nobody whose account is turned off. As far as the transaction sees people and their roles: only the portal's
 * own sees all of them.
 */
export async function whoHas(tx: Tx, permission: Permission, about: Resource): Promise<Holder[]> {
  return (await peopleNear(tx, about))
    .map(({ assignments: given, ...who }) => ({ ...who, giving: givingOf(given.map(toAssignment), permission, about) }))
    .filter(({ giving }) => giving.length > 0);
}
