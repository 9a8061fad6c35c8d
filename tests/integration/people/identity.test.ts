/** Sign-in by OpenID Connect against a real provider: who comes in and who does not, which roles follow, what is asked besides, and how it ends. */
import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, sql } from 'drizzle-orm';
import { generateKeyPair } from 'jose';
import { encode } from 'next-auth/jwt';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { confirmFactor, startFactor } from '#lib/auth/factor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { refuseStaleProof } from '#lib/auth/proof.ts';
import { getActor } from '#lib/auth/request.ts';
import { signInWithPassword } from '#lib/auth/sign-in.ts';
import { CreateIdentityProvider, SetIdentityProvider } from '#lib/contract/identity.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { brandHosts } from '#lib/db/schema/brands.ts';
import { identities, identityVisits } from '#lib/db/schema/identities.ts';
import { identityProviders } from '#lib/db/schema/identity-providers.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { sessions } from '#lib/db/schema/sessions.ts';
import { users } from '#lib/db/schema/users.ts';
import { refusals } from '#lib/identity/admit.ts';
import { setIdentityDoor } from '#lib/identity/door.ts';
import { logoutByProvider } from '#lib/identity/logout.ts';
import { createProvider, listProviders, removeProvider, setProvider } from '#lib/identity/manage.ts';
import { offeredProviders } from '#lib/identity/offered.ts';
import { beginLink, beginProof, beginTry, listIdentities, removeIdentity } from '#lib/identity/oneself.ts';
import { beginSignIn, signInWithProviderCode, takeAnswer } from '#lib/identity/sign-in.ts';
import type { Ended } from '#lib/identity/visits.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { type IdentityServer, type Person, sign, startIdentityServer } from '#tests/support/identity-server.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const secret = 'a secret for tests only, long enough for it';
const clientSecret = 'what only the two of us know';
const password = 'correct horse battery';
const base = 'https://panel.test';
const acme = 'panel.acme.test';
const names = { issuer: 'Berth', rpId: 'panel.test', origin: base };
const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let server: IdentityServer;
let own: string;
let theirs: string;
let addresses = 0;
const asSuper = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, asSystem, work);
const admin = () => actorFor(world, 'admin');
const reseller = () => actorFor(world, 'reseller');

/** A browser before the panel: its cookies, and under which name it is there. */
class Visitor {
  readonly cookies = new Map<string, string>();
  readonly at = server.browser();
  readonly branded: boolean;
  readonly userAgent = 'test';
  readonly address = `198.51.${++addresses >> 8}.${addresses & 255}`;
  constructor(branded = false) {
    this.branded = branded;
  }
  get headers(): Headers {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const brand = { 'x-berth-brand': world.ids.reseller, 'x-forwarded-host': acme, 'x-forwarded-proto': 'https' };
    const plain = { 'x-forwarded-host': 'panel.test', 'x-forwarded-proto': 'https' };
    return new Headers({ ...(this.branded ? brand : plain), cookie, 'x-berth-address': this.address });
  }
  keep({ url, cookie }: { url: string; cookie: string }): string {
    const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
    this.cookies.set(name, value);
    return url;
  }
  async bring(search: string): Promise<Ended> {
    const ended = await takeAnswer(this.headers, search, await this.actor());
    if (ended.key !== undefined) await this.hold(ended.key);
    return ended;
  }
  async hold(key: string): Promise<void> {
    const salt = '__Host-berth-session';
    this.cookies.set(salt, await encode({ token: { key }, secret, salt }));
  }
  actor(): Promise<UserActor | undefined> {
    return getActor(this.headers);
  }
  async me(): Promise<UserActor> {
    const actor = await this.actor();
    if (actor === undefined) throw new Error('not signed in');
    return actor;
  }
}

