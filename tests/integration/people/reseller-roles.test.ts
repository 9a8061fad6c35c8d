/** Roles of a reseller: of its staff in its tenants, those of its own making, and those it makes for its tenants' people. */
import { and, eq, like } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { listContainers } from '#lib/containers/list.ts';
import type { Grant } from '#lib/contract/members.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { roles } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { accountRoles } from '#lib/people/account-roles.ts';
import { changeRole, deleteRole, getRole } from '#lib/people/change-role.ts';
import { acceptInvitation, addMember } from '#lib/people/invite.ts';
import { changeMember, listMembers, removeMember } from '#lib/people/members.ts';
import { createRole, listRoles } from '#lib/people/roles.ts';
import { listTenants } from '#lib/tenants/list.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { comers, wish } from './comers.ts';

const visitor = { address: '192.0.2.1', userAgent: 'test' };
let portal: TestPortal;
let world: World;
/** A second tenant of the reseller, with a container. */
const [second, secondContainer] = [v7(), v7()];
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  world = await seedWorld(portal);
  await asSystem(async (tx) => {
    await tx.insert(tenants).values({ id: second, name: 'Tenant C', resellerId: world.ids.reseller });
    const more = { id: secondContainer, tenantId: second, name: 'web-c', volumeId: v7() };
    await tx.insert(containers).values({ ...world.containers.a, ...more });
  });
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

const { come, by } = comers(() => portal);
const of = (who: keyof World['people']) => by(world.people[who].id);
async function join(who: UserActor, tenantId: string, email: string, ...granted: (string | Grant)[]): Promise<string> {
  await addMember(who, tenantId, wish(email, ...granted));
  const mails = await asSystem((tx) => tx.select().from(outbox).where(like(outbox.recipient, email)));
  const token = /token=([\w-]{20,})/.exec(mails.at(-1)?.body ?? '')?.[1] ?? '';
  await acceptInvitation({ token, name: email, password: 'a password that is long' }, visitor);
  const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, email)));
  return row?.id ?? '';
}
const code = (one: string) => expect.objectContaining({ code: one });
const inA = () => ofContainer(world.containers.a);
const inC = { tenantId: second, containerId: secondContainer };
const seen = async (actor: UserActor) => (await listContainers(actor, {})).items.map((one) => one.name).sort();

it('staff help in all tenants of the reseller, those that come later too, and in no other', async () => {
  const staff = await by(await join(await of('reseller'), world.ids.reseller, 'staff@example.test', 'reseller-staff'));
  expect(await seen(staff)).toEqual(['web-a', 'web-c']);
  for (const about of [inA(), inC]) {
    expect(hasPermission(staff, 'container.start', about)).toBe(true);
    // Never a look inside, and nobody let in.
    for (const verb of ['container.exec', 'container.console', 'file.read', 'member.manage'] as const) {
      expect(() => authorize(staff, verb, about)).toThrow(code('forbidden'));
    }
  }
  expect(() => authorize(staff, 'container.start', ofContainer(world.containers.b))).toThrow(code('not_found'));
  // The dialog offers all of them, or one, and names no reseller among those.
  const { roles } = await accountRoles(await of('reseller'), world.ids.reseller);
  expect(roles.find((one) => one.role === 'reseller-staff')?.scopes).toEqual(['reseller', 'tenant']);
  const offered = async (who: UserActor, query: Parameters<typeof listTenants>[1]) =>
    (await listTenants(who, query)).items.map((one) => one.id);
  const ours = { kind: 'tenant' as const, resellerId: world.ids.reseller };
  expect((await offered(await of('reseller'), ours)).sort()).toEqual([world.ids.a, second].sort());
  expect(await offered(await of('admin'), { kind: 'tenant' })).not.toContain(world.ids.reseller);
  expect(await offered(await of('admin'), { kind: 'reseller' })).toEqual([world.ids.reseller]);
  const later = v7();
  await asSystem((tx) => tx.insert(tenants).values({ id: later, name: 'Later', resellerId: world.ids.reseller }));
  expect(hasPermission(await by(staff.userId), 'tenant.read', ofTenant(later))).toBe(true);
});

