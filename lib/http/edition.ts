/**
 * Conditional requests. Every JSON answer to a GET carries an ETag, and is not sent again to whoever has it (If-None-Match). Of what can be
 * edited the ETag begins with a mark of just that, and a change with If-Match is made only while that mark is the same: a figure of its use
 * may have moved meanwhile. The verb compares, in its transaction and under its lock, so that of two who looked at the same one is refused.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { type Edited, edited } from '../contract/edited.ts';
import { BerthError } from '../contract/errors.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';

const routeOf = (name: RouteName): Route => routes[name];

/** Whether a change can be asked for under a condition. */
export function takesIfMatch(name: RouteName): boolean {
  const { method, thing } = routeOf(name);
  return method !== 'GET' && thing !== undefined;
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
const markOf = (kind: Edited, thing: Record<string, unknown>) =>
  hash(JSON.stringify(edited[kind].map((key) => thing[key])));

/**
 * The ETag of an answer whose JSON is `body`: of what can be edited the mark of that and then of all, else a weak one of all. Undefined
 * where a change answers with something that is not the thing it changed.
 */
export function etagOf(name: RouteName, answer: unknown, body: string): string | undefined {
  const { method, thing, status } = routeOf(name);
  if (thing !== undefined && status === 200) {
    return `"${markOf(thing, answer as Record<string, unknown>)}.${hash(body)}"`;
  }
  return method === 'GET' ? `W/"${hash(body)}"` : undefined;
}

const tagsOf = (header: string) => header.split(',').map((one) => one.trim().replace(/^W\//, ''));

/** Whether whoever asks has this very answer already (If-None-Match; RFC 9110 compares weakly here). */
export function isKnown(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match');
  return known !== null && (known.trim() === '*' || tagsOf(known).includes(etag.replace(/^W\//, '')));
}

const condition = new AsyncLocalStorage<{ ifMatch: string; kind: Edited; looked: boolean }>();

/** Runs a change that is to be made only while the ETag is the one of `If-Match`. */
export async function underCondition<T>(name: RouteName, headers: Headers, work: () => Promise<T>): Promise<T> {
  const ifMatch = headers.get('if-match');
  if (ifMatch === null) return await work();
  const { thing: kind } = routeOf(name);
  if (kind === undefined || !takesIfMatch(name))
    throw new BerthError('invalid', 'This cannot be asked under a condition (If-Match).');
  const wish = { ifMatch, kind, looked: false };
  const result = await condition.run(wish, work);
  if (!wish.looked) throw new Error(`${name} was done without a look at its condition`);
  return result;
}

/** For verbs, with what is to be changed locked: throws `changed` when the request was made on an older state. */
export async function refuseStale(kind: Edited, current: () => Promise<unknown>): Promise<void> {
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
