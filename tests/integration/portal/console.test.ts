import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { desc, eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { systemActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { grantConsent, revokeConsent } from '#lib/consents/decide.ts';
import { identityUri } from '#lib/contract/agent-trust.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { accessConsents, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { setServices } from '#lib/services.ts';
import { isConsole, serveConsole } from '#server/http/console.ts';
import { sitesOf } from '#server/http/sites.ts';
import { grantPair, testPki } from '#tests/support/fake-agent.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let web: Server;
let host: Server;
let agents: Agents;
let webUrl: string;
/** What the host's side heard, and its sockets. */
const heard: { path: string; bytes: Buffer[]; texts: string[]; socket: WebSocket; closed: Promise<number> }[] = [];

const port = (server: Server) => (server.address() as AddressInfo).port;
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });

  const pki = await testPki();
  const { certificate: cert, key, ca } = await pki.issue(identityUri.host(world.ids.host));
  host = createTlsServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
    response.setHeader('berth-time', new Date().toISOString());
    response.end('{}');
  });
  const sockets = new WebSocketServer({ server: host, path: undefined });
  sockets.on('connection', (socket, request) => {
    const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
    const one = { path: request.url ?? '', bytes: [] as Buffer[], texts: [] as string[], socket, closed };
    heard.push(one);
    // At once, so that it arrives with the handshake.
    socket.send(Buffer.from('scrollback'));
    socket.on('message', (data: Buffer, binary) => {
      if (!binary) one.texts.push(data.toString());
      else {
        one.bytes.push(data);
        socket.send(Buffer.concat([Buffer.from('echo:'), data.subarray(0, 20)]));
      }
    });
  });
  await listen(host);
  agents = new Agents(await pki.issue(identityUri.service('web')), grantSigner('web', grantPair().privatePem));
  setServices({ agents, queue: { enqueue: async () => undefined }, log: { warn: () => undefined } });
  await withActor(portal.super, asSystem, async (tx) => {
    await tx.update(hosts).set({ address: `https://127.0.0.1:${port(host)}` });
    await tx.update(containers).set({ observedAt: new Date(Date.now() + 3_600_000) });
  });

  web = createServer();
  web.on('upgrade', (request, socket, head) => {
    expect(isConsole(request)).toBe(true);
    const site = { baseUrl: new URL(`http://127.0.0.1:${port(web)}`), behindProxy: false, dev: false };
    const sites = sitesOf(site, async () => null);
    void serveConsole(request, socket, head, sites);
  });
  await listen(web);
  webUrl = `ws://127.0.0.1:${port(web)}`;
});
afterAll(async () => {
  agents.close();
  web.closeAllConnections();
  web.close();
  host.closeAllConnections();
  host.close();
  await notifications().close();
  await portal.stop();
});

