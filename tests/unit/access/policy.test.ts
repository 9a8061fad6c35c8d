import { describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, canSee, scopeOf } from '#lib/access/authorize.ts';
import { policy } from '#lib/access/policy.ts';
import { type Permission, permissions } from '#lib/contract/permissions.ts';
import { Role } from '#lib/contract/rest.ts';

const [own, other] = ['0190a0a0-0000-7000-8000-000000000001', '0190a0a0-0000-7000-8000-000000000002'];
const all = Object.keys(permissions) as Permission[];

function actor(role: Role): UserActor {
  const tenantId = role === 'provider-admin' || role === 'support' ? null : own;
  return {
    kind: 'user',
    userId: own,
    sessionId: own,
    tokenId: null,
    role,
    tenantId,
    tenantIds: tenantId === null ? [] : [tenantId],
    name: role,
    email: `${role}@example.test`,
    address: '',
    userAgent: '',
  };
}

describe('the policy', () => {
  it('is what the committed matrix says', async () => {
    const width = Math.max(...all.map((name) => name.length));
    const head = `${''.padEnd(width)}  ${Role.options.join('  ')}`;
    const lines = all.map((permission) => {
      const cells = Role.options.map((role) => (policy[role].has(permission) ? 'yes' : '-').padEnd(role.length));
      return `${permission.padEnd(width)}  ${cells.join('  ')}`.trimEnd();
    });
    await expect([head, ...lines, ''].join('\n')).toMatchFileSnapshot('policy-matrix.txt');
  });

  it('lets no staff look inside a container', () => {
    for (const role of ['provider-admin', 'support', 'reseller'] as const) {
      for (const inside of ['container.exec', 'container.console', 'container.log'] as const) {
        expect(() => authorize(actor(role), inside, { tenantId: own })).toThrow(
          expect.objectContaining({ code: 'forbidden' }),
        );
      }
    }
  });

  it('lets a reseller reach nothing of the provider’s own', () => {
    for (const permission of [
      'host.read',
      'host.enroll',
      'template.build',
      'plan.create',
      'operation.resolve',
    ] as const) {
      expect(policy.reseller.has(permission)).toBe(false);
    }
  });
});

describe('authorize', () => {
  it('says of what is out of scope that it does not exist, whatever the right', () => {
    for (const role of ['reseller', 'tenant-owner', 'tenant-member'] as const) {
      for (const permission of all) {
        for (const tenantId of [other, null]) {
          expect(() => authorize(actor(role), permission, { tenantId })).toThrow(
            expect.objectContaining({ code: 'not_found' }),
          );
        }
      }
    }
  });

  it('passes exactly the rights of the role within the scope', () => {
    for (const role of Role.options) {
      for (const permission of all) {
        const attempt = () => authorize(actor(role), permission, { tenantId: own });
        if (policy[role].has(permission)) expect(attempt).not.toThrow();
        else expect(attempt).toThrow(expect.objectContaining({ code: 'forbidden' }));
      }
    }
  });

  it('gives every role a scope of its own', () => {
    expect(scopeOf(actor('support'))).toEqual({ kind: 'provider' });
    expect(scopeOf(actor('tenant-member'))).toEqual({ kind: 'tenant', tenantIds: [own] });
    expect(scopeOf(systemActor('x'))).toEqual({ kind: 'system' });
    expect(canSee(actor('provider-admin'), null)).toBe(true);
  });
});
