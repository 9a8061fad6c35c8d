import { and, eq, sql } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUT as languageRoute } from '#app/api/v1/me/language/route.ts';
import { POST as createTokenRoute } from '#app/api/v1/tokens/route.ts';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { confirmPassword } from '#lib/auth/confirm-password.ts';
import { issueLoginToken } from '#lib/auth/links.ts';
import { changePassword, getMe, revokeAllSessions, revokeSession } from '#lib/auth/me.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { keyHash } from '#lib/auth/random.ts';
import { getActor } from '#lib/auth/request.ts';
import { redeemReset, requestReset } from '#lib/auth/reset.ts';
import { openSession } from '#lib/auth/sessions.ts';
import { signInWithPassword } from '#lib/auth/sign-in.ts';
import { sweepAccounts } from '#lib/auth/sweep.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { watchActor } from '#lib/auth/watch.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { NewToken } from '#lib/contract/tokens.ts';
import { asActor, withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { apiTokens, sessions } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const secret = 'a secret for tests only, long enough for it';
const visitor = { address: '192.0.2.1', userAgent: 'test' };
const password = 'correct horse battery';
let portal: TestPortal;
let world: World;
const asSystem = systemActor('test');
const asSuper = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, asSystem, work);

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret, baseUrl: 'http://panel.test' });
  world = await seedWorld(portal);
  const passwordHash = await hashPassword(password);
  await withActor(portal.super, asSystem, (tx) => tx.update(users).set({ passwordHash }));
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

async function headersWith(key: string): Promise<Headers> {
  const token = await encode({ token: { key }, secret, salt: 'berth-session' });
  return new Headers({ cookie: `other=1; berth-session=${token}`, 'x-berth-address': '192.0.2.9' });
}
async function signedIn(who: keyof World['people']) {
  const key = await signInWithPassword(world.people[who].email, password, visitor);
  const headers = await headersWith(key ?? '');
  const actor = await getActor(headers);
  if (actor === undefined) throw new Error('not signed in');
  return { actor, headers };
}
const mails = () => withActor(portal.worker, asSystem, (tx) => tx.select().from(outbox).orderBy(outbox.createdAt));

