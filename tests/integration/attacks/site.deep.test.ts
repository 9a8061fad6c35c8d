/** The real web process, attacked from outside: bytes that are no request, names and headers that lie, published holes of its parts, cookies. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { eq, sql } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { type Route, routes } from '#lib/contract/routes.ts';
import { withActor } from '#lib/db/client.ts';
import { sessions } from '#lib/db/schema/sessions.ts';
import type { TestPortal, World } from '#tests/support/portal.ts';
import { freePort } from '#tests/support/postgres.ts';
import { startSite, type TestSite, type TestWeb } from '#tests/support/web.ts';
import { nasty } from './inputs.ts';

const password = 'correct horse battery';
let site: TestSite;
let portal: TestPortal;
let world: World;
let web: TestWeb;
let port: number;
/** Opened first, looked at last: a head of a request that never ends. */
let slow: { cutAfterMs: Promise<number> };
const asSuper = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  site = await startSite(password);
  ({ web, portal, world } = site);
  port = Number(new URL(web.baseUrl).port);
  slow = drip();
}, 600_000);
afterAll(async () => {
  await site?.stop();
});

function drip() {
  const began = Date.now();
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n'));
  const timer = setInterval(() => socket.write(`X-${Date.now()}: 1\r\n`), 1000);
  socket.on('error', () => undefined);
  socket.resume();
  return {
    cutAfterMs: new Promise<number>((resolve) =>
      socket.on('close', () => {
        clearInterval(timer);
        resolve(Date.now() - began);
      }),
    ),
  };
}

/** Whatever is answered to these bytes, until the connection is closed. */
function bytes(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      answer += part;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    setTimeout(() => socket.destroy(), 8000).unref();
  });
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const own = () => `127.0.0.1:${port}`;
const ask = (path: string, init: RequestInit = {}) => fetch(`${web.baseUrl}${path}`, { redirect: 'manual', ...init });
const html = (headers: Record<string, string> = {}) => ({ headers: { accept: 'text/html', ...headers } });
const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', origin: web.baseUrl, ...headers },
});
const cookieIn = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .find((one) => one.startsWith('berth-session='))
    ?.split(';')[0] ?? '';
async function signIn(who: keyof World['people'], headers: Record<string, string> = {}): Promise<string> {
  const answer = await ask('/api/v1/session', post({ email: world.people[who].email, password }, headers));
  expect(answer.status).toBe(204);
  return cookieIn(answer);
}
const alive = async () => (await ask('/healthz')).status;

