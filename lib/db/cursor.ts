import { type AnyColumn, and, asc, desc, eq, gt, lt, or, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { BerthError } from '../contract/errors.ts';

/**
 * A list read page by page: ask for `limit + 1` rows `after` the cursor, in the order `by`, then `cut`. Cursors are opaque to
 * clients and hold nothing that they did not see; `after` throws `invalid` on anything we did not make.
 */
export type ListOrder<Key> = {
  after(cursor: string | undefined): SQL | undefined;
  by: readonly [SQL, SQL];
  /** The cursor of what comes after this place. */
  cursor(place: { key: Key; id: string }): string;
  cut<Row>(
    rows: readonly Row[],
    limit: number,
    place: (row: Row) => { key: Key; id: string },
  ): { page: Row[]; nextCursor: string | null };
};

function listOrder<Key>(
  schema: z.ZodType<Key>,
  [keyColumn, idColumn]: readonly [AnyColumn, AnyColumn],
  { beyond, sort }: { beyond: typeof gt; sort: typeof asc },
): ListOrder<Key> {
  const cursorOf = ({ key, id }: { key: Key; id: string }) =>
    Buffer.from(JSON.stringify([key, id])).toString('base64url');
  const Cursor = z.tuple([schema, z.uuid()]);
  return {
    after(cursor) {
      if (cursor === undefined) return undefined;
      let place: [Key, string];
      try {
        place = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
      } catch (cause) {
        throw new BerthError('invalid', 'The cursor is not one of ours.', { cause });
      }
      const [key, id] = place;
      return or(beyond(keyColumn, key), and(eq(keyColumn, key), beyond(idColumn, id)));
    },
    by: [sort(keyColumn), sort(idColumn)],
    cut(rows, limit, place) {
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      if (rows.length <= limit || last === undefined) return { page, nextCursor: null };
      return { page, nextCursor: cursorOf(place(last)) };
    },
    cursor: cursorOf,
  };
}

const Time = z.iso.datetime().transform((text) => new Date(text));

/** `at` has milliseconds, as JavaScript's dates have; more would lose rows between pages. */
export const newestFirst = (at: AnyColumn, id: AnyColumn): ListOrder<Date> =>
  listOrder(Time, [at, id], { beyond: lt, sort: desc });

/** What the database has can have been shown; what it takes in no text was not. */
const Name = z.string().refine((text) => !text.includes('\0') && text.isWellFormed());

export const byName = (name: AnyColumn, id: AnyColumn): ListOrder<string> =>
  listOrder(Name, [name, id], { beyond: gt, sort: asc });
