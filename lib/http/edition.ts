/**
 * Conditional requests. Every JSON answer to a GET carries an ETag, and is not sent again to whoever has it (If-None-Match). Of what can be
 * edited the ETag begins with a mark of just that, and a change with If-Match is made only while that mark is the same: a figure of its use
 * may have moved meanwhile. The verb compares, in its transaction and under its lock, so that of two who looked at the same one is refused.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { BackupCare } from '../contract/backup-care.ts';
import type { Backup } from '../contract/backups.ts';
import type { SetBrand } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import type { IdentityProvider } from '../contract/identity.ts';
import type { Member } from '../contract/members.ts';
import type { QuotaState } from '../contract/resellers.ts';
import type { BackupLocation, Container, Plan } from '../contract/rest.ts';
import type { RoleInfo } from '../contract/roles.ts';
import type { RouteName } from '../contract/routes.ts';
import type { BackupSchedule } from '../contract/schedules.ts';
import type { Webhook } from '../contract/webhooks.ts';

/** What people edit of each kind of thing; what changes by itself is left out. */
const edited = {
  quota: ['quota', 'offeredTemplateIds'] satisfies (keyof QuotaState)[],
  brand: [
    'productName',
    'supportUrl',
    'legalUrl',
    'signInText',
    'colours',
    'sender',
    'mails',
  ] satisfies (keyof SetBrand)[],
  schedule: ['enabled', 'every', 'time', 'weekday', 'monthDay', 'zone', 'keep'] satisfies (keyof BackupSchedule)[],
  settings: ['atLimit', 'deletedDays'],
  care: ['testEvery', 'probe', 'commands'] satisfies (keyof BackupCare)[],
  container: [
    ...['name', 'hostname', 'planId', 'resources', 'labels', 'sshKeys', 'restartPolicy', 'template', 'forwards'],
    ...['locationId', 'deleted'],
  ] satisfies string[] as (keyof Container)[],
  backup: ['name', 'note', 'protected', 'state'] satisfies (keyof Backup)[],
  plan: ['name', 'price', 'offered', 'locationId'] satisfies (keyof Plan)[],
  location: ['name', 'address', 'hasCredentials', 'appendOnly'] satisfies (keyof BackupLocation)[],
  webhook: ['url', 'events', 'enabled', 'problem'] satisfies (keyof Webhook)[],
  member: ['state', 'assignments'] satisfies (keyof Member)[],
  role: ['title', 'about', 'permissions'] satisfies (keyof RoleInfo)[],
  accountSecurity: ['requireFactor'],
  identityProvider: [
    ...(['name', 'clientId', 'scopes', 'groupsClaim', 'mappings', 'unknownPeople', 'linkByEmail'] as const),
    ...(['exclusive', 'trustedFactors', 'privateNetwork', 'enabled'] as const),
  ] satisfies (keyof IdentityProvider)[],
  securityPolicy: ['factorRoles'],
} as const;
type Kind = keyof typeof edited;

/** Routes that answer with such a thing; those of them that change it take If-Match. */
const shown: Partial<Record<RouteName, Kind>> = {
  'resellers.quota': 'quota',
  'resellers.setQuota': 'quota',
  'resellers.offer': 'quota',
  'brands.get': 'brand',
  'brands.set': 'brand',
  'backups.schedule': 'schedule',
  'backups.setSchedule': 'schedule',
  'backups.settings': 'settings',
  'backups.setSettings': 'settings',
  'backups.care': 'care',
  'backups.setCare': 'care',
  'backups.get': 'backup',
  'backups.edit': 'backup',
  'containers.get': 'container',
  'containers.labels': 'container',
  'containers.changeLabels': 'container',
  'plans.get': 'plan',
  'plans.edit': 'plan',
  'plans.location': 'plan',
  'locations.get': 'location',
  'locations.change': 'location',
  'webhooks.get': 'webhook',
  'webhooks.set': 'webhook',
  'members.get': 'member',
  'members.change': 'member',
  'roles.get': 'role',
  'roles.change': 'role',
  'tenants.security': 'accountSecurity',
  'tenants.setSecurity': 'accountSecurity',
  'security.get': 'securityPolicy',
  'security.set': 'securityPolicy',
  'identityProviders.get': 'identityProvider',
  'identityProviders.set': 'identityProvider',
};
/** Those that take If-Match of a thing and answer with something else, or with nothing. */
const asked: Partial<Record<RouteName, Kind>> = {
  'containers.delete': 'container',
  'containers.access': 'container',
  'containers.configure': 'container',
  'containers.restartPolicy': 'container',
  'containers.reinstall': 'container',
  'backups.delete': 'backup',
  'locations.remove': 'location',
  'webhooks.delete': 'webhook',
  'members.remove': 'member',
  'roles.delete': 'role',
};

/** Whether a change can be asked for under a condition. */
export const takesIfMatch = (name: RouteName) => (shown[name] ?? asked[name]) !== undefined;

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
const markOf = (kind: Kind, thing: Record<string, unknown>) =>
  hash(JSON.stringify(edited[kind].map((key) => thing[key])));

/**
 * The ETag of an answer whose JSON is `body`: of what can be edited the mark of that and then of all, else a weak one of all. Undefined
 * where a change answers with something that is not the thing it changed.
 */
export function etagOf(name: RouteName, method: string, answer: unknown, body: string): string | undefined {
  const kind = shown[name];
  if (kind !== undefined) return `"${markOf(kind, answer as Record<string, unknown>)}.${hash(body)}"`;
  return method === 'GET' ? `W/"${hash(body)}"` : undefined;
}

const tagsOf = (header: string) => header.split(',').map((one) => one.trim().replace(/^W\//, ''));

/** Whether whoever asks has this very answer already (If-None-Match; RFC 9110 compares weakly here). */
export function isKnown(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match');
  return known !== null && (known.trim() === '*' || tagsOf(known).includes(etag.replace(/^W\//, '')));
}

const condition = new AsyncLocalStorage<{ ifMatch: string; kind: Kind; looked: boolean }>();

/** Runs a change that is to be made only while the ETag is the one of `If-Match`. */
export async function underCondition<T>(name: RouteName, headers: Headers, work: () => Promise<T>): Promise<T> {
  const ifMatch = headers.get('if-match');
  if (ifMatch === null) return await work();
  const kind = shown[name] ?? asked[name];
  if (kind === undefined) throw new BerthError('invalid', 'This cannot be asked under a condition (If-Match).');
  const wish = { ifMatch, kind, looked: false };
  const result = await condition.run(wish, work);
  if (!wish.looked) throw new Error(`${name} was done without a look at its condition`);
  return result;
}

/** For verbs, with what is to be changed locked: throws `changed` when the request was made on an older state. */
export async function refuseStale(kind: Kind, current: () => Promise<unknown>): Promise<void> {
  const wish = condition.getStore();
  if (wish === undefined || wish.kind !== kind) return;
  wish.looked = true;
  if (wish.ifMatch.trim() === '*') return;
  const mark = markOf(kind, (await current()) as Record<string, unknown>);
  const marks = tagsOf(wish.ifMatch).map((tag) => /^"([^".]+)/.exec(tag)?.[1]);
  if (marks.includes(mark)) return;
  throw new BerthError('changed', undefined, {
    remedy: 'Somebody else has changed it since you read it. Read it again, and decide anew.',
  });
}
