import { request as httpRequest } from 'node:http';
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { requestReset } from '#lib/auth/reset.ts';
import { countFailure, tellTenantAfter } from '#lib/backups/outcomes.ts';
import { getBrand, previewMail, setAsset, setBrand } from '#lib/brands/change.ts';
import { addHost, askHost, dropHost, proveHost, setTxtResolver } from '#lib/brands/hosts.ts';
import { signInNames } from '#lib/brands/names.ts';
import { AddMember } from '#lib/contract/members.ts';
import { type Route, routes } from '#lib/contract/routes.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { brandAssetRows, brandHosts, brands } from '#lib/db/schema/brands.ts';
import { outages, outageTenants } from '#lib/db/schema/outages.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { webhookDeliveries, webhooks } from '#lib/db/schema/webhooks.ts';
import { mailSender } from '#lib/mail/send.ts';
import { tellOfOutages } from '#lib/outages/watch.ts';
import { addMember } from '#lib/people/invite.ts';
import { sealLasting, setSealKey } from '#lib/secrets/sealed-values.ts';
import { createTenant } from '#lib/tenants/create.ts';
import { tellOfTickets } from '#lib/tickets/notify.ts';
import { Sender } from '#lib/webhooks/sender.ts';
import { type Answer, askUnder, sendBytes } from '#tests/support/named-host.ts';
import { actorFor, type TestPortal, type World } from '#tests/support/portal.ts';
import { startSmtp } from '#tests/support/smtp.ts';
import { startSite, type TestSite, type TestWeb } from '#tests/support/web.ts';

const asSystem = systemActor('test');
const password = 'correct horse battery';
const acme = 'panel.acme.test';
const colours = { light: '#7a1f5c', dark: '#f0a3d8' };
const words = {
  ...{ productName: 'Acme Cloud', supportUrl: 'https://help.acme.test/', legalUrl: 'https://acme.test/legal' },
  ...{ signInText: 'Welcome to Acme', colours, sender: null, mails: {}, language: null },
};
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGMQUDD4DwACBAFgjby7cQAAAABJRU5ErkJggg==',
  'base64',
);
let site: TestSite;
let portal: TestPortal;
let world: World;
let web: TestWeb;
let port: number;

beforeAll(async () => {
  site = await startSite(password);
  ({ web, portal, world } = site);
  port = Number(new URL(web.baseUrl).port);
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: web.baseUrl });
  setSealKey(Buffer.alloc(32, 1));
}, 600_000);
afterAll(async () => {
  await site?.stop();
});

const reseller = () => actorFor(world, 'reseller');
const id = () => world.ids.reseller;
const named = (text: string) =>
  text
    .replaceAll('ACME', text.includes('PANEL.ACME') ? 'ACME' : acme)
    .replaceAll('OWN', `127.0.0.1:${port}`)
    .replaceAll('PORT', String(port))
    .replaceAll('RESELLER', id());
function tellsNothing(text: string): void {
  for (const word of ['Berth', 'berth', 'Acme', acme, '127.0.0.1', 'next']) expect(text).not.toContain(word);
}
const ask = (host: string, path: string, init?: Parameters<typeof askUnder>[3]) => askUnder(port, host, path, init);
const raw = (head: string) => sendBytes(port, head);
const branded = () => `${acme}:${port}`;
async function signIn(host: string, who: keyof World['people']): Promise<Answer> {
  return await ask(host, '/api/v1/session', { method: 'POST', body: { email: world.people[who].email, password } });
}
const cookieOf = (answer: Answer) =>
  answer.cookies.find((one) => one.startsWith('berth-session='))?.split(';')[0] ?? '';

