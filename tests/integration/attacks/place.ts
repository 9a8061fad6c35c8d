/** Everything that an address of the interface can be about, every handler in this process, and somebody of each kind to ask them. */
import { join } from 'node:path';
import { v7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { setTxtResolver } from '#lib/brands/hosts.ts';
import { type Route, type RouteName, routes } from '#lib/contract/routes.ts';
import { type Tx, withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { users } from '#lib/db/schema/users.ts';
import type { Handler } from '#lib/http/route.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';
import { matrixPassword, noObjects, type Objects, seedObjects } from '../authz/objects.ts';
import { type exempt, type Made, requests } from '../authz/requests.ts';

const api = join(import.meta.dirname, '../../../app/api/v1');
const someToken = 'x'.repeat(43);

/** The cookie's own doors need a running server: tests/integration/attacks/door.test.ts goes to them. */
export const needServer = [
  ...(['session.create', 'session.delete', 'session.passkey', 'me.prove'] as const),
  ...(['session.providerAnswer', 'session.providerCode'] as const),
] as const;

/** Requests that fit, for what the authorisation matrix leaves out. */
const more: Record<Exclude<keyof typeof exempt, (typeof needServer)[number]>, Made> = {
  'me.setLanguage': { body: { language: 'de' } },
  'me.password': { body: { current: matrixPassword, next: 'another password of the matrix' } },
  'me.sessions.revoke': { params: { id: v7() } },
  'invitations.accept': { body: { token: someToken, name: 'Somebody', password: 'a password that is long' } },
  'password.requestReset': { body: { email: 'owner-a@example.test' } },
  'password.redeemReset': { body: { token: someToken, password: 'a password that is long' } },
  'device.start': { body: { name: 'a program' } },
  'device.poll': { body: { deviceCode: someToken } },
  'device.decide': { body: { userCode: 'BBBB-CCCC', approve: true } },
  'brands.ask': { query: 'domain=panel.example.test' },
  'brands.asset': { params: { asset: 'light' } },
  'me.factor.start': { body: {} },
  'me.factor.confirm': { body: { code: '123456' } },
  'me.factor.renewCodes': { body: { code: '123456' } },
  'me.factor.turnOff': { body: { password: matrixPassword, code: '123456' } },
  'me.passkeys.options': { body: {} },
  'me.passkeys.add': { body: { name: 'a key', response: {} } },
  'me.passkeys.remove': { params: { id: v7() }, body: { password: matrixPassword } },
  'session.passkeyOptions': { body: {} },
  'session.providers': {},
  'session.provider': { params: { id: v7() }, body: {} },
  'session.providerLogout': { params: { id: v7() }, bytes: 'logout_token=none' },
  'identityProviders.try': { params: { id: v7() }, body: {} },
  'me.identities.begin': { body: { providerId: v7() } },
  'me.identities.remove': { params: { id: v7() } },
  'me.proveBy': { params: { id: v7() }, body: {} },
  'hosts.enroll': { body: {} },
  'openapi.get': {},
};

export type Place = Awaited<ReturnType<typeof makePlace>>;
export type Asked = Made & { headers?: Record<string, string>; raw?: string };

export async function makePlace() {
  const portal: TestPortal = await startPortal();
  const world: World = await seedWorld(portal);
  quietPanel();
  setTxtResolver(async () => [['berth-proof=matrix'], ['v=DKIM1; p=matrix']]);
  const a = await seedObjects(portal, world, world.ids.a, 20_001);
  const b = await seedObjects(portal, world, world.ids.b, 20_002);
  const objects = { a, b, none: noObjects(a) };
  const asSystem = <T>(work: (tx: Tx) => Promise<T>) => withActor(portal.super, systemActor('test'), work);
  const passwordHash = await hashPassword(matrixPassword);
  const tokens = await asSystem(async (tx) => {
    await tx.update(users).set({ passwordHash });
    const made = new Map<string, string>();
    for (const [who, { id }] of Object.entries(world.people)) made.set(who, await createApiToken(tx, id, 'attacks'));
    return made;
  });
  const handlers = new Map<RouteName, Handler>();
  for (const name of Object.keys(routes) as RouteName[]) {
    if ((needServer as readonly string[]).includes(name)) continue;
    const route: Route = routes[name];
    const file = join(api, route.path.replace(/\{(\w+)\}/g, '[$1]'), 'route.ts');
    const handler = ((await import(file)) as Record<string, Handler | undefined>)[route.method];
    if (handler === undefined) throw new Error(`${file} does not answer ${route.method}`);
    handlers.set(name, handler);
  }

  /** A request that would work on what is A's. */
  const fitting = (name: RouteName, of: Objects = objects.a): Made =>
    name in requests ? requests[name as keyof typeof requests].make(of) : (more[name as keyof typeof more] ?? {});

  async function send(name: RouteName, who: keyof World['people'] | null, made: Asked) {
    const route: Route = routes[name];
    const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(made.params?.[key] ?? ''));
    const headers = new Headers(made.headers);
    if (who !== null) headers.set('authorization', `Bearer ${tokens.get(who)}`);
    const body = made.raw ?? (made.body === undefined ? undefined : JSON.stringify(made.body));
    if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const bytes = typeof made.bytes === 'string' || made.bytes === undefined ? made.bytes : new Uint8Array(made.bytes);
    const sent = route.method === 'GET' ? undefined : (bytes ?? body);
    const leave = new AbortController();
    const request = new Request(`http://panel.test/api/v1${path}?${made.query ?? ''}`, {
      method: route.method,
      headers,
      signal: leave.signal,
      ...(sent === undefined ? {} : { body: sent }),
    });
    const answer = await handlers.get(name)?.(request, { params: Promise.resolve(made.params ?? {}) });
    if (answer === undefined) throw new Error(name);
    const type = answer.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) {
      leave.abort();
      return { status: answer.status, headers: answer.headers, text: '', json: undefined };
    }
    const text = await answer.text();
    const json: unknown = /json/.test(type) && text !== '' ? JSON.parse(text.split('\n')[0] ?? '') : undefined;
    return { status: answer.status, headers: answer.headers, text, json };
  }

  const stop = async () => {
    await notifications().close();
    await portal.stop();
  };
  return { portal, world, objects, tokens, asSystem, fitting, send, stop };
}
