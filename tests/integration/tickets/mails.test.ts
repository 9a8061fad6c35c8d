/** Who is written to about tickets, and whom they can be given to: whoever may handle them, and whoever may say yes. */
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { requestAccess } from '#lib/consents/request.ts';
import type { Role, ScopeKind } from '#lib/contract/roles.ts';
import { CreateTicket, RequestAccess } from '#lib/contract/tickets.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { brands } from '#lib/db/schema/brands.ts';
import { assignments, roles } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { loadLanguages } from '#lib/language/load.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { getTicket } from '#lib/tickets/get.ts';
import { addMessage, assignTicket, escalateTicket } from '#lib/tickets/message.ts';
import { tellOfLateTickets, tellOfTickets } from '#lib/tickets/notify.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';
import { Frozen } from '../authz/frozen.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let frozen: Frozen;
const ids = new Map<string, string>();
const idOf = (name: string) => ids.get(name) ?? '';
const who = (name: keyof World['people']): UserActor => actorFor(world, name);

async function open(as: keyof World['people'] = 'ownerA', of: 'a' | 'b' = 'a') {
  const containerId = world.containers[of].id;
  return await createTicket(who(as), CreateTicket.parse({ subject: 'It is slow', body: 'Since today.', containerId }));
}
const say = (as: keyof World['people'], id: string, body = 'A word.', internal = false) =>
  addMessage(who(as), id, { body, internal });
const askToLook = (as: keyof World['people'], id: string) =>
  requestAccess(who(as), id, RequestAccess.parse({ scopes: ['files'], reason: 'to see why' }));

async function told(tell: (baseUrl: string) => Promise<number> = tellOfTickets) {
  setDatabase(portal.worker);
  try {
    await tell('http://panel.test');
  } finally {
    setDatabase(portal.web);
  }
  const rows = await withActor(portal.super, asSystem, (tx) => tx.select().from(outbox));
  await portal.super.execute(sql`delete from outbox`);
  return rows
    .map(({ recipient, ...rest }) => ({ to: recipient.split('@')[0] ?? '', ...rest }))
    .sort((one, other) => (one.to < other.to ? -1 : 1));
}
const names = async (tell?: (baseUrl: string) => Promise<number>) => (await told(tell)).map(({ to }) => to);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  loadLanguages();
  await withActor(portal.super, asSystem, async (tx) => {
    const add = async (name: string, tenantId: string | null, role: Role | null = null) => {
      const id = v7();
      await tx.insert(users).values({ id, name, email: `${name}@example.test`, tenantId, role });
      ids.set(name, id);
      return id;
    };
    const give = async (
      userId: string,
      role: Role,
      scope: ScopeKind,
      tenantId: string | null,
      more: { customRoleId?: string; containerId?: string } = {},
    ) => tx.insert(assignments).values({ userId, role, scope, tenantId, ...more });
    const [firstLine, keyHolder] = [v7(), v7()];
    await tx.insert(roles).values([
      {
        id: firstLine,
        title: 'First line',
        base: 'support',
        permissions: ['ticket.read', 'ticket.create', 'ticket.handle'],
      },
      {
        id: keyHolder,
        tenantId: world.ids.a,
        title: 'Key',
        base: 'tenant-owner',
        permissions: ['ticket.read', 'access.consent'],
      },
    ]);
    const { a, b, reseller } = world.ids;
    await add('host-op', null, 'host-operator');
    await add('auditor', null, 'auditor');
    await give(await add('first-line', null), 'support', 'installation', null, { customRoleId: firstLine });
    await give(await add('support-b', null), 'support', 'tenant', b);
    await give(await add('staff-a', reseller), 'reseller-staff', 'tenant', a);
    // At home with another account.
    await give(await add('freelancer', b), 'reseller-staff', 'reseller', reseller);
    await give(await add('key-a', a), 'tenant-owner', 'container', a, {
      customRoleId: keyHolder,
      containerId: world.containers.a.id,
    });
    await add('viewer-a', a, 'tenant-viewer');
    await tx.update(users).set({ language: 'de' }).where(eq(users.id, world.people.ownerA.id));
    await tx.insert(brands).values({ resellerId: reseller, productName: 'Quay' });
    await tx.execute(sql`update containers set observed_at = now() + interval '1 hour'`);
  });
  frozen = await Frozen.take(portal.super);
});
beforeEach(() => frozen.restore());
afterAll(() => portal.stop());

