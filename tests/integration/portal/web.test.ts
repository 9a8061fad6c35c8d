import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { systemActor } from '#lib/access/actor.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { withActor } from '#lib/db/client.ts';
import { publish } from '#lib/events/publish.ts';
import { actorFor, type TestPortal, type World } from '#tests/support/portal.ts';
import { startSite, type TestSite, type TestWeb } from '#tests/support/web.ts';

const asSystem = systemActor('test');
const password = 'correct horse battery';
let site: TestSite;
let portal: TestPortal;
let world: World;
let web: TestWeb;

beforeAll(async () => {
  site = await startSite(password);
  ({ web, portal, world } = site);
}, 600_000);
afterAll(async () => {
  await site?.stop();
});

const api = (path: string, init: RequestInit = {}) =>
  fetch(`${web.baseUrl}/api/v1${path}`, { redirect: 'manual', ...init });
const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

async function signIn(who: keyof World['people']): Promise<string> {
  const answer = await api('/session', json({ email: world.people[who].email, password }, { origin: web.baseUrl }));
  expect(answer.status).toBe(204);
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('berth-session='));
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  return cookie?.split(';')[0] ?? '';
}

describe('signing in', () => {
  it('sets a cookie that is known, signs out by it, and is then dead', async () => {
    const cookie = await signIn('ownerA');
    const me = await api('/me', { headers: { cookie } });
    expect(await me.json()).toMatchObject({
      role: 'tenant-owner',
      tenantName: 'Tenant A',
      sessions: [{ current: true }],
    });
    const out = await api('/session', { method: 'DELETE', headers: { cookie, origin: web.baseUrl } });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie().join()).toMatch(/berth-session=;/);
    expect((await api('/me', { headers: { cookie } })).status).toBe(401);
  });

  it('answers a wrong password with a problem, and sets nothing', async () => {
    const answer = await api('/session', json({ email: 'owner-a@example.test', password: 'wrong password' }));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.getSetCookie().join()).not.toContain('berth-session');
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated', reference: expect.any(String) });
  });

  it('is not possible from another site', async () => {
    const body = { email: 'owner-a@example.test', password };
    expect((await api('/session', json(body, { origin: 'https://evil.test' }))).status).toBe(403);
  });
});

describe('every answer', () => {
  it('carries the security headers, pages a fresh nonce on every script', async () => {
    const nonces = new Set<string>();
    for (let n = 0; n < 2; n += 1) {
      const page = await fetch(`${web.baseUrl}/sign-in`, { headers: { accept: 'text/html' } });
      expect(page.status).toBe(200);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy.split('; ').find((part) => part.startsWith('script-src'))).not.toContain('unsafe');
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      nonces.add(nonce);
      const scripts = (await page.text()).match(/<script[^>]*>/g) ?? [];
      expect(scripts.length).toBeGreaterThan(0);
      for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
      for (const name of ['x-content-type-options', 'referrer-policy', 'permissions-policy', 'x-frame-options']) {
        expect(page.headers.get(name), name).not.toBeNull();
      }
      expect(page.headers.get('x-powered-by')).toBeNull();
    }
    expect(nonces.size).toBe(2);
  });

  it('goes to our own name only', async () => {
    const answer = await new Promise<number>((resolve) => {
      const { port } = new URL(web.baseUrl);
      const headers = { host: 'evil.test' };
      get({ host: '127.0.0.1', port, path: '/api/v1/openapi.json', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
    });
    expect(answer).toBe(421);
  });

  it('is a problem for an address or a method the interface does not have', async () => {
    const nowhere = await api('/nothing');
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { code: 'not_found' }]);
    const wrong = await api('/containers', { method: 'PATCH' });
    expect([wrong.status, await wrong.json()]).toMatchObject([405, { code: 'method_not_allowed' }]);
    expect(wrong.headers.get('allow')).toBe('GET, POST');
  });
});

describe('live events', () => {
  it('come through the real server as they happen and end with the session', async () => {
    const cookie = await signIn('ownerA');
    const stream = await api('/events', { headers: { cookie } });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = stream.body?.getReader();
    const decoder = new TextDecoder();
    let text = '';
    const ended = (async () => {
      for (;;) {
        const part = await reader?.read().catch(() => undefined);
        if (part === undefined || part.done) return Date.now();
        text += decoder.decode(part.value, { stream: true });
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await withActor(portal.worker, asSystem, (tx) =>
      publish(tx, { type: 'container', tenantId: world.ids.a, data: { mark: 'live' } }),
    );
    await expect.poll(() => text, { timeout: 3000 }).toContain('"mark":"live"');
    const before = Date.now();
    expect((await api('/me/sessions', { method: 'DELETE', headers: { cookie, origin: web.baseUrl } })).status).toBe(
      204,
    );
    expect((await ended) - before).toBeLessThan(2000);
  });
});

describe('consoles', () => {
  const attempt = (containerId: string, headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const address = `${web.baseUrl.replace('http', 'ws')}/api/v1/containers/${containerId}/console`;
      const socket = new WebSocket(address, { headers });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });

  it('are refused without a session, from other sites, to staff, and for other tenants’ containers', async () => {
    const [a, b] = [world.containers.a.id, world.containers.b.id];
    const origin = web.baseUrl;
    const owner = await signIn('ownerA');
    const admin = await signIn('admin');
    expect(await attempt(a, { origin })).toBe(401);
    expect(await attempt(a, { origin: 'https://evil.test', cookie: owner })).toBe(403);
    expect(await attempt(a, { cookie: owner })).toBe(403);
    expect(await attempt(a, { origin, cookie: admin })).toBe(403);
    expect(await attempt(b, { origin, cookie: owner })).toBe(404);
    // The right person gets as far as the host, which does not exist here.
    expect([409, 503]).toContain(await attempt(a, { origin, cookie: owner }));
  });
});

it('ends on SIGTERM while streams are open', async () => {
  const actor = actorFor(world, 'ownerB');
  const token = await withActor(portal.web, asSystem, (tx) => createApiToken(tx, actor.userId, 'test'));
  const stream = await api('/events', { headers: { authorization: `Bearer ${token}` } });
  expect(stream.status).toBe(200);
  const { code, tookMs } = await web.end();
  expect({ code, log: code === 0 ? '' : web.log() }).toEqual({ code: 0, log: '' });
  expect(tookMs).toBeLessThan(5000);
});
