/** What an account may have so many of, however many ask at once. People and invitations: ../people/members.test.ts. */
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UserActor } from '#lib/access/actor.ts';
import { createToken } from '#lib/auth/tokens.ts';
import { CreateBackupLocation, mostLocations } from '#lib/contract/locations.ts';
import { mostRoles } from '#lib/contract/roles.ts';
import { AddMessage, CreateTicket, mostMessages, mostOpenTickets } from '#lib/contract/tickets.ts';
import { maxTokens } from '#lib/contract/tokens.ts';
import { mostWebhooks } from '#lib/contract/webhooks.ts';
import { createLocation } from '#lib/locations/create.ts';
import { createRole } from '#lib/people/roles.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { addMessage, closeTicket } from '#lib/tickets/message.ts';
import { createWebhook } from '#lib/webhooks/manage.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

let portal: TestPortal;
let world: World;
let ticketId: string;
const who = (name: keyof World['people']): UserActor => actorFor(world, name);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  ticketId = (await createTicket(who('ownerA'), CreateTicket.parse({ subject: 'Slow', body: 'It is slow.' }))).id;
  // All but the last of what a side may write.
  await portal.super.execute(sql`
    insert into ticket_messages (id, ticket_id, tenant_id, audience, kind, side, author_id, author_name, body, created_at)
    select gen_random_uuid(), ticket_id, tenant_id, audience, kind, side, author_id, author_name, body, created_at
    from ticket_messages cross join generate_series(3, ${mostMessages}) where ticket_id = ${ticketId} and kind = 'message'`);
});
afterAll(() => portal.stop());

const https = { kind: 'rest', url: 'https://backup.example.test/' } as const;
const role = { about: '', base: 'tenant-viewer' as const, permissions: ['container.read' as const] };
const things = {
  'places for backups': {
    most: mostLocations,
    add: (by: UserActor) => createLocation(by, CreateBackupLocation.parse({ ...https, name: v7() })),
  },
  roles: { most: mostRoles, add: (by: UserActor) => createRole(by, { ...role, title: v7() }) },
  webhooks: {
    most: mostWebhooks,
    add: (by: UserActor) => createWebhook(by, { url: `https://${v7()}.example.test/`, events: ['operation.failed'] }),
  },
  tokens: { most: maxTokens, add: (by: UserActor) => createToken(by, { name: v7() }) },
};

it.each(Object.entries(things))('%s', async (_, { most, add }) => {
  const by = who('ownerA');
  const room = 10;
  // In turns of ten: the database has so many connections for a process.
  for (let n = 0; n < most - room; n += 10) {
    await Promise.all(Array.from({ length: Math.min(10, most - room - n) }, () => add(by)));
  }
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => add(by)));
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(room);
  for (const one of all) {
    if (one.status === 'rejected') {
      expect(one.reason).toMatchObject({ code: 'plan_limit', outside: { remedy: expect.stringMatching(/\.$/) } });
    }
  }
  // Of one account: another has room of its own.
  await add(who('ownerB'));
});

it('open tickets, of which one that is closed makes room, and which shut out nobody who answers', async () => {
  const ask = (by: UserActor, containerId?: string) =>
    createTicket(by, CreateTicket.parse({ subject: 'Slow', body: 'It is slow.', containerId }));
  const all = await Promise.allSettled(Array.from({ length: mostOpenTickets + 10 }, () => ask(who('ownerA'))));
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(mostOpenTickets - 1);
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'plan_limit' });
  await ask(who('ownerB'));
  await ask(who('support'), world.containers.a.id);
  await closeTicket(who('ownerA'), ticketId, { solved: true });
  await expect(ask(who('ownerA'))).rejects.toMatchObject({ code: 'plan_limit' }); // the one of the staff is of the account
  const [one] = all.flatMap((ended) => (ended.status === 'fulfilled' ? [ended.value] : []));
  await closeTicket(who('ownerA'), one?.id ?? '', { solved: true });
  await ask(who('ownerA'));
});

it('messages of one side of a ticket, which shuts out nobody of the other', async () => {
  const say = (by: UserActor) => addMessage(by, ticketId, AddMessage.parse({ body: 'And again.' }));
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => say(who('ownerA'))));
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'plan_limit' });
  expect((await say(who('support'))).messages.at(-1)).toMatchObject({ side: 'provider', body: 'And again.' });
});
