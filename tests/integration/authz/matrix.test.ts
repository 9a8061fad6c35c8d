import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { policy } from '#lib/access/policy.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { setTxtResolver } from '#lib/brands/hosts.ts';
import { Problem } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import type { Role } from '#lib/contract/roles.ts';
import { type Route, routes } from '#lib/contract/routes.ts';
import { type Tx, withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { assignments, roles } from '#lib/db/schema/people.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { users } from '#lib/db/schema/users.ts';
import { setAcrossResellers } from '#lib/handovers/policy.ts';
import type { Handler } from '#lib/http/route.ts';
import { giveRoom, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';
import { Frozen, type Traces } from './frozen.ts';
import { matrixPassword, noObjects, type Objects, seedObjects } from './objects.ts';
import { exempt, type Made, requests } from './requests.ts';

const api = join(import.meta.dirname, '../../../app/api/v1');
const asSystem = systemActor('test');
/** One of every role; the last four reach less than their account: one container, a label's, or what a token was made for. */
const others = {
  hosts: { role: 'host-operator', of: null },
  auditor: { role: 'auditor', of: null },
  staff: { role: 'reseller-staff', of: 'reseller' },
  backupA: { role: 'tenant-backup', of: 'a' },
  viewerA: { role: 'tenant-viewer', of: 'a' },
  billingA: { role: 'tenant-billing', of: 'a' },
  oneA: { role: 'tenant-operator', of: 'a' },
  labelA: { role: 'tenant-owner', of: 'a' },
  customA: { role: 'tenant-owner', of: 'a' },
  tokenA: { role: 'tenant-owner', of: 'a' },
} as const satisfies Record<string, { role: Role; of: 'a' | 'reseller' | null }>;
type Who = 'admin' | 'support' | 'reseller' | 'ownerA' | 'memberA' | keyof typeof others;
const people: Who[] = ['admin', 'support', 'reseller', 'ownerA', 'memberA', ...(Object.keys(others) as Who[])];
/** What is left of the role by a custom role or by a token. */
const verbsOf: Partial<Record<Who, readonly Permission[]>> = {
  customA: ['container.read', 'container.start', 'container.label', 'operation.read'],
  tokenA: ['container.read', 'container.start', 'backup.create'],
};
const staffOfProvider: readonly Who[] = ['admin', 'support', 'hosts', 'auditor'];
const narrowed: readonly Who[] = ['oneA', 'labelA', 'tokenA'];
/** `a` is everybody's own: of the two tenants' people, and a customer of the reseller. `b` is another's. */
type Whose = 'a' | 'b' | 'none';

let portal: TestPortal;
let world: World;
let frozen: Frozen;
let objects: Record<Whose, Objects>;
const tokens = new Map<Who, string>();
const idOf = new Map<Who, string>();
/** Whose container a thing is. */
const containerOf = new Map<string, string>();
const handlers = new Map<string, Handler>();

const fileOf = (route: Route) => join(api, route.path.replace(/\{(\w+)\}/g, '[$1]'), 'route.ts');

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  setAcrossResellers(true);
  setTxtResolver(async () => [['berth-proof=matrix'], ['v=DKIM1; p=matrix']]);
  const a = await seedObjects(portal, world, world.ids.a, 20_001);
  const b = await seedObjects(portal, world, world.ids.b, 20_002);
  objects = { a, b, none: noObjects(a) };
  await withActor(portal.super, asSystem, async (tx) => {
    for (const who of ['admin', 'support', 'reseller', 'ownerA', 'memberA'] as const) {
      idOf.set(who, world.people[who].id);
    }
    await seedOthers(tx);
    for (const who of people) tokens.set(who, await createApiToken(tx, idOf.get(who) ?? '', 'matrix'));
    const limits = { verbs: [...(verbsOf.tokenA ?? [])], containerIds: [objects.a.running, objects.b.running] };
    await tx
      .update(apiTokens)
      .set(limits)
      .where(eq(apiTokens.userId, idOf.get('tokenA') ?? ''));
    const things = sql`select id, id as container from containers union all select id, container_id from operations
      union all select id, container_id from backups union all select id, container_id from snapshots
      union all select id, container_id from tickets union all select id, container_id from access_consents`;
    const { rows } = await tx.execute<{ id: string; container: string | null }>(things);
    for (const row of rows) if (row.container !== null) containerOf.set(row.id, row.container);
    await tx.update(users).set({ passwordHash: await hashPassword(matrixPassword) });
  });
  await giveRoom(portal, world.ids.host);
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

async function seedOthers(tx: Tx): Promise<void> {
  for (const [who, { role, of }] of Object.entries(others)) {
    const id = v7();
    idOf.set(who as Who, id);
    const tenantId = of === null ? null : world.ids[of];
    const partly = who === 'oneA' || who === 'labelA' || who === 'customA';
    const email = `${who.toLowerCase()}@example.test`;
    await tx.insert(users).values({ id, tenantId, email, name: who, role: partly ? null : role });
  }
  const about = (who: Who) => ({ userId: idOf.get(who) ?? '', tenantId: world.ids.a });
  const containerId = objects.a.running;
  await tx
    .update(containers)
    .set({ labels: ['web', 'eu'] })
    .where(eq(containers.id, containerId));
  await tx
    .update(containers)
    .set({ labels: ['web'] })
    .where(eq(containers.id, objects.b.running));
  const custom = { id: v7(), tenantId: world.ids.a, title: 'Starter', base: 'tenant-owner' as const };
  await tx.insert(roles).values({ ...custom, permissions: [...(verbsOf.customA ?? [])] });
  await tx.insert(assignments).values([
    { ...about('oneA'), role: 'tenant-operator', scope: 'container', containerId },
    { ...about('labelA'), role: 'tenant-owner', scope: 'labels', labels: ['db', 'web'] },
    { ...about('customA'), role: 'tenant-owner', customRoleId: custom.id, scope: 'tenant' },
  ]);
}

const checked = { allowed: 0, refused: 0 };

type Answer = { status: number; code: string | null; text: string };

async function send(name: keyof typeof requests, who: Who | null, whose: Whose): Promise<Answer> {
  const route: Route = routes[name];
  const made: Made = requests[name].make(objects[whose]);
  const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => made.params?.[key] ?? '');
  const headers = new Headers(who === null ? {} : { authorization: `Bearer ${tokens.get(who)}` });
  if (made.body !== undefined) headers.set('content-type', 'application/json');
  const leave = new AbortController();
  const request = new Request(`http://panel.test/api/v1${path}?${made.query ?? ''}`, {
    method: route.method,
    headers,
    ...(made.body === undefined ? {} : { body: JSON.stringify(made.body) }),
    ...(made.bytes === undefined
      ? {}
      : { body: typeof made.bytes === 'string' ? made.bytes : new Uint8Array(made.bytes) }),
    signal: leave.signal,
  });
  // As Next has it: no parameters at all where the address names none.
  const answer = await handlers.get(name)?.(request, {
    params: Promise.resolve(made.params as Record<string, string>),
  });
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

/** What the audit record has gained since the rows were last put back: who was refused what, and how much else somebody did. */
async function gained(traces: Traces) {
  // Whatever was copied is as old as the copy.
  if (!traces.tables.has('audit_log')) return { denied: [], done: () => 0 };
  const rows = await portal.super.select().from(auditLog);
  return {
    denied: rows.filter((row) => row.outcome === 'denied'),
    done: (who: Who) => rows.filter((row) => row.outcome !== 'denied' && row.actorId === idOf.get(who)).length,
  };
}

function permissionOf(name: keyof typeof requests): Permission | 'self' {
  return routes[name].permission as Permission | 'self';
}
const roleOf = (who: Who): Role =>
  who in others ? others[who as keyof typeof others].role : world.people[who as 'admin'].role;

/** Whether the role, custom role or token has the right at all, over something. */
function may(who: Who, name: keyof typeof requests): boolean {
  const permission = permissionOf(name);
  if (permission === 'self') return who !== 'tokenA' || routes[name].method === 'GET';
  if ('tenantWide' in requests[name] && narrowed.includes(who)) return false;
  const role: ReadonlySet<Permission> = policy[roleOf(who)];
  return role.has(permission) && (verbsOf[who]?.includes(permission) ?? true);
}

/** Whether the thing that the request is about lies within what they reach. */
function reaches(who: Who, whose: Whose, name: keyof typeof requests): boolean {
  const { only } = requests[name] as { only?: string };
  return only === undefined ? knows(who, whose, name) : whose === 'a' && who === only;
}

/** Whether they know of it: also where what is asked is to be done by one person alone. */
function knows(who: Who, whose: Whose, name: keyof typeof requests): boolean {
  if (whose === 'none') return false;
  if (whose === 'b') return staffOfProvider.includes(who);
  if (!narrowed.includes(who) || !requests[name].about) return true;
  const made: Made = requests[name].make(objects.a);
  const { containerId } = (made.body ?? {}) as { containerId?: string };
  const id = made.params?.id ?? containerId ?? new URLSearchParams(made.query).get('container') ?? '';
  return containerOf.get(id) === objects.a.running;
}

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
    expect(Object.keys(exempt).length).toBeLessThanOrEqual(34);
  });
});