describe('signing in', () => {
  it('takes the right password whatever the case of the address, and records both outcomes', async () => {
    expect(await signInWithPassword('Owner-A@Example.TEST ', password, visitor)).toBeTypeOf('string');
    expect(await signInWithPassword('owner-a@example.test', 'wrong password', visitor)).toBeUndefined();
    expect(await signInWithPassword('nobody@example.test', password, visitor)).toBeUndefined();
    const log = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(auditLog).where(eq(auditLog.verb, 'session.create')).orderBy(auditLog.at),
    );
    expect(log.map((row) => row.outcome)).toEqual(['allowed', 'denied', 'denied']);
  });

  it('knows the person by the cookie, which carries nothing but a random key', async () => {
    const { actor } = await signedIn('ownerA');
    expect(actor).toMatchObject({
      userId: world.people.ownerA.id,
      role: 'tenant-owner',
      assignments: [{ scope: 'tenant', tenantId: world.ids.a, reach: { tenantIds: [world.ids.a] } }],
      address: '192.0.2.9',
    });
    const stored = await withActor(portal.super, asSystem, (tx) => tx.select().from(sessions));
    expect(stored.every((row) => /^[0-9a-f]{64}$/.test(row.keyHash))).toBe(true);
  });

  it('gives a reseller the tenants that are its own', async () => {
    const { actor } = await signedIn('reseller');
    expect(actor.assignments).toMatchObject([
      { scope: 'reseller', reach: { tenantIds: [world.ids.reseller, world.ids.a].sort() } },
    ]);
  });

  it('believes neither a cookie made with another secret nor an altered one', async () => {
    const key = await signInWithPassword(world.people.ownerA.email, password, visitor);
    const foreign = await encode({ token: { key: key ?? '' }, secret: `${secret}!`, salt: 'berth-session' });
    expect(await getActor(new Headers({ cookie: `berth-session=${foreign}` }))).toBeUndefined();
    expect(await getActor(new Headers({ cookie: 'berth-session=abc' }))).toBeUndefined();
  });

  it('refuses a disabled account', async () => {
    const { headers } = await signedIn('memberB');
    const id = world.people.memberB.id;
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(users).set({ disabledAt: new Date() }).where(eq(users.id, id)),
    );
    expect(await getActor(headers)).toBeUndefined();
    expect(await signInWithPassword(world.people.memberB.email, password, visitor)).toBeUndefined();
  });

  it('is under a brand’s name what it is to that brand, and takes nothing along that is good elsewhere', async () => {
    const { reseller, a, b } = world.ids;
    // A tenant's owner elsewhere, who helps one tenant of the reseller; and a reseller's own owner.
    const { id, email } = world.people.ownerB;
    const helps = { userId: id, role: 'reseller-staff' as const, scope: 'tenant' as const, tenantId: a };
    await asSuper((tx) => tx.insert(assignments).values(helps));
    const under = async (who: { email: string }, brand: string | null) => {
      const headers = await headersWith((await signInWithPassword(who.email, password, { ...visitor, brand })) ?? '');
      if (brand !== null) headers.set('x-berth-brand', brand);
      return { headers, actor: await getActor(headers) };
    };
    const may = (actor: UserActor | undefined, verb: Permission, tenantId: string) =>
      actor !== undefined && hasPermission(actor, verb, ofTenant(tenantId));
    const own = await under({ email }, null);
    const there = await under({ email }, reseller);
    expect([may(own.actor, 'container.console', b), may(own.actor, 'container.start', a)]).toEqual([true, true]);
    expect([may(there.actor, 'container.console', b), may(there.actor, 'container.start', a)]).toEqual([false, true]);
    expect(there.actor).toMatchObject({ role: 'reseller-staff', partial: true, limited: true });
    expect((await asActor(there.actor ?? asSystem, (tx) => tx.select().from(tenants))).map((one) => one.id)).toEqual([
      a,
    ]);
    // A token of all that the account may works there for as much.
    const token = await asSuper((tx) => createApiToken(tx, id, 'test'));
    const bearer = new Headers({ authorization: `Bearer ${token}`, 'x-berth-brand': reseller });
    expect(may(await getActor(bearer), 'container.console', b)).toBe(false);
    const call = async (headers: Headers, path: string, route: typeof createTokenRoute, body: unknown) => {
      const more = { 'content-type': 'application/json', origin: 'http://panel.test' };
      const all = new Headers([...headers, ...Object.entries(more)]);
      const init = { method: path === '/me/language' ? 'PUT' : 'POST', headers: all, body: JSON.stringify(body) };
      return await route(new Request(`http://panel.test/api/v1${path}`, init), { params: Promise.resolve({}) });
    };
    const make = (headers: Headers, more = {}) => call(headers, '/tokens', createTokenRoute, { name: 'mine', ...more });
    const speak = async (headers: Headers) =>
      (await call(headers, '/me/language', languageRoute, { language: 'en' })).status;
    const tokenFrom = async (answer: Response) => {
      expect(answer.status).toBe(201);
      return NewToken.parse(await answer.json());
    };
    const bearing = ({ token }: NewToken, brand: string | null) =>
      new Headers({ authorization: `Bearer ${token}`, ...(brand === null ? {} : { 'x-berth-brand': brand }) });
    expect(await speak(there.headers)).toBe(204);
    // One made there is as much everywhere, changes nothing of the account, and makes no other.
    expect((await tokenFrom(await make(own.headers))).brandId).toBeNull();
    const bound = await tokenFrom(await make(there.headers));
    expect(bound.brandId).toBe(reseller);
    for (const brand of [null, reseller]) {
      const actor = await getActor(bearing(bound, brand));
      expect([may(actor, 'container.console', b), may(actor, 'container.start', a)]).toEqual([false, true]);
      expect((await make(bearing(bound, brand))).status).toBe(403);
      expect(await speak(bearing(bound, brand))).toBe(403);
    }
    // A token for one verb stays that where its holder is less.
    const few = await tokenFrom(await make(own.headers, { verbs: ['container.read'] }));
    expect((await getActor(bearing(few, reseller)))?.partial).toBeUndefined();
    expect((await make(bearing(few, reseller))).status).toBe(403);
    // Under another brand's name it is nobody's, whatever its holder is there; and so is what a version before this would look for.
    const other = v7();
    await asSuper((tx) => tx.insert(tenants).values({ id: other, kind: 'reseller', name: 'Another' }));
    const alsoThere = { userId: id, role: 'reseller-staff' as const, scope: 'reseller' as const, tenantId: other };
    await asSuper((tx) => tx.insert(assignments).values(alsoThere));
    expect(await getActor(bearing(bound, other))).toBeUndefined();
    expect(await getActor(bearing(few, other))).toBeDefined();
    const rows = await asSuper((tx) => tx.select().from(apiTokens).where(eq(apiTokens.id, bound.id)));
    expect(rows).toMatchObject([{ brandId: reseller }]);
    expect(rows[0]?.tokenHash).not.toBe(keyHash(bound.token));
    // Who is nothing elsewhere is whole; what they become there later, a token of theirs from before is not.
    const whole = await under(world.people.reseller, reseller);
    expect(whole.actor).toMatchObject({ role: 'reseller-owner', limited: false });
    expect(whole.actor).not.toHaveProperty('partial');
    const early = await tokenFrom(await make(whole.headers));
    const child = await tokenFrom(await make(bearing(early, null)));
    expect(child.brandId).toBe(reseller);
    const [later] = await asSuper((tx) =>
      tx
        .insert(assignments)
        .values({ ...alsoThere, userId: world.people.reseller.id })
        .returning(),
    );
    for (const one of [early, child]) {
      const actor = await getActor(bearing(one, null));
      expect([may(actor, 'container.start', a), may(actor, 'container.start', other)]).toEqual([true, false]);
    }
    await asSuper((tx) => tx.delete(assignments).where(eq(assignments.id, later?.id ?? '')));
    await asSuper((tx) =>
      tx.delete(assignments).where(and(eq(assignments.userId, id), eq(assignments.tenantId, other))),
    );
    // What is lost there ends what is open there, and makes nobody of them.
    const ended = new Promise((resolve) => watchActor(there.actor ?? (own.actor as UserActor), resolve));
    await asSuper((tx) => tx.delete(assignments).where(and(eq(assignments.userId, id), eq(assignments.tenantId, a))));
    expect(await ended).toBe('forbidden');
    expect(await getActor(there.headers)).toBeUndefined();
    expect(await getActor(bearing(bound, null))).toBeUndefined();
    expect(await getActor(own.headers)).toBeDefined();
  });

  it('stops guessing at an account, also in parallel, and leaves others alone', async () => {
    const from = { address: '192.0.2.77', userAgent: '' };
    const tries = await Promise.allSettled(
      Array.from({ length: 14 }, () => signInWithPassword('support@example.test', 'wrong password', from)),
    );
    expect(tries.filter((one) => one.status === 'rejected')).toHaveLength(4);
    await expect(signInWithPassword('support@example.test', password, from)).rejects.toMatchObject({
      code: 'rate_limited',
    });
    expect(await signInWithPassword('admin@example.test', password, from)).toBeTypeOf('string');
  });

  it('keeps nobody out for what strangers guess elsewhere, and gives those no more guesses for it', async () => {
    const { email } = world.people.memberA;
    const [home, stranger] = [
      { address: '2001:db8:7:1:1:2:3:4', userAgent: '' },
      { address: '198.51.100.9', userAgent: '' },
    ];
    const guess = (from: typeof home, text = 'wrong password') => signInWithPassword(email, text, from);
    const refused = expect.objectContaining({ code: 'rate_limited' });
    const key = await guess(home, password);
    const inside = await getActor(await headersWith(key ?? ''));
    if (inside === undefined) throw new Error('not signed in');
    await Promise.all(Array.from({ length: 10 }, () => guess(stranger)));
    await expect(guess(stranger, password)).rejects.toEqual(refused);
    await expect(guess({ address: '198.51.100.10', userAgent: '' }, password)).rejects.toEqual(refused);
    // At home, by another address of that line too; and who is signed in shows who they are, wherever they are by now.
    expect(await guess({ ...home, address: '2001:db8:7:1::9' }, password)).toBeTypeOf('string');
    await confirmPassword({ ...inside, address: stranger.address }, password, 'password');
    // What was right there is nothing to strangers, and is counted as well.
    await expect(guess(stranger, password)).rejects.toEqual(refused);
    await expect(guess({ address: '2001:db8:7:2::1', userAgent: '' }, password)).rejects.toEqual(refused);
    await Promise.all(Array.from({ length: 10 }, () => guess(home)));
    await expect(guess(home, password)).rejects.toEqual(refused);
    const wrong = () => confirmPassword(inside, 'wrong password', 'password');
    const tries = await Promise.allSettled(Array.from({ length: 12 }, wrong));
    expect(tries.filter((one) => one.status === 'rejected' && one.reason.code === 'rate_limited')).toHaveLength(2);
    await portal.super.execute(sql`truncate login_throttle`);
    // A link that somebody else made and could follow makes no place known, nor does a session of long ago.
    const place = { address: '192.0.2.201', userAgent: '' };
    const mine = eq(sessions.address, place.address);
    await asSuper((tx) => openSession(tx, world.people.memberA.id, place, 'link'));
    await Promise.all(Array.from({ length: 10 }, () => guess(stranger)));
    await expect(guess(place)).rejects.toEqual(refused);
    await asSuper((tx) => tx.update(sessions).set({ provedAt: new Date() }).where(mine));
    expect(await guess(place)).toBeUndefined();
    const longAgo = new Date(Date.now() - 31 * 86_400_000);
    await asSuper((tx) => tx.update(sessions).set({ lastSeenAt: longAgo }).where(mine));
    await expect(guess(place)).rejects.toEqual(refused);
    await portal.super.execute(sql`truncate login_throttle`);
  });

  it('counts guesses at the longest addresses too', async () => {
    const email = `${'x'.repeat(60)}@${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.test`;
    const from = { address: '192.0.2.202', userAgent: '' };
    expect(await signInWithPassword(email, 'wrong password', from)).toBeUndefined();
  });

  it('stops an address that tries many accounts', async () => {
    const from = { address: '192.0.2.78', userAgent: '' };
    const all = Array.from({ length: 61 }, (_, n) => signInWithPassword(`x${n}@example.test`, 'wrong password', from));
    const refused = (await Promise.allSettled(all)).filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(1);
  });
});