async function open(sessionId = v7(), who: keyof World['people'] = 'ownerA') {
  const token = await withActor(portal.web, asSystem, (tx) => createApiToken(tx, world.people[who].id, sessionId));
  const socket = new WebSocket(
    `${webUrl}/api/v1/containers/${world.containers.a.id}/console?session=${sessionId}&cols=80&rows=24`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  const received: Buffer[] = [];
  socket.on('message', (data: Buffer) => received.push(data));
  const closed = new Promise<{ code: number; at: number }>((resolve) =>
    socket.on('close', (code) => resolve({ code, at: Date.now() })),
  );
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const side = heard.at(-1);
  if (side === undefined) throw new Error('the host heard nothing');
  const text = () => Buffer.concat(received).toString();
  return { socket, side, closed, text, sessionId };
}

describe('a console', () => {
  it('carries bytes both ways from the first, and control words that are such', async () => {
    const one = await open();
    expect(one.side.path).toContain(`/v1/containers/${world.containers.a.id}/console/${one.sessionId}`);
    await expect.poll(one.text).toBe('scrollback');
    one.socket.send(Buffer.from('ls\r'));
    await expect.poll(one.text).toBe('scrollbackecho:ls\r');
    one.socket.send('{"type":"resize","cols":100,"rows":30}');
    one.socket.send('{"type":"reboot the host"}');
    one.socket.send('not even JSON');
    one.socket.send(Buffer.from('x'));
    await expect.poll(one.text).toContain('echo:x');
    expect(one.side.texts).toEqual(['{"type":"resize","cols":100,"rows":30}']);
    one.socket.close(1000);
    expect(await one.side.closed).toBe(1000);
  });

  it('hands a long paste on in pieces, whole and in order', async () => {
    const one = await open();
    const paste = Buffer.alloc(300_000, 'abcdefghijklmnopqrstuvwxyz');
    one.socket.send(paste);
    await expect.poll(() => Buffer.concat(one.side.bytes).length).toBe(paste.length);
    expect(Buffer.concat(one.side.bytes).equals(paste)).toBe(true);
    expect(Math.max(...one.side.bytes.map((piece) => piece.length))).toBeLessThanOrEqual(64 * 1024);
    one.socket.terminate();
    await one.side.closed;
  });

  it('is told from the browser’s side when the host’s ends', async () => {
    const one = await open();
    one.side.socket.close(1000, 'the session has ended');
    expect((await one.closed).code).toBe(1000);
    const two = await open();
    two.side.socket.terminate();
    expect((await two.closed).code).toBe(1011);
  });

  it('closes within 2 s when the way in is revoked, with the code that means: do not try again', async () => {
    const one = await open();
    const before = Date.now();
    await withActor(portal.web, asSystem, (tx) =>
      tx.update(apiTokens).set({ revokedAt: new Date() }).where(eq(apiTokens.name, one.sessionId)),
    );
    const { code, at } = await one.closed;
    expect(code).toBe(1008);
    expect(at - before).toBeLessThan(2000);
    await one.side.closed;
  });

  it('closes within 2 s when a hold is put on the container, and cannot be opened while it lasts', async () => {
    const one = await open();
    const before = Date.now();
    const { id: containerId, tenantId } = world.containers.a;
    await withActor(portal.super, asSystem, (tx) =>
      tx.insert(holds).values({ tenantId, containerId, reason: 'abuse' }),
    );
    const { code, at } = await one.closed;
    expect(code).toBe(1008);
    expect(at - before).toBeLessThan(2000);
    await expect(open()).rejects.toThrow('409');
    await withActor(portal.super, asSystem, (tx) => tx.delete(holds));
  });

  it('opens for staff by the tenant’s consent alone, under both names, and closes within 2 s when that is taken back', async () => {
    await expect(open(v7(), 'support')).rejects.toThrow('403');
    const { id: containerId, tenantId } = world.containers.a;
    const owner = world.people.ownerA;
    const [ticketId, consentId] = [v7(), v7()];
    await withActor(portal.super, asSystem, async (tx) => {
      await tx.insert(tickets).values({
        ...{ id: ticketId, tenantId, containerId, subject: 'Help', level: 'provider', priority: 'normal' },
        ...{ openedById: owner.id, openedByName: owner.name },
      });
      await tx.insert(accessConsents).values({
        ...{ id: consentId, ticketId, tenantId, containerId, staffId: world.people.support.id, staffName: 'support' },
        ...{ scopes: ['console'], minutes: 60, reason: 'to see' },
      });
    });
    // Asked for is not given.
    await expect(open(v7(), 'support')).rejects.toThrow('403');
    await grantConsent(actorFor(world, 'ownerA'), consentId, {});
    const one = await open(v7(), 'support');
    await expect.poll(one.text).toBe('scrollback');
    const [entry] = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(auditLog).where(eq(auditLog.verb, 'container.console')).orderBy(desc(auditLog.at)).limit(1),
    );
    expect(entry).toMatchObject({ actorName: 'support', onBehalfOfName: owner.name, onBehalfOfId: owner.id });
    // For one container and one of the staff; for nobody and nothing else.
    await expect(open(v7(), 'admin')).rejects.toThrow('403');
    const before = Date.now();
    await revokeConsent(actorFor(world, 'ownerA'), consentId);
    const { code, at } = await one.closed;
    expect(code).toBe(1008);
    expect(at - before).toBeLessThan(2000);
    await one.side.closed;
    await expect(open(v7(), 'support')).rejects.toThrow('403');
  });

  it('closes within 2 s when the account is disabled', async () => {
    const one = await open();
    const before = Date.now();
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(users).set({ disabledAt: new Date() }).where(eq(users.id, world.people.ownerA.id)),
    );
    const { code, at } = await one.closed;
    expect(code).toBe(1008);
    expect(at - before).toBeLessThan(2000);
    await withActor(portal.super, asSystem, (tx) => tx.update(users).set({ disabledAt: null }));
  });
});
