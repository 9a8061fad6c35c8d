/** Roles over less than everything, custom roles, and the questions people ask about rights. */
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { getActor } from '#lib/auth/request.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { setLabels } from '#lib/containers/labels.ts';
import { listContainers } from '#lib/containers/list.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { assignments, roles } from '#lib/db/schema/people.ts';
import { sessions } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { accessConsents, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { listOperations } from '#lib/operations/list.ts';
import { explainAccess } from '#lib/people/explain.ts';
import { createRole, listRoles } from '#lib/people/roles.ts';
import { whoCan } from '#lib/people/who-can.ts';
import { whoAmI } from '#lib/people/whoami.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

let portal: TestPortal;
let world: World;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);
const keys = new Map<string, string>();
/** Ten more containers of `a`; every second one carries a label. */
const more: string[] = [];

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  await asSystem(async (tx) => {
    for (let n = 0; n < 10; n += 1) {
      const id = v7();
      more.push(id);
      const labels = n % 2 === 0 ? ['even'] : [];
      await tx.insert(containers).values({ ...world.containers.a, id, name: `more-${n}`, volumeId: v7(), labels });
      const row = {
        kind: 'start',
        lock: 'exclusive',
        state: 'succeeded',
        actorKind: 'system',
        actorName: 'x',
      } as const;
      const about = { tenantId: world.ids.a, containerId: id, hostId: world.ids.host, endedAt: new Date() };
      await tx.insert(operations).values({ ...row, ...about, queuedAt: new Date(Date.now() - n * 1000) });
    }
  });
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

type Row = Omit<typeof assignments.$inferInsert, 'userId'>;
/** Somebody of tenant a with these roles, and who they are by a token. */
async function somebody(name: string, ...rows: Row[]): Promise<UserActor> {
  const id = v7();
  await asSystem(async (tx) => {
    await tx.insert(users).values({ id, tenantId: world.ids.a, email: `${name}@example.test`, name, role: null });
    if (rows.length > 0) await tx.insert(assignments).values(rows.map((row) => ({ ...row, userId: id })));
    keys.set(name, await createApiToken(tx, id, 'test'));
  });
  return await now(name);
}
async function now(name: string): Promise<UserActor> {
  const actor = await getActor(new Headers({ authorization: `Bearer ${keys.get(name)}` }));
  if (actor === undefined) throw new Error('nobody');
  return actor;
}
async function of(who: keyof World['people']): Promise<UserActor> {
  if (!keys.has(who))
    await asSystem(async (tx) => void keys.set(who, await createApiToken(tx, world.people[who].id, 't')));
  return await now(who);
}

