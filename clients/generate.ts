/**
 * Makes clients/typescript/api.ts from the OpenAPI document: `npm run client`. tests/unit/clients compares what is there with what would be
 * made, so a change of the contract without it fails.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openapiDocument } from '#lib/http/openapi.ts';

type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  description?: string;
  deprecated?: boolean;
};
type Parameter = { name: string; in: string; required: boolean; schema: Schema };
type Called = {
  operationId: string;
  summary: string;
  deprecated?: boolean;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};
type Document = { paths: Record<string, Record<string, Called>>; components: { schemas: Record<string, Schema> } };

const json = 'application/json';
const nameOf = (ref: string) => ref.split('/').at(-1) ?? '';
const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A schema as a type. What it cannot say in a type (lengths, patterns) it leaves out: the panel checks them. */
function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return 'unknown';
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return [...new Set(several.map(typeOf))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((one) => `(${typeOf(one)})`).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
      return `(${typeOf(schema.items)})[]`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'unknown';
  }
}

function objectOf({ properties, required = [], additionalProperties }: Schema): string {
  if (properties === undefined) {
    const inside = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `{ [name: string]: ${inside} }`;
  }
  const fields = Object.entries(properties).map(([name, schema]) => {
    const type = typeOf(schema);
    const about = schema.deprecated === true ? '/** @deprecated */ ' : '';
    return required.includes(name) ? `${about}${key(name)}: ${type}` : `${about}${key(name)}?: ${type} | undefined`;
  });
  return `{ ${fields.join('; ')} }`;
}

/** How a value is typed on a command line: one of these words. */
function shapeOf(schema: Schema, all: Record<string, Schema>): 'string' | 'number' | 'boolean' | 'strings' | 'json' {
  const plain = resolve(schema, all);
  const kinds = (plain.anyOf ?? [plain]).map((one) => resolve(one, all)).filter(({ type }) => type !== 'null');
  const types = new Set(kinds.flatMap(({ type, enum: words }) => (words === undefined ? type : 'string')));
  types.delete('null');
  const [type, ...more] = types;
  if (more.length > 0 && types.has('string')) return 'string';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return shapeOf(kinds[0]?.items ?? {}, all) === 'string' ? 'strings' : 'json';
  if (type === 'string' || type === 'boolean') return type;
  return 'json';
}

const resolve = (schema: Schema, all: Record<string, Schema>): Schema =>
  schema.$ref === undefined ? schema : (all[nameOf(schema.$ref)] ?? {});

type Field = { shape: string; required?: true; choices?: unknown[]; about?: string; deprecated?: true };
function fieldOf(schema: Schema, required: boolean, all: Record<string, Schema>): Field {
  const plain = resolve(schema, all);
  return {
    shape: shapeOf(schema, all),
    ...(required ? { required: true as const } : {}),
    ...(plain.enum === undefined ? {} : { choices: plain.enum }),
    ...(schema.description === undefined ? {} : { about: schema.description }),
    ...(schema.deprecated === true ? { deprecated: true as const } : {}),
  };
}

/** What a body consists of; of one of several kinds, what any of them has. */
function bodyFields(schema: Schema | undefined, all: Record<string, Schema>): Record<string, Field> {
  if (schema === undefined) return {};
  const plain = resolve(schema, all);
  const kinds = (plain.oneOf ?? plain.anyOf ?? [plain]).map((one) => resolve(one, all));
  const fields: Record<string, Field> = {};
  for (const { properties = {}, required = [] } of kinds) {
    for (const [name, one] of Object.entries(properties)) {
      const everywhere = kinds.every((kind) => kind.required?.includes(name));
      const field = fieldOf(one, everywhere && required.includes(name), all);
      const choices = kinds.flatMap((kind) => kind.properties?.[name]?.const ?? []);
      fields[name] = choices.length > 0 ? { ...field, shape: 'string', choices } : field;
    }
  }
  return fields;
}

/** The text of the file. */
export function clientText(): string {
  const { paths, components } = openapiDocument('1') as Document;
  const all = components.schemas;
  const types: string[] = [];
  const table: string[] = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, called] of Object.entries(methods)) {
      const params = called.parameters.filter((one) => one.in === 'path').map((one) => one.name);
      const query = called.parameters.filter((one) => one.in === 'query');
      const body = called.requestBody?.content[json]?.schema;
      const takesBytes = called.requestBody !== undefined && body === undefined;
      const [status = '200'] = Object.keys(called.responses);
      const [type, content] = Object.entries(called.responses[status]?.content ?? {})[0] ?? [];
      const answer = content === undefined ? 'null' : type === json ? typeOf(content.schema) : 'unknown';
      const input = [
        ...(params.length === 0 ? [] : [`params: { ${params.map((one) => `${key(one)}: string`).join('; ')} }`]),
        ...(query.length === 0
          ? []
          : [`query${query.some((one) => one.required) ? '' : '?'}: { ${query.map(queryField).join('; ')} }`]),
        ...(body === undefined ? [] : [`body: ${typeOf(body)}`]),
      ];
      types.push(
        `  /** ${called.summary} */\n  ${key(called.operationId)}: { input: { ${input.join('; ')} }; output: ${answer} };`,
      );
      const queryFields = Object.fromEntries(query.map((one) => [one.name, fieldOf(one.schema, one.required, all)]));
      const entry = {
        ...{ method: method.toUpperCase(), path, status: Number(status), summary: called.summary },
        ...(query.length === 0 ? {} : { query: queryFields }),
        ...(body === undefined ? {} : { body: bodyFields(body, all) }),
        ...(takesBytes ? { bytes: 'body' } : type !== undefined && type !== json ? { bytes: 'answer' } : {}),
        ...(called.deprecated === true ? { deprecated: true } : {}),
      };
      table.push(`  ${key(called.operationId)}: ${JSON.stringify(entry)},`);
    }
  }
  const named = Object.entries(all).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};`);
  return `// Made from the OpenAPI document by clients/generate.ts ("npm run client"). Not to be edited.
// biome-ignore-all format: it is made as it is
// biome-ignore-all lint: it is made as it is
${named.join('\n')}

/** What each address takes and gives, by the operationId of the OpenAPI document. */
export type Api = {
${types.join('\n')}
};

export type Field = {
  shape: 'string' | 'number' | 'boolean' | 'strings' | 'json';
  required?: true;
  choices?: readonly unknown[];
  about?: string;
  deprecated?: true;
};
export type Address = {
  method: string;
  /** Below /api/v1. */
  path: string;
  status: number;
  summary: string;
  query?: Readonly<Record<string, Field>>;
  body?: Readonly<Record<string, Field>>;
  bytes?: 'body' | 'answer';
  deprecated?: true;
};
export const addresses: Readonly<Record<keyof Api, Address>> = {
${table.join('\n')}
};
`;
}

const queryField = ({ name, required, schema }: Parameter) =>
  required ? `${key(name)}: ${typeOf(schema)}` : `${key(name)}?: ${typeOf(schema)} | undefined`;

export const clientFile = join(import.meta.dirname, 'typescript/api.ts');

if (import.meta.main) writeFileSync(clientFile, clientText());
