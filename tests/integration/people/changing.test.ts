/** Custom roles that change and go, invitations sent again, the last owner, labels one by one, tokens over labels, and what a hold leaves to see. */
import { eq, like } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { getActor } from '#lib/auth/request.ts';
import { createApiToken, createToken, listTokens } from '#lib/auth/tokens.ts';
import { getContainer } from '#lib/containers/get.ts';
import { changeLabels, listLabels, setLabels } from '#lib/containers/labels.ts';
import { listContainers } from '#lib/containers/list.ts';
import { heldReason } from '#lib/contract/holds.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { assignments, invitations } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { users } from '#lib/db/schema/users.ts';
import { changeRole, deleteRole, getRole } from '#lib/people/change-role.ts';
import { acceptInvitation, addMember, resendInvitation } from '#lib/people/invite.ts';
import { changeMember, listMembers } from '#lib/people/members.ts';
import { createRole } from '#lib/people/roles.ts';
import { getTenant } from '#lib/tenants/list.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const visitor = { address: '192.0.2.1', userAgent: 'test' };
const password = 'a password that is long';
let portal: TestPortal;
let world: World;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  world = await seedWorld(portal);
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

async function holder(token: string): Promise<UserActor | undefined> {
  return await getActor(new Headers({ authorization: `Bearer ${token}` }));
}
async function by(userId: string): Promise<UserActor> {
  const actor = await holder(await asSystem((tx) => createApiToken(tx, userId, 'test')));
  if (actor === undefined) throw new Error('nobody');
  return actor;
}
const of = (who: keyof World['people']) => by(world.people[who].id);
async function linkTo(email: string): Promise<string> {
  const mails = await asSystem((tx) => tx.select().from(outbox).where(like(outbox.recipient, email)));
  return /token=([\w-]{20,})/.exec(mails.at(-1)?.body ?? '')?.[1] ?? '';
}
async function somebody(...rows: Omit<typeof assignments.$inferInsert, 'userId'>[]): Promise<string> {
  const id = v7();
  await asSystem(async (tx) => {
    await tx.insert(users).values({ id, tenantId: world.ids.a, email: `${id}@example.test`, name: id, role: null });
    await tx.insert(assignments).values(rows.map((row) => ({ ...row, userId: id })));
  });
  return id;
}
const night = { base: 'tenant-operator' as const, about: '' };

