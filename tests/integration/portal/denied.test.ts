/** What the record keeps of refusals, and who reads it. */
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET as read } from '#app/api/v1/containers/[id]/route.ts';
import { POST as start } from '#app/api/v1/containers/[id]/start/route.ts';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { recordDenied, recordDeniedPage, recordUnseen } from '#lib/audit/denied.ts';
import { listAudit } from '#lib/audit/list.ts';
import { looks } from '#lib/audit/whose.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { requestAccess } from '#lib/consents/request.ts';
import { openContainerConsole } from '#lib/console/open.ts';
import { routes } from '#lib/contract/routes.ts';
import { CreateTicket, RequestAccess } from '#lib/contract/tickets.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { identityProviders } from '#lib/db/schema/identity-providers.ts';
import { roles } from '#lib/db/schema/people.ts';
import { webhooks } from '#lib/db/schema/webhooks.ts';
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

describe('an address of somebody else’s thing', () => {
  const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);
  /** What `who` is answered there, and by how much the record of refusals has grown a moment later. */
  async function tries(who: keyof World['people'], id: string, route: typeof start) {
    const before = await refusals();
    const token = await asSystem((tx) => createApiToken(tx, world.people[who].id, 'tries'));
    const request = new Request('http://panel.test/', {
      method: route === start ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(route === start ? { body: '{}' } : {}),
    });
    const { status } = await route(request, { params: Promise.resolve({ id }) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { status, recorded: (await refusals()).slice(before.length) };
  }
  const refusals = async () => {
    const rows = await asSystem((tx) => tx.select().from(auditLog).orderBy(auditLog.at));
    return rows.filter((row) => row.outcome === 'denied');
  };

  it('is recorded of a reseller’s staff, once, for the provider alone', async () => {
    const id = world.containers.b.id;
    expect(await tries('reseller', id, start)).toMatchObject({
      status: 404,
      recorded: [{ verb: 'container.start', actorId: world.people.reseller.id, targetId: id, tenantId: null }],
    });
    expect(await tries('reseller', id, start)).toMatchObject({ status: 404, recorded: [] });
    expect((await readBy('admin', 'container.start')).map((one) => one.targetId)).toEqual([id]);
    for (const who of ['reseller', 'ownerB'] as const) expect(await readBy(who, 'container.start')).toEqual([]);
  });

  it('is recorded of a console too', async () => {
    const id = world.containers.b.id;
    await expect(openContainerConsole(who('reseller'), id)).rejects.toMatchObject({ code: 'not_found' });
    await expect.poll(() => readBy('admin', 'container.console')).toMatchObject([{ targetId: id }]);
  });

  it('is recorded of everything that belongs to an account', async () => {
    const tenantId = world.ids.b;
    const id = () => v7();
    const made = {
      webhooks: { id: id(), tenantId, url: 'https://hooks.example.test/', events: [], sealedSecret: 'x' },
      roles: { id: id(), tenantId, title: 'Night watch', base: 'tenant-viewer' as const, permissions: [] },
      locations: {
        ...{ id: id(), tenantId, name: 'Own bucket', kind: 'rest' as const },
        ...{ url: 'https://rest.example.test/', offsite: true },
      },
      providers: {
        ...{ id: id(), resellerId: tenantId, name: 'Example ID', issuer: 'https://id.example.test' },
        ...{ clientId: 'x', sealedSecret: 'x', scopes: [] },
      },
    };
    await asSystem(async (tx) => {
      await tx.insert(webhooks).values(made.webhooks);
      await tx.insert(roles).values(made.roles);
      await tx.insert(backupLocations).values(made.locations);
      await tx.insert(identityProviders).values(made.providers);
    });
    const tried = [
      ['/webhooks/{id}', made.webhooks.id, null],
      ['/roles/{id}', made.roles.id, 'Night watch'],
      ['/backup-locations/{id}', made.locations.id, 'Own bucket'],
      ['/identity-providers/{id}', made.providers.id, 'Example ID'],
      ['/brands/{id}', tenantId, 'Tenant B'],
    ] as const;
    for (const [path, of, name] of tried) {
      const before = await refusals();
      await recordUnseen(who('reseller'), { verb: 'tries', path, id: of });
      const [one, ...more] = (await refusals()).slice(before.length);
      expect(one, path).toMatchObject({ targetId: of, targetName: name, tenantId: null });
      expect(more).toEqual([]);
    }
    // Every kind is looked for in a table that there is.
    await asSystem(async (tx) => {
      for (const [area, look] of Object.entries(looks)) expect(await look(tx, v7()), area).toBeUndefined();
    });
    // A kind that is new is either looked for, or nobody's but the provider's or one person's.
    const areas = new Set(Object.values(routes).flatMap(({ path }) => /^\/([a-z-]+)\/\{id\}/.exec(path)?.[1] ?? []));
    expect([...areas].filter((area) => !(area in looks)).sort()).toEqual([
      ...['hosts', 'orphans', 'outages', 'people', 'templates', 'tokens'],
    ]);
  });

  it('is not recorded where there is no such thing, of who only looks, and of who is no staff', async () => {
    expect(await tries('reseller', v7(), start)).toEqual({ status: 404, recorded: [] });
    expect(await tries('reseller', world.containers.b.id, read)).toEqual({ status: 404, recorded: [] });
    expect(await tries('memberB', world.containers.a.id, start)).toEqual({ status: 404, recorded: [] });
  });
});
