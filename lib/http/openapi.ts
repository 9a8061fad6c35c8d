import type { z } from 'zod';
import { productName } from '../contract/brands.ts';
import { errorCodes, Problem } from '../contract/errors.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';
import { stepUp } from '../contract/step-up.ts';
import { insteadOf } from './deprecation.ts';
import { takesIfMatch } from './edition.ts';
import { keptHours } from './idempotency.ts';
import { type Json, schemaOf, withNamedSchemas } from './openapi-schemas.ts';

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }));
}

function operationOf(name: string, route: Route): Json {
  const success =
    route.status === 204 || route.status === 303
      ? { description: route.status === 204 ? 'Done' : 'Leads on to a page' }
      : {
          description: route.status === 202 ? 'Accepted: the operation' : 'The answer',
          content: {
            [answerType(name, route)]: {
              schema: schemaOf(route.response, 'output'),
            },
          },
        };
  return {
    operationId: name,
    summary: route.summary,
    tags: [name.split('.')[0]],
    ...(route.permission === 'public' ? { security: [] } : {}),
    'x-permission': route.permission,
    ...(stepUp.has(name as RouteName) ? { 'x-step-up': true } : {}),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...headersOf(name as RouteName, route),
    ],
    ...(route.bytes === 'body' ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } } : {}),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
        }),
    ...deprecationOf(route),
    responses: {
      [route.status]: success,
      ...(isCached(name as RouteName, route) ? { 304: { description: 'You have it already' } } : {}),
      ...(takesIfMatch(name as RouteName) ? { 412: { $ref: '#/components/responses/Problem' } } : {}),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** JSON that is asked for with GET. */
const isCached = (name: RouteName, route: Route) =>
  route.method === 'GET' && answerType(name, route) === 'application/json' && route.status === 200;

function deprecationOf({ deprecated = [] }: Route): Json {
  if (deprecated.length === 0) return {};
  const whole = deprecated.find(({ field }) => field === undefined);
  return {
    description: deprecated.map(insteadOf).join(' '),
    ...(whole === undefined ? {} : { deprecated: true, 'x-sunset': whole.until }),
  };
}

/** Request headers with a meaning of ours: docs/api.md. */
function headersOf(name: RouteName, route: Route): Json[] {
  const header = (header: string, description: string) => ({
    ...{ name: header, in: 'header', required: false, description, schema: { type: 'string' } },
  });
  const headers: Json[] = [];
  if (route.method === 'POST' && route.permission !== 'public' && route.visits !== true) {
    const text = `The same request again is answered the same for ${keptHours} hours and done once.`;
    headers.push(header('Idempotency-Key', text));
  }
  if (takesIfMatch(name)) {
    headers.push(header('If-Match', 'The ETag it was read with: 412 when it has changed since.'));
  }
  if (isCached(name, route))
    headers.push(header('If-None-Match', 'An ETag you have: 304 without content if it is still so.'));
  return headers;
}

function answerType(name: string, route: Route): string {
  if (route.bytes === 'answer') return 'application/octet-stream';
  return name === 'events.stream' ? 'text/event-stream' : 'application/json';
}

let made: Json | undefined;
/** The whole interface as OpenAPI 3.1, made from the contract's route table. */
export function openapiDocument(version: string, title: string = productName): Json {
  made ??= withNamedSchemas(documentOf());
  return entitled(made, version, title);
}

/** The same with every schema in its place, for those who read it as it comes. */
export function inlineDocument(version: string, title: string = productName): Json {
  return entitled(documentOf(), version, title);
}

function entitled(document: Json, version: string, title: string): Json {
  return {
    ...document,
    info: { title, version, description: `Stable error codes: ${Object.keys(errorCodes).join(', ')}.` },
  };
}

function documentOf(): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operationOf(name, route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {},
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'berth-session' },
      },
      schemas: { Problem: schemaOf(Problem, 'output') },
      responses: {
        Problem: {
          description: 'What went wrong (RFC 9457)',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}
