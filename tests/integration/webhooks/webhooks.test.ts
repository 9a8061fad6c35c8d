import { createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { CreateWebhook, mostWebhooks } from '#lib/contract/webhooks.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { brandHosts, brands } from '#lib/db/schema/brands.ts';
import { events } from '#lib/db/schema/events.ts';
import { webhookCursor, webhookDeliveries, webhooks } from '#lib/db/schema/webhooks.ts';
import { publish } from '#lib/events/publish.ts';
import { operationEvent } from '#lib/operations/present.ts';
import { sealLasting, setSealKey } from '#lib/secrets/sealed-values.ts';
import { collectDeliveries } from '#lib/webhooks/collect.ts';
import { listDeliveries, replayDelivery, testWebhook } from '#lib/webhooks/deliveries.ts';
import { type Door, openDoor } from '#lib/webhooks/door.ts';
import { createWebhook, deleteWebhook, listWebhooks, setWebhook } from '#lib/webhooks/manage.ts';
import { pausesMs } from '#lib/webhooks/send.ts';
import { Sender } from '#lib/webhooks/sender.ts';
import { startHookServer } from '#tests/support/hook-server.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let server: Awaited<ReturnType<typeof startHookServer>>;
const resolve = async () => [{ address: '127.0.0.1', family: 4 }];

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  setSealKey(Buffer.alloc(32, 1));
  server = await startHookServer(['hooks.test']);
});
afterAll(async () => {
  await server.stop();
  await portal.stop();
});
beforeEach(async () => {
  server.heard.length = 0;
  server.state.answer = () => 204;
  await withActor(portal.super, asSystem, async (tx) => {
    for (const table of [webhooks, webhookCursor, events]) await tx.delete(table);
  });
  await asWorker(collectDeliveries);
});

type Who = keyof World['people'];
/** The worker has rights of its own; all that it does here it does with them. */
async function asWorker<T>(work: () => Promise<T>): Promise<T> {
  setDatabase(portal.worker);
  try {
    return await work();
  } finally {
    setDatabase(portal.web);
  }
}
/** Every attempt that is due, once, and its outcome. Gives how many were delivered. */
async function sendDueDeliveries(way: Door): Promise<number> {
  const { attempts } = await new Sender(way).begin();
  return (await Promise.all(attempts)).filter(Boolean).length;
}
const door = () => openDoor({ mayConnect: () => true, resolve, ca: server.ca });
const send = () => asWorker(() => sendDueDeliveries(door()));
const collect = () => asWorker(collectDeliveries);
const hook = (who: Who, more: Partial<CreateWebhookInput> = {}) =>
  createWebhook(
    actorFor(world, who),
    CreateWebhook.parse({
      url: `https://hooks.test:${server.port}/${who}`,
      events: ['operation.succeeded', 'operation.failed'],
      ...more,
    }),
  );
type CreateWebhookInput = { url: string; events: string[]; tenantId: string | null };
const due = () =>
  withActor(portal.super, asSystem, (tx) => tx.update(webhookDeliveries).set({ nextAttemptAt: new Date(0) }));

function operation(tenantId: string, state: 'succeeded' | 'failed' | 'running') {
  return operationEvent({
    ...{ id: v7(), kind: 'start', tenantId, containerId: world.containers.a.id, hostId: world.ids.host, state },
    ...{
      lock: 'exclusive',
      generation: 1,
      attempt: 1,
      input: { secret: 'never' },
      steps: [],
      percent: 100,
      result: {},
    },
    ...{ actorKind: 'user', actorId: null, actorName: 'somebody', cancelRequested: false, containerName: 'web-a' },
    ...{ error: null, evidence: [], undoOf: null, queuedAt: new Date(), startedAt: null, endedAt: new Date() },
  } as unknown as Parameters<typeof operationEvent>[0]);
}
const happen = (tenantId: string, state: 'succeeded' | 'failed' | 'running' = 'succeeded') =>
  withActor(portal.super, asSystem, (tx) => publish(tx, operation(tenantId, state)));

