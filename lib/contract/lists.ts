/** What all lists have in common: pages, and filters by the same names everywhere. What a list does not know is refused, not ignored. */
import { z } from 'zod';

export const pageSize = 50;
export const PageQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(pageSize),
});

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Part of the name, whatever the case. */
export const words = { q: z.string().max(100).optional().describe('part of the name, whatever the case') };
/** A day, or an instant of any zone. */
const When = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
/** By when it began: `since` is among it, `until` no more. */
export const period = {
  since: When.optional().describe('from then on: a day, or an instant'),
  until: When.optional().describe('before then: a day, or an instant'),
};
type Period = { since?: string | undefined; until?: string | undefined };
export const inOrder = ({ since, until }: Period) =>
  since === undefined || until === undefined || Date.parse(since) < Date.parse(until);
export const outOfOrder = { path: ['until'], error: 'must be later than since' };

/** Pages of what has names. */
export const NameQuery = PageQuery.extend(words);