describe('a host name', () => {
  it('is a brand’s once its record is there, and nobody else’s', async () => {
    const claimed = await addHost(reseller(), id(), { host: acme });
    expect(claimed).toMatchObject({ provenAt: null, record: { name: `_berth-proof.${acme}` } });
    setTxtResolver(async () => [['something else']]);
    await expect(proveHost(reseller(), id(), claimed.id)).rejects.toMatchObject({ code: 'state' });
    expect((await ask(branded(), '/sign-in')).status).toBe(421);
    await expect(askHost(acme)).rejects.toMatchObject({ code: 'not_found' });
    setTxtResolver(async (name) =>
      name === claimed.record.name ? [[claimed.record.value.slice(0, 9), claimed.record.value.slice(9)]] : [],
    );
    expect((await proveHost(reseller(), id(), claimed.id)).provenAt).not.toBeNull();
    expect(await askHost(acme.toUpperCase())).toBeNull();
    expect(await askHost('127.0.0.1')).toBeNull();
    const asked = async (name: string) =>
      (await ask(`127.0.0.1:${port}`, `/api/v1/brands/ask?domain=${name}`, { accept: '*/*' })).status;
    expect([await asked(acme), await asked('127.0.0.1'), await asked('evil.test'), await asked('')]).toEqual([
      204, 204, 404, 404,
    ]);
    for (const stranger of ['evil.test', `sub.${acme}`, 'localhost', '']) {
      await expect(askHost(stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect.poll(async () => (await ask(branded(), '/sign-in')).status, { timeout: 10_000 }).toBe(200);
  });

  it('that another brand has proven can be claimed and not had', async () => {
    const rival = world.ids.b;
    await withActor(portal.super, asSystem, async (tx) => {
      await tx.update(tenants).set({ kind: 'reseller', resellerId: null }).where(eq(tenants.id, rival));
    });
    const admin = actorFor(world, 'admin');
    const claimed = await addHost(admin, rival, { host: acme });
    const [ours] = (await getBrand(reseller(), id())).hosts;
    setTxtResolver(async () => [[claimed.record.value], [ours?.record.value ?? '']]);
    await expect(proveHost(admin, rival, claimed.id)).rejects.toMatchObject({ code: 'conflict' });
    // Whose record is gone has lost the name to whose record is there.
    setTxtResolver(async () => [[claimed.record.value]]);
    expect((await proveHost(admin, rival, claimed.id)).provenAt).not.toBeNull();
    expect((await getBrand(reseller(), id())).hosts).toMatchObject([{ host: acme, provenAt: null }]);
    setTxtResolver(async () => [[ours?.record.value ?? '']]);
    expect((await proveHost(reseller(), id(), ours?.id ?? '')).provenAt).not.toBeNull();
    expect((await getBrand(admin, rival)).hosts).toMatchObject([{ host: acme, provenAt: null }]);
    await dropHost(admin, rival, claimed.id);
    for (const host of ['localhost', '192.0.2.1', 'nodots', '127.0.0.1']) {
      await expect(addHost(reseller(), id(), { host })).rejects.toMatchObject({ code: 'invalid' });
    }
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(tenants).set({ kind: 'tenant' }).where(eq(tenants.id, rival)),
    );
  });

  it.each([
    'evil.test',
    'evil.test:PORT',
    'ACME',
    'ACME:1',
    'ACME.:PORT',
    'x.ACME:PORT',
    'ACME.evil.test:PORT',
    'OWN@evil.test',
    'evil.test@ACME:PORT',
    'ACME:PORT@evil.test',
    'ACME:PORT, evil.test',
    'ACME:PORT/',
    'ACME:PORT#',
    'ACME:PORT?',
    'ACME:0PORT',
    'ACME:PORT:PORT',
    '',
  ])('that is none of ours is told nothing: %j', async (spelling) => {
    const host = named(spelling);
    const answer = await ask(host, '/sign-in');
    expect(answer.status).toBe(421);
    tellsNothing(JSON.stringify(answer.headers) + answer.text);
  });

  /** As they are sent, byte for byte: what programs would not. `[request line and headers, status]`. */
  it.each([
    ['GET /sign-in HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: ACME:PORT', 421],
    ['GET /sign-in HTTP/1.1\r\nHost: evil.test\r\nForwarded: host="ACME:PORT"', 421],
    ['GET /sign-in HTTP/1.1\r\nHost: evil.test\r\nX-Berth-Brand: RESELLER', 421],
    ['GET http://ACME:PORT/sign-in HTTP/1.1\r\nHost: evil.test', 421],
    ['GET /sign-in HTTP/1.1\r\nHost: evil.test\r\nHost: ACME:PORT', 421],
    ['GET /sign-in HTTP/1.0', 421],
    ['GET /sign-in HTTP/1.1', 400],
    ['GET /sign-in HTTP/1.1\r\nHost: ACME:PORT\x00', 400],
  ])('is the one of the Host header and nothing else: %j', async (text, status) => {
    const answer = await raw(named(text));
    expect(Number(answer.split(' ')[1])).toBe(status);
    tellsNothing(answer);
  });

  it('is answered as what it is, whatever else a request says', async () => {
    for (const more of [
      'X-Forwarded-Host: evil.test',
      'Host: evil.test',
      'X-Berth-Brand: nobody',
      'Forwarded: host=evil.test',
    ]) {
      const answer = await raw(named(`GET /forgot HTTP/1.1\r\nHost: ACME:PORT\r\n${more}`));
      expect(answer).toMatch(/^HTTP\/1.1 200 /);
      expect(answer).not.toContain('evil.test');
      expect(answer).toContain('Panel</title>');
    }
    // Names are the same in capitals; the cookie belongs to one spelling.
    const loud = await raw(named('GET /sign-in?next=/x HTTP/1.1\r\nHost: PANEL.ACME.TEST:PORT\r\nAccept: text/html'));
    expect(loud).toMatch(/^HTTP\/1.1 307 /);
    expect(loud.toLowerCase()).toContain(`location: http://${branded()}/sign-in?next=/x`);
    const absolute = await raw(
      named('GET http://evil.test/x HTTP/1.1\r\nHost: PANEL.ACME.TEST:PORT\r\nAccept: text/html'),
    );
    expect(absolute.toLowerCase()).toContain(`location: http://${branded()}/x\r\n`);
  });
});

describe('a brand', () => {
  it('is set as a whole; what cannot be read is refused', async () => {
    await expect(
      setBrand(reseller(), id(), { ...words, colours: { light: '#ffff00', dark: '#ffffff' } }),
    ).rejects.toMatchObject({
      code: 'invalid',
      outside: { issues: [{ path: 'colours.light' }] },
    });
    const set = await setBrand(reseller(), id(), words);
    expect(set).toMatchObject({ ...words, hosts: [{ host: acme }] });
    expect(set.gaps).toEqual(['Mails leave through the provider’s server, from its address.']);
    await setAsset(
      reseller(),
      id(),
      'light',
      new Request('http://x/', { method: 'PUT', body: new Uint8Array(onePixel) }),
    );
    const svg = new Request('http://x/', { method: 'PUT', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    await expect(setAsset(reseller(), id(), 'dark', svg)).rejects.toMatchObject({ code: 'invalid' });
    const large = new Request('http://x/', { method: 'PUT', body: new Uint8Array(300 * 1024) });
    await expect(setAsset(reseller(), id(), 'dark', large)).rejects.toMatchObject({ code: 'too_large' });
    const preview = { kind: 'reset' as const, template: { subject: '{{product}}', body: '{{name}} {{link}}' } };
    expect(await previewMail(reseller(), id(), preview)).toMatchObject({ subject: 'Acme Cloud' });
    await expect(getBrand(actorFor(world, 'ownerA'), id())).rejects.toMatchObject({ code: /forbidden|not_found/ });
  });

  it('keeps the password of its mail server from everybody', async () => {
    const smtp = { host: 'mail.acme.test', port: 587, secure: false, user: 'u' };
    const sender = { address: 'hello@acme.test', smtp };
    await expect(setBrand(reseller(), id(), { ...words, sender })).rejects.toMatchObject({
      outside: { issues: [{ path: 'smtpPassword' }] },
    });
    const set = await setBrand(reseller(), id(), { ...words, sender, smtpPassword: 'very secret' });
    // Kept for that server alone: with another's name it would be sent there.
    const elsewhere = { ...sender, smtp: { ...smtp, host: 'mail.evil.test' } };
    await expect(setBrand(reseller(), id(), { ...words, sender: elsewhere })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(JSON.stringify(set)).not.toContain('very secret');
    const read = withActor(portal.web, reseller(), (tx) => tx.select({ x: brands.sealedSmtpPassword }).from(brands));
    await expect(read).rejects.toMatchObject({ cause: { message: expect.stringContaining('permission denied') } });
    expect((await setBrand(reseller(), id(), words)).sender).toBeNull();
    // Not a tenant's either, by the database itself.
    const rows = (who: keyof World['people']) =>
      withActor(portal.web, actorFor(world, who), async (tx) => [
        ...(await tx.select({ x: brands.resellerId }).from(brands)),
        ...(await tx.select().from(brandHosts)),
        ...(await tx.select().from(brandAssetRows)),
      ]);
    const counts = await Promise.all((['ownerA', 'ownerB', 'reseller', 'admin'] as const).map(rows));
    expect(counts.map((one) => one.length)).toEqual([0, 0, 3, 3]);
    const theirs = withActor(portal.web, actorFor(world, 'ownerA'), (tx) =>
      tx.insert(brandHosts).values({ resellerId: world.ids.a, host: 'x.test', challenge: 'x', provenAt: new Date() }),
    );
    await expect(theirs).rejects.toMatchObject({ cause: { message: expect.stringContaining('row-level security') } });
  });

  it('is what its people see, on every page, in every answer, and nothing of the provider', async () => {
    const before = await ask(branded(), '/sign-in');
    expect(before.text).toContain('Acme Cloud');
    expect(before.text).toContain('Welcome to Acme');
    expect(before.text).toContain('--brand:light-dark(#7a1f5c,#f0a3d8)');
    const cookie = cookieOf(await signIn(branded(), 'ownerA'));
    expect(cookie).not.toBe('');
    const container = world.containers.a.id;
    const pages = [
      ...['/sign-in', '/forgot', `/reset?token=${'x'.repeat(40)}`, '/reference', '/nowhere', '/containers', '/backups'],
      ...[
        '/activity',
        '/audit',
        '/help',
        '/team',
        '/offers',
        '/account',
        '/account/webhooks',
        '/device',
        '/containers/nothing',
      ],
      '/invitation?token=nothing',
      ...['', '/backups', '/files', '/console', '/activity', '/network', '/settings', '/fix'].map(
        (tab) => `/containers/${container}${tab}`,
      ),
    ];
    const api = Object.values(routes as Record<string, Route>)
      .filter((route) => route.method === 'GET' && !route.path.includes('events'))
      .map(
        (route) =>
          `/api/v1${route.path.replace('/containers/{id}', `/containers/${container}`).replace(/\{\w+\}/g, id())}`,
      );
    const leak = /Berth(?![A-Za-z])|127\.0\.0\.1:\d+/g;
    const scripts = new Set<string>();
    const statuses = new Map<string, number>();
    const leaks: string[] = [];
    let crawled = 0;
    for (const path of [...pages, ...api, '/api/v1/nowhere', '/icon.svg', '/favicon.ico']) {
      for (const who of [cookie, undefined]) {
        const answer = await ask(branded(), path, who === undefined ? {} : { cookie: who });
        crawled += 1;
        const all = `${JSON.stringify(answer.headers)}\n${answer.text}`;
        if (who !== undefined) statuses.set(path, answer.status);
        for (const [script] of answer.text.matchAll(/\/_next\/static\/[\w./~-]+\.(js|css)/g)) scripts.add(script);
        for (const [word] of all.matchAll(leak)) {
          const at = all.indexOf(word);
          leaks.push(`${path}: ${all.slice(Math.max(0, at - 60), at + 60)}`);
        }
      }
    }
    for (const path of scripts) if (leak.test((await ask(branded(), path)).text)) leaks.push(path);
    expect(leaks).toEqual([]);
    // It has seen what there is to see, and the same look finds the provider where the provider is.
    expect(pages.filter((path) => statuses.get(path) === 200).length).toBeGreaterThan(15);
    expect(api.filter((path) => statuses.get(path) === 200).length).toBeGreaterThan(20);
    expect([crawled > 150, scripts.size > 10]).toEqual([true, true]);
    expect((await ask(`127.0.0.1:${port}`, '/sign-in')).text).toMatch(leak);
    const page = await ask(branded(), '/containers', { cookie });
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<title>Containers · Acme Cloud<\/title>/);
    const logo = /\/api\/v1\/brand\/assets\/light\?v=\w+/.exec(page.text)?.[0] ?? '';
    const picture = await ask(branded(), logo);
    expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png']);
    expect(picture.body.subarray(1, 4).toString()).toBe('PNG');
    const document = JSON.parse((await ask(branded(), '/api/v1/openapi.json')).text);
    expect(document.info.title).toBe('Acme Cloud');
  });

  it('lets nobody but its own people in, and a session only where it was made', async () => {
    expect((await signIn(branded(), 'ownerB')).status).toBe(401);
    expect((await signIn(branded(), 'admin')).status).toBe(401);
    expect((await signIn(branded(), 'reseller')).status).toBe(204);
    const elsewhere = cookieOf(await signIn(`127.0.0.1:${port}`, 'ownerB'));
    expect(elsewhere).not.toBe('');
    expect((await ask(branded(), '/api/v1/me', { cookie: elsewhere })).status).toBe(401);
    // Of one who belongs to both: what was made under one name is none under the other.
    const [here, there] = [
      cookieOf(await signIn(branded(), 'ownerA')),
      cookieOf(await signIn(`127.0.0.1:${port}`, 'ownerA')),
    ];
    const status = async (host: string, cookie: string) => (await ask(host, '/api/v1/me', { cookie })).status;
    expect([await status(branded(), here), await status(`127.0.0.1:${port}`, there)]).toEqual([200, 200]);
    expect([await status(branded(), there), await status(`127.0.0.1:${port}`, here)]).toEqual([401, 401]);
    expect((await ask(`127.0.0.1:${port}`, '/api/v1/me', { cookie: elsewhere })).status).toBe(200);
  });

  it('takes no change that another name’s page sent', async () => {
    const cookie = cookieOf(await signIn(branded(), 'ownerA'));
    const send = (origin: string) =>
      new Promise<number>((resolve) => {
        const headers = { host: branded(), origin, cookie, 'content-type': 'application/json' };
        const path = '/api/v1/me/sessions/0190a0a0-0000-7000-8000-000000000001';
        httpRequest({ host: '127.0.0.1', port, path, method: 'DELETE', headers, setHost: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        }).end();
      });
    expect(await send(`http://${branded()}`)).toBe(404);
    expect(await send(web.baseUrl)).toBe(403);
    expect(await send('http://evil.test')).toBe(403);
  });
});

describe('mails', () => {
  const mails = () =>
    withActor(portal.super, asSystem, (tx) => tx.select().from(outbox).orderBy(outbox.createdAt, outbox.id));
  const last = async () => (await mails()).at(-1);

  it('lead to the stored name, whatever the request was called, and speak in the brand’s words', async () => {
    const mails = { reset: { subject: '{{product}}: {{name}}', body: 'Your way back: {{link}}' } };
    await setBrand(reseller(), id(), { ...words, mails });
    const visitor = { address: '192.0.2.1', userAgent: '', brand: null };
    await requestReset({ email: world.people.ownerA.email }, visitor);
    expect(await last()).toMatchObject({
      brandId: id(),
      subject: 'Acme Cloud: owner-a',
      body: expect.stringMatching(new RegExp(`^Your way back: http://${acme}:${port}/reset\\?token=`)),
    });
    await createTenant(reseller(), { name: 'New', ownerName: 'Nina', ownerEmail: 'nina@example.test' });
    expect((await last())?.body).toContain(`http://${acme}:${port}/reset?token=`);
    await requestReset({ email: world.people.ownerB.email }, visitor);
    expect(await last()).toMatchObject({ brandId: null, body: expect.stringContaining(`${web.baseUrl}/reset?token=`) });
    const count = async () => (await withActor(portal.super, asSystem, (tx) => tx.select().from(outbox))).length;
    const so = await count();
    await requestReset({ email: world.people.ownerB.email }, { ...visitor, brand: id() });
    expect(await count()).toBe(so);
  });

  it('about a ticket, an outage, an invitation and a failed backup do too', async () => {
    await withActor(portal.super, asSystem, async (tx) => {
      const [ticket, outage] = [v7(), v7()];
      const { ownerA, admin } = world.people;
      await tx.insert(tickets).values({
        ...{ id: ticket, tenantId: world.ids.a, resellerId: id(), containerId: world.containers.a.id, subject: 'Help' },
        ...{ level: 'provider', priority: 'normal', openedById: ownerA.id, openedByName: ownerA.name },
      });
      await tx.insert(ticketMessages).values({
        ...{ ticketId: ticket, tenantId: world.ids.a, audience: 'all', kind: 'message', side: 'provider' },
        ...{ authorId: admin.id, authorName: admin.name, body: 'We look at it.' },
      });
      const updates = [{ at: new Date().toISOString(), message: 'No power.' }];
      await tx.insert(outages).values({ id: outage, kind: 'declared', title: 'Power', updates, declaredByName: 'x' });
      await tx.insert(outageTenants).values({ outageId: outage, tenantId: world.ids.a, containers: 1 });
      const keep = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
      await tx.insert(backupSchedules).values({
        ...{ containerId: world.containers.a.id, tenantId: world.ids.a, enabled: true, every: 'day', time: '03:00' },
        ...{ weekday: 1, monthDay: 1, zone: 'UTC', keep, nextRunAt: new Date(), failures: tellTenantAfter - 1 },
      });
    });
    const since = (await mails()).length;
    setDatabase(portal.worker);
    await tellOfTickets(web.baseUrl);
    await tellOfOutages(web.baseUrl);
    await withActor(portal.worker, asSystem, (tx) => countFailure(tx, world.containers.a.id, 'no host', web.baseUrl));
    setDatabase(portal.web);
    const owner = actorFor(world, 'ownerA');
    const invited = {
      kind: 'person' as const,
      email: 'guest@example.test',
      roles: [{ role: 'tenant-viewer' as const }],
    };
    await addMember(owner, world.ids.a, AddMember.parse(invited));
    const made = (await mails()).slice(since);
    expect(made.map((one) => one.subject)).toEqual([
      expect.stringMatching(/^\[#\d+\] Help$/),
      'Outage: Power',
      expect.stringMatching(/^The scheduled backup of web-a /),
      'Tenant A: you are invited',
    ]);
    for (const mail of made) {
      expect([mail.brandId, mail.subject]).toEqual([id(), mail.subject]);
      expect(mail.body).toContain(`http://${branded()}/`);
      expect(mail.body).not.toMatch(/Berth|127\.0\.0\.1/);
    }
  });

  it('leave in the brand’s name, by its own server only where that may be reached', async () => {
    const server = await startSmtp();
    const { received } = server;
    const sender = mailSender({
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      from: 'Provider <mail@provider.test>',
    });
    const sendAll = async () => {
      setDatabase(portal.worker);
      await sender.sendDue();
      setDatabase(portal.web);
    };
    try {
      await sendAll();
      const named = received.filter((text) => text.includes(`${acme}:${port}`));
      expect(named.length).toBeGreaterThanOrEqual(2);
      for (const text of named) {
        expect(text).toContain('From: Acme Cloud <mail@provider.test>');
        expect(text).not.toMatch(/Berth|Provider </);
      }
      const smtp = { host: '127.0.0.1', port: server.port, secure: false, user: '' };
      await setBrand(reseller(), id(), { ...words, sender: { address: 'hello@acme.test', smtp } });
      const so = received.length;
      await requestReset({ email: world.people.ownerA.email }, { address: '192.0.2.9', userAgent: '', brand: null });
      await sendAll();
      expect(received).toHaveLength(so);
      expect((await last())?.lastError).toMatch(/does not lead to an address on the internet/);
    } finally {
      sender.close();
      await server.close();
    }
  });
});

describe('webhooks', () => {
  it('say the brand’s name', async () => {
    await setBrand(reseller(), id(), { ...words, productName: 'Ácme Cloud!' });
    const agents: (string | undefined)[] = [];
    for (const tenantId of [world.ids.a, world.ids.b]) {
      const webhookId = v7();
      await withActor(portal.super, asSystem, async (tx) => {
        const sealedSecret = sealLasting('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', webhookId);
        await tx.insert(webhooks).values({ id: webhookId, tenantId, url: 'https://x.test/', events: [], sealedSecret });
        const state = 'waiting' as const;
        await tx.insert(webhookDeliveries).values({ webhookId, tenantId, event: 'webhook.test', body: '{}', state });
      });
      setDatabase(portal.worker);
      const sender = new Sender(async ({ headers }) => {
        agents.push(headers['user-agent']);
        return { status: 200 };
      });
      await sender.begin();
      await sender.settled();
      setDatabase(portal.web);
    }
    expect(agents).toEqual(['cme-Cloud-Webhooks/1', 'Berth-Webhooks/1']);
  });
});

describe('second factors and passkeys', () => {
  it('belong to the name under which they are made', async () => {
    const headers = { 'x-berth-brand': id(), 'x-forwarded-host': branded(), 'x-forwarded-proto': 'http' };
    expect(await signInNames(new Headers(headers))).toEqual({
      ...{ issuer: 'Ácme Cloud!', rpId: acme, origin: `http://${branded()}` },
    });
    expect(await signInNames(new Headers())).toEqual({ issuer: 'Berth', rpId: '127.0.0.1', origin: web.baseUrl });
  });
});

describe('a name that is given up', () => {
  it('is nobody’s within seconds', async () => {
    const [row] = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(brandHosts).where(sql`${brandHosts.host} = ${acme}`),
    );
    await dropHost(reseller(), id(), row?.id ?? '');
    await expect.poll(async () => (await ask(branded(), '/sign-in')).status, { timeout: 10_000 }).toBe(421);
  });
});
