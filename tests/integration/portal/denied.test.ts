/** What the record keeps of refusals, and who reads it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { recordDenied, recordDeniedPage } from '#lib/audit/denied.ts';
import { listAudit } from '#lib/audit/list.ts';
import { requestAccess } from '#lib/consents/request.ts';
import { CreateTicket, RequestAccess } from '#lib/contract/tickets.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

let portal: TestPortal;
let world: World;
const who = (name: keyof World['people']): UserActor => actorFor(world, name);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  const observedAt = new Date(Date.now() + 3_600_000);
  await withActor(portal.super, systemActor('test'), (tx) => tx.update(containers).set({ observedAt }));
});
afterAll(() => portal.stop());

const readBy = async (name: keyof World['people'], verb: string) =>
  (await listAudit(who(name), { verb, limit: 50 })).items.filter((one) => one.outcome === 'denied');

describe('a refusal', () => {
  it('is read by the tenant whose people, ticket or consent it was about', async () => {
    const containerId = world.containers.a.id;
    const { id } = await createTicket(
      who('ownerA'),
      CreateTicket.parse({ subject: 'Slow', body: 'Slow.', containerId }),
    );
    const { consents } = await requestAccess(
      who('support'),
      id,
      RequestAccess.parse({ scopes: ['files'], reason: 'why' }),
    );
    const consentId = consents[0]?.id ?? '';
    const tried = [
      { verb: 'access.consent', path: '/access-consents/{id}/grant', id: consentId, name: 'web-a' },
      { verb: 'member.manage', path: '/tenants/{id}/members', id: world.ids.a, name: 'Tenant A' },
      { verb: 'ticket.decide', path: '/tickets/{id}/approve', id, name: '#1' },
    ];
    for (const { name, ...denied } of tried) {
      await recordDenied(who('support'), denied);
      const [entry, ...more] = await readBy('ownerA', denied.verb);
      expect(entry).toMatchObject({ actor: { name: 'support' }, targetId: denied.id, targetName: name });
      expect(more).toEqual([]);
      expect(await readBy('ownerB', denied.verb)).toEqual([]);
    }
  });

  it('says nothing of what the person may not know of', async () => {
    await recordDenied(who('memberB'), { verb: 'member.read', path: '/tenants/{id}/members', id: world.ids.a });
    expect(await readBy('ownerA', 'member.read')).toEqual([]);
    const rows = await withActor(portal.super, systemActor('test'), (tx) => tx.select().from(auditLog));
    expect(rows.filter((one) => one.verb === 'member.read')).toMatchObject([
      { tenantId: world.ids.b, targetId: null, targetName: null },
    ]);
  });

  it('by a page is recorded once, however often that is drawn', async () => {
    const page = { verb: 'file.read', path: '/containers/{id}', id: world.containers.a.id };
    for (let n = 0; n < 5; n += 1) await recordDeniedPage(who('support'), page);
    await recordDeniedPage(who('admin'), page);
    expect((await readBy('ownerA', 'file.read')).map((one) => one.actor.name).sort()).toEqual(['admin', 'support']);
  });
});
