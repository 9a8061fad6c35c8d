/** What one may give, what a token leaves, and what a hold leaves. */
import { describe, expect, it } from 'vitest';
import type { Assignment, UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, scopeFor } from '#lib/access/authorize.ts';
import { lacking } from '#lib/access/grant.ts';
import { narrow, ofBrand, underBrand } from '#lib/access/narrow.ts';
import { policy, reads } from '#lib/access/policy.ts';
import { type Permission, permissions } from '#lib/contract/permissions.ts';
import { personWith, wholeRole } from '#tests/support/actor.ts';

const [t, u, r] = ['tenant-t', 'tenant-u', 'reseller-r'];
const all = Object.keys(permissions) as Permission[];
const over = (
  scope: Assignment['scope'],
  tenantId: string | null,
  more: { labels?: string[]; containerId?: string } = {},
) => ({
  scope,
  tenantId,
  labels: more.labels ?? [],
  containerId: more.containerId ?? null,
});
const withOne = (one: Partial<Assignment>): UserActor => {
  const actor = personWith('tenant-owner', t);
  return { ...actor, assignments: actor.assignments.map((had) => ({ ...had, ...one })) };
};

describe('giving', () => {
  const read: Permission[] = ['container.read'];
  it('takes having it over all that it would reach', () => {
    const owner = personWith('tenant-owner', t);
    for (const [where, may] of [
      [over('tenant', t), true],
      [over('labels', t, { labels: ['x'] }), true],
      [over('container', t, { containerId: 'c' }), true],
      [over('tenant', u), false],
      [over('container', u, { containerId: 'c' }), false],
      [over('reseller', t), false],
      [over('installation', null), false],
    ] as const) {
      expect(lacking(owner, read, where), JSON.stringify(where)).toEqual(may ? [] : read);
    }
  });
  it('over a reseller takes being of that reseller, not reaching its own account', () => {
    const reseller = personWith('reseller-owner', r, [t]);
    expect(lacking(reseller, read, over('reseller', r))).toEqual([]);
    expect(lacking(reseller, read, over('tenant', t))).toEqual([]);
    expect(lacking(reseller, ['container.exec'], over('tenant', t))).toEqual(['container.exec']);
    const support = { ...personWith('support', null), assignments: [wholeRole('support', r)] };
    expect(lacking(support, read, over('reseller', r))).toEqual(read);
  });
  it('over labels takes all of these labels', () => {
    const some = withOne({ scope: 'labels', labels: ['a', 'b'], reach: { tenantIds: [], containerIds: ['c'] } });
    expect(lacking(some, read, over('labels', t, { labels: ['a'] }))).toEqual([]);
    expect(lacking(some, read, over('labels', t, { labels: ['a', 'z'] }))).toEqual(read);
    expect(lacking(some, read, over('labels', u, { labels: ['a'] }))).toEqual(read);
    expect(lacking(some, read, over('container', t, { containerId: 'c' }))).toEqual([]);
    expect(lacking(some, read, over('tenant', t))).toEqual(read);
  });
});

describe('a token', () => {
  it('leaves no right that its maker lacks and no container that they do not reach', () => {
    const viewer = personWith('tenant-viewer', t);
    const containers = [
      { id: 'mine', tenantId: t },
      { id: 'other', tenantId: u },
    ];
    const left = narrow(viewer.assignments, { verbs: ['container.read', 'container.start'], containers });
    const actor = { ...viewer, assignments: left };
    for (const permission of all) {
      const may = permission === 'container.read';
      expect(hasPermission(actor, permission, { tenantId: t, containerId: 'mine' })).toBe(may);
      for (const about of [
        { tenantId: t, containerId: 'else' },
        { tenantId: u, containerId: 'other' },
        { tenantId: t, containerId: null },
      ]) {
        expect(hasPermission(actor, permission, about)).toBe(false);
      }
    }
    expect(narrow(viewer.assignments, { verbs: ['host.enroll'], containers: null })).toEqual([]);
    expect(narrow(viewer.assignments, { verbs: null, containers: [] })).toEqual([]);
  });
});

describe('a brand’s name', () => {
  it('leaves what somebody is to it; and a token that was made for less stays one', () => {
    const there = personWith('tenant-owner', t);
    const both = { ...there, assignments: [...there.assignments, ...personWith('tenant-owner', u).assignments] };
    const [id = ''] = there.assignments.map((one) => one.id);
    const less = underBrand(both, [id]);
    expect(less).toMatchObject({ limited: true, partial: true, assignments: [{ id }] });
    expect(underBrand(there, [id])).toBe(there);
    for (const token of [underBrand({ ...both, limited: true }, [id]), ofBrand(both, [id])]) {
      expect(token).toMatchObject({ limited: true, assignments: [{ id }] });
      expect(token).not.toHaveProperty('partial');
    }
    expect(ofBrand(both, []).assignments).toEqual([]);
  });
});

describe('a hold', () => {
  const here = { tenantId: t, containerId: 'held' };
  const code = (work: () => void) => {
    try {
      work();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return undefined;
  };
  it('on a container leaves that to look at, and the others alone', () => {
    const actor = withOne({ held: { whole: false, containerIds: ['held'] } });
    for (const permission of policy['tenant-owner']) {
      expect(
        code(() => authorize(actor, permission, here)),
        permission,
      ).toBe(reads(permission) ? undefined : 'held');
      expect(code(() => authorize(actor, permission, { ...here, containerId: 'free' }))).toBeUndefined();
    }
    expect(code(() => authorize(actor, 'host.enroll', here))).toBe('forbidden');
    expect(code(() => authorize(actor, 'container.start', { tenantId: u, containerId: 'x' }))).toBe('not_found');
  });
  it('on a tenant leaves all of it to look at, and binds no staff', () => {
    const actor = withOne({ held: { whole: true, containerIds: [] } });
    for (const permission of policy['tenant-owner']) {
      for (const about of [here, { tenantId: t, containerId: null }, undefined]) {
        expect(code(() => authorize(actor, permission, about))).toBe(reads(permission) ? undefined : 'held');
      }
    }
    expect(scopeFor(actor, 'container.read')).toMatchObject({ tenantIds: [t] });
    expect(code(() => authorize(personWith('support', null), 'container.start', here))).toBeUndefined();
  });
});
