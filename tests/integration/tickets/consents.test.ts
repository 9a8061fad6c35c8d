/** Looking inside with consent, in emergencies, and outages. That an open console closes is in ../portal/console.test.ts. */
import { asc, eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer } from '#lib/access/authorize.ts';
import { lacking } from '#lib/access/grant.ts';
import { listAudit } from '#lib/audit/list.ts';
import { resolveToken } from '#lib/auth/sessions.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { approveEmergency, grantConsent, revokeConsent, withdrawConsent } from '#lib/consents/decide.ts';
import { setApprovalsNeeded } from '#lib/consents/policy.ts';
import { requestAccess } from '#lib/consents/request.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { CreateTicket, RequestAccess } from '#lib/contract/tickets.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { outages } from '#lib/db/schema/outages.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { users } from '#lib/db/schema/users.ts';
import { askFiles } from '#lib/files/reach.ts';
import { declareOutage, endOutage, updateOutage } from '#lib/outages/declare.ts';
import { listOutages } from '#lib/outages/list.ts';
import { tellOfOutages, watchOutages } from '#lib/outages/watch.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { getTicket } from '#lib/tickets/get.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';
import { Frozen } from '../authz/frozen.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let frozen: Frozen;
const tokens = new Map<string, string>();
const who = (name: keyof World['people']): UserActor => actorFor(world, name);
/** As a request finds them, with the consents of this moment. */
async function now(name: 'support' | 'admin' | 'reseller' | 'ownerA'): Promise<UserActor> {
  const actor = await resolveToken(tokens.get(name) ?? '', { address: '203.0.113.7', userAgent: 'test' });
  if (actor === undefined) throw new Error(name);
  return actor;
}
const inside: Permission[] = ['container.console', 'container.exec', 'file.read', 'file.change', 'container.log'];
const rights = async (name: 'support' | 'admin' | 'reseller') => {
  const actor = await now(name);
  return inside.filter((one) => hasPermission(actor, one, ofContainer(world.containers.a)));
};
const asWorker = async <T>(work: () => Promise<T>): Promise<T> => {
  setDatabase(portal.worker);
  try {
    return await work();
  } finally {
    setDatabase(portal.web);
  }
};
async function mails() {
  const rows = await withActor(portal.super, asSystem, (tx) => tx.select().from(outbox).orderBy(asc(outbox.id)));
  await portal.super.execute(sql`delete from outbox`);
  return rows.map((row) => ({ to: row.recipient.split('@')[0] ?? '', subject: row.subject, body: row.body }));
}
const ask = (input: object) => RequestAccess.parse({ reason: 'to see why it is slow', ...input });

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  await withActor(portal.super, asSystem, async (tx) => {
    for (const name of ['support', 'admin', 'reseller', 'ownerA'] as const) {
      tokens.set(name, await createApiToken(tx, world.people[name].id, name));
    }
    await tx.insert(users).values([
      { name: 'admin-2', email: 'admin-2@example.test', role: 'provider-admin', tenantId: null },
      { name: 'admin-3', email: 'admin-3@example.test', role: 'provider-admin', tenantId: null },
    ]);
    await tx.execute(sql`update containers set observed_at = now() + interval '1 hour'`);
  });
  frozen = await Frozen.take(portal.super);
});
let ticketId: string;
beforeEach(async () => {
  await frozen.restore();
  setApprovalsNeeded(2);
  const { id: containerId } = world.containers.a;
  ticketId = (await createTicket(who('ownerA'), CreateTicket.parse({ subject: 'Slow', body: 'Slow.', containerId })))
    .id;
});
afterAll(() => portal.stop());

