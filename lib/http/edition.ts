/**
 * Conditional changes: what can be edited carries an ETag of what can be edited of it, and a change with If-Match is made only while that
 * is the same. The verb compares, in its transaction and under its lock, so that of two who looked at the same one is refused.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { SetBrand } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import type { QuotaState } from '../contract/resellers.ts';
import type { RouteName } from '../contract/routes.ts';

type Answer = Record<string, unknown>;
const pick =
  (...keys: string[]) =>
  (answer: Answer) =>
    keys.map((key) => answer[key]);
const quota = pick('quota' satisfies keyof QuotaState, 'offeredTemplateIds' satisfies keyof QuotaState);
const brand = pick(
  ...([
    'productName',
    'supportUrl',
    'legalUrl',
    'signInText',
    'colours',
    'sender',
    'mails',
  ] as const satisfies (keyof SetBrand)[]),
);
const schedule = pick('enabled', 'every', 'time', 'weekday', 'monthDay', 'zone', 'keep');
const settings = pick('atLimit', 'deletedDays');

/** Of which answers, and of what in them; what changes by itself is left out. */
const editable: Partial<Record<RouteName, (answer: Answer) => unknown>> = {
  'resellers.quota': quota,
  'resellers.setQuota': quota,
  'resellers.offer': quota,
  'brands.get': brand,
  'brands.set': brand,
  'backups.schedule': schedule,
  'backups.setSchedule': schedule,
  'backups.settings': settings,
  'backups.setSettings': settings,
};

export const isEditable = (name: RouteName) => editable[name] !== undefined;

/** The ETag of an answer; undefined for what has none. */
export function etagOf(name: RouteName, answer: unknown): string | undefined {
  const part = editable[name]?.(answer as Answer);
  if (part === undefined) return undefined;
  return `"${createHash('sha256').update(JSON.stringify(part)).digest('base64url').slice(0, 22)}"`;
}

const condition = new AsyncLocalStorage<{ ifMatch: string; name: RouteName; looked: boolean }>();

/** Runs a change that is to be made only while the ETag is the one of `If-Match`. */
export async function underCondition<T>(name: RouteName, headers: Headers, work: () => Promise<T>): Promise<T> {
  const ifMatch = headers.get('if-match');
  if (ifMatch === null) return await work();
  if (!isEditable(name)) throw new BerthError('invalid', 'This cannot be asked under a condition (If-Match).');
  const asked = { ifMatch, name, looked: false };
  const result = await condition.run(asked, work);
  if (!asked.looked) throw new Error(`${name} was done without a look at its condition`);
  return result;
}

/** For verbs, with what is to be changed locked: throws `changed` when the request was made on an older state. */
export async function refuseStale(current: () => Promise<unknown>): Promise<void> {
  const asked = condition.getStore();
  if (asked === undefined) return;
  asked.looked = true;
  const etag = etagOf(asked.name, await current());
  const wished = asked.ifMatch.split(',').map((one) => one.trim());
  if (wished.includes('*') || (etag !== undefined && wished.includes(etag))) return;
  throw new BerthError('changed', undefined, { remedy: 'Read it again, and decide anew.' });
}
