import { z } from 'zod';
import { productName } from '../contract/brands.ts';
import { errorCodes, Problem } from '../contract/errors.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';
import { stepUp } from '../contract/step-up.ts';
import { isEditable } from './edition.ts';
import { keptHours } from './idempotency.ts';

type Json = Record<string, unknown>;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return json;
}

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
    route.status === 204
      ? { description: 'Done' }
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
    responses: { [route.status]: success, default: { $ref: '#/components/responses/Problem' } },
  };
}

/** Request headers with a meaning of ours: docs/api.md. */
function headersOf(name: RouteName, route: Route): Json[] {
  const header = (header: string, description: string) => ({
    ...{ name: header, in: 'header', required: false, description, schema: { type: 'string' } },
  });
  if (route.method === 'POST' && route.permission !== 'public') {
    return [
      header('Idempotency-Key', `The same request again is answered the same for ${keptHours} hours and done once.`),
    ];
  }
  if (route.method === 'GET' || !isEditable(name)) return [];
  return [header('If-Match', 'The ETag it was read with: 412 when it has changed since.')];
}

function answerType(name: string, route: Route): string {
  if (route.bytes === 'answer') return 'application/octet-stream';
  return name === 'events.stream' ? 'text/event-stream' : 'application/json';
}

/** The whole interface as OpenAPI 3.1, made from the contract's route table. */
export function openapiDocument(version: string, title: string = productName): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operationOf(name, route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: { title, version, description: `Stable error codes: ${Object.keys(errorCodes).join(', ')}.` },
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
