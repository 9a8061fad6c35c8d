/** The provider's own people: invited, changed and removed by administrators, and by nobody else; the last administrator stays. */
import { eq, like } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { policy } from '#lib/access/policy.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import type { Grant } from '#lib/contract/members.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { invitations, roles } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { users } from '#lib/db/schema/users.ts';
import { accountRoles } from '#lib/people/account-roles.ts';
import { acceptInvitation, addMember, readInvitation, resendInvitation } from '#lib/people/invite.ts';
import { changeMember, getMember, listMembers, removeMember } from '#lib/people/members.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { comers, wish } from './comers.ts';

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

const { come, by } = comers(() => portal);
const of = (who: keyof World['people']) => by(world.people[who].id);
async function linkTo(email: string) {
  const mails = await asSystem((tx) => tx.select().from(outbox).where(like(outbox.recipient, email)));
  return { mail: mails.at(-1), token: /token=([\w-]{20,})/.exec(mails.at(-1)?.body ?? '')?.[1] ?? '' };
}
async function join(email: string, ...granted: (string | Grant)[]): Promise<string> {
  await addMember(await of('admin'), null, wish(email, ...granted));
  await acceptInvitation({ token: (await linkTo(email)).token, name: email, password }, visitor);
  const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, email)));
  return row?.id ?? '';
}
const forbidden = expect.objectContaining({ code: 'forbidden' });

it('an administrator invites by mail; who takes it up has the role over the installation and belongs to no account', async () => {
  const made = await addMember(await of('admin'), null, wish('new@example.test', 'support'));
  expect(made).toMatchObject({ state: 'invited', assignments: [{ role: 'support', scope: 'installation' }] });
  const { mail, token } = await linkTo('new@example.test');
  expect(mail).toMatchObject({ brandId: null, subject: 'Berth: you are invited' });
  expect(mail?.body).toMatch(/invites you to the staff of Berth\..*\n\nhttp:\/\/panel\.test\/invitation\?token=/s);
  expect(await readInvitation(token)).toEqual({ account: 'Berth', email: 'new@example.test', signIn: null });
  // Sent again, the link before works no more; invited again, there is still one.
  await resendInvitation(await of('admin'), null, made.id);
  expect(await readInvitation(token)).toBeUndefined();
  const again = await addMember(await of('admin'), null, wish('new@example.test', 'auditor', 'support'));
  const open = (await listMembers(await of('admin'), null)).items.filter((one) => one.state === 'invited');
  expect(open.map((one) => one.id)).toEqual([again.id]);
  await acceptInvitation({ token: (await linkTo('new@example.test')).token, name: 'New', password }, visitor);
  const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, 'new@example.test')));
  expect(row).toMatchObject({ tenantId: null, kind: 'person' });
  const actor = await by(row?.id ?? '');
  expect(actor.assignments.map(({ role, scope, tenantId }) => [role, scope, tenantId])).toEqual([
    ['auditor', 'installation', null],
    ['support', 'installation', null],
  ]);
  expect(hasPermission(actor, 'container.start', { tenantId: world.ids.b, containerId: v7() })).toBe(true);
  expect(hasPermission(actor, 'staff.manage')).toBe(false);
  const entries = await asSystem((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'member.accept')));
  expect(entries).toMatchObject([{ tenantId: null, targetName: 'new@example.test' }]);
});

it('nobody else sees or changes staff, and nobody gives what they lack', async () => {
  const support = await join('helper@example.test', 'support');
  for (const who of [await of('support'), await of('reseller'), await of('ownerA'), await by(support)]) {
    await expect(listMembers(who, null)).rejects.toEqual(forbidden);
    await expect(addMember(who, null, wish('x@example.test', 'support'))).rejects.toEqual(forbidden);
    await expect(changeMember(who, null, support, { roles: [{ role: 'provider-admin' }] })).rejects.toEqual(forbidden);
    await expect(removeMember(who, null, support)).rejects.toEqual(forbidden);
  }
  // An administrator with fewer rights, by a role of the provider's own, gives those and no more.
  const role = v7();
  const rights = [...policy['provider-admin']].filter((one) => one !== 'host.lose');
  await asSystem((tx) =>
    tx
      .insert(roles)
      .values({ id: role, tenantId: null, title: 'Careful', base: 'provider-admin', permissions: rights }),
  );
  const careful = await join('careful@example.test', role);
  const theirs = await by(careful);
  expect(hasPermission(theirs, 'staff.manage')).toBe(true);
  await expect(addMember(theirs, null, wish('x@example.test', 'provider-admin'))).rejects.toEqual(forbidden);
  await expect(removeMember(theirs, null, world.people.admin.id)).rejects.toEqual(forbidden);
  await expect(changeMember(theirs, null, world.people.admin.id, { roles: [{ role: 'auditor' }] })).rejects.toEqual(
    forbidden,
  );
  await expect(changeMember(theirs, null, careful, { roles: [{ role: 'provider-admin' }] })).rejects.toEqual(forbidden);
  expect((await changeMember(theirs, null, support, { roles: [{ role: 'host-operator' }] })).assignments).toMatchObject(
    [{ role: 'host-operator' }],
  );
  const { roles: choices } = await accountRoles(theirs, null);
  expect(choices.map((one) => [one.title, one.scopes.join(), one.lacks.join()])).toEqual([
    ['Administrator', 'installation', 'host.lose'],
    ['Host operator', 'installation', ''],
    ['Support', 'installation,reseller,tenant', ''],
    ['Auditor', 'installation,reseller,tenant', ''],
    ['Careful', 'installation', ''],
  ]);
  await removeMember(theirs, null, support);
  expect(await come(support)).toBeUndefined();
});

