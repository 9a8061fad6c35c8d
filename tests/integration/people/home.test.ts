/** The account somebody belongs to: another one where they have a role, once they are removed from it. */
import { and, desc, eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { redeemReset, requestReset } from '#lib/auth/reset.ts';
import { signInWithPassword } from '#lib/auth/sign-in.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { brands } from '#lib/db/schema/brands.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { users } from '#lib/db/schema/users.ts';
import { deleteRole } from '#lib/people/change-role.ts';
import { changeMember, removeMember } from '#lib/people/members.ts';
import { createRole } from '#lib/people/roles.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { comers } from './comers.ts';

const visitor = { address: '192.0.2.1', userAgent: 'test' };
const password = 'a password that is long';
let portal: TestPortal;
let world: World;
let passwordHash: string;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  world = await seedWorld(portal);
  passwordHash = await hashPassword(password);
  await asSystem((tx) => tx.insert(brands).values({ resellerId: world.ids.reseller, productName: 'Acme' }));
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

const { by } = comers(() => portal);
const of = (who: keyof World['people']) => by(world.people[who].id);
type Given = Omit<typeof assignments.$inferInsert, 'userId'>;
const whole = (role: 'tenant-viewer' | 'tenant-operator', tenantId: string) =>
  ({ role, scope: 'tenant', tenantId }) as const;
/** Somebody who belongs to an account (null: the provider's staff) and has these roles. */
async function somebody(tenantId: string | null, ...given: Given[]): Promise<{ id: string; email: string }> {
  const id = v7();
  const email = `${id}@example.test`;
  await asSystem(async (tx) => {
    const role = tenantId === null ? ('provider-admin' as const) : null;
    await tx.insert(users).values({ id, tenantId, email, name: id, role, passwordHash });
    await tx.insert(assignments).values(given.map((one) => ({ ...one, userId: id })));
  });
  return { id, email };
}
async function homeOf(id: string): Promise<string | null | undefined> {
  const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.id, id)));
  return row?.tenantId;
}
const rolesOf = async (id: string) => (await by(id)).assignments.map((one) => one.role);
async function lastMail(email: string) {
  const mails = await asSystem((tx) =>
    tx.select().from(outbox).where(eq(outbox.recipient, email)).orderBy(desc(outbox.createdAt), desc(outbox.id)),
  );
  return { brandId: mails[0]?.brandId, link: /token=([\w-]{20,})/.exec(mails[0]?.body ?? '')?.[1] ?? '' };
}

it('who is removed from it belongs to where they have a role: the former one mails them no way in, and reads of no sign-in', async () => {
  const { ids } = world;
  const { id, email } = await somebody(ids.a, whole('tenant-operator', ids.a), whole('tenant-operator', ids.b));
  await requestReset({ email }, visitor);
  const before = await lastMail(email);
  expect(before).toMatchObject({ brandId: ids.reseller, link: expect.stringMatching(/./) });
  await removeMember(await of('ownerA'), ids.a, id);
  expect(await homeOf(id)).toBe(ids.b);

  const stale = redeemReset({ token: before.link, password: 'what the reseller would like' }, visitor);
  await expect(stale).rejects.toMatchObject({ code: 'not_found' });
  await requestReset({ email }, visitor);
  expect(await lastMail(email)).toMatchObject({ brandId: null });
  expect(await signInWithPassword(email, password, visitor)).toBeTypeOf('string');
  const entries = await asSystem((tx) => tx.select().from(auditLog).where(eq(auditLog.targetId, id)));
  expect(entries.filter((one) => one.verb === 'session.create')).toMatchObject([{ tenantId: ids.b }]);
  expect(entries.filter((one) => one.verb === 'member.home')).toMatchObject([
    { tenantId: ids.b, actorId: world.people.ownerA.id, targetName: email },
  ]);
  const ticket = await createTicket(await by(id), { subject: 'Help', body: 'About nothing.', priority: 'normal' });
  expect(ticket).toMatchObject({ tenantId: ids.b });
});

it('who keeps a role in it stays, whatever they lose elsewhere, and so does who has none anywhere', async () => {
  const { ids } = world;
  const { id } = await somebody(ids.a, whole('tenant-operator', ids.a), whole('tenant-operator', ids.b));
  await changeMember(await of('ownerA'), ids.a, id, { roles: [{ role: 'tenant-viewer' }] });
  await removeMember(await of('ownerB'), ids.b, id);
  expect(await homeOf(id)).toBe(ids.a);
  await removeMember(await of('ownerA'), ids.a, id);
  expect(await homeOf(id)).toBe(ids.a);
});

it('staff of a reseller with one tenant alone belong to the reseller as long as they have that', async () => {
  const { ids } = world;
  const over = { role: 'reseller-staff', scope: 'tenant', tenantId: ids.a } as const;
  const { id } = await somebody(ids.reseller, over, whole('tenant-viewer', ids.b));
  await changeMember(await of('reseller'), ids.reseller, id, {
    roles: [{ role: 'reseller-staff', scope: 'tenant', tenantId: ids.a }],
  });
  expect(await homeOf(id)).toBe(ids.reseller);
  await removeMember(await of('reseller'), ids.reseller, id);
  expect(await homeOf(id)).toBe(ids.b);
});

it('a role that is deleted moves who had nothing else there', async () => {
  const { ids } = world;
  const owner = await of('ownerA');
  const night = { title: 'Night', about: '', base: 'tenant-operator', permissions: ['container.read'] } as const;
  const role = await createRole(owner, { ...night, permissions: [...night.permissions] });
  const given = { ...whole('tenant-operator', ids.a), customRoleId: role.role };
  const { id } = await somebody(ids.a, given, whole('tenant-viewer', ids.b));
  await deleteRole(owner, role.role);
  expect([await homeOf(id), await rolesOf(id)]).toEqual([ids.b, ['tenant-viewer']]);
});

it('an administrator who is one no more and a customer besides becomes that customer’s, with nothing but that role', async () => {
  const { ids } = world;
  const { id } = await somebody(null, whole('tenant-viewer', ids.b));
  await removeMember(await of('admin'), null, id);
  expect([await homeOf(id), await rolesOf(id)]).toEqual([ids.b, ['tenant-viewer']]);
  const theirs = await asSystem((tx) =>
    tx
      .select()
      .from(assignments)
      .where(and(eq(assignments.userId, id), eq(assignments.role, 'provider-admin'))),
  );
  expect(theirs).toEqual([]);
});