describe('a message', () => {
  it('arrives once, signed so that the secret verifies it, and says what happened without more', async () => {
    const made = await hook('ownerA');
    await happen(world.ids.a);
    await happen(world.ids.a, 'running');
    await happen(world.ids.b);
    expect(await collect()).toBe(1);
    expect(await collect()).toBe(0);
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    const [one, ...more] = server.heard;
    expect(more).toEqual([]);
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = one?.headers ?? {};
    const key = Buffer.from(made.secret.replace('whsec_', ''), 'base64');
    expect(key).toHaveLength(32);
    expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${at}.${one?.body}`).digest('base64')}`);
    expect(Math.abs(Number(at) * 1000 - Date.now())).toBeLessThan(60_000);
    const body = JSON.parse(one?.body ?? '');
    expect(body).toMatchObject({
      type: 'operation.succeeded',
      data: { kind: 'start', state: 'succeeded', tenantId: world.ids.a, containerName: 'web-a' },
    });
    expect(one?.body).not.toMatch(/never|somebody/);
  });

  it('goes to the tenant’s, its reseller’s and the provider’s, and to nobody else', async () => {
    for (const who of ['ownerA', 'ownerB', 'reseller', 'admin'] as const) await hook(who);
    await happen(world.ids.a);
    await happen(world.ids.b);
    await collect();
    await send();
    const told = server.heard.map((one) => JSON.parse(one.body).data.tenantId);
    expect(told).toHaveLength(5);
    const { rows } = await portal.super.execute<{ url: string; n: number }>(sql`
      select w.url, count(*)::int as n from webhook_deliveries d join webhooks w on w.id = d.webhook_id group by 1 order by 1`);
    expect(rows.map(({ url, n }) => [url.split('/').at(-1), n])).toEqual([
      ['admin', 2],
      ['ownerA', 1],
      ['ownerB', 1],
      ['reseller', 1],
    ]);
  });

  it('becomes one delivery, however many workers collect at once', async () => {
    await hook('ownerA');
    for (let n = 0; n < 20; n += 1) await happen(world.ids.a);
    const counts = await asWorker(() => Promise.all(Array.from({ length: 8 }, () => collectDeliveries())));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(20);
    const sent = async () =>
      await asWorker(() => Promise.all(Array.from({ length: 8 }, () => sendDueDeliveries(door()))));
    for (let turn = 0; turn < 10 && server.heard.length < 20; turn += 1) await sent();
    expect(new Set(server.heard.map((one) => one.headers['webhook-id'])).size).toBe(20);
    expect(server.heard).toHaveLength(20);
  });

  it('comes again with the same id until it is taken, ever later, and then no more', async () => {
    const { id } = await hook('ownerA');
    server.state.answer = () => 500;
    await happen(world.ids.a);
    await collect();
    for (let n = 0; n <= pausesMs.length; n += 1) {
      const before = Date.now();
      await send();
      const [row] = await withActor(portal.super, asSystem, (tx) => tx.select().from(webhookDeliveries));
      expect(row).toMatchObject({ attempts: n + 1, status: 500, problem: 'answered with status 500' });
      const pause = pausesMs[n];
      if (pause !== undefined) {
        expect((row?.nextAttemptAt.getTime() ?? 0) - before).toBeGreaterThanOrEqual(pause);
        expect(await send()).toBe(0);
      }
      await due();
    }
    expect(server.heard).toHaveLength(pausesMs.length + 1);
    expect(new Set(server.heard.map((one) => one.headers['webhook-id'])).size).toBe(1);
    const { items } = await listWebhooks(actorFor(world, 'ownerA'), { limit: 50 });
    expect(items).toMatchObject([{ id, enabled: false, problem: expect.stringMatching(/^Turned off by itself/) }]);
    await send();
    expect(server.heard).toHaveLength(pausesMs.length + 1);
  });

  it('is sent again when the worker died before it wrote down how it went', async () => {
    await hook('ownerA');
    await happen(world.ids.a);
    await collect();
    await sendAndDie();
    expect(await send()).toBe(0);
    await due();
    await send();
    expect(server.heard).toHaveLength(2);
    expect(new Set(server.heard.map((one) => one.headers['webhook-id'])).size).toBe(1);
  });

  it('is not sent to an address that says it is gone', async () => {
    const { id } = await hook('ownerA');
    server.state.answer = () => 410;
    await happen(world.ids.a);
    await collect();
    await send();
    const { items } = await listWebhooks(actorFor(world, 'ownerA'), { limit: 50 });
    expect(items).toMatchObject([{ id, enabled: false }]);
    expect(await setWebhook(actorFor(world, 'ownerA'), id, { enabled: true })).toMatchObject({ problem: null });
  });
});