describe('a role over a label', () => {
  it('reaches what carries it at that moment, in lists read page by page too', async () => {
    const label = { role: 'tenant-viewer', scope: 'labels', tenantId: world.ids.a, labels: ['even'] } satisfies Row;
    const actor = await somebody('evens', label);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await listContainers(actor, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      // Full pages: what is not for this reader is left out before the page is cut.
      if (page.nextCursor !== null) expect(page.items).toHaveLength(2);
      seen.push(...page.items.map((one) => one.name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['more-0', 'more-2', 'more-4', 'more-6', 'more-8']);
    expect((await listOperations(actor, {})).items).toHaveLength(5);
    await setLabels(await of('ownerA'), more[0] ?? '', { labels: [] });
    expect((await listContainers(actor, {})).items).toHaveLength(5); // the actor of an earlier request
    expect((await listContainers(await now('evens'), {})).items).toHaveLength(4);
  });

  it('does not reach another tenant’s container with the label', async () => {
    const b = world.containers.b.id;
    await asSystem((tx) =>
      tx
        .update(containers)
        .set({ labels: ['even'] })
        .where(eq(containers.id, b)),
    );
    expect((await listContainers(await now('evens'), {})).items.map((one) => one.id)).not.toContain(b);
  });

  it('is gone for a container that was handed to somebody else', async () => {
    const id = more[2] ?? '';
    const one = { role: 'tenant-operator', scope: 'container', tenantId: world.ids.a, containerId: id } as const;
    const actor = await somebody('one', one);
    expect((await listContainers(actor, {})).items).toHaveLength(1);
    await asSystem((tx) => tx.update(containers).set({ tenantId: world.ids.b }).where(eq(containers.id, id)));
    expect((await listContainers(await now('one'), {})).items).toEqual([]);
    await asSystem((tx) => tx.update(containers).set({ tenantId: world.ids.a }).where(eq(containers.id, id)));
  });
});

it('somebody without a role sees nothing', async () => {
  const actor = await somebody('nobody');
  await expect(listContainers(actor, {})).rejects.toMatchObject({ code: 'forbidden' });
  expect(await whoAmI(actor)).toMatchObject({ role: null, assignments: [], permissions: [], via: 'token' });
});

describe('a custom role', () => {
  it('has fewer rights than the one it was cloned from, and none that its maker lacks', async () => {
    const owner = await of('ownerA');
    const wish = { title: 'Night shift', about: '', base: 'tenant-operator' as const };
    const role = await createRole(owner, { ...wish, permissions: ['container.read', 'container.restart'] });
    expect((await listRoles(owner)).items.map((one) => one.role)).toContain(role.role);
    expect((await listRoles(await of('ownerB'))).items.map((one) => one.role)).not.toContain(role.role);
    await expect(createRole(owner, { ...wish, permissions: ['container.read'] })).rejects.toMatchObject({
      code: 'conflict',
    });
    const beyond = createRole(owner, { ...wish, title: 'x', permissions: ['container.read', 'host.read'] });
    await expect(beyond).rejects.toMatchObject({ code: 'invalid' });
    const provider = createRole(owner, { ...wish, title: 'x', base: 'support', permissions: ['container.read'] });
    await expect(provider).rejects.toMatchObject({ code: 'invalid' });
    // A reseller has no right to look inside, so it makes no role that has.
    const inside = createRole(await of('reseller'), {
      ...wish,
      tenantId: world.ids.a,
      permissions: ['container.read', 'container.exec'],
    });
    await expect(inside).rejects.toMatchObject({ code: 'forbidden' });
    const elsewhere = createRole(owner, { ...wish, tenantId: world.ids.b, permissions: ['container.read'] });
    await expect(elsewhere).rejects.toMatchObject({ code: 'not_found' });
    await expect(createRole(await of('memberA'), { ...wish, permissions: ['container.read'] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const night = { role: 'tenant-operator', customRoleId: role.role, scope: 'tenant', tenantId: world.ids.a } as const;
    const actor = await somebody('night', night);
    const me = await whoAmI(actor);
    expect(me).toMatchObject({ role: null, permissions: ['container.read', 'container.restart'] });
    expect(me.assignments).toMatchObject([{ title: 'Night shift', tenantName: 'Tenant A' }]);
    // What the built-in one loses, or never had, the row cannot give.
    await asSystem((tx) => tx.update(roles).set({ permissions: ['container.read', 'host.enroll'] }));
    expect((await whoAmI(await now('night'))).permissions).toEqual(['container.read']);
  });
});

describe('"why can’t I?"', () => {
  it('says what decides, to those who may know of the container', async () => {
    const a = world.containers.a.id;
    const ask = async (who: keyof World['people'], verb: Parameters<typeof explainAccess>[1]['verb']) =>
      explainAccess(await of(who), { verb, container: a });
    expect(await ask('ownerA', 'container.stop')).toMatchObject({
      allowed: true,
      reasons: [{ by: 'role', text: 'The role Owner over Tenant A allows it.' }],
    });
    expect(await ask('support', 'container.exec')).toMatchObject({
      allowed: false,
      reasons: [{ by: 'role', text: 'No role allows it here. There is: Support over the installation.' }],
      roles: ['tenant-owner', 'tenant-operator'],
    });
    const start = await ask('ownerA', 'container.start');
    expect(start).toMatchObject({ allowed: false, reasons: [{ by: 'role' }, { by: 'state' }] });
    await expect(ask('ownerB', 'container.start')).rejects.toMatchObject({ code: 'not_found' });
    const none = explainAccess(await of('admin'), { verb: 'container.start', container: v7() });
    await expect(none).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('"who can do this to that?"', () => {
  it('names everybody who can, and a reseller is not told who the provider’s people are', async () => {
    const ask = async (
      who: keyof World['people'],
      verb: Parameters<typeof whoCan>[1]['verb'],
      container = world.containers.a.id,
    ) => (await whoCan(await of(who), { verb, container })).people.map((one) => one.name);
    expect(await ask('admin', 'container.exec')).toEqual(['member-a', 'owner-a']);
    expect(await ask('admin', 'container.start')).toEqual(['admin', 'member-a', 'owner-a', 'reseller', 'support']);
    expect(await ask('reseller', 'container.start')).toEqual(['member-a', 'owner-a', 'reseller']);
    expect(await ask('admin', 'container.start', world.containers.b.id)).toEqual([
      'admin',
      'member-b',
      'owner-b',
      'support',
    ]);
    // Whoever has it over this one container or its label only.
    expect(await ask('admin', 'container.read', more[4])).toContain('evens');
    expect(await ask('admin', 'container.exec', more[2])).toContain('one');
    await expect(ask('reseller', 'container.start', world.containers.b.id)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(ask('ownerA', 'container.start')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await asSystem((tx) => tx.select().from(tenants))).toHaveLength(3);
  });

  it('names who has the tenant’s consent as long as it lasts, and nobody who must set up a second factor first', async () => {
    const { ids, people, containers: both } = world;
    const ask = async (verb: Parameters<typeof whoCan>[1]['verb']) =>
      (await whoCan(await of('admin'), { verb, container: both.a.id })).people;
    const names = async (verb: Parameters<typeof whoCan>[1]['verb']) => (await ask(verb)).map((one) => one.name);
    const [ticket, consent] = [v7(), v7()];
    await asSystem(async (tx) => {
      const about = { tenantId: ids.a, containerId: both.a.id };
      const by = { byId: people.ownerA.id, byName: 'owner-a' };
      await tx.insert(tickets).values({
        ...about,
        id: ticket,
        subject: 'Help',
        level: 'provider',
        priority: 'normal',
        openedById: by.byId,
        openedByName: by.byName,
      });
      await tx.insert(accessConsents).values({
        ...{
          ...about,
          id: consent,
          ticketId: ticket,
          staffId: people.support.id,
          staffName: 'support',
          scopes: ['console'],
        },
        ...{ minutes: 60, reason: 'to look', grantedAt: new Date(), grantedById: by.byId, grantedByName: by.byName },
        expiresAt: new Date(Date.now() + 3_600_000),
      });
    });
    expect((await ask('container.console')).find((one) => one.name === 'support')).toMatchObject({
      assignments: [{ role: 'consent', title: 'With the consent of owner-a', containerName: both.a.name }],
    });
    await asSystem((tx) =>
      tx.update(accessConsents).set({ endedAt: new Date() }).where(eq(accessConsents.id, consent)),
    );
    expect(await names('container.console')).not.toContain('support');

    const asks = (requireFactor: boolean) =>
      asSystem((tx) => tx.update(tenants).set({ requireFactor }).where(eq(tenants.id, ids.a)));
    await asks(true);
    expect(await names('container.exec')).toEqual([]);
    const vouched = { userId: people.memberA.id, keyHash: v7(), userAgent: '', address: '', factorVouched: true };
    await asSystem((tx) => tx.insert(sessions).values({ ...vouched, expiresAt: new Date(Date.now() + 3_600_000) }));
    expect(await names('container.exec')).toEqual(['member-a']);
    await asks(false);
  });
});
