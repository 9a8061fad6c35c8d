import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST as createPlanRoute, GET as listPlansRoute } from '#app/api/v1/plans/route.ts';
import { GET as quotaRoute, PUT as setQuotaRoute } from '#app/api/v1/resellers/[id]/quota/route.ts';
import { POST as createHookRoute } from '#app/api/v1/webhooks/route.ts';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { Problem } from '#lib/contract/errors.ts';
import { withActor } from '#lib/db/client.ts';
import { idempotencyKeys } from '#lib/db/schema/idempotency.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { webhooks } from '#lib/db/schema/webhooks.ts';
import { forgetKeys, once } from '#lib/http/idempotency.ts';
import { requestsPerWindow, setRateLimit } from '#lib/http/rate-limit.ts';
import { noLimits } from '#lib/resellers/quota.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import {
  actorFor,
  seedWorld,
  smallResources,
  startPortal,
  type TestPortal,
  type World,
} from '#tests/support/portal.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
const tokens: Record<'admin' | 'ownerA' | 'ownerB', string> = { admin: '', ownerA: '', ownerB: '' };

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  setSealKey(Buffer.alloc(32, 1));
  await withActor(portal.super, asSystem, async (tx) => {
    for (const who of ['admin', 'ownerA', 'ownerB'] as const) {
      tokens[who] = await createApiToken(tx, world.people[who].id, 'test');
    }
  });
});
afterAll(() => portal.stop());

