import { generateKeyPairSync } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { policy } from '#lib/access/policy.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { Problem } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { type Route, routes } from '#lib/contract/routes.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { users } from '#lib/db/schema/users.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import type { Handler } from '#lib/http/route.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { Frozen } from './frozen.ts';
import { matrixPassword, noObjects, type Objects, seedObjects } from './objects.ts';
import { exempt, requests } from './requests.ts';

const api = join(import.meta.dirname, '../../../app/api/v1');
const asSystem = systemActor('test');
type Who = 'admin' | 'support' | 'reseller' | 'ownerA' | 'memberA';
const people: Who[] = ['admin', 'support', 'reseller', 'ownerA', 'memberA'];
/** `a` is everybody's own: of the two tenants' people, and a customer of the reseller. `b` is another's. */
type Whose = 'a' | 'b' | 'none';

let portal: TestPortal;
let world: World;
let frozen: Frozen;
let objects: Record<Whose, Objects>;
const tokens = new Map<Who, string>();
const handlers = new Map<string, Handler>();

const fileOf = (route: Route) => join(api, route.path.replace(/\{(\w+)\}/g, '[$1]'), 'route.ts');

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  setSealKey(Buffer.alloc(32, 1));
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  setServices({
    agents: new Agents({ certificate: '', key: '', ca: '' }, grantSigner('web', privateKey)),
    queue: { enqueue: async () => undefined },
    log: { warn: () => undefined },
  });
  const a = await seedObjects(portal, world, world.ids.a, 20_001);
  const b = await seedObjects(portal, world, world.ids.b, 20_002);
  objects = { a, b, none: noObjects(a) };
  await withActor(portal.super, asSystem, async (tx) => {
    for (const who of people) tokens.set(who, await createApiToken(tx, world.people[who].id, 'matrix'));
    await tx.update(users).set({ passwordHash: await hashPassword(matrixPassword) });
    // Not silent before the matrix is gone through, however slow that is.
    await tx.update(hosts).set({ info: hostInfo(world.ids.host), lastSeenAt: new Date(Date.now() + 3_600_000) });
  });
  for (const name of Object.keys(requests) as (keyof typeof requests)[]) {
    const route: Route = routes[name];
    const module = (await import(fileOf(route))) as Record<string, Handler | undefined>;
    const handler = module[route.method];
    if (handler === undefined) throw new Error(`${fileOf(route)} does not answer ${route.method}`);
    handlers.set(name, handler);
  }
  frozen = await Frozen.take(portal.super);
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

function hostInfo(hostId: string) {
  return {
    hostId,
    hostname: 'h',
    kernel: '6',
    cpus: 2,
    memoryBytes: 2 ** 33,
    pool: {
      driver: 'image',
      path: '/p',
      sizeBytes: 2 ** 40,
      usedBytes: 0,
      reservedBytes: 0,
      keptFreeBytes: 0,
      reflinks: true,
    },
    cgroups: 'v1' as const,
    engine: {},
    forwardAddress: '127.0.0.1',
    forwardPorts: { first: 20_000, last: 20_100 },
    layers: [],
    simulated: false,
  };
}

type Answer = { status: number; code: string | null; text: string };

async function send(name: keyof typeof requests, who: Who | null, whose: Whose): Promise<Answer> {
  const route: Route = routes[name];
  const made: { params?: Record<string, string>; query?: string; body?: unknown } = requests[name].make(objects[whose]);
  const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => made.params?.[key] ?? '');
  const headers = new Headers(who === null ? {} : { authorization: `Bearer ${tokens.get(who)}` });
  if (made.body !== undefined) headers.set('content-type', 'application/json');
  const leave = new AbortController();
  const request = new Request(`http://panel.test/api/v1${path}?${made.query ?? ''}`, {
    method: route.method,
    headers,
    ...(made.body === undefined ? {} : { body: JSON.stringify(made.body) }),
    signal: leave.signal,
  });
  const answer = await handlers.get(name)?.(request, { params: Promise.resolve(made.params ?? {}) });
  if (answer === undefined) throw new Error(name);
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    leave.abort();
    return { status: answer.status, code: null, text: '' };
  }
  const text = await answer.text();
  const problem = answer.ok ? undefined : Problem.parse(JSON.parse(text));
  return { status: answer.status, code: problem?.code ?? null, text };
}

/** What an outsider can tell two answers apart by: all but the reference to the log. */
const looks = (answer: Answer) => answer.text.replace(/"reference":"[^"]+"/, '');

/** Who was refused what since the rows were last put back. */
const denied = () =>
  withActor(portal.super, asSystem, (tx) => tx.select().from(auditLog).where(eq(auditLog.outcome, 'denied')));