describe('whoever may handle a ticket', () => {
  it('is written to, whatever role gives it and over whatever it was given', async () => {
    const a = await open();
    expect(await names()).toEqual(['freelancer', 'reseller', 'staff-a']);
    await escalateTicket(who('reseller'), a.id, {});
    const provider = ['admin', 'first-line', 'host-op', 'support'];
    expect(await names()).toEqual([...provider, 'owner-a'].sort());
    await open('ownerB', 'b');
    expect(await names()).toEqual([...provider, 'support-b'].sort());
  });

  it('can be given it, and nobody else: no auditor, but staff whose account is elsewhere', async () => {
    const { id } = await open();
    const offered = async (as: 'reseller' | 'support') =>
      (await getTicket(who(as), id)).assignees.map(({ name }) => name);
    expect(await offered('reseller')).toEqual(['freelancer', 'reseller', 'staff-a']);
    expect(await offered('support')).toEqual([
      'admin',
      'first-line',
      'freelancer',
      'host-op',
      'reseller',
      'staff-a',
      'support',
    ]);
    const given = await assignTicket(who('reseller'), id, { assigneeId: idOf('freelancer') });
    expect(given.assignee?.name).toBe('freelancer');
    for (const name of ['auditor', 'support-b', 'viewer-a']) {
      await expect(assignTicket(who('admin'), id, { assigneeId: idOf(name) })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  it('hears of it instead of somebody whom it was given to and who may no longer', async () => {
    const { id } = await open();
    await assignTicket(who('reseller'), id, { assigneeId: idOf('freelancer') });
    await names();
    await say('ownerA', id);
    expect(await names()).toEqual(['freelancer']);
    await portal.super.execute(
      sql`delete from assignments where user_id = ${idOf('freelancer')} and role = 'reseller-staff'`,
    );
    await say('ownerA', id);
    await say('reseller', id, 'SECRETNOTE', true);
    expect(await names()).toEqual(['reseller', 'staff-a']);
    await portal.super.execute(sql`update tickets set solve_due_at = now() - interval '1 minute'`);
    expect(await names(tellOfLateTickets)).toEqual(['reseller', 'staff-a']);
  });

  it('is sent no note of the provider’s when they are the reseller’s', async () => {
    const { id } = await open();
    await assignTicket(who('support'), id, { assigneeId: world.people.reseller.id });
    await told();
    await say('support', id, 'PROVIDERNOTE', true);
    expect(await told()).toEqual([]);
    await assignTicket(who('support'), id, { assigneeId: idOf('first-line') });
    await told();
    await say('support', id, 'PROVIDERNOTE', true);
    expect(await told()).toMatchObject([{ to: 'first-line', body: expect.stringContaining('PROVIDERNOTE') }]);
  });
});

describe('a missed target', () => {
  const past = (column: 'first_answer_due_at' | 'solve_due_at') =>
    portal.super.execute(sql`update tickets set ${sql.identifier(column)} = now() - interval '1 minute'`);

  it('is told of once, that for a solution also after that for the first answer', async () => {
    await open('ownerB', 'b');
    await told();
    await past('first_answer_due_at');
    const first = await told(tellOfLateTickets);
    expect(first).toHaveLength(5);
    for (const { body } of first) expect(body).toContain('its first answer');
    expect(await told(tellOfLateTickets)).toEqual([]);
    await past('solve_due_at');
    const second = await told(tellOfLateTickets);
    expect(second).toHaveLength(5);
    for (const { body } of second) expect(body).toContain('its solution');
    expect(await told(tellOfLateTickets)).toEqual([]);
  });

  it('is told to the others when whom it was given to is turned off', async () => {
    const { id } = await open('ownerB', 'b');
    await assignTicket(who('admin'), id, { assigneeId: idOf('support-b') });
    await told();
    await withActor(portal.super, asSystem, (tx) =>
      tx
        .update(users)
        .set({ disabledAt: new Date() })
        .where(eq(users.id, idOf('support-b'))),
    );
    await past('first_answer_due_at');
    expect(await names(tellOfLateTickets)).toEqual(['admin', 'first-line', 'host-op', 'support']);
  });

  it('of a reseller who has nobody left is told to the provider', async () => {
    await open();
    await told();
    await portal.super.execute(
      sql`update users set disabled_at = now() where tenant_id = ${world.ids.reseller} or name = 'freelancer'`,
    );
    await past('first_answer_due_at');
    expect(await names(tellOfLateTickets)).toEqual(['admin', 'first-line', 'host-op', 'support']);
  });
});

describe('a request to look inside', () => {
  it('reaches whoever may say yes, in their brand and language, also when others opened the ticket', async () => {
    const { id } = await open('memberA');
    await told();
    await askToLook('support', id);
    const mails = await told();
    expect(mails.map(({ to }) => to)).toEqual(['key-a', 'member-a', 'owner-a']);
    for (const { body, brandId } of mails) {
      expect(brandId).toBe(world.ids.reseller);
      expect(body).toContain(`http://panel.test/help/${id}`);
    }
    const body = (name: string) => mails.find(({ to }) => to === name)?.body;
    expect(body('owner-a')).toContain('Bittet Sie');
    expect(body('key-a')).toContain('Asks for your leave to look inside for 60 minutes (read files). to see why');
    // What else is said concerns whoever opened it.
    await say('support', id);
    expect(await names()).toEqual(['member-a']);
  });

  it('reaches them when staff opened the ticket, as does all that staff write in it', async () => {
    const { id } = await open('support');
    // Opened for them: they hear of that too.
    expect(await names()).toEqual(['key-a', 'owner-a']);
    await askToLook('reseller', id);
    const mails = await told();
    expect(mails.map(({ to }) => to)).toEqual(['key-a', 'owner-a', 'support']);
    expect(mails.find(({ to }) => to === 'support')).toMatchObject({
      brandId: null,
      body: expect.stringContaining(`http://panel.test/admin/tickets/${id}`),
    });
  });

  it('of a ticket whose opener may not read it any more reaches whoever may say yes, and the opener nothing', async () => {
    const { id } = await open('memberA');
    await told();
    await portal.super.execute(sql`delete from assignments where user_id = ${world.people.memberA.id}`);
    await say('support', id);
    expect(await names()).toEqual(['key-a', 'owner-a']);
    expect((await withActor(portal.super, asSystem, (tx) => tx.select().from(tickets))).length).toBe(1);
  });
});
