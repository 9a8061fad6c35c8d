import type { z } from 'zod';
import type { UserActor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { recordDenied } from '../audit/denied.ts';
import { authConfig, cookieSettings } from '../auth/config.ts';
import { cookieValue } from '../auth/cookie.ts';
import { getActor, visitorOf } from '../auth/request.ts';
import type { Visitor } from '../auth/sessions.ts';
import { BerthError } from '../contract/errors.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';
import { readJson } from './body.ts';
import { checkSameOrigin } from './origin.ts';
import { problemResponse } from './problem.ts';

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
 * all (the verb looks at the very object again), does the input fit; then `work`. Whatever is thrown becomes a problem.
 * `work` may return a Response of its own (streams).
 */
export function handle<N extends RouteName>(
  name: N,
  work: (call: Call<N>) => Promise<z.input<Routes[N]['response']> | Response>,
): Handler {
  const route: Route = routes[name];
  return async (request, context) => {
    let asking: UserActor | undefined;
    try {
      const bearer = request.headers.has('authorization');
      const cookie = !bearer && cookieValue(request.headers, cookieSettings().name) !== undefined;
      if (request.method !== 'GET' && !bearer) checkSameOrigin(request.headers, authConfig().baseUrl, cookie);
      const actor = await getActor(request.headers);
      asking = actor;
      if (actor === undefined && (route.permission !== 'public' || bearer)) throw new BerthError('unauthenticated');
      const params = parse(route.params, await context.params, 'not_found');
      if (actor !== undefined && route.permission !== 'public' && route.permission !== 'self') {
        authorize(actor, route.permission);
      }
      if (route.permission === 'self' && route.method !== 'GET' && actor?.limited === true) {
        throw new BerthError('forbidden', 'This token was made for less: it does not change the account.');
      }
      const query = parse(route.query, Object.fromEntries(new URL(request.url).searchParams));
      const body = route.body === undefined ? undefined : parse(route.body, await readJson(request));
      const visitor = visitorOf(request.headers);
      const result = await work({ actor, params, query, body, visitor, request } as Call<N>);
      if (result instanceof Response) return result;
      return answer(route.status, result);
    } catch (error) {
      if (asking !== undefined && error instanceof BerthError && error.code === 'forbidden') {
        const { id } = await context.params;
        await recordDenied(asking, { verb: route.permission, path: route.path, id });
      }
      return problemResponse(error, name);
    }
  };
}

function answer(status: number, value: unknown): Response {
  const headers = { 'cache-control': 'no-store' };
  if (status === 204) return new Response(null, { status, headers });
  return new Response(JSON.stringify(value), { status, headers: { ...headers, 'content-type': 'application/json' } });
}

function parse(schema: z.ZodType | undefined, value: unknown, code: 'invalid' | 'not_found' = 'invalid'): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // An address with an id that cannot exist names nothing.
  if (code === 'not_found') throw new BerthError('not_found');
  const issues = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new BerthError('invalid', undefined, { issues });
}