describe('a custom role', () => {
  it('is changed for whoever has it, by those who have all that is in it', async () => {
    const owner = await of('ownerA');
    const role = await createRole(owner, { ...night, title: 'Night', permissions: ['container.read'] });
    const over = { role: 'tenant-operator', customRoleId: role.role, scope: 'tenant', tenantId: world.ids.a } as const;
    const who = await somebody(over);
    await changeRole(owner, role.role, { title: 'Late', permissions: ['container.read', 'container.exec'] });
    expect((await by(who)).assignments).toMatchObject([{ title: 'Late' }]);
    expect([...((await by(who)).assignments[0]?.permissions ?? [])]).toEqual(['container.read', 'container.exec']);
    await expect(changeRole(owner, role.role, { permissions: ['host.read'] })).rejects.toMatchObject({
      code: 'invalid',
    });
    // The reseller may not look inside: it neither takes that out, nor leaves it in under another name.
    const reseller = await of('reseller');
    for (const change of [{ title: 'Ours' }, { permissions: ['container.read' as const] }]) {
      await expect(changeRole(reseller, role.role, change)).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(deleteRole(reseller, role.role)).rejects.toMatchObject({ code: 'forbidden' });
    for (const attempt of [
      async () => getRole(await of('ownerB'), role.role),
      async () => changeRole(await of('ownerB'), role.role, { title: 'x' }),
      async () => deleteRole(await of('ownerB'), role.role),
      async () => deleteRole(owner, v7()),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
    await createRole(owner, { ...night, title: 'Taken', permissions: ['container.read'] });
    await expect(changeRole(owner, role.role, { title: 'Taken' })).rejects.toMatchObject({ code: 'conflict' });
    const log = await asSystem((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'role.change')));
    expect(log.find((one) => one.outcome === 'allowed' && one.targetName === 'Late')).toMatchObject({
      detail: { before: { title: 'Night' }, after: { title: 'Late' } },
    });
  });

  it('goes with what it gave: who has no other role is out, invitations of it are taken back', async () => {
    const owner = await of('ownerA');
    const role = await createRole(owner, { ...night, title: 'Going', permissions: ['container.read'] });
    const given = { role: 'tenant-operator', customRoleId: role.role, scope: 'tenant', tenantId: world.ids.a } as const;
    const only = await somebody(given);
    const more = await somebody(given, { role: 'tenant-viewer', scope: 'tenant', tenantId: world.ids.a });
    const key = await asSystem((tx) => createApiToken(tx, only, 'test'));
    await addMember(owner, world.ids.a, { kind: 'person', email: 'going@example.test', roles: [{ role: role.role }] });
    const link = await linkTo('going@example.test');
    const detail = await getRole(owner, role.role);
    expect(detail.holders.map(({ id, only: out }) => [id, out])).toEqual(
      [
        [only, true],
        [more, false],
      ].sort(),
    );
    expect(detail.invitations).toBe(1);
    await deleteRole(owner, role.role);
    expect(await holder(key)).toBeUndefined();
    expect((await by(more)).assignments.map((one) => one.role)).toEqual(['tenant-viewer']);
    await expect(acceptInvitation({ token: link, name: 'x', password }, visitor)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(getRole(owner, role.role)).rejects.toMatchObject({ code: 'not_found' });
    await expect(deleteRole(owner, role.role)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an invitation sent again', () => {
  it('has a new link and time from now; the link before works no more', async () => {
    const owner = await of('ownerA');
    const wish = { kind: 'person', email: 'again@example.test', roles: [{ role: 'tenant-operator' }] } as const;
    const { id } = await addMember(owner, world.ids.a, { ...wish, roles: [...wish.roles] });
    const first = await linkTo(wish.email);
    // Its time is over: it is not in the list, and can be sent again all the same.
    await asSystem((tx) =>
      tx
        .update(invitations)
        .set({ expiresAt: new Date(0) })
        .where(eq(invitations.id, id)),
    );
    // The reseller could not give this, so it does not do so by sending it again.
    await expect(resendInvitation(await of('reseller'), world.ids.a, id)).rejects.toMatchObject({ code: 'forbidden' });
    const sent = await resendInvitation(owner, world.ids.a, id);
    expect(Date.parse(sent.expiresAt ?? '')).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    await expect(acceptInvitation({ token: first, name: 'x', password }, visitor)).rejects.toMatchObject({
      code: 'not_found',
    });
    await acceptInvitation({ token: await linkTo(wish.email), name: 'Again', password }, visitor);
    for (const attempt of [
      async () => resendInvitation(owner, world.ids.a, id),
      async () => resendInvitation(await of('ownerB'), world.ids.a, id),
      async () => resendInvitation(await of('ownerB'), world.ids.b, id),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

it('the last owner is named as such, and only while they are the last', async () => {
  const owner = await of('ownerB');
  const last = async () =>
    (await listMembers(owner, world.ids.b)).items.filter((one) => one.lastOwner).map((one) => one.name);
  expect(await last()).toEqual(['owner-b']);
  const { memberB } = world.people;
  await changeMember(owner, world.ids.b, memberB.id, { roles: [{ role: 'tenant-owner' }] });
  expect(await last()).toEqual([]);
  await changeMember(owner, world.ids.b, memberB.id, {
    roles: [{ role: 'tenant-owner', scope: 'container', containerId: world.containers.b.id }],
  });
  // An owner of one container lets nobody in.
  expect(await last()).toEqual(['owner-b']);
  await changeMember(owner, world.ids.b, memberB.id, { roles: [{ role: 'tenant-operator' }] });
});

describe('labels', () => {
  it('are added and removed one by one, by two at the same time too', async () => {
    const owner = await of('ownerA');
    const { id } = world.containers.a;
    await setLabels(owner, id, { labels: ['old', 'kept'] });
    const names = Array.from({ length: 8 }, (_, n) => `l${n}`);
    await Promise.all(names.map((name) => changeLabels(owner, id, { add: [name], remove: ['old'] })));
    expect((await getContainer(owner, id)).labels).toEqual(['kept', ...names]);
    expect((await listLabels(owner, {})).items).toEqual(['kept', ...names].map((label) => ({ label, containers: 1 })));
    expect((await listLabels(await of('ownerB'), {})).items).toEqual([]);
    expect((await listLabels(await of('admin'), { tenantId: world.ids.b })).items).toEqual([]);
    const many = Array.from({ length: 20 }, (_, n) => `m${n}`);
    await expect(changeLabels(owner, id, { add: many, remove: [] })).rejects.toMatchObject({ code: 'invalid' });
    await expect(changeLabels(await of('ownerB'), id, { add: ['x'], remove: [] })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(changeLabels(await of('memberA'), id, { add: ['x'], remove: [] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await setLabels(owner, id, { labels: [] });
  });

  it('limit a token to what carries them when it is used, of what its maker reaches', async () => {
    const owner = await of('ownerA');
    const other = v7();
    await asSystem(async (tx) => {
      await tx.insert(containers).values({ ...world.containers.a, id: other, name: 'other', volumeId: v7() });
      await tx
        .update(containers)
        .set({ labels: ['web'] })
        .where(eq(containers.id, world.containers.b.id));
    });
    const made = await createToken(owner, { name: 'labels', labels: ['web'], verbs: ['container.read'] });
    expect(made).toMatchObject({ labels: ['web'], containerIds: [] });
    const seen = async (token: string) => {
      const actor = await holder(token);
      if (actor === undefined) throw new Error('nobody');
      return (await listContainers(actor, {})).items.map((one) => one.id);
    };
    await expect(seen(made.token)).rejects.toMatchObject({ code: 'forbidden' });
    await setLabels(owner, other, { labels: ['web', 'eu'] });
    expect(await seen(made.token)).toEqual([other]);
    await setLabels(owner, other, { labels: ['eu'] });
    await expect(seen(made.token)).rejects.toMatchObject({ code: 'forbidden' });
    const { id } = world.containers.a;
    const both = await createToken(owner, { name: 'both', labels: ['eu'], containerIds: [id] });
    expect((await seen(both.token)).sort()).toEqual([id, other].sort());
    expect((await listTokens(owner, {})).items.find((one) => one.name === 'both')).toMatchObject({ labels: ['eu'] });
    // It is no whole token: it makes none of its own.
    const limited = await holder(both.token);
    expect(limited?.limited).toBe(true);
  });
});

it('a tenant is read by those who see it, and is not there for others', async () => {
  expect(await getTenant(await of('reseller'), world.ids.a)).toMatchObject({
    name: 'Tenant A',
    users: expect.any(Number),
  });
  await expect(getTenant(await of('reseller'), world.ids.b)).rejects.toMatchObject({ code: 'not_found' });
  await expect(getTenant(await of('admin'), v7())).rejects.toMatchObject({ code: 'not_found' });
  await expect(getTenant(await of('ownerA'), world.ids.a)).rejects.toMatchObject({ code: 'forbidden' });
});

it('what a hold takes is shown with that reason to those it binds; what they never had stays away', async () => {
  const { id } = world.containers.b;
  const hold = { tenantId: world.ids.b, containerId: null, reason: 'billing', message: 'Pay.', stop: false } as const;
  await asSystem((tx) => tx.insert(holds).values(hold));
  const held = await getContainer(await of('ownerB'), id);
  expect(held.holds).toMatchObject([{ reason: 'billing', message: 'Pay.', over: 'tenant', stop: false }]);
  expect(Math.abs(Date.parse(held.holds[0]?.placedAt ?? '') - Date.now())).toBeLessThan(60_000);
  for (const verb of ['stop', 'reinstall', 'access', 'console'] as const) {
    expect(held.can[verb]).toEqual({ allowed: false, reason: heldReason });
  }
  expect(held.can.configure).toBeUndefined();
  expect((await getContainer(await of('memberB'), id)).can.reinstall).toBeUndefined();
  // Staff are not bound.
  expect((await getContainer(await of('support'), id)).can.stop).toEqual({ allowed: true, reason: null });
  await asSystem((tx) => tx.update(holds).set({ liftedAt: new Date() }));
  expect((await getContainer(await of('ownerB'), id)).can.stop).toEqual({ allowed: true, reason: null });
});