it('a role of the reseller’s own for its staff counts in all of its tenants', async () => {
  const reseller = await of('reseller');
  const power = await createRole(reseller, {
    ...{ title: 'Power', about: '', base: 'reseller-staff', tenantId: world.ids.reseller },
    permissions: ['container.read', 'container.start', 'container.stop'],
  });
  const night = await by(await join(reseller, world.ids.reseller, 'night@example.test', power.role));
  expect(await seen(night)).toEqual(['web-a', 'web-c']);
  expect(hasPermission(night, 'container.stop', inC)).toBe(true);
  expect(() => authorize(night, 'backup.create', inC)).toThrow(code('forbidden'));
  // It is one for staff: in a tenant's team it is none.
  const owner = await of('ownerA');
  await expect(addMember(owner, world.ids.a, wish('x@example.test', power.role))).rejects.toEqual(code('invalid'));
  expect((await listRoles(owner)).items.map((one) => one.title)).not.toContain('Power');
  expect((await accountRoles(owner, world.ids.a)).roles.map((one) => one.title)).not.toContain('Power');
});

it('a role that the reseller makes from a tenant’s is given in the teams of its tenants, and changed by the reseller alone', async () => {
  const reseller = await of('reseller');
  const made = { about: '', base: 'tenant-operator' as const, tenantId: world.ids.reseller };
  // No more than the reseller has itself: it does not look inside.
  const inside = createRole(reseller, { ...made, title: 'Inside', permissions: ['container.read', 'container.exec'] });
  await expect(inside).rejects.toEqual(code('forbidden'));
  const role = await createRole(reseller, {
    ...{ ...made, title: 'Switch' },
    permissions: ['container.read', 'container.start', 'container.stop'],
  });
  const owner = await of('ownerA');
  const choices = async (who: UserActor, tenantId: string) =>
    (await accountRoles(who, tenantId)).roles.filter((one) => !one.builtIn).map((one) => [one.title, one.lacks.length]);
  expect(await choices(owner, world.ids.a)).toEqual([['Switch', 0]]);
  expect(await choices(reseller, world.ids.a)).toEqual([['Switch', 0]]);
  // Not one for its own staff; and of nobody else's tenants.
  expect((await choices(reseller, world.ids.reseller)).map(([title]) => title)).toEqual(['Power']);
  const { forTenants } = await accountRoles(reseller, world.ids.reseller);
  expect(forTenants.filter((one) => !one.builtIn).map((one) => one.title)).toEqual(['Switch']);
  expect(await choices(await of('ownerB'), world.ids.b)).toEqual([]);
  await expect(addMember(reseller, world.ids.reseller, wish('x@example.test', role.role))).rejects.toEqual(
    code('invalid'),
  );
  await expect(addMember(await of('ownerB'), world.ids.b, wish('x@example.test', role.role))).rejects.toEqual(
    code('invalid'),
  );
  expect((await listRoles(await of('ownerB'))).items.map((one) => one.role)).not.toContain(role.role);

  // Both give it: the tenant's owner over the account, the reseller over one container.
  const first = await by(await join(owner, world.ids.a, 'first@example.test', role.role));
  const one = { role: role.role, scope: 'container' as const, containerId: secondContainer };
  const other = await by(await join(reseller, second, 'other@example.test', one));
  expect([await seen(first), await seen(other)]).toEqual([['web-a'], ['web-c']]);
  expect(hasPermission(first, 'container.stop', inA())).toBe(true);
  expect(() => authorize(first, 'container.restart', inA())).toThrow(code('forbidden'));
  expect(() => authorize(first, 'container.stop', inC)).toThrow(code('not_found'));
  expect((await listMembers(owner, world.ids.a)).items.find((each) => each.id === first.userId)).toMatchObject({
    assignments: [{ title: 'Switch', role: role.role, tenantId: world.ids.a }],
  });

  // The tenant's owner neither changes nor deletes it, nor learns who else has it.
  for (const attempt of [
    () => getRole(owner, role.role),
    () => changeRole(owner, role.role, { title: 'x' }),
    () => deleteRole(owner, role.role),
  ]) {
    await expect(attempt()).rejects.toEqual(code('not_found'));
  }
  await changeRole(reseller, role.role, { permissions: ['container.read', 'container.restart'] });
  expect(hasPermission(await by(first.userId), 'container.restart', inA())).toBe(true);
  expect(hasPermission(await by(first.userId), 'container.stop', inA())).toBe(false);
  expect(hasPermission(await by(other.userId), 'container.restart', inC)).toBe(true);
  // They give it back in the way that they gave it.
  await changeMember(owner, world.ids.a, first.userId, { roles: [{ role: 'tenant-viewer' }, { role: role.role }] });

  await deleteRole(reseller, role.role);
  expect((await by(first.userId)).assignments.map((each) => each.role)).toEqual(['tenant-viewer']);
  expect(await come(other.userId)).toBeUndefined();
  const told = (tenantId: string) =>
    asSystem((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.tenantId, tenantId), like(auditLog.verb, 'role.%'))),
    );
  for (const tenantId of [world.ids.a, second]) {
    const entries = await told(tenantId);
    expect(entries.map((entry) => [entry.verb, entry.actorName, entry.targetName]).sort()).toEqual([
      ['role.change', 'reseller', 'Switch'],
      ['role.delete', 'reseller', 'Switch'],
    ]);
    // Who else had it is not theirs to know.
    expect(JSON.stringify(entries)).not.toMatch(/(first|other)@example\.test/);
  }
  expect((await told(world.ids.b)).length).toBe(0);
});

