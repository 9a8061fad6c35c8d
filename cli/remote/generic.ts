/** How the verbs of specs/ are typed, asked for and shown. */
import { openAsBlob, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { addresses, type Field } from '#clients/typescript/api.ts';
import type { Name } from '#clients/typescript/client.ts';
import { type Context, finish, isOperation } from './asking.ts';
import type { Client, Input } from './client.ts';
import { CliError, exits } from './exits.ts';
import { idOf, isNoun, type Noun } from './names.ts';
import { plain } from './output.ts';
import { encoded } from './paths.ts';
import { readSecret } from './secret.ts';
import { showList, showThing } from './show.ts';
import type { Spec } from './specs/spec.ts';
import { saveTo } from './streams.ts';

export type Given = Record<string, unknown> & {
  json?: boolean;
  wait?: boolean;
  cancelOnInterrupt?: boolean;
  limit?: number;
  data?: string;
  set?: string[];
  output?: string;
  file?: string;
};

/** An option of a verb: the field of the body or query it fills. */
export type Asked = { field: string; word: string; in: 'body' | 'query'; of: Field; noun: Noun | null };

const kebab = (text: string) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const camel = (text: string) => text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `<plan>` and the like, in order. */
export const placesOf = ({ words }: Spec) => [...words.matchAll(/<([\w-]+)>/g)].map(([, name = '']) => name);

/** The field that a place fills that is no parameter of the address. */
function fieldOfPlace(place: string, fields: Readonly<Record<string, Field>>): string | undefined {
  return [camel(place), `${camel(place)}Id`].find((name) => name in fields);
}

function fieldsOf(route: Name) {
  const { query = {}, body = {}, path } = addresses[route];
  return { query, body, params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name) };
}

/** What one may say besides, each as an option. */
export function optionsOf(spec: Spec): Asked[] {
  const { query, body, params } = fieldsOf(spec.route);
  const places = placesOf(spec).slice(params.length);
  const taken = [
    ...places.map((place) => fieldOfPlace(place, { ...query, ...body })),
    ...Object.keys(spec.given ?? {}),
  ];
  const asked = (fields: Readonly<Record<string, Field>>, where: 'body' | 'query') =>
    Object.entries(fields).flatMap(([field, of]): Asked[] => {
      if (taken.includes(field) || field === 'cursor' || field === 'limit' || of.deprecated === true) return [];
      const noun = field.replace(/Ids?$/, '');
      const refers = noun !== field && isNoun(noun) ? noun : null;
      return [{ field, word: spec.rename?.[field] ?? kebab(refers ?? field), in: where, of, noun: refers }];
    });
  return [...asked(query, 'query'), ...asked(body, 'body')];
}

/** Does what a verb says: asks, and shows the answer. */
export async function run(context: Context, spec: Spec, places: string[], given: Given): Promise<void> {
  const { panel, voice } = context;
  const address = addresses[spec.route];
  const { input, file } = await inputOf(panel, spec, places, given);
  if (address.bytes !== undefined) {
    const more = file === undefined ? {} : { body: await bytesOf(file) };
    const answer = await panel.bytes(spec.route, input, more);
    if (address.bytes === 'answer') return await saveTo(voice, answer, given.output ?? spec.output);
    return await shown(context, spec, await answer.json(), given);
  }
  const { query = {} } = address;
  if (address.method === 'GET' && 'limit' in query && query.limit !== undefined) {
    const items = await panel.all(spec.route, input as Input<Name>, given.limit ?? mostUnlessAsked);
    return showList(voice, items as Record<string, unknown>[], spec.columns, given);
  }
  await shown(context, spec, await ask(panel, spec, input, given), given);
}

const mostUnlessAsked = 200;
type Loose = { params: Record<string, string>; query: Record<string, unknown>; body?: Record<string, unknown> };

async function ask(panel: Client, spec: Spec, input: Loose, given: Given): Promise<unknown> {
  if (spec.edits === undefined) {
    const answer = await panel.call(spec.route, input as Input<Name>);
    return isOperation(answer) ? { operation: answer } : answer;
  }
  // What is set as a whole is read first, and written only if nobody has changed it meanwhile.
  const { value, etag } = await panel.read(spec.edits, { params: input.params, query: input.query } as Input<Name>);
  const { body: known = {} } = addresses[spec.route];
  const whole = value as Record<string, unknown>;
  const before = spec.part === undefined ? whole : (whole[spec.part] as Record<string, unknown>);
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => name in known));
  const body = merged(kept, input.body ?? {}, given.set ?? []);
  return await panel.call(spec.route, { ...input, body } as Input<Name>, etag === null ? {} : { ifMatch: etag });
}

async function shown(context: Context, spec: Spec, answer: unknown, given: Given): Promise<void> {
  if (answer !== null && typeof answer === 'object' && 'operation' in answer && isOperation(answer.operation)) {
    return await finish(context, answer.operation, given);
  }
  if (spec.columns !== undefined && answer !== null && typeof answer === 'object' && 'items' in answer) {
    return showList(context.voice, answer.items as Record<string, unknown>[], spec.columns, given);
  }
  showThing(context.voice, answer, given);
}

