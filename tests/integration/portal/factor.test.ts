/** The second factor: setting it up, signing in with it, what does not get around it, who may ask for it; and being asked again. */
import { randomBytes } from 'node:crypto';
import { and, eq, like, sql } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { Secret, TOTP } from 'otpauth';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { confirmFactor, getFactor, renewRecoveryCodes, startFactor, turnOffFactor } from '#lib/auth/factor.ts';
import { setAccountSecurity, setSecurityPolicy } from '#lib/auth/factor-policy.ts';
import { issueLoginToken } from '#lib/auth/links.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { prove } from '#lib/auth/proof.ts';
import { redeemRecoveryCode } from '#lib/auth/recovery-codes.ts';
import { getActor } from '#lib/auth/request.ts';
import { redeemReset } from '#lib/auth/reset.ts';
import { openSession } from '#lib/auth/sessions.ts';
import { signInWithPassword } from '#lib/auth/sign-in.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { watchActor } from '#lib/auth/watch.ts';
import { recoveryCodeCount } from '#lib/contract/factors.ts';
import { type RouteName, routes } from '#lib/contract/routes.ts';
import { stepUp } from '#lib/contract/step-up.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { events } from '#lib/db/schema/events.ts';
import { authenticators, recoveryCodes } from '#lib/db/schema/factors.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { sessions } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { handle } from '#lib/http/route.ts';
import { resetFactor } from '#lib/people/reset-factor.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const secret = 'a secret for tests only, long enough for it';
const password = 'correct horse battery';
const names = { issuer: 'Berth', rpId: 'panel.test', origin: 'http://panel.test' };
const stepMs = 30_000;
let portal: TestPortal;
let world: World;
/** Each sign-in from another address, so that only the account's own count counts. */
let addresses = 0;
const visitor = () => ({ address: `198.51.${++addresses >> 8}.${addresses & 255}`, userAgent: 'test' });
const asSuper = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret, baseUrl: 'http://panel.test' });
  setSealKey(randomBytes(32));
  world = await seedWorld(portal);
  const passwordHash = await hashPassword(password);
  await asSuper((tx) => tx.update(users).set({ passwordHash }));
});
afterAll(async () => {
  vi.useRealTimers();
  await notifications().close();
  await portal.stop();
});

type Who = keyof World['people'];
const mailOf = (who: Who) => world.people[who].email;
const cookieOf = async (key: string) =>
  `berth-session=${await encode({ token: { key }, secret, salt: 'berth-session' })}`;
async function actorWith(key: string): Promise<UserActor> {
  const actor = await getActor(new Headers({ cookie: await cookieOf(key), 'x-berth-address': '192.0.2.9' }));
  if (actor === undefined) throw new Error('not signed in');
  return actor;
}
async function keyFor(who: Who, code?: string): Promise<string> {
  const key = await signInWithPassword(mailOf(who), password, visitor(), code);
  if (key === undefined) throw new Error('not signed in');
  return key;
}
const signedIn = async (who: Who, code?: string) => actorWith(await keyFor(who, code));
const clearThrottle = () => asSuper((tx) => tx.execute(sql`delete from login_throttle`));