describe('bytes', () => {
  const addresses = [
    ...[
      '//',
      '///',
      '/\\',
      '/\\\\evil.test',
      'http://[',
      'http://[::1',
      '*',
      '/%',
      '/%zz',
      '/%00',
      '/%c0%ae',
      '/..;/',
      '//evil.test/%2f..',
    ],
    ...[
      'http://user:pw@127.0.0.1/',
      '/api/v1//containers',
      '//api/v1/containers',
      '/api/v1/containers/%2e%2e/me',
      '/api/%76%31/containers',
    ],
    ...[`/${'a/'.repeat(3000)}`, '/sign-in?next=//evil.test', '/sign-in?next=%00'],
  ];
  it('that are no address neither end the process nor are a fault: as a page, in the interface, as a socket', async () => {
    const kinds = [
      'Accept: text/html\r\nConnection: close',
      'Connection: close',
      'Connection: Upgrade\r\nUpgrade: websocket',
    ];
    for (const more of kinds) {
      const answers = await Promise.all(
        addresses.map((path) => bytes(`GET ${path} HTTP/1.1\r\nHost: ${own()}\r\n${more}\r\n\r\n`)),
      );
      for (const [n, answer] of answers.entries()) {
        const what = `${addresses[n]?.slice(0, 40)} ${more}`;
        expect(statusOf(answer), what).toBeGreaterThan(0);
        expect(statusOf(answer), what).toBeLessThan(500);
        const to = /^location: (.*)$/im.exec(answer)?.[1]?.trim() ?? '';
        expect(to === '' || to.startsWith(`${web.baseUrl}/`) || /^\/(?![/\\])/.test(to), `${what} leads to ${to}`).toBe(
          true,
        );
        // Not even encoded does an address of the interface answer without a session.
        expect(statusOf(answer) === 200 && answer.includes('"items"'), what).toBe(false);
      }
    }
    expect(await alive()).toBe(200);
  });

  it.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['chunks that are not last', 'Transfer-Encoding: chunked, identity'],
    ['a coding that is none', 'Transfer-Encoding: xchunked'],
    ['a length that is none', 'Content-Length: +5'],
    ['a negative length', 'Content-Length: -1'],
    ['a space before the colon', 'Content-Length : 5'],
    ['a folded header', 'X-A: 1\r\n Content-Length: 5'],
    ['a bare carriage return', 'X-A: 1\rContent-Length: 5'],
    ['a zero byte', 'X-A: 1\u0000'],
    ['two hosts', 'Host: evil.test'],
  ])('%s are not two requests', async (_, header) => {
    const smuggled = `GET /healthz HTTP/1.1\r\nHost: ${own()}\r\n\r\n`;
    const answer = await bytes(
      `POST /api/v1/session HTTP/1.1\r\nHost: ${own()}\r\n${header}\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect(answer).not.toContain('{"ok":true}');
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
    expect(statusOf(answer)).toBeLessThan(500);
  });

  it('heads that are too large are refused, and the process goes on', async () => {
    // The answer may be lost with the connection.
    expect([431, 0]).toContain(
      statusOf(await bytes(`GET / HTTP/1.1\r\nHost: ${own()}\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`)),
    );
    const many = Array.from({ length: 1_500 }, (_, n) => `X-${n}: 1`).join('\r\n');
    expect(
      statusOf(await bytes(`GET / HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n${many}\r\n\r\n`)),
    ).toBeLessThan(500);
    for (const method of ['CONNECT', 'TRACE', 'OPTIONS', 'PROPFIND']) {
      expect(
        statusOf(await bytes(`${method} / HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`)),
        method,
      ).toBeLessThan(500);
    }
    expect(await alive()).toBe(200);
  });
});

describe('what is published about its parts', () => {
  it('no header takes a page past the sign-in, and none that lies is believed', async () => {
    const page = 'middleware:middleware:middleware:middleware:middleware';
    const tricks: Record<string, string>[] = [
      { 'x-middleware-subrequest': page },
      { 'x-middleware-subrequest': `src/${page.replaceAll(':', ':src/')}` },
      { 'x-middleware-subrequest-id': 'x', 'x-middleware-override-headers': 'x-berth-brand' },
      { 'x-berth-brand': world.ids.reseller, 'x-berth-address': '127.0.0.1', 'x-berth-path': '//evil.test' },
      {
        'x-forwarded-host': 'evil.test',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '1',
        forwarded: 'host=evil.test',
      },
      { 'x-original-url': '/admin', 'x-rewrite-url': '/admin', 'x-invoke-path': '/admin', 'x-matched-path': '/admin' },
      {
        'x-nextjs-data': '1',
        'x-now-route-matches': '1',
        'x-next-revalidated-tags': 'x',
        'x-prerender-revalidate': 'x',
      },
      { rsc: '1', 'next-router-prefetch': '1' },
      { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
      { rsc: '1', 'next-router-state-tree': '%5B%22%22%2C' },
      { rsc: '1', 'next-router-state-tree': 'x'.repeat(4000) },
      { 'next-action': 'a'.repeat(42) },
    ];
    for (const headers of tricks) {
      for (const path of ['/containers', '/admin', `/containers/${world.containers.a.id}`]) {
        const answer = await ask(path, html(headers));
        const text = await answer.text();
        expect(answer.status, JSON.stringify(headers)).toBeLessThan(500);
        for (const word of ['web-a', 'owner-a', 'Tenant A']) expect(text).not.toContain(word);
        // What it was asked for under is not what it answers with: nothing here could poison a cache.
        expect(text + [...answer.headers].join()).not.toContain('evil.test');
        // A detour of the router's own (307) says nothing of anybody, and is kept by nobody anyway.
        const kept = answer.headers.get('cache-control') ?? '';
        if (answer.status !== 307) expect(kept, `${path} ${JSON.stringify(headers)}`).toContain('no-store');
      }
    }
  });

  it('there are no server actions, no data routes, no picture service, no addresses of next-auth', async () => {
    for (const id of ['a'.repeat(40), 'a'.repeat(42), '0'.repeat(40), '../x', '__proto__']) {
      for (const origin of [web.baseUrl, 'https://evil.test']) {
        const form = new FormData();
        form.set('1_$ACTION_ID_x', '');
        form.set('0', '["$F1","__proto__",{"then":"$1:__proto__:then"}]');
        for (const body of ['[]', form]) {
          const answer = await ask('/sign-in', { method: 'POST', body, headers: { 'next-action': id, origin } });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
        }
      }
    }
    let asked = 0;
    const canary = createServer((_, response) => {
      asked += 1;
      response.end('x');
    });
    const canaryPort = await freePort();
    await new Promise<void>((resolve) => canary.listen(canaryPort, '127.0.0.1', resolve));
    const urls = [
      `http://127.0.0.1:${canaryPort}/x`,
      `//127.0.0.1:${canaryPort}/x`,
      `http://[::ffff:127.0.0.1]:${canaryPort}/x`,
      '/api/v1/me',
    ];
    for (const url of urls) {
      const answer = await ask(`/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`);
      expect([400, 404]).toContain(answer.status);
    }
    canary.close();
    expect(asked).toBe(0);
    for (const path of [
      '/_next/data/build/containers.json',
      '/api/auth/session',
      '/api/auth/callback/credentials',
      '/api/auth/csrf',
      '/api/auth/signin',
      '/.env',
      '/.git/config',
      '/package.json',
      '/_next/../package.json',
      '/server/web.ts',
      '/.next/BUILD_ID',
      '/_next/server/app.js',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
      expect(
        (await ask(path, { method: 'POST', body: 'x', headers: { origin: web.baseUrl } })).status,
        path,
      ).toBeGreaterThanOrEqual(400);
    }
  });

  it('a cookie is ours or nothing: not without a signature, not another’s, not a part of one', async () => {
    const cookie = await signIn('ownerA');
    const [name = '', value = ''] = cookie.split('=');
    const part = (text: object) => Buffer.from(JSON.stringify(text)).toString('base64url');
    const key = { key: 'x'.repeat(43), sub: world.people.admin.id, exp: 9_999_999_999 };
    const salt = 'berth-session';
    const forged = [
      `${part({ alg: 'none' })}.${part(key)}.`,
      `${part({ alg: 'HS256', typ: 'JWT' })}.${part(key)}.${'A'.repeat(43)}`,
      `${part({ alg: 'dir', enc: 'A256CBC-HS512' })}..${'A'.repeat(22)}.${'A'.repeat(40)}.${'A'.repeat(43)}`,
      await encode({ token: key, secret: 'the secret of another installation, long enough', salt }),
      value.slice(0, -2),
      // One letter of the seal.
      `${value.slice(0, -10)}${value.at(-10) === 'A' ? 'B' : 'A'}${value.slice(-9)}`,
      value.split('.').slice(0, 3).join('.'),
      `${value}; ${name}=`,
    ];
    expect((await ask('/api/v1/me', { headers: { cookie } })).status).toBe(200);
    for (const one of forged) {
      const answer = await ask('/api/v1/me', { headers: { cookie: `${name}=${one}` } });
      expect(answer.status === 401 || (one.startsWith(value) && answer.status === 200), one.slice(0, 60)).toBe(true);
    }
    // Under the name that a panel over TLS has, it is none here.
    expect((await ask('/api/v1/me', { headers: { cookie: `__Host-${cookie}` } })).status).toBe(401);
  });
});