describe('slow receivers', () => {
  const host = (url: string) => new URL(url).hostname;
  /** `hooks` of them with `each` deliveries, due for `agoSeconds`. */
  async function backlog(name: string, hooks: number, each: number, agoSeconds: number): Promise<void> {
    await withActor(portal.super, asSystem, async (tx) => {
      for (let n = 0; n < hooks; n += 1) {
        const webhookId = v7();
        const sealedSecret = sealLasting('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', webhookId);
        const url = `https://${name}-${n}.test/`;
        await tx.insert(webhooks).values({ id: webhookId, tenantId: world.ids.a, url, events: [], sealedSecret });
        const nextAttemptAt = new Date(Date.now() - agoSeconds * 1000);
        const one = { webhookId, tenantId: world.ids.a, event: 'webhook.test' as const, body: '{}', nextAttemptAt };
        await tx.insert(webhookDeliveries).values(Array.from({ length: each }, () => one));
      }
    });
  }

  it('hold up nobody, however many there are and however much waits for them', async () => {
    await backlog('slow', 60, 5, 3600);
    const asked: string[] = [];
    const slow: ((answer: { status: number }) => void)[] = [];
    const sender = new Sender(async ({ url }) => {
      asked.push(host(url));
      return host(url).startsWith('slow') ? await new Promise((done) => slow.push(done)) : { status: 204 };
    });
    await asWorker(async () => {
      await sender.begin();
      // All places are taken, by 60 receivers of which none has more than two.
      expect(asked).toHaveLength(100);
      expect(new Set(asked).size).toBe(60);
      await backlog('quick', 1, 1, 0);
      expect((await sender.begin()).attempts).toEqual([]);
      // The first place that is free goes to whoever has none, though all others have waited for an hour.
      slow[0]?.({ status: 204 });
      await expect.poll(async () => (await sender.begin()).attempts.length).toBe(1);
      expect(asked.at(-1)).toBe('quick-0.test');
      for (let n = 1; n < 400 && slow.length > 0; n += 1) for (const done of slow.splice(0)) done({ status: 204 });
      await sender.settled();
    });
  });

  it('take no more than three places each, and the others their turns', async () => {
    await backlog('slow', 10, 20, 3600);
    await backlog('quick', 1, 5, 0);
    const asked: string[] = [];
    const slow: ((answer: { status: number }) => void)[] = [];
    const sender = new Sender(async ({ url }) => {
      asked.push(host(url));
      return host(url).startsWith('slow') ? await new Promise((done) => slow.push(done)) : { status: 204 };
    });
    await asWorker(async () => {
      await sender.begin();
      const quick = () => asked.filter((one) => one === 'quick-0.test').length;
      expect([asked.length, quick()]).toEqual([33, 3]);
      await expect.poll(async () => sender.begin().then(quick)).toBe(5);
      expect(asked).toHaveLength(35);
      for (const done of slow) done({ status: 204 });
      await sender.settled();
    });
  });
});

describe('whom a message is from', () => {
  it('is who the account’s own name on the network stands for, also before it has been given a name', async () => {
    await hook('ownerA');
    await hook('ownerB');
    const agents = async () => {
      server.heard.length = 0;
      await happen(world.ids.a);
      await happen(world.ids.b);
      await collect();
      await send();
      return server.heard.map((one) => [JSON.parse(one.body).data.tenantId, one.headers['user-agent']]).sort();
    };
    const { a, b, reseller } = world.ids;
    const [ofA, ofB] = [a, b].map((tenant) => (agent: string) => [tenant, `${agent}-Webhooks/1`]);
    const both = (agent: string) => [ofA?.(agent), ofB?.('Berth')].sort();
    expect(await agents()).toEqual(both('Berth'));
    const host = { resellerId: reseller, host: 'panel.reseller.test', challenge: 'x' };
    await withActor(portal.super, asSystem, (tx) => tx.insert(brandHosts).values(host));
    expect(await agents()).toEqual(both('Berth'));
    await withActor(portal.super, asSystem, (tx) => tx.update(brandHosts).set({ provenAt: new Date() }));
    expect(await agents()).toEqual(both('Panel'));
    await withActor(portal.super, asSystem, (tx) =>
      tx.insert(brands).values({ resellerId: reseller, productName: 'Quay & Co' }),
    );
    expect(await agents()).toEqual(both('Quay-Co'));
  });
});

