import { z } from 'zod';
import * as account from '../contract/account.ts';
import * as agent from '../contract/agent.ts';
import * as agentBackups from '../contract/agent-backups.ts';
import * as agentState from '../contract/agent-state.ts';
import * as agentTrust from '../contract/agent-trust.ts';
import * as audit from '../contract/audit.ts';
import * as care from '../contract/backup-care.ts';
import * as backups from '../contract/backups.ts';
import * as billing from '../contract/billing.ts';
import * as brands from '../contract/brands.ts';
import * as containers from '../contract/containers.ts';
import * as dashboard from '../contract/dashboard.ts';
import * as errors from '../contract/errors.ts';
import * as events from '../contract/events.ts';
import * as exec from '../contract/exec.ts';
import * as factors from '../contract/factors.ts';
import * as fields from '../contract/fields.ts';
import * as files from '../contract/files.ts';
import * as holds from '../contract/holds.ts';
import * as hosts from '../contract/hosts.ts';
import * as integrity from '../contract/integrity.ts';
import * as locations from '../contract/locations.ts';
import * as members from '../contract/members.ts';
import * as operations from '../contract/operations.ts';
import * as permissions from '../contract/permissions.ts';
import * as plans from '../contract/plans.ts';
import * as resellers from '../contract/resellers.ts';
import * as restarts from '../contract/restarts.ts';
import * as roles from '../contract/roles.ts';
import * as schedules from '../contract/schedules.ts';
import * as snapshots from '../contract/snapshots.ts';
import * as states from '../contract/states.ts';
import * as templates from '../contract/templates.ts';
import * as tenants from '../contract/tenants.ts';
import * as tickets from '../contract/tickets.ts';
import * as tokens from '../contract/tokens.ts';
import * as transfers from '../contract/transfers.ts';
import * as webhooks from '../contract/webhooks.ts';

export type Json = Record<string, unknown>;

/** Modules whose schemas have names of their own in the document; of several that have the same schema the first names it. */
const modules = [
  ...[account, tenants, plans, templates, hosts, containers, locations, snapshots, events, dashboard],
  ...[operations, states, backups, files, tickets, members, roles, resellers, brands, billing, webhooks, tokens],
  ...[audit, factors, holds, schedules, care, integrity, restarts, transfers, fields, permissions, errors],
  ...[agentState, agentBackups, agentTrust, exec, agent],
] as Record<string, unknown>[];

/** A schema as OpenAPI 3.1 has it, everything in its place. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return json;
}

/** Worth a name: what has parts. */
const isNamed = (json: Json) =>
  'properties' in json || 'oneOf' in json || (Array.isArray(json.enum) && json.enum.length > 3);

type Name = { name: string; io: 'input' | 'output' };

function namesOf(): Map<string, Name> {
  const known = new Map<string, Name>();
  for (const io of ['output', 'input'] as const) {
    for (const [name, value] of modules.flatMap((module) => Object.entries(module))) {
      if (!(value instanceof z.ZodType) || !/^[A-Z]/.test(name)) continue;
      const json = schemaOf(value, io);
      if (!isNamed(json)) continue;
      const text = JSON.stringify(json);
      if (!known.has(text)) known.set(text, { name, io });
    }
  }
  return known;
}

/** The document with every schema that has a name said once, under it. */
export function withNamedSchemas(document: Json): Json {
  const names = namesOf();
  const schemas: Record<string, unknown> = {};
  const given = new Map<string, string>();
  /** What is taken and what is given under one name are two, where defaults make them differ. */
  const nameOf = (text: string): string | undefined => {
    const found = names.get(text);
    if (found === undefined) return undefined;
    const { name, io } = found;
    const known = given.get(text);
    if (known !== undefined) return known;
    const free = [name, `${name}${io === 'input' ? 'Input' : 'Output'}`].find((one) => !(one in schemas));
    if (free !== undefined) given.set(text, free);
    return free;
  };
  const walk = (value: unknown, inside = false): unknown => {
    if (Array.isArray(value)) return value.map((one) => walk(one));
    if (value === null || typeof value !== 'object') return value;
    const name = inside || !isNamed(value as Json) ? undefined : nameOf(JSON.stringify(value));
    if (name === undefined) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]));
    // Its place is taken before its parts are looked at, for one of them may have the same name.
    if (!(name in schemas)) {
      schemas[name] = null;
      schemas[name] = walk(value, true);
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const { components, ...rest } = document as { components: Json & { schemas: Json } };
  const walked = walk(rest) as Json;
  const own = Object.fromEntries(Object.entries(components.schemas).map(([name, one]) => [name, walk(one, true)]));
  const sorted = Object.fromEntries(Object.entries({ ...schemas, ...own }).sort(([a], [b]) => a.localeCompare(b)));
  return { ...walked, components: { ...components, schemas: sorted } };
}