/** As somebody at the provider: there and back. */
async function comeIn(subject: string, visitor = new Visitor(), provider = visitor.branded ? theirs : own) {
  const url = visitor.keep(await beginSignIn(visitor.headers, provider, '/containers'));
  return { visitor, ended: await answerOf(subject, visitor, url) };
}
async function answerOf(subject: string, visitor: Visitor, url: string, at = visitor.at): Promise<Ended> {
  server.state.subject = subject;
  const back = await at.visit(url);
  return await visitor.bring(back.search);
}
const is = (subject: string, person: Person) => server.state.people.set(subject, person);
const verified = (email: string, groups: string[] = []): Person => ({
  email,
  emailVerified: true,
  name: email,
  groups,
});
const rolesOf = (actor: UserActor) => actor.assignments.map((one) => `${one.role} ${one.tenantId ?? ''}`.trim()).sort();
async function lastRefusal(): Promise<unknown> {
  const denied = and(eq(auditLog.verb, 'session.create'), eq(auditLog.outcome, 'denied'));
  const [row] = await asSuper((tx) => tx.select().from(auditLog).where(denied).orderBy(desc(auditLog.id)).limit(1));
  return (row?.detail as { why?: string } | undefined)?.why;
}
/** The sign-in was refused as all are, and the record says why. */
async function expectRefused(subject: string, why: RegExp, visitor = new Visitor()): Promise<void> {
  const { ended } = await comeIn(subject, visitor);
  expect(ended).toEqual({ to: '/sign-in?provider=refused' });
  expect(await lastRefusal()).toMatch(why);
}
const settings = () => ({
  ...{ name: 'Corporate', clientId: 'panel', groupsClaim: 'groups', scopes: ['openid', 'email', 'profile', 'groups'] },
  mappings: [
    { group: 'helpers', role: 'support' as const, tenantId: null },
    { group: 'readers', role: 'auditor' as const, tenantId: null },
    { group: 'b', role: 'tenant-viewer' as const, tenantId: world.ids.b },
  ],
  unknownPeople: 'make' as const,
});
const change = (id: string, by: UserActor, more: Partial<SetIdentityProvider>) =>
  setProvider(by, id, SetIdentityProvider.parse({ ...(id === own ? settings() : theirSettings()), ...more }));
const theirSettings = () => ({
  ...settings(),
  ...{ name: 'Acme', clientId: 'acme' },
  mappings: [
    { group: 'staff', role: 'reseller-staff' as const, tenantId: world.ids.reseller },
    { group: 'customers', role: 'tenant-viewer' as const, tenantId: world.ids.a },
  ],
});

beforeAll(async () => {
  [portal] = await Promise.all([startPortal()]);
  setAuthConfig({ secret, baseUrl: base });
  setSealKey(randomBytes(32));
  world = await seedWorld(portal);
  const passwordHash = await hashPassword(password);
  await asSuper(async (tx) => {
    await tx.update(users).set({ passwordHash });
    const host = { resellerId: world.ids.reseller, host: acme, challenge: 'x', provenAt: new Date() };
    await tx.insert(brandHosts).values(host);
  });
  const client = (client_id: string, origin: string) => ({
    ...{
      client_id,
      client_secret: clientSecret,
      backchannel_logout_session_required: true,
      backchannel_logout_uri: origin,
      redirect_uris: [`${origin}/api/v1/session/provider-answer`],
    },
  });
  server = await startIdentityServer('id.test', [client('panel', base), client('acme', `https://${acme}`)]);
  setIdentityDoor({
    ...{ resolve: async () => [{ address: '127.0.0.1', family: 4 }], mayConnect: () => true, ca: server.ca },
  });
  const shared = { issuer: server.issuer, clientSecret };
  own = (await createProvider(admin(), CreateIdentityProvider.parse({ resellerId: null, ...shared, ...settings() })))
    .id;
  const forAcme = { resellerId: world.ids.reseller, ...shared, ...theirSettings() };
  theirs = (await createProvider(reseller(), CreateIdentityProvider.parse(forAcme))).id;
});
afterAll(async () => {
  await notifications().close();
  await server.stop();
  await portal.stop();
});
beforeEach(async () => {
  server.state.forge = undefined;
  await asSuper((tx) => tx.execute(sql`delete from login_throttle`));
});