describe('a session', () => {
  it('is another than any that was there before the sign-in, and goes on under another key when its person was asked again', async () => {
    const planted = await signIn('memberB');
    const cookie = await signIn('ownerA', { cookie: planted });
    expect(cookie).not.toBe(planted);
    const who = async (one: string) => (await ask('/api/v1/whoami', { headers: { cookie: one } })).json();
    expect(JSON.stringify(await who(planted))).toContain(world.people.memberB.id);
    expect(JSON.stringify(await who(cookie))).toContain(world.people.ownerA.id);
    const proved = await ask('/api/v1/me/proof', post({ password }, { cookie }));
    expect(proved.status).toBe(204);
    const next = cookieIn(proved);
    expect(next).not.toBe('');
    expect((await ask('/api/v1/me', { headers: { cookie } })).status).toBe(401);
    expect((await ask('/api/v1/me', { headers: { cookie: next } })).status).toBe(200);
    const rows = await asSuper((tx) => tx.select().from(sessions).where(eq(sessions.userId, world.people.ownerA.id)));
    expect(new Set(rows.map(({ keyHash }) => keyHash)).size).toBe(rows.length);
    // A wrong proof neither proves nor changes the key.
    expect((await ask('/api/v1/me/proof', post({ password: 'wrong password' }, { cookie: next }))).status).toBe(422);
    expect((await ask('/api/v1/me', { headers: { cookie: next } })).status).toBe(200);
  });

  it('is not opened, ended or used from another site, whatever is made of the request', async () => {
    const cookie = await signIn('ownerB');
    const body = JSON.stringify({ email: world.people.ownerA.email, password });
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: `${web.baseUrl}.evil.test` },
      { origin: web.baseUrl.replace('127.0.0.1', 'localhost') },
      { origin: web.baseUrl.replace('http:', 'https:') },
      { origin: web.baseUrl, 'sec-fetch-site': 'cross-site' },
      { origin: web.baseUrl, 'sec-fetch-site': 'same-site' },
      { referer: `${web.baseUrl}/containers` },
    ];
    for (const headers of foreign) {
      for (const [method, path, sent] of [
        ['POST', '/api/v1/session', body],
        ['DELETE', '/api/v1/session', undefined],
        ['POST', '/api/v1/session/passkey', '{"response":{}}'],
        ['POST', '/api/v1/me/proof', JSON.stringify({ password })],
      ] as const) {
        for (const type of [
          'application/json',
          'text/plain',
          'application/x-www-form-urlencoded',
          'text/plain; application/json',
        ]) {
          const answer = await ask(path, {
            method,
            headers: { 'content-type': type, cookie, ...headers },
            ...(sent === undefined ? {} : { body: sent }),
          });
          expect([answer.status, cookieIn(answer)], `${method} ${path} ${JSON.stringify(headers)}`).toEqual([403, '']);
        }
      }
    }
    // From here, but as a form would send it.
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
      '',
    ]) {
      const answer = await ask('/api/v1/session', {
        method: 'POST',
        body: new Blob([body]),
        headers: { 'content-type': type, origin: web.baseUrl },
      });
      expect([answer.status, cookieIn(answer)], type).toEqual([422, '']);
    }
    for (const header of ['x-http-method-override', 'x-method-override', 'x-http-method', '_method']) {
      const answer = await ask(`/api/v1/session?_method=DELETE`, {
        headers: { cookie, origin: web.baseUrl, [header]: 'DELETE' },
      });
      expect(answer.status).toBe(405);
    }
    expect((await ask('/api/v1/me', { headers: { cookie } })).status).toBe(200);
  });

  it('is opened by nothing that is no address or password of ours, and nothing of that is a fault', async () => {
    const { email } = world.people.ownerA;
    for (const text of nasty.filter((_, n) => n % 2 === 0)) {
      for (const body of [
        { email: `${text}${email}`, password },
        { email, password: `${password}${text === '' ? 'x' : text}` },
        { email: text, password: text },
        { email, password: 'a wrong password', code: text },
        { link: text },
        { email: [email], password },
        { email: { $ne: '' }, password: { $gt: '' } },
      ]) {
        await asSuper((tx) => tx.execute(sql`delete from login_throttle`));
        const answer = await ask('/api/v1/session', post(body));
        // Spaces around an address are the writer's business.
        const same =
          'email' in body &&
          typeof body.email === 'string' &&
          body.email.trim() === email &&
          body.password === password;
        expect(same ? [204] : [401, 422], JSON.stringify(body)).toContain(answer.status);
      }
    }
    // What looks like somebody's address is not theirs: full-width, Kelvin sign, dotless i, combining.
    for (const other of [
      'ｏwner-a@example.test',
      'owner‐a@example.test',
      'owner-a@ｅxample.test',
      'owner-a@example.test\u200b',
      'owner-a@example．test',
    ]) {
      expect((await ask('/api/v1/session', post({ email: other, password }))).status, other).toBe(401);
    }
  });
});