/** An authenticator app with a clock that is turned on by a step for each code: every code is good once. */
class App {
  readonly totp: TOTP;
  #ahead = 0;
  constructor(base32: string) {
    this.totp = new TOTP({ secret: Secret.fromBase32(base32), digits: 6, period: 30 });
  }
  at(ms: number): string {
    return this.totp.generate({ timestamp: ms });
  }
  /** The next code nobody has used yet; time goes on for the panel too. */
  next(): string {
    this.#ahead += stepMs;
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(realNow() + this.#ahead) });
    return this.at(Date.now());
  }
}
const realNow = () => performance.timeOrigin + performance.now();

async function enrol(who: Who): Promise<{ app: App; actor: UserActor; codes: string[] }> {
  const actor = await signedIn(who);
  const app = new App((await startFactor(actor, {}, names)).secret);
  const { recoveryCodes: codes } = await confirmFactor(actor, { code: app.next() });
  return { app, actor, codes };
}

describe('setting it up', () => {
  it('counts only when a code has confirmed it, and ends the sessions that were opened without', async () => {
    const other = await keyFor('ownerA');
    const actor = await signedIn('ownerA');
    const started = await startFactor(actor, {}, names);
    expect(started.uri).toMatch(/^otpauth:\/\/totp\/Berth:owner-a%40example\.test\?issuer=Berth&secret=[A-Z2-7]{32}&/);
    expect((await getFactor(actor, names)).authenticator).toBeNull();
    // Not yet: the password alone still does.
    await keyFor('ownerA');
    const app = new App(started.secret);
    await expect(confirmFactor(actor, { code: '000000' })).rejects.toMatchObject({ code: 'invalid' });
    const { recoveryCodes: codes } = await confirmFactor(actor, { code: app.next() });
    expect(new Set(codes).size).toBe(recoveryCodeCount);
    expect(await getFactor(actor, names)).toMatchObject({ recoveryCodesLeft: recoveryCodeCount, required: [] });
    await expect(actorWith(other)).rejects.toThrow('not signed in');

    const kept = JSON.stringify([
      await asSuper((tx) => tx.select().from(authenticators)),
      await asSuper((tx) => tx.select().from(recoveryCodes)),
      await asSuper((tx) => tx.select().from(auditLog)),
      await asSuper((tx) => tx.select().from(outbox)),
    ]);
    for (const told of [started.secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
      expect(kept).not.toContain(told);
    }
    // A sealed secret under another person's row opens nothing.
    const [row] = await asSuper((tx) => tx.select().from(authenticators));
    await asSuper((tx) =>
      tx.insert(authenticators).values({
        ...row,
        userId: world.people.ownerB.id,
        confirmedAt: new Date(),
        sealedSecret: row?.sealedSecret ?? '',
      }),
    );
    await expect(signInWithPassword(mailOf('ownerB'), password, visitor(), app.next())).rejects.toThrow();
    await asSuper((tx) => tx.delete(authenticators));
    await asSuper((tx) => tx.delete(recoveryCodes));
    await clearThrottle();
  });

  it('is read by nobody else through the panel, whoever they are', async () => {
    const { actor } = await enrol('ownerB');
    const seenBy = (one: UserActor) =>
      withActor(portal.web, one, async (tx) => [
        ...(await tx.select().from(authenticators)),
        ...(await tx.select().from(recoveryCodes)),
      ]);
    expect((await seenBy(actor)).length).toBe(1 + recoveryCodeCount);
    for (const who of ['admin', 'ownerA', 'memberB'] as const) expect(await seenBy(await signedIn(who))).toEqual([]);
    await expect(portal.worker.select().from(authenticators)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('permission denied') },
    });
    await asSuper((tx) => tx.delete(authenticators));
    await asSuper((tx) => tx.delete(recoveryCodes));
    await clearThrottle();
  });

  it('is for people in a browser: a token sets nothing up and turns nothing off', async () => {
    const token = await asSuper((tx) => createApiToken(tx, world.people.ownerA.id, 'test'));
    const actor = await getActor(new Headers({ authorization: `Bearer ${token}` }));
    if (actor === undefined) throw new Error('nobody');
    await expect(startFactor(actor, {}, names)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(turnOffFactor(actor, { password, code: '123456' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(prove(actor, { password })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('with a second factor', () => {
  let app: App;
  let codes: string[];
  let actor: UserActor;
  beforeAll(async () => {
    ({ app, codes, actor } = await enrol('memberA'));
  });

  it('the password alone opens no session, not even half of one', async () => {
    const count = () => asSuper((tx) => tx.$count(sessions));
    const before = await count();
    await expect(signInWithPassword(mailOf('memberA'), password, visitor())).rejects.toMatchObject({
      code: 'second_factor_required',
    });
    await expect(signInWithPassword(mailOf('memberA'), password, visitor(), '000000')).rejects.toMatchObject({
      code: 'invalid',
    });
    // Nor does any other way that comes without one.
    const open = withActor(portal.web, systemActor('test'), (tx) =>
      openSession(tx, world.people.memberA.id, visitor()),
    );
    await expect(open).rejects.toMatchObject({ code: 'second_factor_required' });
    // A wrong password says nothing of codes.
    expect(await signInWithPassword(mailOf('memberA'), 'wrong password', visitor(), app.next())).toBeUndefined();
    expect(await count()).toBe(before);
    await clearThrottle();
  });

  it('a code signs in once: not again within its window, not one of before, not fifty at once', async () => {
    const code = app.next();
    const older = app.at(Date.now() - stepMs);
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, async () => {
        await clearThrottle();
        return signInWithPassword(mailOf('memberA'), password, visitor(), code);
      }),
    );
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await clearThrottle();
    for (const again of [code, older]) {
      await expect(signInWithPassword(mailOf('memberA'), password, visitor(), again)).rejects.toMatchObject({
        code: 'invalid',
      });
    }
    // One from a clock that is two minutes off is none at all.
    await expect(
      signInWithPassword(mailOf('memberA'), password, visitor(), app.at(Date.now() + 120_000)),
    ).rejects.toMatchObject({ code: 'invalid' });
    await clearThrottle();
  });

  it('guesses at codes are counted as guesses at passwords are, in parallel too', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 14 }, (_, n) =>
        signInWithPassword(mailOf('memberA'), password, visitor(), String(100_000 + n)),
      ),
    );
    const codesOf = tries.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'in'));
    expect(codesOf.filter((one) => one === 'rate_limited')).toHaveLength(4);
    await expect(signInWithPassword(mailOf('memberA'), password, visitor(), app.next())).rejects.toMatchObject({
      code: 'rate_limited',
    });
    await clearThrottle();
  });

  it('each recovery code works exactly once, also under 50 concurrent tries', async () => {
    const [first = '', second = '', third = ''] = codes;
    const id = world.people.memberA.id;
    const taken = await Promise.all(
      Array.from({ length: 50 }, () =>
        withActor(portal.web, systemActor('test'), (tx) => redeemRecoveryCode(tx, id, first)),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, async () => {
        await clearThrottle();
        // As people write them down.
        return signInWithPassword(
          mailOf('memberA'),
          password,
          visitor(),
          ` ${second.toUpperCase().replaceAll('-', ' ')}`,
        );
      }),
    );
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await clearThrottle();
    // Somebody else's is none.
    const theirs = await enrol('ownerB');
    await expect(keyFor('ownerB', third)).rejects.toMatchObject({ code: 'invalid' });
    await turnOffFactor(theirs.actor, { password, code: theirs.app.next() });
    expect((await getFactor(actor, names)).recoveryCodesLeft).toBe(recoveryCodeCount - 2);
    const told = await asSuper((tx) =>
      tx
        .select()
        .from(outbox)
        .where(and(eq(outbox.recipient, mailOf('memberA')), like(outbox.subject, '%recovery code%'))),
    );
    expect(told).toHaveLength(1);
  });

  it('a new password, by whichever link, does not get around it', async () => {
    for (const purpose of ['reset', 'first-login', 'setup'] as const) {
      const token = await asSuper((tx) => issueLoginToken(tx, world.people.memberA.id, purpose));
      await redeemReset({ token, password }, visitor());
      await expect(keyFor('memberA')).rejects.toMatchObject({ code: 'second_factor_required' });
    }
    actor = await signedIn('memberA', app.next());
  });

  it('another device takes its place by a code, it goes by password and code alone, and live pages of the people hear of each', async () => {
    const told = () =>
      asSuper((tx) => tx.$count(events, and(eq(events.type, 'people'), sql`data ->> 'userId' = ${actor.userId}`)));
    const before = await told();
    await expect(startFactor(actor, {}, names)).rejects.toMatchObject({ code: 'invalid' });
    await expect(startFactor(actor, { code: '000000' }, names)).rejects.toMatchObject({ code: 'invalid' });
    const fresh = new App((await startFactor(actor, { code: app.next() }, names)).secret);
    // Until it is confirmed the old one is what counts.
    await keyFor('memberA', app.next());
    await confirmFactor(actor, { code: fresh.at(Date.now()) });
    await expect(keyFor('memberA', app.next())).rejects.toMatchObject({ code: 'invalid' });
    const renewed = await renewRecoveryCodes(actor, fresh.at(Date.now()));
    await expect(keyFor('memberA', codes[4])).rejects.toMatchObject({ code: 'invalid' });
    await expect(turnOffFactor(actor, { password: 'wrong', code: '000000' })).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(turnOffFactor(actor, { password, code: '000000' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(keyFor('memberA')).rejects.toMatchObject({ code: 'second_factor_required' });
    await turnOffFactor(actor, { password, code: renewed.recoveryCodes[0] ?? '' });
    expect(await told()).toBe(before + 3); // replaced, new codes, off
    await keyFor('memberA');
    expect(await asSuper((tx) => tx.select().from(recoveryCodes))).toEqual([]);
    await clearThrottle();
  });

  it('an administrator takes it from who lost it, with a mail and a record; nobody below does', async () => {
    const { codes: lost } = await enrol('memberA');
    const key = await keyFor('memberA', lost[0]);
    for (const who of ['support', 'reseller', 'ownerA', 'memberB'] as const) {
      await expect(resetFactor(await signedIn(who), world.people.memberA.id)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    await expect(keyFor('memberA')).rejects.toMatchObject({ code: 'second_factor_required' });
    const admin = await signedIn('admin');
    await expect(resetFactor(admin, admin.userId)).rejects.toMatchObject({ code: 'state' });
    await resetFactor(admin, world.people.memberA.id);
    await expect(actorWith(key)).rejects.toThrow('not signed in');
    await keyFor('memberA');
    await expect(resetFactor(admin, world.people.memberA.id)).rejects.toMatchObject({ code: 'state' });
    const [entry] = await asSuper((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'factor.reset')));
    expect(entry).toMatchObject({ actorId: admin.userId, targetName: mailOf('memberA'), tenantId: world.ids.a });
    const mails = await asSuper((tx) =>
      tx
        .select()
        .from(outbox)
        .where(eq(outbox.recipient, mailOf('memberA'))),
    );
    expect(mails.at(-1)?.body).toContain('an administrator took the second factor');
    await clearThrottle();
  });
});

/** A request to a route, by the session of a cookie or by a token. */
async function ask(
  name: RouteName,
  via: { cookie: string } | { authorization: string },
  body: unknown = {},
  id?: string,
) {
  const { method, path } = routes[name];
  let reached = false;
  const answer = await handle(name, async () => {
    reached = true;
    return new Response(null, { status: 204 });
  })(
    new Request(`http://panel.test/api/v1${path}`, {
      method,
      headers: { ...via, origin: 'http://panel.test', 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    }),
    { params: Promise.resolve(id === undefined ? {} : { id, memberId: id, hostId: id, keyId: id }) },
  );
  const text = await answer.text();
  return { reached, status: answer.status, code: text === '' ? null : (JSON.parse(text) as { code?: string }).code };
}

describe('asked for by policy', () => {
  it('leaves who has none nothing but setting it up, and gives all back with the first code', async () => {
    const owner = await enrol('ownerA');
    const key = await keyFor('memberA');
    const cookie = await cookieOf(key);
    const token = await asSuper((tx) => createApiToken(tx, world.people.memberA.id, 'test'));
    const service = await asSuper(async (tx) => {
      const [made] = await tx
        .insert(users)
        .values({
          tenantId: world.ids.a,
          kind: 'service',
          name: 's',
          email: 's@service.invalid',
          role: 'tenant-viewer',
        })
        .returning();
      return createApiToken(tx, made?.id ?? '', 'test');
    });
    const member = await actorWith(key);
    const ended = new Promise<number>((resolve) => watchActor(member, () => resolve(performance.now())));
    await expect(
      setAccountSecurity(member, world.ids.a, { requireFactor: true }),
      'an operator does not decide that',
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect((await ask('containers.list', { cookie })).reached).toBe(true);

    const before = performance.now();
    await setAccountSecurity(owner.actor, world.ids.a, { requireFactor: true });
    expect((await ended) - before).toBeLessThan(2000);
    const waiting = await actorWith(key);
    expect(waiting).toMatchObject({ mustEnrol: true, assignments: [], role: null });
    expect(hasPermission(waiting, 'container.read')).toBe(false);
    const shut = { reached: false, status: 403, code: 'enrolment_required' };
    for (const name of ['containers.list', 'tokens.create', 'device.decide', 'whoami', 'events.stream'] as const) {
      expect(await ask(name, { cookie }, { name: 'x' }), name).toEqual(shut);
    }
    expect(await ask('containers.list', { authorization: `Bearer ${token}` })).toEqual(shut);
    expect((await ask('containers.list', { authorization: `Bearer ${service}` })).reached).toBe(true);
    expect((await ask('containers.list', { cookie: await cookieOf(await keyFor('memberB')) })).reached).toBe(true);

    expect((await getFactor(waiting, names)).required).toEqual([{ by: 'account', name: 'Tenant A' }]);
    expect((await ask('me.factor.get', { cookie })).reached).toBe(true);
    const app = new App((await startFactor(waiting, {}, names)).secret);
    await confirmFactor(waiting, { code: app.next() });
    expect((await ask('containers.list', { cookie })).reached).toBe(true);
    expect((await ask('containers.list', { authorization: `Bearer ${token}` })).reached).toBe(true);
    // What is asked of one cannot be turned off.
    await expect(turnOffFactor(await actorWith(key), { password, code: app.next() })).rejects.toMatchObject({
      code: 'state',
    });
    await setAccountSecurity(owner.actor, world.ids.a, { requireFactor: false });
    await turnOffFactor(await actorWith(key), { password, code: app.next() });
    await turnOffFactor(owner.actor, { password, code: owner.app.next() });
    await clearThrottle();
  });

  it('by a reseller holds for its staff with one tenant alone too; by a tenant for nobody who looks after it from outside', async () => {
    const { ids } = world;
    const [staff, helper] = [v7(), v7()];
    await asSuper(async (tx) => {
      const person = (id: string, tenantId: string | null) => ({ id, tenantId, name: id, email: `${id}@example.test` });
      await tx.insert(users).values([person(staff, ids.reseller), person(helper, null)]);
      const over = { scope: 'tenant', tenantId: ids.a } as const;
      await tx.insert(assignments).values([
        { ...over, userId: staff, role: 'reseller-staff' },
        { ...over, userId: helper, role: 'support' },
      ]);
    });
    const asks = (tenantId: string, requireFactor: boolean) =>
      asSuper((tx) => tx.update(tenants).set({ requireFactor }).where(eq(tenants.id, tenantId)));
    const keys = await asSuper(async (tx) => [
      await openSession(tx, staff, visitor()),
      await openSession(tx, helper, visitor()),
    ]);
    const come = () => Promise.all(keys.map(actorWith));
    await asks(ids.reseller, true);
    const [must, mustNot] = await come();
    expect(must).toMatchObject({ mustEnrol: true, assignments: [] });
    expect(mustNot?.mustEnrol).toBeUndefined();
    expect(must && (await getFactor(must, names)).required).toEqual([{ by: 'account', name: 'Reseller' }]);
    await asks(ids.reseller, false);
    await asks(ids.a, true);
    expect((await come()).map((one) => one.mustEnrol)).toEqual([undefined, undefined]);
    await asks(ids.a, false);
  });

  it('holds for the roles that the installation names; who names them has one', async () => {
    const admin = await signedIn('admin');
    await expect(setSecurityPolicy(await signedIn('reseller'), { factorRoles: [] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(setSecurityPolicy(admin, { factorRoles: ['provider-admin'] })).rejects.toMatchObject({
      code: 'state',
    });
    await setSecurityPolicy(admin, { factorRoles: ['support', 'reseller-owner'] });
    expect(await signedIn('support')).toMatchObject({ mustEnrol: true, assignments: [] });
    expect(await signedIn('reseller')).toMatchObject({ mustEnrol: true });
    expect((await signedIn('ownerB')).mustEnrol).toBeUndefined();
    expect((await signedIn('admin')).mustEnrol).toBeUndefined();
    await setSecurityPolicy(admin, { factorRoles: [] });
    expect((await signedIn('support')).mustEnrol).toBeUndefined();
    const entries = await asSuper((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'security.policy')));
    expect(entries.map((one) => one.detail.after)).toContainEqual({ factorRoles: ['support', 'reseller-owner'] });
    await expect(
      setAccountSecurity(await signedIn('ownerB'), world.ids.b, { requireFactor: true }),
    ).rejects.toMatchObject({
      code: 'state',
    });
  });
});

describe('asking again', () => {
  it('is what each address of the list does once the proof is old, and no bearer token meets', async () => {
    const id = world.containers.a.id;
    const cookies = new Map<string, string>();
    const tokens = new Map<string, string>();
    for (const who of ['admin', 'ownerA', 'reseller'] as const) {
      cookies.set(who, await cookieOf(await keyFor(who)));
      tokens.set(who, await asSuper((tx) => createApiToken(tx, world.people[who].id, 'test')));
    }
    const age = (minutes: number) =>
      asSuper((tx) => tx.update(sessions).set({ provedAt: new Date(Date.now() - minutes * 60_000) }));
    const codes = async (name: RouteName, who: string) => ({
      session: (await ask(name, { cookie: cookies.get(who) ?? '' }, {}, id)).code,
      token: (await ask(name, { authorization: `Bearer ${tokens.get(who)}` }, {}, id)).code,
    });
    let met = 0;
    for (const name of stepUp) {
      // Somebody who may do it at all.
      for (const who of ['admin', 'ownerA', 'reseller']) {
        await age(0);
        const fresh = await codes(name, who);
        if (fresh.session === 'forbidden') continue;
        expect(fresh.session, name).not.toBe('step_up_required');
        await age(16);
        const old = await codes(name, who);
        expect(old, name).toEqual({ session: 'step_up_required', token: fresh.token });
        met += 1;
        break;
      }
    }
    expect(met).toBe(stepUp.size);
    // Everything else goes on, however old the proof is.
    await age(60 * 24);
    expect((await ask('containers.list', { cookie: cookies.get('ownerA') ?? '' })).reached).toBe(true);
  });

  it('is for what destroys for good, gives rights or data away, or speaks with the panel’s voice, and for no everyday act', async () => {
    const people = { admin: await keyFor('admin'), ownerA: await keyFor('ownerA') };
    await asSuper((tx) => tx.update(sessions).set({ provedAt: new Date(Date.now() - 16 * 60_000) }));
    const id = world.containers.a.id;
    const code = async (name: RouteName, who: keyof typeof people) =>
      (await ask(name, { cookie: await cookieOf(people[who]) }, {}, id)).code;
    const asked = {
      ownerA: ['snapshots.delete', 'operations.confirm', 'webhooks.create', 'webhooks.set', 'webhooks.delete'],
      admin: [
        ...(['orphans.adopt', 'hosts.reuse', 'tenants.create', 'locations.create', 'locations.change'] as const),
        ...(['tickets.approve', 'tickets.requestAccess', 'brands.set', 'brands.addHost', 'brands.proveHost'] as const),
        ...(['brands.addDkim', 'brands.proveDkim', 'brands.dropDkim'] as const),
      ],
    } as const;
    for (const who of ['ownerA', 'admin'] as const)
      for (const name of asked[who]) expect(await code(name, who), name).toBe('step_up_required');
    for (const name of ['containers.start', 'snapshots.create', 'backups.create', 'tickets.message'] as const)
      expect(['step_up_required', 'forbidden'], name).not.toContain(await code(name, 'ownerA'));
  });

  it('is answered by password or code, once for a while', async () => {
    const { app } = await enrol('ownerB');
    const key = await keyFor('ownerB', app.next());
    const cookie = await cookieOf(key);
    const stale = () => asSuper((tx) => tx.update(sessions).set({ provedAt: new Date(Date.now() - 16 * 60_000) }));
    const make = () => ask('tokens.create', { cookie }, { name: 'x' });
    for (const proof of [{ password }, { code: app.next() }]) {
      await stale();
      expect(await make()).toMatchObject({ reached: false, code: 'step_up_required' });
      await expect(prove(await actorWith(key), { password: 'wrong' })).rejects.toMatchObject({ code: 'invalid' });
      await expect(prove(await actorWith(key), { code: '000000' })).rejects.toMatchObject({ code: 'invalid' });
      expect((await make()).reached).toBe(false);
      await prove(await actorWith(key), proof);
      expect((await make()).reached).toBe(true);
    }
    // The proof is the session's, not the person's.
    await stale();
    const other = await keyFor('ownerB', app.next());
    await prove(await actorWith(other), { password });
    expect((await make()).reached).toBe(false);
  });
});
