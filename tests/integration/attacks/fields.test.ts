/**
 * Every text that a request may bring is among those which markup.deep.test.ts fills with markup and looks at on every page: the fields are
 * read from the contract, and where each lands from the database.
 */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Route, type RouteName, routes } from '#lib/contract/routes.ts';
import { giveRoom } from '#tests/support/portal.ts';
import { Frozen } from '../authz/frozen.ts';
import { schemaOf } from './inputs.ts';
import { corpus, elsewhere, filledColumns, mark } from './markup.ts';
import { makePlace, needServer, type Place } from './place.ts';

let place: Place;
let frozen: Frozen;
beforeAll(async () => {
  place = await makePlace();
  await giveRoom(place.portal, place.world.ids.host);
  frozen = await Frozen.take(place.portal.super);
});
afterAll(() => place?.stop());

type Json = { [key: string]: unknown };
type Field = { path: (string | number)[]; schema: Json };

/** Every string in a body, optional ones and all branches included. */
function fieldsOf(schema: Json, path: Field['path'] = []): Field[] {
  const branches = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((some) => (some ?? []) as Json[]);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const { items, additionalProperties: others, propertyNames } = schema as Record<string, Json | undefined>;
  const some = String((propertyNames?.enum as string[] | undefined)?.at(-1) ?? 'x');
  return [
    ...(schema.type === 'string' ? [{ path, schema }] : []),
    ...branches.flatMap((one) => fieldsOf(one, path)),
    ...properties.flatMap(([key, one]) => fieldsOf(one, [...path, key])),
    ...(items === undefined ? [] : fieldsOf(items, [...path, 0])),
    ...(typeof others === 'object' ? fieldsOf(others, [...path, some]) : []),
  ];
}

function takes({ enum: options, const: only, pattern, maxLength, format }: Json, text: string): boolean {
  if (options !== undefined || only !== undefined || format === 'uuid' || format === 'date-time') return false;
  if (text.length > Number(maxLength ?? Infinity)) return false;
  return pattern === undefined || new RegExp(String(pattern), 'u').test(text);
}

const command = { argv: ['true'], timeoutMs: 1000 };
const mapping = { group: 'x', role: 'support', tenantId: null };
const smtp = { address: 'mail@example.test', smtp: { host: 'mail.example.test', port: 587 } };
/** What has to stand beside a field before it can be there. */
const around: Record<string, Json> = {
  'identityProviders.create mappings.0.group': { resellerId: null, mappings: [mapping] },
  'members.add name': { kind: 'service', email: undefined },
  'staff.add name': { kind: 'service', email: undefined },
  'brands.set sender.smtp.user': { sender: smtp, smtpPassword: 'x' },
  'brands.set mails.released-early.subject': { mails: { 'released-early': { subject: 'x', body: 'x' } } },
  'brands.set mails.released-early.body': { mails: { 'released-early': { subject: 'x', body: 'x' } } },
  'backups.setCare probe.argv.0': { probe: command },
  'backups.setCare commands.before.argv.0': { commands: { before: command, after: null, ifBeforeFails: 'fail' } },
  'backups.setCare commands.after.argv.0': { commands: { before: null, after: command, ifBeforeFails: 'fail' } },
};

/** Kept sealed, as a hash, or not at all, and never shown again. */
const secret =
  /(^|[ .])(password|current|next|rootPassword|smtpPassword|clientSecret|credentials\.user|code|token|deviceCode|userCode|cursor)$/;