/** How much of what somebody did the audit record has since the rows were last put back. */
async function recorded(who: Who): Promise<number> {
  const rows = await withActor(portal.super, asSystem, (tx) =>
    tx.select().from(auditLog).where(eq(auditLog.actorId, world.people[who].id)),
  );
  return rows.filter((row) => row.outcome !== 'denied').length;
}

function permissionOf(name: keyof typeof requests): Permission {
  return routes[name].permission as Permission;
}
const roleOf = (who: Who) => world.people[who].role;
const reaches = (who: Who, whose: Whose) => whose === 'a' || (whose === 'b' && (who === 'admin' || who === 'support'));

describe('the table of routes', () => {
  it('is whole: every route is checked or exempt, every handler is a route of the contract', () => {
    expect([...Object.keys(requests), ...Object.keys(exempt)].sort()).toEqual(Object.keys(routes).sort());
    const served = globSync('**/route.ts', { cwd: api }).flatMap((file) => {
      const text = readFileSync(join(api, file), 'utf8');
      return [...text.matchAll(/export const (GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\b/g)].map(
        (match) => `${match[1]} /${file.replace(/\/route\.ts$/, '').replace(/\[(\w+)\]/g, '{$1}')}`,
      );
    });
    expect(served.sort()).toEqual(
      Object.values(routes)
        .map((route) => `${route.method} ${route.path}`)
        .sort(),
    );
    for (const route of Object.values(routes)) expect(existsSync(fileOf(route)), route.path).toBe(true);
  });

  it('has no more exemptions than it had', () => {
    expect(Object.keys(exempt).length).toBeLessThanOrEqual(10);
  });
});

describe.each(Object.keys(requests) as (keyof typeof requests)[])('%s', (name) => {
  const { about } = requests[name];

  it('is closed to nobody in particular', async () => {
    const before = await frozen.hash();
    for (const whose of about ? (['a', 'none'] as const) : (['a'] as const)) {
      expect(await send(name, null, whose)).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    expect(await frozen.hash()).toBe(before);
  });

  it.each(people)('answers %s as the policy says, and changes nothing when it refuses', async (who) => {
    const may = policy[roleOf(who)].has(permissionOf(name));
    const unknown = await send(name, who, 'none');
    await frozen.restore();
    for (const whose of about ? (['a', 'b'] as const) : (['a'] as const)) {
      const before = await frozen.hash();
      const answer = await send(name, who, whose);
      if (may && (reaches(who, whose) || !about)) {
        // The positive control: the very same request works for those who may.
        const works = 'host' in requests[name] ? [503] : [200, 201, 202, 204];
        expect(works, `${who} ${whose}: ${answer.text}`).toContain(answer.status);
        if (roleOf(who) !== 'provider-admin' && roleOf(who) !== 'support') {
          for (const foreign of [world.ids.b, objects.b.running, objects.b.backup, objects.b.failed]) {
            expect(answer.text).not.toContain(foreign);
          }
        }
        expect(await frozen.hashOf(whose === 'a' ? world.ids.b : world.ids.a)).toBe(
          frozen.whenTaken[whose === 'a' ? world.ids.b : world.ids.a],
        );
        // Whatever changes something is in the audit record, under the name of whoever asked for it.
        if (routes[name].method !== 'GET') {
          const kept = await recorded(who);
          expect(kept, `${who}: ${name} left no record`).toBeGreaterThan(0);
        }
        await frozen.restore();
        continue;
      }
      expect([403, 404], `${who} ${whose}: ${answer.text}`).toContain(answer.status);
      if (reaches(who, whose)) expect(answer.status).toBe(403);
      // Another's thing and no thing at all look the same, to the letter.
      else expect([answer.status, looks(answer)]).toEqual([unknown.status, looks(unknown)]);
      expect(await frozen.hash()).toBe(before);
      const refusals = await denied();
      if (answer.status === 404) expect(refusals).toEqual([]);
      else expect(refusals).toMatchObject([{ verb: permissionOf(name), actorId: world.people[who].id }]);
      if (!reaches(who, whose)) expect(refusals.map((one) => one.targetId).filter(Boolean)).toEqual([]);
      await frozen.restore();
    }
    if (about) expect([403, 404]).toContain(unknown.status);
  });
});

it('keeps its own controls honest: a changed row changes the hash', async () => {
  const before = await frozen.hash();
  await portal.super.execute(sql`update containers set hostname = 'x' where id = ${objects.b.running}`);
  expect(await frozen.hash()).not.toBe(before);
  expect(await frozen.hashOf(world.ids.b)).not.toBe(frozen.whenTaken[world.ids.b]);
  await frozen.restore();
  expect(await frozen.hash()).toBe(before);
});
