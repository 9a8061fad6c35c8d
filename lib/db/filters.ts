import { type AnyColumn, and, gte, ilike, lt, or, type SQL } from 'drizzle-orm';

/** A text within a pattern of `like`, where nothing in it stands for anything else. */
export const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** One of the columns has the text in it, whatever the case; no text: all rows. */
export function contains(text: string | undefined, ...columns: AnyColumn[]): SQL | undefined {
  if (text === undefined || text === '') return undefined;
  const like = `%${literally(text)}%`;
  return or(...columns.map((column) => ilike(column, like)));
}

/** From `since` on and before `until`. */
export function between(at: AnyColumn, { since, until }: { since?: string | undefined; until?: string | undefined }) {
  return and(
    since === undefined ? undefined : gte(at, new Date(since)),
    until === undefined ? undefined : lt(at, new Date(until)),
  );
}
