/** Tickets from the tenant's side and from both staffs': what goes along, whose turn it is, what a tenant never sees, who is written to. */
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { listAudit } from '#lib/audit/list.ts';
import { CreateTicket } from '#lib/contract/tickets.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { listPlans } from '#lib/plans/list.ts';
import { attachFile, readAttachment } from '#lib/tickets/attach.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { approveTicket, declineTicket } from '#lib/tickets/decide.ts';
import { getTicket } from '#lib/tickets/get.ts';
import { listTickets, ticketsAbout } from '#lib/tickets/list.ts';
import { addMessage, assignTicket, closeTicket, escalateTicket } from '#lib/tickets/message.ts';
import { tellOfLateTickets, tellOfTickets } from '#lib/tickets/notify.ts';
import { deep } from '#tests/support/levels.ts';
import {
  actorFor,
  giveRoom,
  seedWorld,
  smallResources,
  startPortal,
  type TestPortal,
  type World,
} from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';
import { Frozen } from '../authz/frozen.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let frozen: Frozen;
let large: string;
const who = (name: keyof World['people']): UserActor => actorFor(world, name);
const asking = (input: object = {}) =>
  CreateTicket.parse({
    subject: 'It is slow',
    body: 'Since this morning.',
    containerId: world.containers.a.id,
    ...input,
  });
const asWorker = async <T>(work: () => Promise<T>): Promise<T> => {
  setDatabase(portal.worker);
  try {
    return await work();
  } finally {
    setDatabase(portal.web);
  }
};
/** What went into the outbox, by recipient, after the worker looked. */
async function mails(): Promise<{ to: string; subject: string; body: string }[]> {
  await asWorker(() => tellOfTickets('http://panel.test'));
  const rows = await withActor(portal.super, asSystem, (tx) =>
    tx.select().from(outbox).orderBy(outbox.createdAt, outbox.id),
  );
  await portal.super.execute(sql`delete from outbox`);
  return rows.map((row) => ({ to: row.recipient.split('@')[0] ?? '', subject: row.subject, body: row.body }));
}

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  await giveRoom(portal, world.ids.host);
  large = v7();
  await withActor(portal.super, asSystem, async (tx) => {
    await tx.insert(plans).values({
      ...{ id: large, name: 'Large', resources: smallResources, maxBackups: 20, maxForwards: 10, retentionHours: 24 },
    });
    await tx.update(plans).set({ firstAnswerMinutes: 60, solveMinutes: 600 }).where(eq(plans.id, world.ids.plan));
    await tx.update(containers).set({
      sshKeys: ['ssh-ed25519 CANARYKEY somebody'],
      observedAt: new Date(Date.now() + 3_600_000),
    });
    await tx.insert(operations).values({
      ...{ id: v7(), kind: 'start', lock: 'exclusive', tenantId: world.ids.a, containerId: world.containers.a.id },
      ...{ state: 'failed', endedAt: new Date(), actorKind: 'user', actorName: 'owner-a', hostId: world.ids.host },
      ...{ input: { rootPasswordRef: 'CANARYREF' }, workflowEnqueuedAt: new Date() },
      error: { code: 'action_failed', detail: 'It did not come up.', step: 'start', remedy: null },
    });
  });
  frozen = await Frozen.take(portal.super);
});
beforeEach(() => frozen.restore());
afterAll(() => portal.stop());

