import type { UserActor } from '../access/actor.ts';
import { lacking } from '../access/grant.ts';
import { audienceOf, scopesOf } from '../access/policy.ts';
import type { RoleChoice, RoleInfo } from '../contract/roles.ts';
import { type Account, accountFor } from './members.ts';
import { listRoles, wholeOf } from './roles.ts';

export type AccountRoles = {
  account: { id: string | null; kind: Account['kind']; name: string };
  /** Those that can be given to its people: built in, its own, and its reseller's. */
  roles: RoleChoice[];
  /** Of a reseller: those that can be given to its tenants' people, built in or made by it for all of them. */
  forTenants: RoleChoice[];
};

/** An account (null: the installation) and the roles there are for its people, as the actor could give them. For those who see its people. */
export async function accountRoles(actor: UserActor, tenantId: string | null): Promise<AccountRoles> {
  const account = await accountFor(actor, tenantId, 'member.read');
  const { items } = await listRoles(actor);
  const resellerId = account.id === null ? null : account.resellerId;
  const whose = (role: RoleInfo) => role.builtIn || role.tenantId === tenantId;
  const ofReseller = (role: RoleInfo) => resellerId !== null && role.tenantId === resellerId;
  const choice = (role: RoleInfo): RoleChoice => ({
    ...role,
    scopes: scopesOf[role.base],
    lacks: lacking(actor, role.permissions, wholeOf(role.base, tenantId)),
  });
  const { id, kind, name } = account;
  return {
    account: { id, kind, name },
    roles: items
      .filter((role) => audienceOf(role.base) === kind && (whose(role) || (kind === 'tenant' && ofReseller(role))))
      .map(choice),
    forTenants:
      kind === 'reseller' ? items.filter((role) => audienceOf(role.base) === 'tenant' && whose(role)).map(choice) : [],
  };
}