describe.each(Object.keys(requests) as (keyof typeof requests)[])('%s', (name) => {
  const { about } = requests[name];

  it('is closed to nobody in particular', async () => {
    for (const whose of about ? (['a', 'none'] as const) : (['a'] as const)) {
      expect(await send(name, null, whose)).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    const traces = await frozen.traces();
    expect(await frozen.hash(traces)).toBe(frozen.wholeWhenTaken);
    await frozen.restore(traces);
  });

  it.each(people)('answers %s as the policy says, and changes nothing when it refuses', async (who) => {
    const unknown = about ? await send(name, who, 'none') : undefined;
    if (about) await frozen.restore(await frozen.traces());
    for (const whose of about ? (['a', 'b'] as const) : (['a'] as const)) {
      const answer = await send(name, who, whose);
      const traces = await frozen.traces();
      if (may(who, name) && (reaches(who, whose, name) || !about)) {
        // The positive control: the very same request works for those who may.
        const works = 'host' in requests[name] ? [503] : [200, 201, 202, 204];
        expect(works, `${who} ${whose}: ${answer.text}`).toContain(answer.status);
        checked.allowed += 1;
        if (!staffOfProvider.includes(who)) {
          const { b, a } = objects;
          const beyond = narrowed.includes(who) ? [a.stopped, a.failed, a.stuck] : [];
          // The token says itself what it was made for.
          const named = who === 'tokenA' && (name === 'whoami' || name === 'tokens.list');
          for (const foreign of [world.ids.b, ...(named ? [] : [b.running]), b.backup, b.failed, ...beyond]) {
            expect(answer.text).not.toContain(foreign);
          }
        }
        if (!('crosses' in requests[name])) {
          expect(await frozen.hashOf(whose === 'a' ? world.ids.b : world.ids.a, traces)).toBe(
            frozen.whenTaken[whose === 'a' ? world.ids.b : world.ids.a],
          );
        }
        // Whatever changes something is in the audit record, under the name of whoever asked for it.
        if (routes[name].method !== 'GET' && !('looks' in requests[name])) {
          expect((await gained(traces)).done(who), `${who}: ${name} left no record`).toBeGreaterThan(0);
        }
        await frozen.restore(traces);
        continue;
      }
      expect([403, 404], `${who} ${whose}: ${answer.text}`).toContain(answer.status);
      checked.refused += 1;
      const wide = 'tenantWide' in requests[name] && narrowed.includes(who);
      if (reaches(who, whose, name) && !(wide && !about)) expect(answer.status).toBe(403);
      // Another's thing and no thing at all look the same, to the letter.
      else if (!wide && unknown !== undefined) {
        expect([answer.status, looks(answer)]).toEqual([unknown.status, looks(unknown)]);
      }
      expect(await frozen.hash(traces)).toBe(frozen.wholeWhenTaken);
      const { denied: refusals } = await gained(traces);
      // What is recorded of staff at somebody else's thing comes a moment later: tests/integration/portal/denied.test.ts.
      const me = idOf.get(who);
      const told = refusals.filter((row) => row.tenantId !== null || row.targetId === null);
      const mine = refusals.filter((row) => told.includes(row) || row.actorId === me);
      if (answer.status === 404) expect(told).toEqual([]);
      else expect(mine).toMatchObject([{ verb: permissionOf(name), actorId: me }]);
      if (!knows(who, whose, name) && !('mutual' in requests[name]))
        expect(told.map((one) => one.targetId).filter(Boolean)).toEqual([]);
      await frozen.restore(traces);
    }
    if (unknown !== undefined) expect([403, 404]).toContain(unknown.status);
  });
});

it('says how much was asked', () => {
  console.log(`${checked.allowed} requests allowed, ${checked.refused} refused, of ${people.length} people`);
  expect(checked.allowed).toBeGreaterThan(400);
  expect(checked.refused).toBeGreaterThan(700);
});

it('keeps its own controls honest: a changed row changes the hash, and what is put back is as it was', async () => {
  await portal.super.execute(sql`update containers set hostname = 'x' where id = ${objects.b.running}`);
  const traces = await frozen.traces();
  expect(await frozen.hash(traces)).not.toBe(frozen.wholeWhenTaken);
  expect(await frozen.hashOf(world.ids.b, traces)).not.toBe(frozen.whenTaken[world.ids.b]);
  await frozen.restore(traces);
  expect(await frozen.traces()).toEqual({ tables: new Set() });
  expect(await frozen.hash(traces)).toBe(frozen.wholeWhenTaken);
});
