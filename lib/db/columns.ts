import { bigint, customType, timestamp, uuid } from 'drizzle-orm/pg-core';
import { v7 } from 'uuid';

/** Primary key: a UUIDv7 made here, so that a row's id is known before it is written. */
export const id = () => uuid('id').primaryKey().$defaultFn(v7);

/** A UTC instant. */
export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const createdAt = () => at('created_at').notNull().defaultNow();

/** Bytes and other counts above 2³¹; JavaScript holds them exactly up to 2⁵³. */
export const big = (name: string) => bigint(name, { mode: 'number' });

/** A 64-bit transaction id; compared in SQL only. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
