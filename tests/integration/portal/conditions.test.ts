/** What one has already, what somebody else has changed meanwhile, filters, and what is on its way out: docs/api.md. */
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { withActor } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { lockRolesOf } from '#lib/people/members.ts';
import { startApiServer } from '#tests/support/api-server.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let server: Awaited<ReturnType<typeof startApiServer>>;
const tokens: Record<'admin' | 'ownerA' | 'ownerB', string> = { admin: '', ownerA: '', ownerB: '' };
const backup = v7();
const location = v7();

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  await withActor(portal.super, asSystem, async (tx) => {
    for (const who of ['admin', 'ownerA', 'ownerB'] as const) {
      tokens[who] = await createApiToken(tx, world.people[who].id, 'test');
    }
    const repositoryId = v7();
    const [kept] = await tx.select().from(backupLocations);
    const mine = { name: 'Mine', kind: 'rest' as const, url: 'https://backup.example.test/', offsite: true };
    await tx.insert(backupLocations).values({ id: location, tenantId: world.ids.a, ...mine });
    await tx.insert(repositories).values({
      ...{
        id: repositoryId,
        tenantId: world.ids.a,
        locationId: kept?.id ?? '',
        sealedPassword: 'x',
        sealedRecoveryPassword: 'x',
      },
    });
    const operationId = v7();
    await tx.insert(operations).values({
      ...{ id: operationId, kind: 'backup', state: 'succeeded', lock: 'background', tenantId: world.ids.a },
      ...{ containerId: world.containers.a.id, hostId: world.ids.host, endedAt: new Date(), input: {} },
      ...{ actorKind: 'system', actorName: 'test', queuedAt: new Date('2026-03-05T12:00:00Z') },
    });
    await tx.insert(backups).values({
      ...{ id: backup, tenantId: world.ids.a, containerId: world.containers.a.id, repositoryId, state: 'complete' },
      template: { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' },
      ...{ resticSnapshotId: 'a'.repeat(64), verifiedAt: new Date() },
      ...{ operationId, actorName: 'x', createdAt: new Date('2026-03-05T12:00:00Z'), name: 'before the update' },
    });
    // Silent, all of it: what is asked for is not carried out here.
    await tx.update(containers).set({ observedAt: new Date(Date.now() + 3_600_000) });
    await tx.update(hosts).set({ lastSeenAt: new Date(Date.now() + 3_600_000) });
  });
  server = await startApiServer();
});
afterAll(async () => {
  await server?.stop();
  await portal.stop();
});

type Sent = { who?: keyof typeof tokens; headers?: Record<string, string>; body?: unknown };
async function ask(method: string, path: string, { who = 'ownerA', headers = {}, body }: Sent = {}) {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = text === '' ? null : JSON.parse(text);
  return { status: answer.status, etag: answer.headers.get('etag') ?? '', headers: answer.headers, json };
}
const container = () => `/containers/${world.containers.a.id}`;

it('a cursor with what no text has is refused as one that is not ours', async () => {
  for (const name of ['\u0000', '\ud800']) {
    const cursor = Buffer.from(JSON.stringify([name, v7()])).toString('base64url');
    expect(await ask('GET', `/containers?cursor=${cursor}`)).toMatchObject({ status: 422, json: { code: 'invalid' } });
  }
});

