import type { UserActor } from '../access/actor.ts';
import { lacking } from '../access/grant.ts';
import { audienceOf, scopesOf } from '../access/policy.ts';
import type { RoleChoice } from '../contract/roles.ts';
import { type Account, accountFor } from './members.ts';
import { listRoles, wholeOf } from './roles.ts';

/** An account (null: the installation) and the roles there are for its people, built in and its own, as the actor could give them. For those who see its people. */
export async function accountRoles(
  actor: UserActor,
  tenantId: string | null,
): Promise<{ account: Account; roles: RoleChoice[] }> {
  const account = await accountFor(actor, tenantId, 'member.read');
  const { items } = await listRoles(actor);
  const roles = items
    .filter((role) => audienceOf(role.base) === account.kind && (role.builtIn || role.tenantId === tenantId))
    .map((role) => ({
      ...role,
      // Of the tenants of a reseller none is named when a role is given: it is all of them. Of the installation's neither.
      scopes: account.kind !== 'tenant' ? scopesOf[role.base].slice(0, 1) : scopesOf[role.base],
      lacks: lacking(actor, role.permissions, wholeOf(role.base, tenantId)),
    }));
  return { account, roles };
}
