import { describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, canSee, hasPermission, scopeFor, scopeOf } from '#lib/access/authorize.ts';
import { audienceOf, policy, scopesOf, wholeInstallation, widest } from '#lib/access/policy.ts';
import { type Permission, permissions } from '#lib/contract/permissions.ts';
import { Role, roleWords } from '#lib/contract/roles.ts';
import { personWith, wholeRole } from '#tests/support/actor.ts';

const [own, other] = ['0190a0a0-0000-7000-8000-000000000001', '0190a0a0-0000-7000-8000-000000000002'];
const [mine, notMine] = ['0190a0a0-0000-7000-8000-00000000000c', '0190a0a0-0000-7000-8000-00000000000d'];
const all = Object.keys(permissions) as Permission[];
const ofOwn = { tenantId: own, containerId: null };

function actor(role: Role): UserActor {
  return personWith(role, audienceOf(role) === 'provider' ? null : own);
}

/** A role over one container of `own`. */
function narrow(role: Role): UserActor {
  const whole = wholeRole(role, own);
  const one = { ...whole, scope: 'container' as const, containerId: mine };
  return { ...actor(role), assignments: [{ ...one, reach: { tenantIds: [], containerIds: [mine] } }] };
}

describe('the policy', () => {
  it('is what the committed matrix says', async () => {
    const width = Math.max(...all.map((name) => name.length));
    const head = `${''.padEnd(width)}  ${Role.options.join('  ')}`;
    const row = (name: string, cells: string[]) =>
      `${name.padEnd(width)}  ${cells.map((cell, n) => cell.padEnd((Role.options[n] ?? '').length)).join('  ')}`.trimEnd();
    const lines = all.map((permission) =>
      row(
        permission,
        Role.options.map((role) => (policy[role].has(permission) ? 'yes' : '-')),
      ),
    );
    const over = Role.options.map((role) => `${role}: ${scopesOf[role].join(', ')}`);
    const text = [head, ...lines, '', 'May be given over', ...over, '', 'Over all of the installation only'];
    await expect([...text, ...wholeInstallation, ''].join('\n')).toMatchFileSnapshot('policy-matrix.txt');
  });

  it('lets no staff look inside a container', () => {
    for (const role of Role.options.filter((one) => audienceOf(one) !== 'tenant')) {
      for (const inside of ['container.exec', 'container.console', 'container.log', 'file.read'] as const) {
        expect(() => authorize(actor(role), inside, ofOwn)).toThrow(expect.objectContaining({ code: 'forbidden' }));
      }
    }
  });

  it('lets a reseller reach nothing of the provider’s own', () => {
    for (const permission of [...wholeInstallation, 'operation.resolve', 'hold.provider'] as Permission[]) {
      expect(policy['reseller-owner'].has(permission)).toBe(false);
      expect(policy['reseller-staff'].has(permission)).toBe(false);
    }
  });

  it('lets who only reads change nothing', () => {
    for (const role of ['auditor', 'tenant-viewer', 'tenant-billing'] as const) {
      const reads = /\.(read|who|verify)$/;
      expect([...policy[role]].filter((one) => !reads.test(one))).toEqual([]);
    }
  });

  it('has words for every role', () => {
    expect(Object.keys(roleWords)).toEqual(Role.options);
  });
});

describe('authorize', () => {
  it('says of what is out of scope that it does not exist, whatever the right', () => {
    for (const role of Role.options.filter((one) => audienceOf(one) !== 'provider')) {
      for (const permission of all) {
        for (const tenantId of [other, null]) {
          expect(() => authorize(actor(role), permission, { tenantId, containerId: null })).toThrow(
            expect.objectContaining({ code: 'not_found' }),
          );
        }
      }
    }
  });

  it('passes exactly the rights of the role within the scope', () => {
    for (const role of Role.options) {
      for (const permission of all) {
        const attempt = () => authorize(actor(role), permission, ofOwn);
        if (policy[role].has(permission)) expect(attempt).not.toThrow();
        else expect(attempt).toThrow(expect.objectContaining({ code: 'forbidden' }));
      }
    }
  });

  it('keeps a role over one container to that container', () => {
    for (const role of Role.options.filter((one) => (scopesOf[one] as readonly string[]).includes('container'))) {
      for (const permission of policy[role]) {
        const on = (containerId: string | null) => () =>
          authorize(narrow(role), permission, { tenantId: own, containerId });
        expect(on(mine)).not.toThrow();
        for (const elsewhere of [notMine, null]) {
          expect(on(elsewhere)).toThrow(expect.objectContaining({ code: 'not_found' }));
        }
      }
    }
  });

  it('adds no right of one assignment to the reach of another', () => {
    const [viewer, ofOne] = [actor('tenant-viewer'), narrow('tenant-operator')];
    const both = { ...viewer, assignments: [...viewer.assignments, ...ofOne.assignments] };
    expect(hasPermission(both, 'container.start', { tenantId: own, containerId: mine })).toBe(true);
    expect(() => authorize(both, 'container.start', { tenantId: own, containerId: notMine })).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
    expect(scopeFor(both, 'container.start')).toMatchObject({ tenantIds: [], containerIds: [mine] });
    expect(scopeFor(both, 'container.read')).toMatchObject({ tenantIds: [own], containerIds: [mine] });
  });

  it('gives rights about the installation to nobody whose role is over less than that', () => {
    const narrowed = { ...actor('support'), assignments: [wholeRole('support', own)] };
    expect(hasPermission(narrowed, 'container.start', ofOwn)).toBe(true);
    for (const permission of wholeInstallation) expect(hasPermission(narrowed, permission)).toBe(false);
  });

  it('gives every role a scope of its own', () => {
    expect(scopeOf(actor('support'))).toEqual({ kind: 'provider' });
    const none = { kind: 'tenant', tenantIds: [], containerIds: [], partTenantIds: [] };
    expect(scopeOf(actor('tenant-operator'))).toEqual({ ...none, tenantIds: [own] });
    expect(scopeOf(narrow('tenant-viewer'))).toEqual({ ...none, containerIds: [mine], partTenantIds: [own] });
    expect(scopeOf({ ...actor('tenant-owner'), assignments: [] })).toEqual(none);
    expect(scopeOf(systemActor('x'))).toEqual({ kind: 'system' });
    expect(canSee(actor('provider-admin'), { tenantId: null, containerId: null })).toBe(true);
    expect(widest(['tenant-viewer', 'support'])).toBe('support');
  });
});