/** As a worker that is killed between the answer and the record: it sends, and goes no further. */
async function sendAndDie(): Promise<void> {
  const dying = async (message: Parameters<ReturnType<typeof openDoor>>[0]) => {
    await door()(message);
    return await new Promise<never>(() => {});
  };
  await asWorker(async () => {
    void sendDueDeliveries(dying);
    await expect.poll(() => server.heard.length).toBe(1);
  });
}

describe('an account', () => {
  it(`has at most ${mostWebhooks}, however many are asked for at once`, async () => {
    const made = await Promise.allSettled(Array.from({ length: 50 }, () => hook('ownerA')));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(mostWebhooks);
  });

  it('tests, reads the log, replays, turns off and deletes its own', async () => {
    const owner = actorFor(world, 'ownerA');
    const { id } = await hook('ownerA');
    const test = await testWebhook(owner, id);
    await send();
    const again = await replayDelivery(owner, test.id);
    expect(again.id).not.toBe(test.id);
    await send();
    expect(server.heard.map((one) => JSON.parse(one.body).type)).toEqual(['webhook.test', 'webhook.test']);
    expect(server.heard[0]?.body).toBe(server.heard[1]?.body);
    const { items } = await listDeliveries(owner, id, { limit: 50 });
    expect(items.map((one) => one.state)).toEqual(['delivered', 'delivered']);
    await setWebhook(owner, id, { enabled: false });
    await expect(testWebhook(owner, id)).rejects.toMatchObject({ code: 'state' });
    await deleteWebhook(owner, id);
    await expect(listDeliveries(owner, id, { limit: 50 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('neither sees nor touches another’s', async () => {
    const { id } = await hook('ownerB');
    const stranger = actorFor(world, 'ownerA');
    const { id: delivery } = await testWebhook(actorFor(world, 'ownerB'), id);
    for (const refused of [
      () => testWebhook(stranger, id),
      () => deleteWebhook(stranger, id),
      () => setWebhook(stranger, id, { enabled: false }),
      () => listDeliveries(stranger, id, { limit: 50 }),
      () => replayDelivery(stranger, delivery),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(hook('ownerA', { tenantId: world.ids.b })).rejects.toMatchObject({ code: 'not_found' });
    await expect(hook('ownerA', { tenantId: null })).rejects.toMatchObject({ code: 'not_found' });
    await expect(hook('memberA')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('lists those of the accounts over which one has the right to read them, and of no other', async () => {
    const own = await hook('ownerA');
    await hook('ownerB');
    const [a, b] = [actorFor(world, 'ownerA'), actorFor(world, 'ownerB')];
    const looking = b.assignments.map((one) => ({ ...one, permissions: new Set(['container.read'] as const) }));
    const both = { ...a, assignments: [...a.assignments, ...looking] };
    expect((await listWebhooks(both, {})).items.map((one) => one.id)).toEqual([own.id]);
  });

  it('cannot have the secret told again: the web’s own role cannot read it', async () => {
    const { id, secret } = await hook('ownerA');
    const read = withActor(portal.web, actorFor(world, 'ownerA'), (tx) =>
      tx.select({ secret: webhooks.sealedSecret }).from(webhooks).where(eq(webhooks.id, id)),
    );
    await expect(read).rejects.toMatchObject({ cause: { message: expect.stringContaining('permission denied') } });
    const audit = await withActor(portal.super, asSystem, (tx) => tx.select().from(auditLog));
    expect(JSON.stringify(audit)).not.toContain(secret);
    expect(JSON.stringify(audit)).not.toContain('/ownerA');
  });
});

describe('an address', () => {
  it.each(['http://hooks.test/', 'ftp://hooks.test/', 'https://user:pw@hooks.test/', 'javascript:alert(1)', 'x'])(
    'like %s is refused when it is typed',
    (url) => expect(CreateWebhook.safeParse({ url, events: ['operation.failed'] }).success).toBe(false),
  );

  it('on this machine is refused when something is sent: no connection, and the log says why', async () => {
    const owner = actorFor(world, 'ownerA');
    const { id } = await hook('ownerA', { url: `https://127.0.0.1:${server.port}/` });
    await testWebhook(owner, id);
    const before = server.state.connections;
    await asWorker(() => sendDueDeliveries(openDoor({ ca: server.ca })));
    expect(server.state.connections).toBe(before);
    const { items } = await listDeliveries(owner, id, { limit: 50 });
    expect(items).toMatchObject([
      { state: 'waiting', status: null, problem: '127.0.0.1 does not lead to an address on the internet' },
    ]);
  });
});