describe('If-None-Match', () => {
  it('spares what one has already, whoever asks and of whatever', async () => {
    for (const path of [container(), '/containers', `/backups/${backup}`, '/me', '/plans', '/openapi.json']) {
      const first = await ask('GET', path);
      expect(first.status, path).toBe(200);
      const again = await ask('GET', path, { headers: { 'if-none-match': `"other", ${first.etag}` } });
      expect([again.status, again.json, again.etag], path).toEqual([304, null, first.etag]);
      expect((await ask('GET', path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    }
    const { etag } = await ask('GET', container());
    await ask('PUT', `${container()}/labels`, { body: { labels: ['web'] } });
    const changed = await ask('GET', container(), { headers: { 'if-none-match': etag } });
    expect([changed.status, changed.json.labels]).toEqual([200, ['web']]);
  });

  it('says nothing to whom the thing is not', async () => {
    const { etag } = await ask('GET', container());
    const other = await ask('GET', container(), { who: 'ownerB', headers: { 'if-none-match': etag } });
    expect(other.status).toBe(404);
    expect((await ask('GET', `/backup-locations/${location}`)).json.name).toBe('Mine');
    expect((await ask('GET', `/backup-locations/${location}`, { who: 'ownerB' })).status).toBe(404);
  });
});

describe('If-Match', () => {
  const editing = [
    ['labels', container, () => `${container()}/labels`, 'PUT', { labels: ['a'] }, { labels: ['b'] }, 'ownerA'],
    ['a backup', `/backups/${backup}`, `/backups/${backup}`, 'PATCH', { note: 'a' }, { note: 'b' }, 'ownerA'],
    [
      'its care',
      () => `${container()}/backup-care`,
      () => `${container()}/backup-care`,
      'PUT',
      { testEvery: 'week' },
      { testEvery: 'never' },
      'ownerA',
    ],
    [
      'a location',
      `/backup-locations/${location}`,
      `/backup-locations/${location}`,
      'PATCH',
      { name: 'A' },
      { name: 'B' },
      'ownerA',
    ],
    [
      'a plan',
      () => `/plans/${world.ids.plan}`,
      () => `/plans/${world.ids.plan}`,
      'PATCH',
      { price: '1' },
      { price: '2' },
      'admin',
    ],
    [
      'a member',
      () => `/tenants/${world.ids.a}/members/${world.people.memberA.id}`,
      () => `/tenants/${world.ids.a}/members/${world.people.memberA.id}`,
      'PATCH',
      { roles: [{ role: 'tenant-viewer' }] },
      { roles: [{ role: 'tenant-billing' }] },
      'ownerA',
    ],
    [
      'who must have a second factor',
      '/security-policy',
      '/security-policy',
      'PUT',
      { factorRoles: ['tenant-viewer'] },
      { factorRoles: ['tenant-billing'] },
      'admin',
    ],
  ] as const;
  const said = (text: string | (() => string)) => (typeof text === 'string' ? text : text());

  it.each(editing)('of two who read %s the same one writes', async (_name, shown, changed, method, one, other, who) => {
    const { etag, status } = await ask('GET', said(shown), { who });
    expect(status).toBe(200);
    const headers = { 'if-match': etag };
    const first = await ask(method, said(changed), { who, headers, body: one });
    expect(first.status, JSON.stringify(first.json)).toBe(200);
    const second = await ask(method, said(changed), { who, headers, body: other });
    expect([second.status, second.json.code]).toEqual([412, 'changed']);
    expect(second.json.remedy).toMatch(/Read it again/);
    const third = await ask(method, said(changed), { who, headers: { 'if-match': first.etag }, body: other });
    expect(third.status).toBe(200);
  });

  it('what moves by itself meanwhile refuses nobody; what somebody edited does, also for what is asked for', async () => {
    const { etag } = await ask('GET', container());
    const later = new Date(Date.now() + 7_200_000);
    await withActor(portal.super, asSystem, (tx) => tx.update(containers).set({ observedAt: later }));
    const moved = await ask('GET', container());
    expect(moved.etag).not.toBe(etag);
    const labelled = await ask('PUT', `${container()}/labels`, { headers: { 'if-match': etag }, body: { labels: [] } });
    expect(labelled.status).toBe(200);
    const stale = await ask('DELETE', container(), { who: 'admin', headers: { 'if-match': etag } });
    expect([stale.status, stale.json.code]).toEqual([412, 'changed']);
    const none = await withActor(portal.super, asSystem, (tx) => tx.select().from(operations));
    expect(none.filter((one) => one.kind === 'delete')).toEqual([]);
    const asked = await ask('PUT', `${container()}/restart-policy`, {
      headers: { 'if-match': labelled.etag },
      body: { restartPolicy: 'always' },
    });
    expect([asked.status, asked.json.kind ?? asked.json.detail]).toEqual([202, 'restart-policy']);
    const weak = await ask('POST', `${container()}/start`, { headers: { 'if-match': etag }, body: {} });
    expect([weak.status, weak.json.code]).toEqual([422, 'invalid']);
  });

  it('is looked at when whoever decides about the same member is done', async () => {
    const { id } = world.people.memberA;
    const path = `/tenants/${world.ids.a}/members/${id}`;
    const { etag } = await ask('GET', path);
    const { asked } = await withActor(portal.super, asSystem, async (tx) => {
      await lockRolesOf(tx, id);
      const asked = ask('DELETE', path, { headers: { 'if-match': etag } });
      const waiting = sql`select 1 from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`;
      await expect.poll(async () => (await tx.execute(waiting)).rows.length).toBe(1);
      await tx.update(assignments).set({ role: 'tenant-backup' }).where(eq(assignments.userId, id));
      return { asked };
    });
    const { status, json } = await asked;
    expect([status, json?.code]).toEqual([412, 'changed']);
  });
});

describe('filters', () => {
  const names = async (path: string, who: keyof typeof tokens = 'admin') => {
    const { status, json } = await ask('GET', path, { who });
    expect(status, JSON.stringify(json)).toBe(200);
    return json.items.map((one: { name: string }) => one.name);
  };

  it('are the same everywhere, and do what they say', async () => {
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(containers).set({ observedPower: 'stopped' }).where(eq(containers.id, world.containers.b.id)),
    );
    expect(await names('/containers?state=running')).toEqual(['web-a']);
    expect(await names('/containers?state=stopped')).toEqual(['web-b']);
    expect(await names('/containers?state=suspended')).toEqual([]);
    expect(await names(`/containers?planId=${v7()}`)).toEqual([]);
    expect(await names(`/containers?planId=${world.ids.plan}&q=WEB&limit=1`)).toEqual(['web-a']);
    expect(await names('/containers?state=stopped', 'ownerA')).toEqual([]);
    expect(await names('/tenants?q=tenant%20a')).toEqual(['Tenant A']);
    expect(await names(`/tenants?resellerId=${world.ids.reseller}`)).toEqual(['Tenant A']);
    expect(await names('/hosts?q=host')).toEqual(['host-1']);
    expect(await names('/hosts?state=ok')).toEqual(['host-1']);
    expect(await names('/hosts?state=silent')).toEqual([]);
    expect(await names('/plans?q=sm')).toEqual(['Small']);
    expect(await names('/plans?q=%25')).toEqual([]);
    expect(await names('/templates?q=tiny')).toEqual(['tiny']);
    expect(await names('/resellers?q=nobody')).toEqual([]);
    expect(await names('/backups?since=2026-03-05&until=2026-03-06')).toEqual(['before the update']);
    expect(await names('/backups?since=2026-03-06&q=update')).toEqual([]);
    expect(await names(`/backups?state=complete&tenantId=${world.ids.b}`)).toEqual([]);
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const kinds = (await ask('GET', `/operations?since=${day}&tenantId=${world.ids.a}`)).json.items;
    expect(kinds.map((one: { kind: string }) => one.kind)).toEqual(['restart-policy']);
    const before = (await ask('GET', `/operations?until=${day}`)).json.items;
    expect(before.map((one: { kind: string }) => one.kind)).toEqual(['backup']);
    const audited = (await ask('GET', `/audit?verb=container.label&since=${day}`)).json.items;
    expect(audited.length).toBeGreaterThan(0);
  });

  it('by state go on over pages', async () => {
    const more = Array.from({ length: 5 }, (_, n) => ({ ...world.containers.b, id: v7(), name: `more-${n}` }));
    await withActor(portal.super, asSystem, (tx) =>
      tx.insert(containers).values(
        more.map((one, n) => ({
          ...{ ...one, volumeId: v7(), address: `10.0.1.${n + 1}`, idBase: 1_979_048_192 + n * 65_536 },
          ...({ observedAt: new Date(Date.now() + 3_600_000), observedPower: n % 2 ? 'running' : 'stopped' } as const),
        })),
      ),
    );
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await ask('GET', `/containers?state=stopped&limit=2${cursor && `&cursor=${cursor}`}`, {
        who: 'admin',
      });
      seen.push(...json.items.map((one: { name: string }) => one.name));
      cursor = json.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual(['more-0', 'more-2', 'more-4', 'web-b']);
  });

  it.each([
    '/containers?stat=running',
    '/containers?state=happy',
    '/containers?state=running&state=stopped',
    '/containers?hostId=1',
    '/operations?since=yesterday',
    '/operations?since=2026-02-02&until=2026-02-01',
    '/plans?state=running',
    '/tickets?limit=0',
    '/audit?kind=x',
  ])('%s is refused, not ignored', async (path) => {
    const { status, json } = await ask('GET', path);
    expect([status, json.code]).toEqual([422, 'invalid']);
    expect(json.issues.length).toBeGreaterThan(0);
  });
});

it('what is on its way out still works and says so', async () => {
  const old = await ask('GET', '/audit?from=2026-01-01T00:00:00Z');
  expect(old.status).toBe(200);
  expect(old.headers.get('deprecation')).toMatch(/^@\d+$/);
  expect(old.headers.get('sunset')).toBe('Sat, 01 Jan 2028 00:00:00 GMT');
  expect((await ask('GET', '/audit?since=2026-01-01')).headers.get('deprecation')).toBeNull();
});

it('an Idempotency-Key stands for the bytes too', async () => {
  const made = await ask('POST', '/tickets', { body: { subject: 'It is slow', body: 'Since this morning.' } });
  expect(made.status, JSON.stringify(made.json)).toBe(201);
  const attach = (body: string) =>
    ask('POST', `/tickets/${made.json.id}/attachments?name=a.txt`, {
      headers: { 'idempotency-key': 'file', 'content-type': 'application/octet-stream' },
      body,
    });
  expect((await attach('one')).status).toBe(200);
  expect((await attach('one')).headers.get('idempotency-replayed')).toBe('true');
  const other = await attach('two');
  expect([other.status, other.json.code]).toEqual([422, 'key_reused']);
  const kept = await withActor(portal.super, asSystem, (tx) => tx.select().from(tickets));
  expect(kept).toHaveLength(1);
});