describe('ending sessions', () => {
  it('kills a revoked session at its next request and tells streams within 2 s', async () => {
    const one = await signedIn('ownerA');
    const other = await signedIn('ownerA');
    const ended = new Promise<number>((resolve) => watchActor(one.actor, () => resolve(Date.now())));
    // Until the LISTEN connection stands the watcher's own rounds keep the promise.
    const before = Date.now();
    await revokeSession(other.actor, one.actor.sessionId ?? '');
    expect(await getActor(one.headers)).toBeUndefined();
    expect((await ended) - before).toBeLessThan(2000);
    expect(await getActor(other.headers)).toBeDefined();
  });

  it('ends streams of a person whose role has changed', async () => {
    const { actor } = await signedIn('memberA');
    const ended = new Promise<number>((resolve) => watchActor(actor, () => resolve(Date.now())));
    const before = Date.now();
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(users).set({ role: 'tenant-owner' }).where(eq(users.id, actor.userId)),
    );
    expect((await ended) - before).toBeLessThan(2000);
  });

  it('does not let one person end another’s session', async () => {
    const victim = await signedIn('ownerB');
    const { actor } = await signedIn('admin');
    await expect(revokeSession(actor, victim.actor.sessionId ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await getActor(victim.headers)).toBeDefined();
  });

  it('signs out everywhere', async () => {
    const [one, two] = [await signedIn('ownerB'), await signedIn('ownerB')];
    expect((await getMe(one.actor)).sessions.length).toBeGreaterThanOrEqual(2);
    await revokeAllSessions(one.actor);
    expect(await getActor(one.headers)).toBeUndefined();
    expect(await getActor(two.headers)).toBeUndefined();
  });
});