describe('consent', () => {
  const asked = async (input: object = { scopes: ['console', 'files', 'exec'] }) => {
    const { consents } = await requestAccess(who('support'), ticketId, ask(input));
    return consents[0]?.id ?? '';
  };

  it('gives what was chosen, over one container, to one of the staff, until it is over', async () => {
    expect(await rights('support')).toEqual([]);
    const id = await asked();
    expect(await rights('support')).toEqual([]);
    const given = await grantConsent(who('ownerA'), id, { scopes: ['files'], minutes: 30 });
    expect(given).toMatchObject({ state: 'granted', scopes: ['files'], minutes: 30, grantedBy: 'owner-a' });
    expect(await getTicket(who('support'), ticketId)).toMatchObject({ state: 'open' });
    expect(await rights('support')).toEqual(['file.read']);
    expect(await rights('admin')).toEqual([]);
    const actor = await now('support');
    expect(() => authorize(actor, 'file.read', ofContainer(world.containers.b))).toThrow();
    await portal.super.execute(sql`update access_consents set expires_at = now() - interval '1 second'`);
    expect(await rights('support')).toEqual([]);
  });

  it('is the tenant owner’s to give, and never more than was asked for', async () => {
    const id = await asked({ scopes: ['files'], minutes: 30 });
    for (const name of ['memberA', 'reseller', 'support', 'admin'] as const) {
      await expect(grantConsent(who(name), id, {})).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(grantConsent(who('ownerB'), id, {})).rejects.toMatchObject({ code: 'not_found' });
    await expect(grantConsent(who('ownerA'), id, { scopes: ['exec'] })).rejects.toMatchObject({ code: 'invalid' });
    expect(await grantConsent(who('ownerA'), id, { minutes: 1000, scopes: ['files', 'exec'] })).toMatchObject({
      ...{ minutes: 30, scopes: ['files'] },
    });
    await expect(requestAccess(who('support'), ticketId, ask({ scopes: ['exec'] }))).rejects.toMatchObject({
      code: 'already',
    });
  });

  it('is used under both names, whatever is done, and seen by the tenant', async () => {
    await grantConsent(who('ownerA'), await asked(), {});
    const support = await now('support');
    // Nobody answers at that host; what was tried is recorded before anything is sent, also a look into a folder.
    await expect(
      askFiles(support, world.containers.a.id, 'list', { path: 'L2V0Yw==', offset: 0, limit: 10 } as never, null),
    ).rejects.toMatchObject({ code: 'host_unreachable' });
    const { items } = await listAudit(who('ownerA'), { verb: 'file.read', limit: 5 });
    expect(items).toMatchObject([
      {
        actor: { name: 'support' },
        onBehalfOf: { name: 'owner-a', id: world.people.ownerA.id },
        address: '203.0.113.7',
        detail: { op: 'list', path: '/etc' },
      },
    ]);
    // The owner who looks alone leaves nothing, as ever, and acts for nobody.
    await askFiles(
      await now('ownerA'),
      world.containers.a.id,
      'list',
      { path: 'L2V0Yw==', offset: 0, limit: 10 } as never,
      null,
    ).catch(() => undefined);
    expect((await listAudit(who('ownerA'), { verb: 'file.read', limit: 5 })).items).toHaveLength(1);
    const [used] = (await portal.super.execute(sql`select last_used_at from access_consents`)).rows;
    expect(used?.last_used_at).not.toBeNull();
  });

  it('ends at once when it is taken back, and when its user is staff no more', async () => {
    const id = await asked();
    await grantConsent(who('ownerA'), id, {});
    expect(await rights('support')).toContain('container.exec');
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(users).set({ role: 'auditor' }).where(eq(users.id, world.people.support.id)),
    );
    expect(await rights('support')).toEqual([]);
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(users).set({ role: 'support' }).where(eq(users.id, world.people.support.id)),
    );
    expect(await rights('support')).toContain('container.exec');
    expect(await revokeConsent(who('ownerA'), id)).toMatchObject({ state: 'ended', endedBy: 'owner-a' });
    expect(await rights('support')).toEqual([]);
    await expect(revokeConsent(who('ownerA'), id)).rejects.toMatchObject({ code: 'already' });
    await expect(grantConsent(who('ownerA'), id, {})).rejects.toMatchObject({ code: 'already' });
  });

  it('is taken back by who asked for it and by nobody else, in words of its own, and may be asked for again', async () => {
    const id = await asked();
    for (const name of ['admin', 'reseller'] as const) {
      await expect(withdrawConsent(who(name), id)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(withdrawConsent(who('ownerA'), id)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await getTicket(who('support'), ticketId)).consents).toMatchObject([
      { mine: true, can: { withdraw: true, revoke: false } },
    ]);
    expect((await getTicket(who('ownerA'), ticketId)).consents).toMatchObject([
      { mine: false, can: { withdraw: false, revoke: true } },
    ]);
    expect(await getTicket(who('support'), ticketId)).toMatchObject({ state: 'waiting' });
    const withdrawn = { state: 'withdrawn', endedBy: 'support', can: { withdraw: false, grant: false } };
    expect(await withdrawConsent(who('support'), id)).toMatchObject(withdrawn);
    await expect(grantConsent(who('ownerA'), id, {})).rejects.toMatchObject({ code: 'already' });
    await expect(withdrawConsent(who('support'), id)).rejects.toMatchObject({ code: 'already' });
    const { messages, state } = await getTicket(who('ownerA'), ticketId);
    expect(state).toBe('open'); // nobody waits for the tenant any more
    expect(messages.at(-1)).toMatchObject({ author: 'support', body: 'No longer asks to look inside.' });
    const { items } = await listAudit(who('ownerA'), { verb: 'access.withdraw', limit: 5 });
    expect(items).toMatchObject([{ actor: { name: 'support' }, detail: { consentId: id, granted: false } }]);
    expect(await asked()).not.toBe('');
  });

  it('is given back before its time by who has it, also when a hold keeps them from asking', async () => {
    const id = await asked();
    await grantConsent(who('ownerA'), id, {});
    expect(await rights('support')).toContain('container.exec');
    const held = who('support').assignments.map((one) => ({ ...one, held: { whole: true, containerIds: [] } }));
    const bound: UserActor = { ...who('support'), assignments: held };
    await expect(requestAccess(bound, ticketId, ask({ scopes: ['files'] }))).rejects.toMatchObject({ code: 'held' });
    expect(await withdrawConsent(bound, id)).toMatchObject({ state: 'ended', endedBy: 'support', mine: true });
    expect(await rights('support')).toEqual([]);
  });

  it('is decided once, however its two sides meet', async () => {
    const id = await asked();
    const ends = await Promise.allSettled([
      ...[1, 2, 3, 4].flatMap(() => [withdrawConsent(who('support'), id), revokeConsent(who('ownerA'), id)]),
    ]);
    expect(ends.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of ends) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'already' });
  });

  it('is not a right that could be handed on', async () => {
    await grantConsent(who('ownerA'), await asked(), {});
    const { id: containerId, tenantId } = world.containers.a;
    const over = { scope: 'container' as const, tenantId, labels: [], containerId };
    expect(lacking(await now('support'), ['container.exec'], over)).toEqual(['container.exec']);
  });
});

