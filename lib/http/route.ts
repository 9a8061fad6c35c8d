import type { z } from 'zod';
import type { UserActor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { recordDenied, recordUnseen } from '../audit/denied.ts';
import { cookieSettings, originOf } from '../auth/config.ts';
import { cookieValue } from '../auth/cookie.ts';
import { refuseUnenrolled } from '../auth/enrolment.ts';
import { refuseStaleProof } from '../auth/proof.ts';
import { getActor, visitorOf } from '../auth/request.ts';
import type { Visitor } from '../auth/sessions.ts';
import { BerthError } from '../contract/errors.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';
import { bodyLimitBytes, readJson, readLimited } from './body.ts';
import { unkeepable } from './clean.ts';
import { deprecationHeaders } from './deprecation.ts';
import { etagOf, isKnown, underCondition } from './edition.ts';
import { digestOf, fingerprintOf, keyOf, once, type Stored } from './idempotency.ts';
import { checkSameOrigin } from './origin.ts';
import { problemOf, problemResponse } from './problem.ts';
import { countRequest, TooManyRequests } from './rate-limit.ts';
import { requestWith } from './request-with.ts';
import { whileAllowed } from './while-allowed.ts';

type Routes = typeof routes;
type Parsed<N extends RouteName, K extends 'params' | 'query' | 'body'> =
  Routes[N] extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;
type ActorOf<N extends RouteName> = Routes[N]['permission'] extends 'public' ? UserActor | undefined : UserActor;

export type Call<N extends RouteName> = {
  actor: ActorOf<N>;
  params: Parsed<N, 'params'>;
  query: Parsed<N, 'query'>;
  body: Parsed<N, 'body'>;
  visitor: Visitor;
  request: Request;
};

export type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/**
 * The handler of one route of the contract. In this order: no change from another site, who is it, may this role do it at
 * all (the verb looks at the very object again), is it surely still them, does the input fit; then `work`, once for each Idempotency-Key. Whatever is thrown
 * becomes a problem.
 * `work` may return a Response of its own (streams).
 */
export function handle<N extends RouteName>(
  name: N,
  work: (call: Call<N>) => Promise<z.input<Routes[N]['response']> | Response>,
): Handler {
  const route: Route = routes[name];
  return async (request, context) => {
    let asking: UserActor | undefined;
    let more: Record<string, string> = {};
    try {
      const bearer = request.headers.has('authorization');
      const cookie = !bearer && cookieValue(request.headers, cookieSettings().name) !== undefined;
      if (request.method !== 'GET' && !bearer) checkSameOrigin(request.headers, originOf(request.headers), cookie);
      const actor = await getActor(request.headers);
      asking = actor;
      if (actor === undefined && (route.permission !== 'public' || bearer)) throw new BerthError('unauthenticated');
      if (actor !== undefined) more = await countRequest(actor);
      if (actor !== undefined) refuseUnenrolled(actor, name);
      const params = parse(route.params, await context.params, 'not_found');
      if (actor !== undefined && route.permission !== 'public' && route.permission !== 'self') {
        authorize(actor, route.permission);
      }
      if (route.permission === 'self' && route.method !== 'GET' && actor?.limited === true) {
        refusePart(actor);
      }
      if (actor !== undefined) refuseStaleProof(actor, name);
      const search = new URL(request.url).searchParams;
      const query = parse(route.query, onceEach(search));
      const sent = route.body === undefined ? undefined : await readJson(request);
      const body = parse(route.body, sent);
      const visitor = visitorOf(request.headers);
      more = { ...more, ...deprecationHeaders(route.deprecated, [...search.keys(), ...Object.keys(sent ?? {})]) };
      const repeats = route.method === 'POST' && actor !== undefined && route.visits !== true;
      const key = repeats ? keyOf(request.headers) : undefined;
      if (key !== undefined && actor !== undefined) {
        // What names a request is all of it: the same key with other bytes is another request.
        const bytes = route.bytes === 'body' ? await readLimited(request.body, keyedBytes) : undefined;
        const whole = bytes === undefined ? request : requestWith(request, { body: new Uint8Array(bytes) });
        const { pathname } = new URL(request.url);
        const about = bytes === undefined ? (sent ?? null) : digestOf(bytes);
        const fingerprint = fingerprintOf(route.method, `${pathname}?${search}`, about);
        const call = { actor, params, query, body, visitor, request: whole } as Call<N>;
        const done = () => underCondition(name, request.headers, () => work(call));
        return await replayable(actor, { key, fingerprint }, name, done, more);
      }
      const answered = (sending: Request) => work({ actor, params, query, body, visitor, request: sending } as Call<N>);
      const result = await underCondition(name, request.headers, () =>
        route.bytes === undefined || actor === undefined ? answered(request) : whileAllowed(actor, request, answered),
      );
      if (result instanceof Response) return withHeaders(result, more);
      const given = stored(route.status, result);
      const etag = given.body === null ? undefined : etagOf(name, result, given.body);
      if (etag === undefined) return answer(given, more);
      if (route.method === 'GET' && isKnown(request.headers, etag)) return answer(notModified, { ...more, etag });
      return answer(given, { ...more, etag });
    } catch (error) {
      if (asking !== undefined && error instanceof BerthError) {
        // Next gives no parameters at all where the address names none.
        const denied = { verb: route.permission, path: route.path, id: (await context.params)?.id };
        if (error.code === 'forbidden') await recordDenied(asking, denied);
        else if (error.code === 'not_found' && reachesIn(route)) void recordUnseen(asking, denied);
      }
      return problemResponse(error, name, error instanceof TooManyRequests ? error.headers : more);
    }
  };
}

/** Whether a route changes something, or hands out what is inside of things: not what only lists and shows them. */
function reachesIn({ method, bytes, permission }: Route): boolean {
  return method !== 'GET' || bytes !== undefined || permission === 'file.read' || permission === 'container.log';
}

/** A token that was made for less changes nothing of the account. Who is less under a brand's name does: what they take along is worth as much. */
function refusePart({ partial }: UserActor): void {
  if (partial === true) return;
  throw new BerthError('forbidden', 'This token was made for less: it does not change the account.');
}

/** No POST of bytes takes more. */
const keyedBytes = 5 * bodyLimitBytes;
const notModified: Stored = { status: 304, body: null };

/** What a query says. A name that is there twice says two things. */
function onceEach(search: URLSearchParams): Record<string, string> {
  const twice = [...search.keys()].find((name) => search.getAll(name).length > 1);
  if (twice === undefined) return Object.fromEntries(search);
  throw new BerthError('invalid', undefined, { issues: [{ path: twice, message: 'is there twice' }] });
}

function stored(status: number, value: unknown): Stored {
  return { status, body: status === 204 ? null : JSON.stringify(value) };
}

function answer({ status, body }: Stored, more: Record<string, string>): Response {
  const headers = { ...more, 'cache-control': 'no-store' };
  if (body === null) return new Response(null, { status, headers });
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return new Response(body, { status, headers: { ...headers, 'content-type': type } });
}

function withHeaders(response: Response, more: Record<string, string>): Response {
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
}

/** What a key names is done once; see {@link once}. */
async function replayable(
  actor: UserActor,
  named: { key: string; fingerprint: string },
  name: RouteName,
  work: () => Promise<unknown>,
  more: Record<string, string>,
): Promise<Response> {
  const done = async () => {
    const result = await work();
    // Streams cannot be given twice; no POST answers with one.
    if (result instanceof Response) throw new Error(`${name} answers with a stream and cannot be kept`);
    return stored(routes[name].status, result);
  };
  const { replayed, ...given } = await once(actor, named, done, (error) => problemOf(error, name));
  return answer(given, replayed ? { ...more, 'idempotency-replayed': 'true' } : more);
}

function parse(schema: z.ZodType | undefined, value: unknown, code: 'invalid' | 'not_found' = 'invalid'): unknown {
  if (schema === undefined) return undefined;
  const broken = unkeepable(value);
  const result = broken.length === 0 ? schema.safeParse(value) : undefined;
  if (result?.success) return result.data;
  // An address with an id that cannot exist names nothing.
  if (code === 'not_found') throw new BerthError('not_found');
  const found = result?.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new BerthError('invalid', undefined, { issues: found ?? broken });
}