describe('answers', () => {
  it('of the interface and of pages behind the sign-in are kept by nobody', async () => {
    const cookie = await signIn('ownerA');
    const plain = Object.values(routes).filter(
      (route: Route) => route.method === 'GET' && !route.path.includes('{') && route.path !== '/events',
    );
    for (const { path } of plain as Route[]) {
      for (const headers of [{ cookie }, {}] as Record<string, string>[]) {
        const answer = await ask(`/api/v1${path}`, { headers });
        await answer.arrayBuffer();
        const kept = answer.headers.get('cache-control') ?? '';
        // The one that says nothing of anybody may be.
        expect(answer.status, path).not.toBe(500);
        if (path !== '/openapi.json' && !path.startsWith('/brand')) expect(kept, path).toContain('no-store');
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      }
    }
    for (const path of [
      '/containers',
      '/account',
      '/account/security',
      '/audit',
      '/team',
      '/sign-in',
      '/forgot',
      '/reset?token=x',
      '/invitation?token=x',
    ]) {
      const answer = await ask(path, html({ cookie }));
      await answer.arrayBuffer();
      expect(answer.headers.get('cache-control') ?? '', path).toContain('no-store');
    }
  });

  it('pages take whatever stands in their address', async () => {
    const cookie = await signIn('admin');
    const words = ['a%00b', 'x'.repeat(190), '-1'];
    for (const path of [
      '/admin/audit',
      '/admin/operations',
      '/admin/tickets',
      '/admin/tenants',
      '/backups',
      '/activity',
      '/help',
      '/device',
      '/sign-in',
      '/reset',
      '/invitation',
    ]) {
      for (const word of words) {
        const query = [
          'cursor',
          'actor',
          'verb',
          'target',
          'from',
          'until',
          'state',
          'q',
          'tenant',
          'code',
          'token',
          'next',
          'container',
        ]
          .map((key) => `${key}=${word}`)
          .join('&');
        const answer = await ask(`${path}?${query}`, html({ cookie }));
        await answer.arrayBuffer();
        expect(answer.status, `${path} ${word}`).toBeLessThan(500);
      }
    }
  });
});

it('whoever never ends the head of a request is cut off', async () => {
  expect(await slow.cutAfterMs).toBeLessThan(30_000);
  expect(await alive()).toBe(200);
});