describe('somebody who is unknown', () => {
  it('gets an account with the roles of their groups, and is known by their subject from then on', async () => {
    is('ada', verified('ada@corp.test', ['helpers', 'b', 'nothing here']));
    const { visitor, ended } = await comeIn('ada');
    expect(ended).toMatchObject({ to: '/containers', key: expect.any(String) });
    const me = await visitor.me();
    expect(me).toMatchObject({ email: 'ada@corp.test', name: 'ada@corp.test', tenantId: null });
    expect(rolesOf(me)).toEqual(['support', `tenant-viewer ${world.ids.b}`]);
    // The address is no longer looked at: the subject is who it is.
    is('ada', { ...verified('somebody-else@corp.test', ['helpers']), emailVerified: false });
    expect((await (await comeIn('ada')).visitor.me()).userId).toBe(me.userId);
    // Nobody else becomes her by her address.
    is('eve', verified('ada@corp.test', ['helpers']));
    await change(own, admin(), { linkByEmail: true });
    await expectRefused('eve', /connected with somebody else/);
    await change(own, admin(), {});
  });

  it('is refused without a verified address, without a group that counts, and where none are made', async () => {
    is('bob', { ...verified('bob@corp.test', ['helpers']), emailVerified: false });
    await expectRefused('bob', /verified/);
    is('bob', { emailVerified: true, groups: ['helpers'] });
    await expectRefused('bob', /verified/);
    is('bob', verified('bob@corp.test', ['nothing here']));
    await expectRefused('bob', /no group/);
    is('bob', verified('bob@corp.test', ['helpers']));
    await change(own, admin(), { unknownPeople: 'refuse' });
    await expectRefused('bob', /none is made/);
    await change(own, admin(), {});
    expect(await asSuper((tx) => tx.select().from(users).where(eq(users.email, 'bob@corp.test')))).toEqual([]);
  });
});

