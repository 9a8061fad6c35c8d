import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CustomRoles } from '#app/_ui/rights/custom-roles.tsx';
import { draft, draftsOf, GrantFields, grantsOf, unfinished } from '#app/_ui/rights/grant-fields.tsx';
import type { Account } from '#app/_ui/team-calls.ts';
import { policy, scopesOf } from '#lib/access/policy.ts';
import type { Member } from '#lib/contract/members.ts';
import { type Role, type RoleChoice, roleWords } from '#lib/contract/roles.ts';
import { ago, id } from '#tests/support/fixtures.ts';

const provider: Account = { id: null, kind: 'provider' };
const reseller: Account = { id: id(1, 1), kind: 'reseller' };
const tenant: Account = { id: id(1, 2), kind: 'tenant' };
const choice = (role: Role): RoleChoice => ({
  ...{ role, ...roleWords[role], builtIn: true, base: role, tenantId: null, permissions: [...policy[role]] },
  ...{ scopes: scopesOf[role], lacks: [] },
});
const roles = [choice('support'), choice('reseller-staff'), choice('tenant-owner')];
const drawn = (account: Account, list: Parameters<typeof grantsOf>[0]) =>
  renderToString(<GrantFields account={account} roles={roles} list={list} onChange={() => {}} />);

describe('a role over one account of those that a team looks after', () => {
  const one = { scope: 'tenant' as const, tenantId: id(1, 3), name: 'Example Ltd' };
  it('asks which, and waits for the answer', () => {
    const open = [draft('reseller-staff', 'tenant')];
    expect(drawn(reseller, open)).toMatch(/One tenant.*>Tenant<.*<option value="" selected="">Looking…/s);
    expect(unfinished(open, roles, reseller)).toBe('Choose the tenant first.');
    expect(unfinished([draft('support', 'reseller')], roles, provider)).toBe('Choose the reseller first.');
    expect(drawn(provider, [draft('support', 'reseller')])).toMatch(/One reseller and its tenants.*>Reseller</s);
    const chosen = [{ ...draft('reseller-staff', 'tenant'), only: one }];
    expect(unfinished(chosen, roles, reseller)).toBeNull();
    expect(drawn(reseller, chosen)).toMatch(new RegExp(`<option value="${one.tenantId}" selected="">Example Ltd<`));
    expect(grantsOf(chosen)).toEqual([{ role: 'reseller-staff', scope: 'tenant', tenantId: one.tenantId }]);
  });
  it('is over nothing that was chosen for another kind of account', () => {
    const changed = [{ ...draft('support', 'reseller'), only: one }];
    expect(unfinished(changed, roles, provider)).toBe('Choose the reseller first.');
    expect(grantsOf(changed)).toEqual([{ role: 'support', scope: 'reseller' }]);
  });
  it('names none where the account is the one', () => {
    for (const [account, list] of [
      [tenant, [draft('tenant-owner', 'tenant')]],
      [reseller, [draft('reseller-staff', 'reseller')]],
      [provider, [draft('support', 'installation')]],
    ] as const) {
      expect(unfinished(list, roles, account)).toBeNull();
      expect(drawn(account, list)).not.toMatch(/>(Tenant|Reseller)</);
    }
    expect(drawn(tenant, [draft('tenant-owner', 'tenant')])).toContain('Everything in the account');
  });
  it('is shown as it is to who changes it', () => {
    const given = { id: id(2, 1), title: 'Support', labels: [], containerId: null, containerName: null };
    const member: Member = {
      ...{ id: id(3, 1), kind: 'person', state: 'member', name: 'Ann', email: 'ann@example.test', since: ago(0) },
      ...{ expiresAt: null, lastSeenAt: null, factor: false, lastOwner: false },
      assignments: [{ ...given, role: 'support', scope: 'tenant', tenantId: one.tenantId, tenantName: one.name }],
    };
    const list = draftsOf(member);
    expect(drawn(provider, list)).toContain('Example Ltd');
    expect(grantsOf(list)).toEqual([{ role: 'support', scope: 'tenant', tenantId: one.tenantId }]);
  });
});

it('the provider’s own roles are its own alone, and made from those of its staff', () => {
  const rights = choice('support').permissions.slice(1);
  const own: RoleChoice = {
    ...choice('support'),
    role: id(4, 1),
    title: 'Night watch',
    builtIn: false,
    permissions: rights,
  };
  const another: RoleChoice = { ...own, role: id(4, 2), title: 'Somebody’s', tenantId: id(1, 1) };
  const page = (mayCreate: boolean) =>
    renderToString(<CustomRoles tenantId={null} roles={[choice('support'), own, another]} mayCreate={mayCreate} />);
  expect(page(true)).toContain('Night watch');
  expect(page(true)).toContain('Delete the role Night watch');
  expect(page(true)).not.toContain('Somebody’s');
  expect(page(false)).not.toContain('New role');
});