describe('asking for help', () => {
  it('takes along how the container stands, frozen, without keys, passwords and inputs', async () => {
    const ticket = await createTicket(who('memberA'), asking());
    expect(ticket.snapshot).toMatchObject({
      container: { name: 'web-a', state: 'running', hostName: 'host-1' },
      plan: { name: 'Small', maxBackups: 10 },
      operations: [{ kind: 'start', state: 'failed', error: { detail: 'It did not come up.' } }],
    });
    expect(JSON.stringify(ticket)).not.toMatch(/CANARY/);
    await withActor(portal.super, asSystem, (tx) => tx.update(containers).set({ name: 'renamed' }));
    expect((await getTicket(who('support'), ticket.id)).snapshot?.container.name).toBe('web-a');
  });

  it('from an operation links both ways, and knows its container', async () => {
    const [operation] = await withActor(portal.super, asSystem, (tx) => tx.select().from(operations));
    const id = operation?.id ?? '';
    const ticket = await createTicket(who('ownerA'), asking({ containerId: undefined, operationId: id }));
    expect(ticket).toMatchObject({ operationId: id, containerId: world.containers.a.id });
    const { items } = await listTickets(who('support'), { operationId: id });
    expect(items.map((one) => one.id)).toEqual([ticket.id]);
    const mention = { id: ticket.id, number: ticket.number, state: 'open' };
    for (const name of ['ownerA', 'reseller', 'support'] as const) {
      expect(await ticketsAbout(who(name), [id, v7()])).toEqual({ [id]: [mention] });
    }
    expect(await ticketsAbout(who('ownerB'), [id])).toEqual({});
    expect(await ticketsAbout(who('support'), [])).toEqual({});
    const blind = who('ownerA').assignments.map((one) => ({
      ...one,
      permissions: new Set(['operation.read'] as const),
    }));
    expect(await ticketsAbout({ ...who('ownerA'), assignments: blind }, [id])).toEqual({});
    await expect(
      createTicket(who('ownerB'), asking({ containerId: undefined, operationId: id })),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(createTicket(who('ownerB'), asking())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keeps what the provider asks for a plan from the tenant of a reseller, not from who buys it', async () => {
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(plans).set({ price: '9 a month' }).where(eq(plans.id, world.ids.plan)),
    );
    const price = async (name: keyof World['people'], id: string) =>
      (await getTicket(who(name), id)).snapshot?.plan?.price;
    const a = await createTicket(who('ownerA'), asking());
    expect([a.snapshot?.plan?.name, a.snapshot?.plan?.price]).toEqual(['Small', '']);
    const b = await createTicket(who('ownerB'), asking({ containerId: world.containers.b.id }));
    expect(b.snapshot?.plan?.price).toBe('9 a month');
    const byStaff = await createTicket(who('reseller'), asking());
    for (const { id } of [a, byStaff]) {
      expect(await price('ownerA', id)).toBe('');
      expect(await price('reseller', id)).toBe('9 a month');
      expect(await price('support', id)).toBe('9 a month');
    }
    const listed = async (name: keyof World['people']) =>
      (await listPlans(who(name), { id: world.ids.plan })).items.map((one) => one.price);
    expect(await listed('ownerA')).toEqual(['']);
    for (const name of ['ownerB', 'reseller', 'support'] as const) expect(await listed(name)).toEqual(['9 a month']);
  });

  it('goes to the reseller first, who hands it on; where there is none, to the provider', async () => {
    const a = await createTicket(who('ownerA'), asking());
    const b = await createTicket(who('ownerB'), asking({ containerId: world.containers.b.id }));
    expect([a.level, b.level]).toEqual(['reseller', 'provider']);
    expect((await mails()).map((mail) => mail.to).sort()).toEqual(['admin', 'reseller', 'support']);
    await expect(getTicket(who('reseller'), b.id)).rejects.toMatchObject({ code: 'not_found' });
    const on = await escalateTicket(who('reseller'), a.id, { note: 'SECRETNOTE look at the disk' });
    expect(on.level).toBe('provider');
    const told = await mails();
    expect(
      told
        .filter((mail) => mail.body.includes('Handed on'))
        .map((mail) => mail.to)
        .sort(),
    ).toEqual(['admin', 'owner-a', 'support']);
    expect(told.some((mail) => mail.to === 'owner-a' && mail.body.includes('SECRETNOTE'))).toBe(false);
    await expect(escalateTicket(who('reseller'), a.id, {})).rejects.toMatchObject({ code: 'already' });
    await expect(escalateTicket(who('ownerA'), a.id, {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('has targets by the plan: kept by an answer, told of once when missed', async () => {
    const ticket = await createTicket(who('ownerA'), asking());
    const minutes = (at: string | null) => Math.round((Date.parse(at ?? '') - Date.parse(ticket.createdAt)) / 60_000);
    expect([minutes(ticket.firstAnswer.targetAt), minutes(ticket.solution.targetAt)]).toEqual([60, 600]);
    expect(
      (await addMessage(who('reseller'), ticket.id, { body: 'note', internal: true })).firstAnswer.doneAt,
    ).toBeNull();
    expect(
      (await addMessage(who('ownerA'), ticket.id, { body: 'please', internal: false })).firstAnswer.doneAt,
    ).toBeNull();
    const answered = await addMessage(who('reseller'), ticket.id, { body: 'We look.', internal: false });
    expect(answered).toMatchObject({ state: 'waiting', firstAnswer: { late: false } });
    expect(answered.firstAnswer.doneAt).not.toBeNull();
    await mails();
    expect(await asWorker(() => tellOfLateTickets('http://panel.test'))).toBe(0);
    await portal.super.execute(sql`update tickets set solve_due_at = now() - interval '1 minute'`);
    expect(
      (await Promise.all([1, 2].map(() => asWorker(() => tellOfLateTickets('http://panel.test'))))).sort(),
    ).toEqual([0, 1]);
    expect((await mails()).map((mail) => [mail.to, mail.subject])).toEqual([
      ['reseller', expect.stringMatching(/^Late: \[#\d+\]/)],
    ]);
    const closed = await closeTicket(who('ownerA'), ticket.id, { solved: true });
    expect(closed).toMatchObject({ state: 'closed', solution: { late: true } });
    expect((await addMessage(who('ownerA'), ticket.id, { body: 'again', internal: false })).state).toBe('open');
  });

  it('is given to people who may have it, and its priority changes', async () => {
    const ticket = await createTicket(who('ownerA'), asking());
    const { reseller, support, ownerA } = world.people;
    const given = await assignTicket(who('reseller'), ticket.id, { assigneeId: reseller.id, priority: 'urgent' });
    expect(given).toMatchObject({ assignee: { id: reseller.id, name: 'reseller' }, priority: 'urgent' });
    for (const assigneeId of [support.id, ownerA.id, v7()]) {
      await expect(assignTicket(who('reseller'), ticket.id, { assigneeId })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    expect((await assignTicket(who('support'), ticket.id, { assigneeId: support.id })).assignee?.name).toBe('support');
    // Whom it is given to is the staff's business.
    expect(JSON.stringify((await getTicket(who('ownerA'), ticket.id)).messages)).not.toContain('Given to');
    await mails();
    await addMessage(who('ownerA'), ticket.id, { body: 'more', internal: false });
    expect((await mails()).map((mail) => mail.to)).toEqual(['support']);
  });

  it('puts nothing of a subject into the head of a mail but one line', async () => {
    const subject = 'Help\r\nBcc: everybody@example.test';
    expect(() => asking({ subject })).toThrow('one line');
    // Past the schema, as a row of before would be.
    await createTicket(who('ownerA'), { ...asking(), subject });
    for (const { subject } of await mails()) expect(subject).not.toMatch(/[\r\n]/);
  });
});

describe('files', () => {
  const post = (body: Uint8Array) => new Request('http://panel.test/', { method: 'POST', body: Buffer.from(body) });
  const attach = (body: Uint8Array, name = 'a.png', as: keyof World['people'] = 'ownerA', internal = false) =>
    attachFile(who(as), id, { name, internal }, post(body));
  let id: string;
  beforeEach(async () => {
    id = (await createTicket(who('ownerA'), asking())).id;
  });

  it('are what their content is, whatever they are called, and come back as downloads that run nowhere', async () => {
    const page = Buffer.from('<script>alert(1)</script>');
    const { attachments } = await attach(page, 'picture.png"\r\nx: y.html');
    expect(attachments).toMatchObject([{ type: 'text/plain', bytes: page.length }]);
    const answer = await readAttachment(who('support'), id, attachments[0]?.id ?? '');
    expect(Buffer.from(await answer.arrayBuffer()).equals(page)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-disposition': expect.stringMatching(/^attachment; filename="[A-Za-z0-9._-]+"/),
    });
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1]);
    expect((await attach(png, 'b.txt')).attachments.at(-1)?.type).toBe('image/png');
  });

  it('of other kinds, too large, too many or empty are refused', async () => {
    await expect(attach(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]))).rejects.toMatchObject({ code: 'invalid' });
    await expect(attach(Buffer.alloc(0))).rejects.toMatchObject({ code: 'invalid' });
    await expect(attach(Buffer.alloc(5 * 1024 * 1024 + 1, 'a'))).rejects.toMatchObject({ code: 'too_large' });
    expect((await attach(Buffer.alloc(5 * 1024 * 1024, 'a'))).attachments).toHaveLength(1);
    for (let n = 1; n < 20; n += 1) await attach(Buffer.from('x'));
    await expect(attach(Buffer.from('x'))).rejects.toMatchObject({ code: 'plan_limit' });
  });

  it('of staff for staff are not there for the tenant', async () => {
    await expect(attach(Buffer.from('x'), 'a', 'ownerA', true)).rejects.toMatchObject({ code: 'forbidden' });
    const { attachments } = await attach(Buffer.from('x'), 'a', 'support', true);
    const file = attachments[0]?.id ?? '';
    expect((await getTicket(who('ownerA'), id)).attachments).toEqual([]);
    for (const name of ['ownerA', 'reseller'] as const) {
      await expect(readAttachment(who(name), id, file)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(readAttachment(who('ownerB'), id, file)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('asking for more', () => {
  const plan = () => ({ action: { kind: 'plan', planId: large } });

  it('is done by the click that approves it, as whoever approves, once', async () => {
    const ticket = await createTicket(who('ownerA'), asking(plan()));
    expect(ticket).toMatchObject({
      action: { words: 'Move it to the plan "Large"', state: 'asked' },
      can: { decide: false },
    });
    await expect(approveTicket(who('ownerA'), ticket.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(approveTicket(who('support'), ticket.id)).rejects.toMatchObject({ code: 'forbidden' });
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => approveTicket(who('reseller'), ticket.id)));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const asked = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(operations).where(eq(operations.kind, 'configure')),
    );
    expect(asked).toMatchObject([
      { actorName: 'reseller', containerId: world.containers.a.id, input: { planId: large } },
    ]);
    const after = await getTicket(who('ownerA'), ticket.id);
    expect(after.action).toMatchObject({ state: 'approved', decidedBy: 'reseller', operationId: asked[0]?.id });
    expect(after.messages.at(-1)?.body).toContain('Approved');
    const { items } = await listAudit(who('ownerA'), { verb: 'ticket.approve', limit: 5 });
    expect(items).toMatchObject([{ actor: { name: 'reseller' }, detail: { operationId: asked[0]?.id } }]);
  });

  it('of a container makes it in the tenant that asked', async () => {
    const action = { kind: 'container', name: 'web-9', planId: large, templateId: world.ids.template };
    const ticket = await createTicket(who('ownerA'), asking({ action, containerId: undefined }));
    await approveTicket(who('reseller'), ticket.id);
    const made = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(containers).where(eq(containers.name, 'web-9')),
    );
    expect(made).toMatchObject([{ tenantId: world.ids.a, planId: large }]);
  });

  it('can be decided by another when whoever was at it has died', async () => {
    const ticket = await createTicket(who('ownerA'), asking(plan()));
    const at = (ago: string) =>
      portal.super.execute(
        sql`update tickets set action_state = 'approving', updated_at = now() - ${ago}::interval where id = ${ticket.id}`,
      );
    await at('1 second');
    expect((await getTicket(who('reseller'), ticket.id)).can.decide).toBe(false);
    await expect(declineTicket(who('reseller'), ticket.id, { reason: 'No.' })).rejects.toMatchObject({
      code: 'already',
    });
    await at('2 minutes');
    expect((await getTicket(who('reseller'), ticket.id)).can.decide).toBe(true);
    const after = await declineTicket(who('reseller'), ticket.id, { reason: 'No.' });
    expect(after.action).toMatchObject({ state: 'declined' });
  });

  it('is not decided once the ticket is closed, until a word of the tenant opens it again', async () => {
    const { id } = await createTicket(who('ownerA'), asking(plan()));
    await closeTicket(who('ownerA'), id, { solved: false });
    const refused = { code: 'state', outside: { remedy: expect.stringContaining('opens it again') } };
    await expect(approveTicket(who('reseller'), id)).rejects.toMatchObject(refused);
    await expect(declineTicket(who('reseller'), id, { reason: 'No.' })).rejects.toMatchObject(refused);
    expect(await getTicket(who('reseller'), id)).toMatchObject({
      ...{ state: 'closed', action: { state: 'asked' }, can: { decide: false } },
    });
    expect(
      await withActor(portal.super, asSystem, (tx) =>
        tx.select().from(operations).where(eq(operations.kind, 'configure')),
      ),
    ).toEqual([]);
    await addMessage(who('ownerA'), id, { body: 'Do it after all.', internal: false });
    expect((await approveTicket(who('reseller'), id)).action).toMatchObject({ state: 'approved' });
  });

  it('is declined with a reason that the tenant reads', async () => {
    const ticket = await createTicket(who('ownerA'), asking(plan()));
    await mails();
    const after = await declineTicket(who('reseller'), ticket.id, { reason: 'Your bill is open.' });
    expect(after.action).toMatchObject({ state: 'declined', reason: 'Your bill is open.' });
    expect((await mails()).map(({ to, body }) => [to, body.includes('Your bill is open.')])).toEqual([
      ['owner-a', true],
    ]);
    await expect(approveTicket(who('admin'), ticket.id)).rejects.toMatchObject({ code: 'already' });
  });
});

describe('what a tenant never sees', () => {
  const marker = 'ZZINTERNALZZ';
  /** Everything the database gives a person, by raw statements, as text. */
  async function allThatTheyRead(name: keyof World['people']): Promise<string> {
    const { rows: tables } = await portal.super.execute<{ name: string }>(sql`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and has_table_privilege('berth_web', oid, 'select')`);
    let text = '';
    for (const table of tables) {
      const { rows } = await withActor(portal.web, who(name), (tx) =>
        tx.execute<{ row: string }>(
          sql.raw(`select coalesce(string_agg(t::text, ' '), '') as row from ${table.name} t`),
        ),
      );
      text += rows[0]?.row ?? '';
    }
    return text;
  }

  const step = fc.record({
    actor: fc.constantFrom('ownerA', 'memberA', 'reseller', 'support', 'admin'),
    act: fc.constantFrom('note', 'say', 'file', 'assign', 'escalate', 'close', 'decline'),
  });

  it('is any internal note, whatever was done by whom in which order (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        await frozen.restore();
        const { id } = await createTicket(who('ownerA'), asking({ action: { kind: 'plan', planId: large } }));
        let notes = 0;
        for (const { actor, act } of steps) {
          const staff = actor !== 'ownerA' && actor !== 'memberA';
          const as = who(actor as 'admin');
          const work = {
            note: async () => addMessage(as, id, { body: `${marker} ${notes}`, internal: true }),
            say: async () => addMessage(as, id, { body: 'said', internal: false }),
            file: async () =>
              attachFile(
                as,
                id,
                { name: marker, internal: true },
                new Request('http://p/', { method: 'POST', body: marker }),
              ),
            assign: async () => assignTicket(as, id, { priority: 'high' }),
            escalate: async () => escalateTicket(as, id, { note: marker }),
            close: async () => closeTicket(as, id, { solved: true }),
            decline: async () => declineTicket(as, id, { reason: 'no' }),
          }[act];
          const done = await work().then(
            () => true,
            () => false,
          );
          if (done && (act === 'note' || act === 'file')) {
            expect(staff, `${actor} wrote an internal note`).toBe(true);
            notes += 1;
          }
        }
        for (const name of ['ownerA', 'memberA', 'ownerB'] as const) {
          expect(await allThatTheyRead(name)).not.toContain(marker);
          const record = await listAudit(who(name), { limit: 200 }).catch(() => null);
          expect(JSON.stringify(record)).not.toContain(marker);
        }
        expect(JSON.stringify(await getTicket(who('ownerA'), id))).not.toContain(marker);
        for (const mail of await mails()) {
          if (mail.to.startsWith('owner') || mail.to.startsWith('member')) expect(mail.body).not.toContain(marker);
        }
        // The control: where there was one, the provider does see it.
        if (notes > 0) expect(JSON.stringify(await getTicket(who('admin'), id))).toContain(marker);
      }),
      { numRuns: deep ? 25 : 8 },
    );
  });

  it('is another’s ticket, by raw SQL either; and the provider’s notes are not the reseller’s', async () => {
    const { id } = await createTicket(who('ownerA'), asking());
    await addMessage(who('support'), id, { body: 'PROVIDERNOTE', internal: true });
    await addMessage(who('reseller'), id, { body: 'RESELLERNOTE', internal: true });
    expect(await allThatTheyRead('ownerB')).not.toContain('It is slow');
    const reseller = await allThatTheyRead('reseller');
    expect(reseller).toContain('RESELLERNOTE');
    expect(reseller).not.toContain('PROVIDERNOTE');
    expect(await allThatTheyRead('support')).toContain('RESELLERNOTE');
    const changed = await withActor(portal.web, who('ownerB'), (tx) =>
      tx.update(tickets).set({ subject: 'mine' }).where(eq(tickets.id, id)).returning(),
    );
    expect(changed).toEqual([]);
    const forged = withActor(portal.web, who('ownerA'), (tx) =>
      tx.insert(ticketMessages).values({
        ...{ ticketId: id, tenantId: world.ids.a, audience: 'provider', kind: 'message', side: 'provider' },
        ...{ authorName: 'x', body: 'x' },
      }),
    );
    await expect(forged).rejects.toMatchObject({ cause: { message: expect.stringContaining('row-level security') } });
    const edited = withActor(portal.web, who('admin'), (tx) => tx.update(ticketMessages).set({ body: 'other' }));
    await expect(edited).rejects.toMatchObject({ cause: { message: expect.stringContaining('permission denied') } });
  });
});