describe('groups', () => {
  it('give and take roles at each sign-in; those given by hand stay', async () => {
    is('gil', verified('gil@corp.test', ['readers']));
    const first = (await comeIn('gil')).visitor;
    const { userId } = await first.me();
    await asSuper((tx) =>
      tx.insert(assignments).values({ userId, role: 'tenant-billing', scope: 'tenant', tenantId: world.ids.b }),
    );
    is('gil', verified('gil@corp.test', ['helpers']));
    const second = (await comeIn('gil')).visitor;
    expect(rolesOf(await second.me())).toEqual(['support', `tenant-billing ${world.ids.b}`]);
    // The session of before has them as well: roles are not the session's.
    expect(rolesOf(await first.me())).toEqual(['support', `tenant-billing ${world.ids.b}`]);
    is('gil', verified('gil@corp.test'));
    expect(rolesOf(await (await comeIn('gil')).visitor.me())).toEqual([`tenant-billing ${world.ids.b}`]);
    await asSuper((tx) => tx.delete(assignments).where(eq(assignments.userId, userId)));
    await expectRefused('gil', /no role any more/);
  });

  it('that are written down as they were are no change in the record', async () => {
    await change(own, admin(), {});
    await change(own, admin(), {});
    const managed = eq(auditLog.verb, 'identity.manage');
    const [row] = await asSuper((tx) => tx.select().from(auditLog).where(managed).orderBy(desc(auditLog.id)).limit(1));
    expect(row?.detail).toEqual({ secretChanged: false });
  });

  it('are no way to give what one does not have, nor elsewhere', async () => {
    const give = (
      by: UserActor,
      id: string,
      role: 'tenant-owner' | 'tenant-viewer' | 'provider-admin',
      tenantId: string | null,
    ) => change(id, by, { mappings: [{ group: 'x', role, tenantId }] });
    await expect(give(admin(), own, 'tenant-owner', world.ids.b)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(give(reseller(), theirs, 'tenant-owner', world.ids.a)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(give(reseller(), theirs, 'tenant-viewer', world.ids.b)).rejects.toMatchObject({ code: 'invalid' });
    await expect(give(reseller(), theirs, 'provider-admin', null)).rejects.toMatchObject({ code: 'invalid' });
    await expect(change(own, reseller(), {})).rejects.toMatchObject({ code: 'not_found' });
    await expect(listProviders(reseller(), null)).rejects.toThrow();
    await expect(change(theirs, reseller(), { privateNetwork: true })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('an account that is there', () => {
  const people = () => world.people;
  it('is not taken by its address alone: its person connects it, once and under their own name', async () => {
    is('owner-b', verified(people().ownerB.email));
    await expectRefused('owner-b', /has not connected it/);
    const visitor = new Visitor();
    await visitor.hold(
      (await signInWithPassword(people().ownerB.email, password, { address: visitor.address, userAgent: '' })) ?? '',
    );
    const url = visitor.keep(await beginLink(await visitor.me(), visitor.headers, own));
    expect(await answerOf('owner-b', visitor, url)).toEqual({ to: '/account/security?provider=connected' });
    expect((await (await comeIn('owner-b')).visitor.me()).userId).toBe(people().ownerB.id);
    const mails = await asSuper((tx) => tx.select().from(outbox).where(eq(outbox.recipient, people().ownerB.email)));
    expect(mails.map((one) => one.subject)).toContain('Sign-in by Corporate was connected');
    // Another's answer is not theirs to connect.
    const again = visitor.keep(await beginLink(await visitor.me(), visitor.headers, own));
    expect(await answerOf('ada', visitor, again, server.browser())).toEqual({ to: '/account/security?provider=taken' });
    const [mine] = (await listIdentities(await visitor.me(), visitor.headers)).items;
    await removeIdentity(await visitor.me(), mine?.id ?? '');
    await expectRefused('owner-b', /has not connected it/);
  });

  it('is by its address where the provider decides over it anyway and says so, without a second factor of its own', async () => {
    await change(own, admin(), { linkByEmail: true });
    is('support', verified(people().support.email.toUpperCase()));
    expect((await (await comeIn('support')).visitor.me()).userId).toBe(people().support.id);
    is('admin', verified(people().admin.email));
    await asSuper((tx) =>
      tx.execute(sql`
      insert into authenticators (user_id, sealed_secret, confirmed_at) values (${people().admin.id}, 'sealed', now())`),
    );
    await expectRefused('admin', /second factor/);
    await asSuper((tx) => tx.execute(sql`delete from authenticators`));
    // A tenant's people connect it themselves, whoever says that they are them: it is no way around their consent.
    is('as owner-b', verified(people().ownerB.email));
    await expectRefused('as owner-b', /has not connected it/);
    // Those of a reseller's tenants are not the provider's to name at all.
    is('owner-a', verified(people().ownerA.email));
    await expectRefused('owner-a', /nothing to say/);
    await change(own, admin(), {});
  });

  it('of a brand is met under its name, by its own provider, and only there', async () => {
    await change(theirs, reseller(), { linkByEmail: true });
    is('cleo', verified('cleo@acme.test', ['customers']));
    const { visitor, ended } = await comeIn('cleo', new Visitor(true));
    expect(ended.to).toBe('/containers');
    expect(rolesOf(await visitor.me())).toEqual([`tenant-viewer ${world.ids.a}`]);
    const elsewhere = new Visitor();
    for (const [name, value] of visitor.cookies) elsewhere.cookies.set(name, value);
    expect(await elsewhere.actor()).toBeUndefined();
    expect((await offeredProviders(visitor.headers)).map((one) => one.id)).toEqual([theirs]);
    expect((await offeredProviders(elsewhere.headers)).map((one) => one.id)).toEqual([own]);
    await expect(beginSignIn(elsewhere.headers, theirs, undefined)).rejects.toMatchObject({ code: 'not_found' });
    // The reseller's own are its staff; a tenant's are nobody it can name, nor are the provider's.
    is('reseller', verified(people().reseller.email));
    expect((await (await comeIn('reseller', new Visitor(true))).visitor.me()).userId).toBe(people().reseller.id);
    for (const who of ['ownerA', 'ownerB', 'admin'] as const) {
      is(`as ${who}`, verified(people()[who].email, ['staff']));
      const why = who === 'ownerA' ? /has not connected it/ : /nothing to say/;
      await expectRefused(`as ${who}`, why, new Visitor(true));
    }
    // Begun under one name, it is not finished under another.
    const begun = new Visitor(true);
    const url = begun.keep(await beginSignIn(begun.headers, theirs, undefined));
    server.state.subject = 'cleo';
    const back = await begun.at.visit(url);
    expect(back.origin).toBe(`https://${acme}`);
    for (const [name, value] of begun.cookies) elsewhere.cookies.set(name, value);
    expect(await elsewhere.bring(back.search)).toEqual({ to: '/sign-in?provider=refused' });
    await change(theirs, reseller(), {});
  });

  it('whom a reseller’s provider signs in gets no role beyond that reseller', async () => {
    const [cleo] = await asSuper((tx) => tx.select().from(users).where(eq(users.email, 'cleo@acme.test')));
    const { giveRoles } = await import('#lib/people/members.ts');
    const grant = {
      role: 'tenant-viewer' as const,
      customRoleId: null,
      scope: 'tenant' as const,
      labels: [],
      containerId: null,
    };
    const give = asSuper((tx) =>
      giveRoles(tx, { userId: world.people.admin.id }, world.ids.b, cleo?.id ?? '', [grant]),
    );
    await expect(give).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an answer', () => {
  const forgeries: Record<
    string,
    (claims: Record<string, unknown>) => Record<string, unknown> | string | Promise<string>
  > = {
    'another nonce': (claims) => ({ ...claims, nonce: 'another' }),
    'no nonce': ({ nonce: _, ...claims }) => claims,
    'another issuer': (claims) => ({ ...claims, iss: 'https://evil.test' }),
    'another audience': (claims) => ({ ...claims, aud: 'acme' }),
    'several audiences and none authorised': (claims) => ({ ...claims, aud: ['panel', 'acme'] }),
    'a time that is over': (claims) => ({ ...claims, exp: 1_700_000_000, iat: 1_699_999_000 }),
    'no subject': (claims) => ({ ...claims, sub: '' }),
    'another subject than userinfo': (claims) => ({ ...claims, sub: 'ada' }),
    'no signature': (claims) =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
  };
  it.each(Object.keys(forgeries))('with %s opens nothing', async (what) => {
    is('mal', verified('mal@corp.test', ['helpers']));
    server.state.forge = forgeries[what] as NonNullable<typeof server.state.forge>;
    await expectRefused('mal', /./);
    // Not for who it is: for what the answer is.
    expect(Object.values(refusals)).not.toContain(await lastRefusal());
    expect(await asSuper((tx) => tx.select().from(users).where(eq(users.email, 'mal@corp.test')))).toEqual([]);
  });

  it('signed by another key opens nothing', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    is('mal', verified('mal@corp.test', ['helpers']));
    const visitor = new Visitor();
    const url = visitor.keep(await beginSignIn(visitor.headers, own, undefined));
    const nonce = new URL(url).searchParams.get('nonce') ?? '';
    const now = Math.floor(Date.now() / 1000);
    const forged = await sign(
      { iss: server.issuer, aud: 'panel', sub: 'mal', nonce, iat: now, exp: now + 60 },
      privateKey,
    );
    server.state.forge = () => forged;
    expect(await answerOf('mal', visitor, url)).toEqual({ to: '/sign-in?provider=refused' });
    expect(await lastRefusal()).toMatch(/signature/i);
  });

  it('is taken once, by the browser that was sent, with the state, the code and the proof it was sent with', async () => {
    is('ned', verified('ned@corp.test', ['helpers']));
    server.state.subject = 'ned';
    const late = { to: '/sign-in?provider=late' };
    const visitor = new Visitor();
    const begin = async () => visitor.keep(await beginSignIn(visitor.headers, own, 'https://evil.test/'));
    const back = await visitor.at.visit(await begin());
    // Another's browser, and none at all.
    const thief = new Visitor();
    expect(await thief.bring(back.search)).toEqual(late);
    thief.keep(await beginSignIn(thief.headers, own, undefined));
    expect(await thief.bring(back.search)).toEqual(late);
    const changed = new URLSearchParams(back.search);
    changed.set('state', 'another');
    expect(await visitor.bring(`?${changed}`)).toEqual(late);
    const both = await Promise.all([visitor.bring(back.search), visitor.bring(back.search)]);
    expect(both.map((one) => one.to).sort()).toEqual(['/', '/sign-in?provider=late']);
    expect(await visitor.bring(back.search)).toEqual(late);
    // The code again, under a state that is new.
    const other = new URL(await begin());
    changed.set('state', other.searchParams.get('state') ?? '');
    expect(await visitor.bring(`?${changed}`)).toEqual({ to: '/sign-in?provider=refused' });
    // A code that was given for another challenge, as for somebody who put their own in our place.
    const mixed = new URL(await begin());
    mixed.searchParams.set('code_challenge', createHash('sha256').update('theirs').digest('base64url'));
    expect(await visitor.bring((await visitor.at.visit(mixed.href)).search)).toEqual({
      to: '/sign-in?provider=refused',
    });
    // The answer of another issuer.
    const swapped = new URLSearchParams((await visitor.at.visit(await begin())).search);
    swapped.set('iss', 'https://evil.test');
    expect(await visitor.bring(`?${swapped}`)).toEqual({ to: '/sign-in?provider=refused' });
    // Refused over there.
    const refused = new URLSearchParams({ error: 'access_denied', iss: server.issuer });
    refused.set('state', new URL(await begin()).searchParams.get('state') ?? '');
    expect(await visitor.bring(`?${refused}`)).toEqual({ to: '/sign-in?provider=refused' });
    // Too late.
    const url = await begin();
    await asSuper((tx) => tx.update(identityVisits).set({ expiresAt: new Date(Date.now() - 1000) }));
    expect(await answerOf('ned', visitor, url)).toEqual(late);
  });

  it('comes back to the stored name, and leaves nothing in the table that would open something', async () => {
    const visitor = new Visitor(true);
    const url = new URL(visitor.keep(await beginSignIn(visitor.headers, theirs, undefined)));
    expect(url.searchParams.get('redirect_uri')).toBe(`https://${acme}/api/v1/session/provider-answer`);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    const evil = new Headers(visitor.headers);
    evil.set('x-forwarded-host', 'evil.test');
    await expect(beginSignIn(evil, theirs, undefined)).rejects.toMatchObject({ code: 'not_found' });
    const rows = JSON.stringify(await asSuper((tx) => tx.select().from(identityVisits)));
    for (const name of ['state', 'nonce', 'code_challenge']) expect(rows).not.toContain(url.searchParams.get(name));
    const kept = JSON.stringify([
      await asSuper((tx) => tx.select().from(identityProviders)),
      await asSuper((tx) => tx.select().from(auditLog)),
      await listProviders(admin(), null),
    ]);
    expect(kept).not.toContain(clientSecret);
    expect(kept.match(/sealedSecret/g)?.length).toBe(2);
  });
});

describe('a second factor', () => {
  it('of the person is asked for after the provider’s word, and nothing is open before', async () => {
    is('sue', verified('sue@corp.test', ['readers']));
    const { visitor } = await comeIn('sue');
    const me = await visitor.me();
    const app = new TOTP({
      secret: Secret.fromBase32((await startFactor(me, {}, names)).secret),
      digits: 6,
      period: 30,
    });
    const code = (steps: number) => app.generate({ timestamp: Date.now() + steps * 30_000 });
    await confirmFactor(me, { code: code(-1) });
    const second = await comeIn('sue');
    expect(second.ended).toEqual({ to: '/sign-in?provider=code' });
    expect(await second.visitor.actor()).toBeUndefined();
    await expect(signInWithProviderCode(second.visitor.headers, '000000')).rejects.toMatchObject({ code: 'invalid' });
    await expect(signInWithProviderCode(new Visitor().headers, code(0))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    const { key, next } = await signInWithProviderCode(second.visitor.headers, code(0));
    expect(next).toBe('/containers');
    await second.visitor.hold(key);
    expect((await second.visitor.me()).userId).toBe(me.userId);
    await expect(signInWithProviderCode(second.visitor.headers, code(1))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    // What it says of factors counts once somebody has said that it does.
    is('sue', { ...verified('sue@corp.test', ['readers']), amr: ['pwd', 'mfa'] });
    expect((await comeIn('sue')).ended.to).toBe('/sign-in?provider=code');
    await change(own, admin(), { trustedFactors: ['mfa'] });
    expect((await comeIn('sue')).ended).toMatchObject({ to: '/containers', key: expect.any(String) });
    await change(own, admin(), {});
  });

  it('that a role must have is missed until it is set up, or the provider is believed to have asked for one', async () => {
    const policy = (factorRoles: ('auditor' | 'reseller-staff')[]) =>
      asSuper((tx) =>
        tx.execute(sql`insert into security_policy (factor_roles) values (${sql.param(factorRoles)}::text[])
        on conflict (one) do update set factor_roles = excluded.factor_roles`),
      );
    await policy(['auditor']);
    is('tim', { ...verified('tim@corp.test', ['readers']), amr: ['mfa'] });
    const without = (await comeIn('tim')).visitor;
    expect(await without.me()).toMatchObject({ mustEnrol: true, assignments: [] });
    await change(own, admin(), { trustedFactors: ['mfa'] });
    const within = (await comeIn('tim')).visitor;
    expect(rolesOf(await within.me())).toEqual(['auditor']);
    is('tim', { ...verified('tim@corp.test', ['readers']), amr: ['pwd'] });
    expect(await (await comeIn('tim')).visitor.me()).toMatchObject({ mustEnrol: true });
    // Believed no more, it is no more.
    await change(own, admin(), {});
    expect(await within.me()).toMatchObject({ mustEnrol: true, assignments: [] });
    await policy([]);
  });
});

describe('being asked again', () => {
  it('is answered by signing in anew over there, by the same person, after the question', async () => {
    is('pam', verified('pam@corp.test', ['readers']));
    const { visitor } = await comeIn('pam');
    // That somebody has a session over there proves nothing here.
    await expect(asked(visitor)).rejects.toMatchObject({ code: 'step_up_required' });
    const [mine] = (await listIdentities(await visitor.me(), visitor.headers)).items;
    const begin = async () => visitor.keep(await beginProof(await visitor.me(), visitor.headers, mine?.id ?? ''));
    const url = new URL(await begin());
    expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '0']);
    // Without asking, as a provider that ignores it, or as whoever takes it out of the address.
    url.searchParams.delete('prompt');
    url.searchParams.delete('max_age');
    const refused = { to: '/proved?provider=refused' };
    expect(await answerOf('pam', visitor, url.href)).toEqual(refused);
    server.state.forge = (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1000) - 300 });
    expect(await answerOf('pam', visitor, await begin())).toEqual(refused);
    server.state.forge = undefined;
    expect(await answerOf('ada', visitor, await begin(), server.browser())).toEqual(refused);
    await expect(asked(visitor)).rejects.toMatchObject({ code: 'step_up_required' });
    // In another session than the one that was asked.
    const elsewhere = (await comeIn('pam')).visitor;
    const begun = await begin();
    const back = await visitor.at.visit(begun);
    for (const [name, value] of visitor.cookies) if (name.includes('visit')) elsewhere.cookies.set(name, value);
    expect(await elsewhere.bring(back.search)).toEqual(refused);
    // It goes on under another key: one that was seen before gets nothing out of it.
    const seen = new Map(visitor.cookies);
    expect(await answerOf('pam', visitor, await begin())).toEqual({ to: '/proved', key: expect.any(String) });
    const old = new Visitor();
    for (const [name, value] of seen) old.cookies.set(name, value);
    expect(await old.actor()).toBeUndefined();
    await asked(visitor);
    expect(await password404(visitor)).toBe('not_found');
  });
  const asked = async (visitor: Visitor) => refuseStaleProof(await visitor.me(), 'containers.delete');
  const password404 = async (visitor: Visitor) =>
    beginProof(await visitor.me(), visitor.headers, world.ids.a).then(
      () => 'went',
      (error: { code: string }) => error.code,
    );
});

describe('trying it', () => {
  it('shows what was said and what would follow, and signs nobody in', async () => {
    const visitor = new Visitor();
    await visitor.hold((await signInWithPassword(world.people.admin.email, password, visitor)) ?? '');
    const attempt = async (subject: string) => {
      const url = visitor.keep(await beginTry(await visitor.me(), visitor.headers, own));
      expect((await answerOf(subject, visitor, url)).to).toMatch(/^\/admin\/security\?tried=/);
      return (await listProviders(admin(), null)).items[0]?.lastTry;
    };
    is('new', verified('new@corp.test', ['helpers', 'elsewhere']));
    const seen = { email: 'new@corp.test', emailVerified: true, groups: ['helpers', 'elsewhere'], roles: ['Support'] };
    expect(await attempt('new')).toMatchObject({ ...seen, problem: null, factor: false });
    expect(await asSuper((tx) => tx.select().from(users).where(eq(users.email, 'new@corp.test')))).toEqual([]);
    is('new', { ...verified('new@corp.test', ['helpers']), emailVerified: false });
    expect(await attempt('new')).toMatchObject({ problem: expect.stringMatching(/verified/), emailVerified: false });
    server.state.forge = (claims) => ({ ...claims, aud: 'another' });
    expect(await attempt('new')).toMatchObject({ problem: expect.stringMatching(/claim/), email: null });
    const stranger = new Visitor();
    await stranger.hold((await signInWithPassword(world.people.ownerB.email, password, stranger)) ?? '');
    await expect(beginTry(await stranger.me(), stranger.headers, own)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('goes to no address but the internet’s, unless the provider of the installation has said so', async () => {
    const there = { resolve: async () => [{ address: '127.0.0.1', family: 4 }], ca: server.ca };
    const visitor = new Visitor();
    await visitor.hold((await signInWithPassword(world.people.admin.email, password, visitor)) ?? '');
    const make = async (more: object) => {
      const input = { resellerId: null, issuer: server.issuer, clientSecret, ...settings(), ...more };
      const { id } = await createProvider(admin(), CreateIdentityProvider.parse(input));
      return { id, ask: async () => beginTry(await visitor.me(), visitor.headers, id) };
    };
    const [near, far, cloud] = [
      await make({ privateNetwork: true }),
      await make({}),
      await make({ privateNetwork: true, issuer: 'https://169.254.169.254' }),
    ];
    setIdentityDoor(there);
    const before = server.state.connections;
    await expect(far.ask()).rejects.toMatchObject({ code: 'state', message: expect.stringMatching(/internet/) });
    await expect(cloud.ask()).rejects.toMatchObject({ code: 'state', message: expect.stringMatching(/internet/) });
    expect(server.state.connections).toBe(before);
    expect((await near.ask()).url).toContain(server.issuer);
    setIdentityDoor({ ...there, mayConnect: () => true });
    for (const { id } of [near, far, cloud]) await removeProvider(admin(), id);
  });
});

describe('an end', () => {
  const bound = { exclusive: true, linkByEmail: true };
  it('of passwords: whoever is bound to a provider comes in by nothing else, but for who keeps the keys', async () => {
    const by = (who: 'support' | 'admin') =>
      signInWithPassword(world.people[who].email, password, {
        address: `203.0.113.${++addresses % 255}`,
        userAgent: '',
      });
    expect(await by('support')).toBeDefined();
    await change(own, admin(), bound);
    is('admin', verified(world.people.admin.email));
    expect((await comeIn('admin')).ended.key).toBeDefined();
    expect(await by('support')).toBeUndefined();
    expect(await by('admin')).toBeDefined();
    await change(own, admin(), {});
    expect(await by('support')).toBeDefined();
  });

  it('is told by the provider, for one session or all of a person, and by nobody else', async () => {
    is('uma', verified('uma@corp.test', ['readers']));
    const [one, two] = [(await comeIn('uma')).visitor, (await comeIn('uma')).visitor];
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const tell = async (token: string) =>
      logoutByProvider(
        new Request(`${base}/logout`, {
          method: 'POST',
          headers: one.headers,
          body: new URLSearchParams({ logout_token: token }),
        }),
        own,
      );
    const good = { aud: 'panel', sub: 'uma', events };
    const bad = [
      await server.logoutToken({ ...good, aud: 'acme' }),
      await server.logoutToken({ ...good, iss: 'https://evil.test' }),
      await server.logoutToken({ ...good, events: {} }),
      await server.logoutToken({ ...good, nonce: 'as in an ID token' }),
      await server.logoutToken({ ...good, iat: 1_700_000_000 }),
      await server.logoutToken({ aud: 'panel', events }),
      await sign(
        { ...good, iss: server.issuer, jti: 'x', iat: Math.floor(Date.now() / 1000) },
        (await generateKeyPair('RS256')).privateKey,
      ),
      'nothing',
    ];
    for (const token of bad) await expect(tell(token)).rejects.toMatchObject({ code: 'invalid' });
    await one.me();
    const [row] = await asSuper(async (tx) =>
      tx
        .select()
        .from(sessions)
        .where(eq(sessions.id, (await one.me()).sessionId ?? '')),
    );
    expect(row?.providerSession).toEqual(expect.any(String));
    await tell(await server.logoutToken({ ...good, sid: row?.providerSession }));
    expect(await one.actor()).toBeUndefined();
    await two.me();
    await tell(await server.logoutToken(good));
    expect(await two.actor()).toBeUndefined();
  });

  it('of a provider is one of the sessions it opened, of the roles that followed, and of its button', async () => {
    is('vic', verified('vic@corp.test', ['readers']));
    const { visitor } = await comeIn('vic');
    const { userId } = await visitor.me();
    const begun = new Visitor();
    const url = begun.keep(await beginSignIn(begun.headers, own, undefined));
    await change(own, admin(), { enabled: false });
    expect(await visitor.actor()).toBeUndefined();
    expect(await offeredProviders(begun.headers)).toEqual([]);
    expect(await answerOf('vic', begun, url)).toEqual({ to: '/sign-in?provider=refused' });
    await change(own, admin(), {});
    await removeProvider(admin(), own);
    expect(await asSuper((tx) => tx.select().from(assignments).where(eq(assignments.userId, userId)))).toEqual([]);
    expect(await asSuper((tx) => tx.select().from(identities).where(eq(identities.providerId, own)))).toEqual([]);
    await expect(beginSignIn(begun.headers, own, undefined)).rejects.toMatchObject({ code: 'not_found' });
  });
});