async function inputOf(panel: Client, spec: Spec, places: string[], given: Given) {
  const { query: queries, body: bodies, params } = fieldsOf(spec.route);
  const input: Loose = { params: {}, query: {} };
  const body: Record<string, unknown> = { ...bodyGiven(given.data), ...spec.given };
  let file: string | undefined;
  for (const [at, place] of placesOf(spec).entries()) {
    const value = places[at] ?? '';
    const param = params[at];
    const noun = isNoun(place) ? place : null;
    if (param !== undefined) {
      const within = input.params.id;
      input.params[param] = noun === null ? value : await idOf(panel, noun, value, within);
      continue;
    }
    const field = fieldOfPlace(place, { ...queries, ...bodies });
    if (field === undefined) file = value;
    else {
      const of = queries[field] ?? bodies[field];
      const said = noun === null || !(field.endsWith('Id') || field === place) ? value : await idOf(panel, noun, value);
      if (of !== undefined) (field in queries ? input.query : body)[field] = typed(place, of, said);
    }
  }
  for (const asked of optionsOf(spec)) {
    const value = given[camel(asked.word)];
    if (value === undefined) continue;
    const ids = async (text: unknown) =>
      asked.noun === null || text === 'none' ? text : await idOf(panel, asked.noun, String(text), input.params.id);
    const named = Array.isArray(value) ? await Promise.all(value.map(ids)) : await ids(value);
    const target = asked.in === 'body' ? body : input.query;
    const value64 = pathFields.includes(asked.field) ? inBase64(named) : named;
    target[asked.field] = await secretOr(asked, typed(asked.word, asked.of, value64));
  }
  if (spec.file !== undefined) file = given.file;
  if (file !== undefined && 'name' in queries) input.query.name ??= basename(file);
  if (Object.keys(bodies).length > 0 || addresses[spec.route].body !== undefined) {
    input.body = spec.edits === undefined ? merged({}, body, given.set ?? []) : body;
    const missing = Object.entries(bodies).filter(
      ([name, of]) => of.required === true && !(name in (input.body ?? {})),
    );
    if (missing.length > 0 && spec.edits === undefined)
      throw missingOf(
        spec,
        missing.map(([name]) => name),
      );
  }
  return { input, file };
}

const pathFields = ['path', 'paths', 'target'];
const inBase64 = (value: unknown) =>
  Array.isArray(value) ? value.map((one) => encoded(String(one))) : encoded(String(value));

function missingOf(spec: Spec, fields: string[]): CliError {
  const words = optionsOf(spec).filter(({ field }) => fields.includes(field));
  const said = words.map(({ word, of }) => `--${word}${of.shape === 'json' ? ' (or --set)' : ''}`).join(', ');
  return new CliError(exits.usage, `Say also ${said}.`, `berth ${spec.words.split(' <')[0]} --help tells more.`);
}

function bodyGiven(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  const json =
    text === '-' ? readFileSync(0, 'utf8') : text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text;
  return objectOf('--data', json);
}

function objectOf(word: string, json: string): Record<string, unknown> {
  const value = parsed(word, json);
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CliError(exits.usage, `${word} must be a JSON object.`);
}

function parsed(word: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CliError(exits.usage, `${word} must be JSON.`);
  }
}

/** `resources.cpuCores=2` over what is there. */
function merged(base: Record<string, unknown>, over: Record<string, unknown>, set: readonly string[]) {
  const whole = structuredClone({ ...base, ...over });
  for (const one of set) {
    const [path = '', ...rest] = one.split('=');
    if (path === '' || rest.length === 0) throw new CliError(exits.usage, `--set ${plain(one)}: say name=value.`);
    const names = path.split('.');
    const last = names.pop() ?? '';
    if ([...names, last].includes('__proto__')) throw new CliError(exits.usage, `--set ${plain(one)}: no such name.`);
    let place: Record<string, unknown> = whole;
    for (const name of names) {
      const inside = place[name];
      place[name] = inside !== null && typeof inside === 'object' ? inside : {};
      place = place[name] as Record<string, unknown>;
    }
    const text = rest.join('=');
    try {
      place[last] = JSON.parse(text);
    } catch {
      place[last] = text;
    }
  }
  return whole;
}

/** What was typed, as the field has it. `none` takes away what is there. */
function typed(word: string, { shape, choices }: Field, value: unknown): unknown {
  if (shape === 'boolean') return value === true || value === 'yes' || value === 'true';
  if (shape === 'strings') return Array.isArray(value) ? value : [value];
  if (shape === 'json') return jsonOf(word, value);
  if (value === 'none' && choices === undefined) return null;
  if (shape !== 'number') return value;
  if (value === '' || !Number.isFinite(Number(value))) throw new CliError(exits.usage, `--${word} must be a number.`);
  return Number(value);
}

function jsonOf(word: string, value: unknown): unknown {
  // Roles over all of the account are said by their names.
  if (word === 'role')
    return (value as string[]).map((one) => (one.startsWith('{') ? parsed('--role', one) : { role: one }));
  if (value === 'none') return null;
  if (typeof value !== 'string') return value;
  if (/^[[{"]|^(true|false|null|-?\d)/.test(value)) return parsed(`--${word}`, value);
  return value;
}

/** Secrets are better not typed where everybody on the machine can read them: `-` asks for them. */
async function secretOr({ word }: Asked, value: unknown): Promise<unknown> {
  return value === '-' && /password|secret/.test(word) ? await readSecret(word.replaceAll('-', ' ')) : value;
}

async function bytesOf(file: string): Promise<Blob> {
  statSync(file); // its refusal names the file
  return await openAsBlob(file);
}
