/** Behind a real Caddy, configured as docs/operating.md and docs/resellers.md say. */
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { addHost, dropHost, proveHost, setTxtResolver } from '#lib/brands/hosts.ts';
import { withActor } from '#lib/db/client.ts';
import { publish } from '#lib/events/publish.ts';
import { repoDir } from '#server/setup/context.ts';
import { startCaddy, type TestCaddy } from '#tests/support/caddy.ts';
import { actorFor } from '#tests/support/portal.ts';
import { freePort } from '#tests/support/postgres.ts';
import { startSite, type TestSite } from '#tests/support/web.ts';

const password = 'correct horse battery';
const panel = 'panel.example.org';
let site: TestSite;
let caddy: TestCaddy;
let port: number;

/** The block of a documentation that begins so. */
function documented(file: string, begin: string): string {
  const text = readFileSync(join(repoDir, 'docs', file), 'utf8');
  const block = [...text.matchAll(/```[a-z]*\n([^`]*)```/g)].find(([, body]) => body?.includes(begin))?.[1];
  if (block === undefined) throw new Error(`${file} has no block with ${begin}`);
  return block;
}

beforeAll(async () => {
  port = await freePort();
  site = await startSite(password, { publicUrl: `https://${panel}:${port}` });
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: `https://${panel}:${port}` });
}, 600_000);
afterAll(async () => {
  await caddy?.stop();
  await site?.stop();
});

type Sent = { method?: string; headers?: Record<string, string>; body?: unknown; host?: string };
/** Everybody's name resolves to loopback here; certificates are checked. */
const towards = (host: string) => ({ host: '127.0.0.1', port, servername: host, ca: caddy.authority() });

function open(path: string, { method = 'GET', headers = {}, body, host = panel }: Sent = {}) {
  return new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const origin = `https://${host}:${port}`;
    const sent = httpsRequest(
      { ...towards(host), path, method, headers: { host: `${host}:${port}`, origin, ...json, ...headers } },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function ask(path: string, sent?: Sent) {
  const answer = await open(path, sent);
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return { status: answer.statusCode, headers: answer.headers, text };
}

async function signIn(headers: Record<string, string> = {}): Promise<string> {
  const body = { email: site.world.people.ownerA.email, password };
  const answer = await ask('/api/v1/session', { method: 'POST', body, headers });
  expect(answer.status, answer.text).toBe(204);
  const cookie = answer.headers['set-cookie']?.find((one) => one.startsWith('__Host-berth-session='));
  expect(cookie).toMatch(/Secure/i);
  return cookie?.split(';')[0] ?? '';
}

describe('the panel behind Caddy', () => {
  beforeAll(async () => {
    caddy = await startCaddy(documented('operating.md', 'panel.example.org {'), panel, port, site.web.port);
  });
  afterAll(async () => {
    await caddy?.stop();
  });

  it('lets people in, over TLS, and knows where they come from, whatever they say themselves', async () => {
    const cookie = await signIn({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.test' });
    const me = await ask('/api/v1/me', { headers: { cookie } });
    expect(JSON.parse(me.text)).toMatchObject({ sessions: [{ current: true, address: '127.0.0.1' }] });
    expect(me.headers['strict-transport-security']).toBeDefined();
    const page = await ask('/containers', { headers: { cookie, accept: 'text/html' } });
    expect([page.status, page.text.includes('web-a')]).toEqual([200, true]);
    const away = await ask('/containers', { headers: { accept: 'text/html' } });
    expect([away.text.includes('web-a'), away.text.includes('/sign-in')]).toEqual([false, true]);
  });

  it('passes live events on at once', async () => {
    const cookie = await signIn();
    const stream = await open('/api/v1/events', { headers: { cookie } });
    let text = '';
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    await expect
      .poll(
        async () => {
          await withActor(site.portal.worker, systemActor('test'), (tx) =>
            publish(tx, { type: 'container', tenantId: site.world.ids.a, data: { mark: 'through' } }),
          );
          return text;
        },
        { timeout: 5_000 },
      )
      .toContain('"mark":"through"');
    stream.destroy();
  });

  it('takes consoles through, for whoever may', async () => {
    const cookie = await signIn();
    const attempt = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        const path = `/api/v1/containers/${site.world.containers.a.id}/console`;
        const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, {
          ...{ servername: panel, ca: caddy.authority() },
          headers: { host: `${panel}:${port}`, ...headers },
        });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('error', () => undefined);
      });
    expect(await attempt({ cookie, origin: 'https://evil.test' })).toBe(403);
    // The right person gets as far as the host, which does not exist here.
    expect([409, 503]).toContain(await attempt({ cookie, origin: `https://${panel}:${port}` }));
  });
});

describe('brands behind Caddy', () => {
  beforeAll(async () => {
    caddy = await startCaddy(documented('resellers.md', 'on_demand_tls'), panel, port, site.web.port);
  });

  it('get a certificate for a name that is proven, and for no other', async () => {
    const brand = 'panel.acme.example';
    const reseller = actorFor(site.world, 'reseller');
    await expect(ask('/sign-in', { host: brand })).rejects.toThrow(/alert|EPROTO|ECONNRESET/i);
    const claimed = await addHost(reseller, site.world.ids.reseller, { host: brand });
    await expect(ask('/sign-in', { host: brand })).rejects.toThrow(/alert|EPROTO|ECONNRESET/i);
    setTxtResolver(async () => [[claimed.record.value]]);
    await proveHost(reseller, site.world.ids.reseller, claimed.id);
    const page = () => ask('/sign-in', { host: brand, headers: { accept: 'text/html' } });
    await expect.poll(async () => (await page().catch(() => undefined))?.status, { timeout: 10_000 }).toBe(200);
    expect((await ask('/sign-in', { headers: { accept: 'text/html' } })).status).toBe(200);
    await dropHost(reseller, site.world.ids.reseller, claimed.id);
    // The certificate stays in Caddy's hands until it ends; the panel no longer answers to the name.
    await expect.poll(async () => (await page()).status, { timeout: 10_000 }).toBe(421);
  });
});