it('roles of customers are not given here, nor to their people', async () => {
  const admin = await of('admin');
  for (const grant of [
    { role: 'tenant-owner' },
    { role: 'reseller-owner' },
    { role: 'support', scope: 'tenant' as const },
  ]) {
    await expect(addMember(admin, null, wish('x@example.test', grant))).rejects.toMatchObject({ code: 'invalid' });
  }
  // Whoever sends the mails of a brand could come in as its people.
  const email = world.people.ownerA.email;
  await expect(addMember(admin, null, wish(email, 'support'))).rejects.toMatchObject({ code: 'conflict' });
  // Nor by an invitation that was there before they became one.
  await addMember(admin, null, wish('later@example.test', 'support'));
  const { token } = await linkTo('later@example.test');
  await addMember(await of('ownerA'), world.ids.a, wish('later@example.test', 'tenant-viewer'));
  await acceptInvitation({ token: (await linkTo('later@example.test')).token, name: 'Later', password }, visitor);
  const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, 'later@example.test')));
  const later = { ...(await by(row?.id ?? '')), sessionId: v7(), tokenId: null };
  await expect(acceptInvitation({ token }, visitor, later)).rejects.toMatchObject({
    code: 'conflict',
    detail: 'They belong to a customer’s account.',
  });
  expect((await by(row?.id ?? '')).assignments.map((one) => one.role)).toEqual(['tenant-viewer']);
  // And a tenant's people are not found here.
  await expect(getMember(admin, null, world.people.ownerA.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(removeMember(admin, null, world.people.ownerA.id)).rejects.toMatchObject({ code: 'not_found' });
  const [ofTenant] = await asSystem((tx) =>
    tx
      .insert(invitations)
      .values({
        ...{
          tenantId: world.ids.a,
          email: 'a@example.test',
          tokenHash: v7(),
          invitedBy: world.people.ownerA.id,
          grants: [],
        },
        expiresAt: new Date(Date.now() + 60_000),
      })
      .returning(),
  );
  await expect(removeMember(admin, null, ofTenant?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
});

it('support and auditors can be given one reseller or one tenant alone', async () => {
  const ofReseller: Grant = { role: 'support', scope: 'reseller', tenantId: world.ids.reseller };
  const wrong: Grant[] = [
    { ...ofReseller, tenantId: world.ids.a },
    { role: 'auditor', scope: 'tenant', tenantId: world.ids.reseller },
    { role: 'support', tenantId: world.ids.a },
    { role: 'host-operator', scope: 'tenant', tenantId: world.ids.a },
  ];
  for (const grant of wrong) {
    await expect(addMember(await of('admin'), null, wish('x@example.test', grant))).rejects.toMatchObject({
      code: 'invalid',
    });
  }
  const id = await join('part@example.test', ofReseller, { role: 'auditor', scope: 'tenant', tenantId: world.ids.b });
  const part = await by(id);
  const over = (tenantId: string) => ({ tenantId, containerId: null });
  expect(hasPermission(part, 'container.start', over(world.ids.a))).toBe(true);
  expect(hasPermission(part, 'container.start', over(world.ids.b))).toBe(false);
  expect(hasPermission(part, 'container.read', over(world.ids.b))).toBe(true);
  // What is about the installation takes a role over all of it.
  for (const verb of ['host.read', 'dashboard.read', 'staff.read'] as const)
    expect(hasPermission(part, verb)).toBe(false);
  expect(await getMember(await of('admin'), null, id)).toMatchObject({
    assignments: [
      { role: 'support', scope: 'reseller', tenantName: 'Reseller' },
      { role: 'auditor', scope: 'tenant', tenantName: 'Tenant B' },
    ],
  });
  // Of the provider's team, and of nobody else's.
  for (const [who, tenantId] of [
    ['ownerB', world.ids.b],
    ['reseller', world.ids.reseller],
  ] as const) {
    expect((await listMembers(await of(who), tenantId)).items.map((one) => one.id)).not.toContain(id);
    await expect(removeMember(await of(who), tenantId, id)).rejects.toMatchObject({ code: 'not_found' });
  }
  await removeMember(await of('admin'), null, id);
  expect(await come(id)).toBeUndefined();
});

it('the last administrator stays one, however many go at the same time', async () => {
  const admin = await of('admin');
  const first = world.people.admin.id;
  const me = async () => (await listMembers(await by(first), null)).items.find((one) => one.id === first);
  expect(await me()).toMatchObject({ lastOwner: true });
  const words = { code: 'conflict', message: 'This is the last administrator.' };
  await expect(removeMember(admin, null, first)).rejects.toMatchObject(words);
  await expect(changeMember(admin, null, first, { roles: [{ role: 'support' }] })).rejects.toMatchObject(words);
  const second = await join('second@example.test', 'provider-admin');
  expect(await me()).toMatchObject({ lastOwner: false });
  const other = await by(second);
  const both = await Promise.allSettled([removeMember(admin, null, second), removeMember(other, null, first)]);
  expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  const left = both[0]?.status === 'fulfilled' ? first : second;
  const gone = left === first ? second : first;
  expect(await come(gone)).toBeUndefined();
  const { items } = await listMembers(await by(left), null);
  expect(items.filter((one) => one.lastOwner).map((one) => one.id)).toEqual([left]);
});