it('staff can be given one tenant alone, and are of the reseller’s team all the same', async () => {
  const reseller = await of('reseller');
  const over = (tenantId?: string): Grant => ({
    role: 'reseller-staff',
    scope: 'tenant',
    ...(tenantId && { tenantId }),
  });
  for (const grant of [over(), over(world.ids.b), over(world.ids.reseller), over(v7())]) {
    await expect(addMember(reseller, world.ids.reseller, wish('x@example.test', grant))).rejects.toEqual(
      code('invalid'),
    );
  }
  const whole = { role: 'reseller-staff', tenantId: second };
  await expect(addMember(reseller, world.ids.reseller, wish('x@example.test', whole))).rejects.toEqual(code('invalid'));
  const foreign = wish('x@example.test', { role: 'tenant-viewer', tenantId: second });
  await expect(addMember(await of('ownerA'), world.ids.a, foreign)).rejects.toEqual(code('invalid'));

  const id = await join(reseller, world.ids.reseller, 'one@example.test', over(second));
  const one = await by(id);
  expect(await seen(one)).toEqual(['web-c']);
  expect(hasPermission(one, 'container.start', inC)).toBe(true);
  expect(() => authorize(one, 'container.start', inA())).toThrow(code('not_found'));
  expect(() => authorize(one, 'container.exec', inC)).toThrow(code('forbidden'));
  const shown = async (tenantId: string) =>
    (await listMembers(await of('reseller'), tenantId)).items.find((each) => each.id === id);
  expect(await shown(world.ids.reseller)).toMatchObject({
    assignments: [{ role: 'reseller-staff', scope: 'tenant', tenantId: second, tenantName: 'Tenant C' }],
  });
  expect(await shown(second)).toBeUndefined();
  await expect(removeMember(reseller, second, id)).rejects.toEqual(code('not_found'));

  await changeMember(reseller, world.ids.reseller, id, { roles: [over(world.ids.a), over(second)] });
  expect(await seen(await by(id))).toEqual(['web-a', 'web-c']);
  await changeMember(reseller, world.ids.reseller, id, { roles: [over(world.ids.a)] });
  expect(await seen(await by(id))).toEqual(['web-a']);
  await removeMember(reseller, world.ids.reseller, id);
  expect(await come(id)).toBeUndefined();
});

it('who is of a reseller’s staff is nobody’s to remove in a tenant, and the last reseller stays', async () => {
  const owner = await of('ownerA');
  const [staff] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, 'staff@example.test')));
  expect((await listMembers(owner, world.ids.a)).items.map((one) => one.id)).not.toContain(staff?.id);
  await expect(removeMember(owner, world.ids.a, staff?.id ?? '')).rejects.toEqual(code('not_found'));
  await expect(listMembers(owner, world.ids.reseller)).rejects.toEqual(code('not_found'));
  const reseller = await of('reseller');
  await expect(removeMember(reseller, world.ids.reseller, reseller.userId)).rejects.toEqual(code('conflict'));
  await removeMember(reseller, world.ids.reseller, staff?.id ?? '');
  expect(await come(staff?.id ?? '')).toBeUndefined();
  expect(await asSystem((tx) => tx.select().from(roles).where(eq(roles.title, 'Power')))).toHaveLength(1);
});