/** Fields that take markup by their shape and keep none of it, or need more than a request. Another that is kept nowhere fails. */
const nowhere: Record<string, string> = {
  'me.passkeys.add name': 'needs a device: tests/integration/portal/passkeys.deep.test.ts; passkeys.name is filled',
  'invitations.accept name': 'needs the token from a mail; users.name is filled',
  'hosts.enroll csr': 'is read by the authority or refused',
  'hosts.enroll hostname': 'needs a token of this moment; hosts.name is filled',
  'hosts.enroll address': 'is where the panel connects to',
  'brands.previewMail template.subject': 'is answered to who asks, as JSON',
  'brands.previewMail template.body': 'is answered to who asks, as JSON',
  'backups.setSchedule zone': 'must be a zone that there is',
  'identityProviders.set mappings.0.group': 'lands where that of identityProviders.create does',
  'hosts.lose name': 'must be the name of the host',
  ...Object.fromEntries(
    ['members.add', 'members.change', 'staff.add', 'staff.change'].map((route) => [
      `${route} roles.0.role`,
      'must be a role that there is',
    ]),
  ),
  ...Object.fromEntries(
    ['suspend', 'unsuspend', 'changePlan', 'terminate', 'renew', 'resetPassword', 'signInLink', 'usage', 'list'].map(
      (verb) => [`billing.${verb} externalServiceId`, 'must be the number of a service that there is'],
    ),
  ),
  ...Object.fromEntries(
    ['path', 'to', 'paths.0', 'user', 'group'].map((field) => [`files.change ${field}`, 'goes to the host']),
  ),
  ...Object.fromEntries(
    [
      'containers.recover paths.0',
      'backups.restore target',
      'backups.previewRestore paths.0',
      'backups.previewRestore target',
    ].map((field) => [field, 'goes to the host, or into operations.input as other paths do']),
  ),
};

function bodyWith(name: RouteName, path: Field['path'], text: string): unknown {
  const body = structuredClone({ ...(place.fitting(name).body as Json), ...around[`${name} ${path.join('.')}`] });
  let at = body as Record<string | number, unknown>;
  for (const [n, key] of path.slice(0, -1).entries()) {
    at[key] ??= typeof path[n + 1] === 'number' ? [] : {};
    at = at[key] as typeof at;
  }
  at[path.at(-1) ?? ''] = text;
  return body;
}

/** Sends a text in a field, as whoever may. Gives whether anybody could, and the columns in which it is then; the record keeps some of what was refused, too. */
async function landed(name: RouteName, path: Field['path'], text: string) {
  const columns = new Set<string>();
  for (const who of ['ownerA', 'reseller', 'admin', 'support', null] as const) {
    const made = { ...place.fitting(name), body: bodyWith(name, path, text) };
    const { status } = await place.send(name, who, made);
    const traces = await frozen.traces();
    const parts = [...traces.tables].map(
      (table) => sql`select ${table} || '.' || e.name as column from ${sql.identifier(table)} t,
        jsonb_each_text(to_jsonb(t)) e (name, content) where content like ${`%${text}%`}`,
    );
    const none = sql`select '' as column where false`;
    const { rows } = await place.portal.super.execute<{ column: string }>(sql.join([none, ...parts], sql` union `));
    for (const { column } of rows) columns.add(column);
    await frozen.restore(traces);
    if (status < 300) return { taken: true, columns };
  }
  return { taken: false, columns };
}

it('no field that takes markup keeps it where nobody looks', async () => {
  const filled = await filledColumns(place.portal);
  const faults: string[] = [];
  const known = new Set<string>();
  let kept = 0;
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    if (route.body === undefined || (needServer as readonly string[]).includes(name)) continue;
    for (const { path, schema } of fieldsOf(schemaOf(route.body))) {
      const field = `${name} ${path.join('.')}`;
      if (known.has(field) || secret.test(field) || !corpus.some((one) => takes(schema, one))) continue;
      known.add(field);
      const columns = new Set<string>();
      let taken = false;
      for (const text of [mark, `https://${mark}.example.test/`, Buffer.from(`/${mark}`).toString('base64')]) {
        const tried = await landed(name, path, text);
        for (const column of tried.columns) columns.add(column);
        taken = tried.taken;
        if (taken) break;
      }
      const open = [...columns].filter((column) => !filled.has(column) && !elsewhere.has(column));
      if (open.length > 0) faults.push(`${field} is in ${open.join(', ')}, which no page was looked at with`);
      else if (columns.size > 0) kept += 1;
      else if (!(field in nowhere)) faults.push(`${field} ${taken ? 'is kept nowhere' : 'was not taken'}`);
    }
  }
  console.log(`${known.size} fields take markup, ${kept} keep it`);
  expect(faults).toEqual([]);
  expect(Object.keys(nowhere).filter((field) => !known.has(field))).toEqual([]);
  expect(kept).toBeGreaterThan(60);
}, 300_000);