describe('passwords', () => {
  it('change for who knows the present one, end the other sessions, and are announced by mail', async () => {
    const [here, elsewhere] = [await signedIn('ownerB'), await signedIn('ownerB')];
    const next = 'another long password';
    await expect(changePassword(here.actor, { current: 'wrong password', next })).rejects.toMatchObject({
      code: 'invalid',
    });
    await changePassword(here.actor, { current: password, next });
    expect(await getActor(here.headers)).toBeDefined();
    expect(await getActor(elsewhere.headers)).toBeUndefined();
    expect(await signInWithPassword('owner-b@example.test', next, visitor)).toBeTypeOf('string');
    expect((await mails()).at(-1)).toMatchObject({ recipient: 'owner-b@example.test' });
  });

  it('are reset by a link that works once and ends all sessions; an unknown address gets the same answer and no mail', async () => {
    const { headers } = await signedIn('ownerA');
    const before = (await mails()).length;
    expect(await requestReset({ email: 'nobody@example.test' }, visitor)).toBeUndefined();
    expect(await mails()).toHaveLength(before);
    expect(await requestReset({ email: 'owner-a@example.test' }, visitor)).toBeUndefined();
    const body = (await mails()).at(-1)?.body ?? '';
    const token = /[?#&=/]([\w-]{43})(\s|$)/.exec(body)?.[1] ?? '';
    const both = [1, 2].map(() => redeemReset({ token, password: 'a third long password' }, visitor));
    const results = await Promise.allSettled(both);
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await getActor(headers)).toBeUndefined();
    expect(await signInWithPassword('owner-a@example.test', 'a third long password', visitor)).toBeTypeOf('string');
  });

  it('refuses a link that is too old or was replaced by a newer one', async () => {
    const id = world.people.support.id;
    const old = await withActor(portal.web, asSystem, (tx) => issueLoginToken(tx, id, 'reset'));
    const late = await withActor(portal.web, asSystem, (tx) => issueLoginToken(tx, id, 'reset'));
    await expect(redeemReset({ token: old, password }, visitor)).rejects.toMatchObject({ code: 'not_found' });
    await portal.super.execute(sql`update login_tokens set expires_at = now() - interval '1 second'`);
    await expect(redeemReset({ token: late, password }, visitor)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('bearer tokens', () => {
  it('name their person until revoked, and a bad one is nobody even beside a good cookie', async () => {
    const id = world.people.admin.id;
    const token = await withActor(portal.web, asSystem, (tx) => createApiToken(tx, id, 'test'));
    const headers = new Headers({ authorization: `Bearer ${token}` });
    expect(await getActor(headers)).toMatchObject({ role: 'provider-admin', sessionId: null });
    const { headers: cookie } = await signedIn('ownerA').catch(() => signedIn('admin'));
    cookie.set('authorization', 'Bearer berth_wrong');
    expect(await getActor(cookie)).toBeUndefined();
    await withActor(portal.web, asSystem, (tx) => tx.update(apiTokens).set({ revokedAt: new Date() }));
    expect(await getActor(headers)).toBeUndefined();
  });
});

describe('clearing up', () => {
  it('forgets what ended a month ago and keeps the rest', async () => {
    const live = await signInWithPassword('admin@example.test', password, { address: '192.0.2.99', userAgent: '' });
    await portal.super.execute(sql`insert into sessions (id, user_id, key_hash, user_agent, address, expires_at, revoked_at)
      select gen_random_uuid(), id, 'old', '', '', now() + interval '1 day', now() - interval '31 days' from users limit 1`);
    await portal.super.execute(sql`insert into login_throttle values ('old', 1, 1)`);
    await withActor(portal.worker, asSystem, sweepAccounts);
    const { rows } = await portal.super.execute(sql`
      select (select count(*)::int from sessions where key_hash = 'old') as sessions,
        (select count(*)::int from login_throttle where key = 'old') as counts`);
    expect(rows).toEqual([{ sessions: 0, counts: 0 }]);
    expect(await getActor(await headersWith(live ?? ''))).toBeDefined();
  });
});