describe('an emergency', () => {
  const asked = async () => {
    const { consents } = await requestAccess(who('admin'), ticketId, ask({ scopes: ['files'], emergency: true }));
    return consents[0]?.id ?? '';
  };
  const other = async (name: string): Promise<UserActor> => {
    const [row] = await withActor(portal.super, asSystem, (tx) => tx.select().from(users).where(eq(users.name, name)));
    return { ...who('admin'), userId: row?.id ?? '', name };
  };

  it('needs as many others as the policy says, never the one who asks', async () => {
    const id = await asked();
    expect(await getTicket(who('ownerA'), ticketId)).toMatchObject({ state: 'open' }); // the tenant is not waited for
    await expect(approveEmergency(who('admin'), id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(approveEmergency(who('support'), id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(approveEmergency(who('ownerA'), id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await approveEmergency(await other('admin-2'), id)).toMatchObject({
      state: 'asked',
      approvals: ['admin-2'],
    });
    expect(await rights('admin')).toEqual([]);
    await expect(approveEmergency(await other('admin-2'), id)).rejects.toMatchObject({ code: 'already' });
    expect(await mails()).toEqual([]);
    expect(await approveEmergency(await other('admin-3'), id)).toMatchObject({ state: 'granted' });
    expect(await rights('admin')).toEqual(['file.read']);
  });

  it('is told at once to the tenant’s owner and the administrators, is in the record, and the owner ends it', async () => {
    setApprovalsNeeded(1);
    const id = await asked();
    await approveEmergency(await other('admin-2'), id);
    const told = await mails();
    expect(told.map((mail) => mail.to).sort()).toEqual(['admin', 'admin-2', 'admin-3', 'owner-a']);
    for (const { body } of told)
      expect(body).toMatch(/admin may look inside the container web-a.*Approved by admin-2.*to see why/s);
    const { items } = await listAudit(who('ownerA'), { verb: 'access.emergency', limit: 5 });
    expect(items).toMatchObject([{ actor: { name: 'admin-2' }, detail: { holds: true, staff: 'admin' } }]);
    await revokeConsent(who('ownerA'), id);
    expect(await rights('admin')).toEqual([]);
  });
});

describe('outages', () => {
  const notice = () => ({ hostIds: [world.ids.host], title: 'Power failure', message: 'We are on it.' });
  const tell = () => asWorker(() => tellOfOutages('http://panel.test'));

  it('concern whoever has a container there: by banner, by mail once, and with a report at the end', async () => {
    const outage = await declareOutage(who('admin'), notice());
    expect(outage).toMatchObject({ containers: 2, tenants: 2, hosts: ['host-1'] });
    const seen = (await listOutages(who('ownerA'), { open: true })).items;
    expect(seen).toMatchObject([{ title: 'Power failure', containers: 1, tenants: null, hosts: [] }]);
    expect((await Promise.all([tell(), tell()])).sort()).toEqual([0, 1]);
    expect((await mails()).map(({ to, body }) => [to, body.includes('We are on it.')]).sort()).toEqual([
      ['owner-a', true],
      ['owner-b', true],
    ]);
    await updateOutage(who('admin'), outage.id, { message: 'Half an hour more.' });
    await endOutage(who('admin'), outage.id, { report: 'A fuse. Nothing was lost.' });
    await tell();
    const last = (await mails()).filter((mail) => mail.to === 'owner-a');
    expect(last).toMatchObject([
      { subject: 'Over: Power failure', body: expect.stringMatching(/Half an hour.*A fuse/s) },
    ]);
    expect(await tell()).toBe(0);
    expect((await listOutages(who('ownerA'), { open: true })).items).toEqual([]);
    await expect(endOutage(who('admin'), outage.id, { report: 'again' })).rejects.toMatchObject({ code: 'already' });
    for (const name of ['support', 'reseller', 'ownerA'] as const) {
      await expect(declareOutage(who(name), notice())).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('concern who reaches single containers there, and count no others', async () => {
    const { a } = world.containers;
    const other = { ...a, id: v7(), name: 'web-a2', hostname: 'web-a2', volumeId: v7(), address: '10.0.0.9' };
    const elsewhere = { ...other, id: v7(), name: 'web-a3', hostname: 'web-a3', volumeId: v7(), address: '10.0.0.8' };
    const hostId = v7();
    await withActor(portal.super, asSystem, async (tx) => {
      const host = { id: hostId, name: 'host-2', address: 'https://127.0.0.1:2', status: 'ok' as const };
      await tx.insert(hosts).values({ ...host, lastSeenAt: new Date() });
      await tx.insert(containers).values([other, { ...elsewhere, hostId, idBase: 1_879_200_000 }]);
    });
    await declareOutage(who('admin'), notice());
    const over = async (...containerIds: string[]) => {
      const assignments = who('ownerA').assignments.map((one) => ({
        ...{ ...one, scope: 'labels' as const, labels: ['x'], reach: { tenantIds: [], containerIds } },
      }));
      const { items } = await listOutages({ ...who('ownerA'), assignments }, { open: true });
      return items.map((one) => [one.title, one.containers]);
    };
    expect(await over(a.id)).toEqual([['Power failure', 1]]);
    expect(await over(a.id, other.id, elsewhere.id)).toEqual([['Power failure', 2]]);
    expect(await over(elsewhere.id)).toEqual([]);
    expect(await over()).toEqual([]);
    expect((await listOutages(who('ownerA'), {})).items).toMatchObject([{ containers: 2 }]);
  });

  it('are not known to those whom they do not concern', async () => {
    await declareOutage(who('admin'), notice());
    await portal.super.execute(sql`delete from outage_tenants where tenant_id = ${world.ids.b}`);
    expect((await listOutages(who('ownerB'), {})).items).toEqual([]);
    const { rows } = await withActor(portal.web, who('ownerB'), (tx) => tx.execute(sql`select * from outages`));
    expect(rows).toEqual([]);
  });

  it('are raised by a silent agent, once, however many look, and end by themselves with what was seen', async () => {
    const silence = (seconds: number) =>
      portal.super.execute(sql`update hosts set last_seen_at = now() - make_interval(secs => ${seconds})`);
    await silence(30);
    expect(await asWorker(() => watchOutages())).toEqual({ opened: 0, ended: 0 });
    await silence(300);
    const looks = await asWorker(() => Promise.all([1, 2, 3].map(() => watchOutages())));
    expect(looks.reduce((sum, one) => sum + one.opened, 0)).toBe(1);
    expect((await listOutages(who('ownerA'), { open: true })).items).toMatchObject([{ kind: 'silent', containers: 1 }]);
    await silence(0);
    await portal.super.execute(sql`update containers set observed_since = now() where id = ${world.containers.b.id}`);
    await portal.super.execute(
      sql`update containers set observed_since = now() - interval '1 day' where id = ${world.containers.a.id}`,
    );
    expect(await asWorker(() => watchOutages())).toEqual({ opened: 0, ended: 1 });
    const [row] = await withActor(portal.super, asSystem, (tx) => tx.select().from(outages));
    expect(row?.report).toMatch(/after 5 minutes.*Of 2 containers, 1 were not touched by it, 1 have started again/);
    // The next silence is another outage.
    await silence(300);
    expect((await asWorker(() => watchOutages())).opened).toBe(1);
    await withActor(portal.super, asSystem, (tx) => tx.update(hosts).set({ lastSeenAt: new Date() }));
  });
});