type Who = keyof typeof tokens;
type Route = typeof createPlanRoute;
async function post(route: Route, path: string, who: Who, key: string | null, body: unknown) {
  const headers = new Headers({ authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' });
  if (key !== null) headers.set('idempotency-key', key);
  const request = new Request(`http://panel.test/api/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const answer = await route(request, { params: Promise.resolve({}) });
  const text = await answer.text();
  const code = answer.ok ? null : Problem.parse(JSON.parse(text)).code;
  return { status: answer.status, text, code, headers: answer.headers };
}
const plan = (name: string) => ({ name, resources: smallResources });
const makePlan = (key: string | null, name: string, who: Who = 'admin') =>
  post(createPlanRoute, '/plans', who, key, plan(name));
const plansNamed = (name: string) =>
  withActor(portal.super, asSystem, (tx) => tx.select().from(plans).where(eq(plans.name, name)));
const hook = { url: 'https://hooks.example.test/', events: ['operation.failed'] };

describe('an Idempotency-Key', () => {
  it('lets a request be done once, however often and by how many at once it is sent', async () => {
    const many = await Promise.all(
      Array.from({ length: 50 }, () => post(createHookRoute, '/webhooks', 'ownerA', 'fifty', hook)),
    );
    const made = many.filter((one) => one.status === 201);
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(new Set(made.map((one) => one.text)).size).toBe(1);
    expect([...new Set(many.map((one) => one.code))].filter(Boolean)).toEqual(
      made.length === 50 ? [] : ['in_progress'],
    );
    const again = await post(createHookRoute, '/webhooks', 'ownerA', 'fifty', hook);
    expect(again).toMatchObject({ status: 201, text: made[0]?.text });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const rows = await withActor(portal.super, asSystem, (tx) => tx.select().from(webhooks));
    expect(rows).toHaveLength(1);
  });

  it('keeps no secret that an answer told in clear', async () => {
    const { text } = await post(createHookRoute, '/webhooks', 'ownerA', 'secret', hook);
    const { secret } = JSON.parse(text);
    expect(secret).toMatch(/^whsec_/);
    const rows = await withActor(portal.super, asSystem, (tx) => tx.select().from(idempotencyKeys));
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('is refused for another body, and is another for another person', async () => {
    expect(await makePlan('k1', 'One')).toMatchObject({ status: 201 });
    expect(await makePlan('k1', 'Two')).toMatchObject({ status: 422, code: 'key_reused' });
    expect(await plansNamed('Two')).toEqual([]);
    expect(await post(createHookRoute, '/webhooks', 'admin', 'k1', hook)).toMatchObject({ code: 'key_reused' });
    expect(await post(createHookRoute, '/webhooks', 'ownerB', 'k1', hook)).toMatchObject({ status: 201 });
  });

  it('is free again after a refusal, which changed nothing', async () => {
    await makePlan(null, 'Taken');
    expect(await makePlan('k2', 'taken')).toMatchObject({ status: 409, code: 'conflict' });
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(plans).set({ name: 'Moved' }).where(eq(plans.name, 'Taken')),
    );
    expect(await makePlan('k2', 'taken')).toMatchObject({ status: 201 });
    expect(await makePlan('k2', 'taken')).toMatchObject({ status: 201 });
    expect(await plansNamed('taken')).toHaveLength(1);
  });

  it('of whoever died in the middle is never done a second time', async () => {
    const actor = actorFor(world, 'admin');
    const named = { key: 'died', fingerprint: 'f' };
    const never = new Promise<never>(() => {});
    void once(
      actor,
      named,
      () => never,
      () => ({ status: 500, body: null }),
    );
    await expect
      .poll(() =>
        withActor(portal.super, asSystem, (tx) =>
          tx.select().from(idempotencyKeys).where(eq(idempotencyKeys.key, 'died')),
        ),
      )
      .toHaveLength(1);
    const again = () =>
      once(
        actor,
        named,
        async () => ({ status: 201, body: '{}' }),
        () => ({ status: 500, body: null }),
      );
    await expect(again()).rejects.toMatchObject({ code: 'in_progress', detail: undefined });
    await withActor(portal.super, asSystem, (tx) =>
      tx
        .update(idempotencyKeys)
        .set({ createdAt: new Date(Date.now() - 6 * 60_000) })
        .where(eq(idempotencyKeys.key, 'died')),
    );
    await expect(again()).rejects.toMatchObject({ code: 'in_progress', detail: expect.stringMatching(/not known/) });
  });

  it('keeps what failed on our side: nobody can say that nothing was done', async () => {
    const actor = actorFor(world, 'admin');
    const named = { key: 'broken', fingerprint: 'f' };
    const fail = () =>
      once(
        actor,
        named,
        async () => Promise.reject(new Error('inside')),
        () => ({ status: 500, body: '{"code":"internal"}' }),
      );
    expect(await fail()).toMatchObject({ status: 500, replayed: false });
    const again = await once(
      actor,
      named,
      async () => ({ status: 201, body: '{}' }),
      () => ({ status: 500, body: null }),
    );
    expect(again).toEqual({ status: 500, body: '{"code":"internal"}', replayed: true });
  });

  it('is forgotten after a day, and refused when it is none', async () => {
    expect(await makePlan('old', 'Old')).toMatchObject({ status: 201 });
    await withActor(portal.super, asSystem, (tx) =>
      tx
        .update(idempotencyKeys)
        .set({ createdAt: new Date(Date.now() - 25 * 3_600_000) })
        .where(eq(idempotencyKeys.key, 'old')),
    );
    expect(await makePlan('old', 'Older')).toMatchObject({ status: 201 });
    await withActor(portal.super, asSystem, (tx) => tx.update(idempotencyKeys).set({ createdAt: new Date(0) }));
    await withActor(portal.worker, systemActor('sweeper'), forgetKeys);
    expect(await withActor(portal.super, asSystem, (tx) => tx.select().from(idempotencyKeys))).toEqual([]);
    for (const key of ['', ' ', 'x'.repeat(201), 'with space']) {
      expect((await makePlan(key, 'None')).code, JSON.stringify(key)).toMatch(/^invalid$/);
    }
    expect(await plansNamed('None')).toEqual([]);
  });

  it('shows nobody the answers of another', async () => {
    await makePlan('mine', 'Mine');
    const seen = await withActor(portal.web, actorFor(world, 'ownerA'), (tx) => tx.select().from(idempotencyKeys));
    expect(seen.filter((row) => row.userId !== world.people.ownerA.id)).toEqual([]);
  });
});

describe('If-Match', () => {
  const params = () => Promise.resolve({ id: world.ids.reseller });
  const address = 'http://panel.test/api/v1/resellers/x/quota';
  const headers = (more: Record<string, string> = {}) => ({
    ...{ authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' },
    ...more,
  });
  const read = async () =>
    (await quotaRoute(new Request(address, { headers: headers() }), { params: params() })).headers.get('etag');
  const put = (maxContainers: number, condition?: string) => {
    const body = JSON.stringify({ ...noLimits, maxContainers });
    const more: Record<string, string> = condition === undefined ? {} : { 'if-match': condition };
    return setQuotaRoute(new Request(address, { method: 'PUT', headers: headers(more), body }), { params: params() });
  };

  it('makes a change on what was read, and refuses it on anything older', async () => {
    const first = await read();
    expect(first).toMatch(/^"[\w-]{22}\.[\w-]{22}"$/);
    const changed = await put(5, first ?? '');
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe(await read());
    const stale = await put(6, first ?? '');
    expect([stale.status, (await stale.json()).code]).toEqual([412, 'changed']);
    expect((await put(7)).status).toBe(200);
    expect((await put(8, '*')).status).toBe(200);
    expect((await put(9, `"other", ${await read()}`)).status).toBe(200);
  });

  it('lets one of fifty who read the same through', async () => {
    const etag = (await read()) ?? '';
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => put(100 + n, etag)));
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
    expect(answers.filter((one) => one.status === 412)).toHaveLength(49);
  });

  it('is refused where there is nothing to compare, not ignored', async () => {
    const condition = headers({ 'if-match': '"x"' });
    const request = new Request('http://panel.test/api/v1/plans', { headers: condition });
    const answer = await listPlansRoute(request, { params: Promise.resolve({}) });
    expect([answer.status, (await answer.json()).code]).toEqual([422, 'invalid']);
  });
});

describe('the rate limit', () => {
  const list = (who: Who) => {
    const headers = { authorization: `Bearer ${tokens[who]}` };
    return listPlansRoute(new Request('http://panel.test/api/v1/plans', { headers }), { params: Promise.resolve({}) });
  };

  it('is each person’s own, says how many requests are left, and when to come back', async () => {
    setRateLimit(3);
    try {
      const answers = await Promise.all(Array.from({ length: 5 }, () => list('ownerA')));
      expect(answers.map((one) => one.status).sort()).toEqual([200, 200, 200, 429, 429]);
      const [left] = answers.map((one) => one.headers.get('ratelimit'));
      expect(left).toMatch(/^"default";r=[0-2];t=\d+$/);
      const refused = answers.find((one) => one.status === 429);
      expect(refused?.headers.get('ratelimit-policy')).toBe('"default";q=3;w=60');
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await list('ownerB')).status).toBe(200);
    } finally {
      setRateLimit(requestsPerWindow);
    }
  });
});
