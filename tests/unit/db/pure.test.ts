import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byName, newestFirst } from '#lib/db/cursor.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { comparePositions, formatPosition, parsePosition } from '#lib/events/read.ts';
import { seal, unseal } from '#lib/secrets/seal.ts';

describe('sealed values', () => {
  const key = randomBytes(32);
  it('come back whole under the same key and context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
        expect(unseal(key, seal(key, text, context), context)).toBe(text);
      }),
    );
  });
  it('open under no other key and no other context, and not when a byte has changed', () => {
    const sealed = seal(key, 'secret', 'row-1');
    expect(() => unseal(randomBytes(32), sealed, 'row-1')).toThrow();
    expect(() => unseal(key, sealed, 'row-2')).toThrow();
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(key, `v1.${changed.toString('base64url')}`, 'row-1')).toThrow();
    }
    expect(() => unseal(key, 'v1.', 'row-1')).toThrow();
  });
  it('never look the same twice', () => {
    expect(seal(key, 'same', 'c')).not.toBe(seal(key, 'same', 'c'));
  });
});

describe('lists read page by page', () => {
  const at = auditLog.at;
  const orders = { newestFirst: newestFirst(at, auditLog.id), byName: byName(hosts.name, hosts.id) };
  const rows = fc.uniqueArray(
    fc.record({ key: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }), id: fc.uuid() }),
    { selector: (row) => row.id },
  );
  const placeOf = (row: { key: Date; id: string }) => row;

  it('say where the next page begins, and that there is none after the last row', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), (all, limit) => {
        const { page, nextCursor } = orders.newestFirst.cut(all.slice(0, limit + 1), limit, placeOf);
        expect(page).toEqual(all.slice(0, limit));
        expect(nextCursor === null).toBe(all.length <= limit);
        const last = page.at(-1);
        if (nextCursor === null || last === undefined) return;
        const { params } = new PgDialect().sqlToQuery(orders.newestFirst.after(nextCursor) ?? sql``);
        expect(params).toEqual([last.key.toISOString(), last.key.toISOString(), last.id]);
      }),
    );
  });

  it('take a cursor that is not theirs for an error', () => {
    for (const order of Object.values(orders)) {
      fc.assert(
        fc.property(fc.string(), (text) => {
          expect(() => order.after(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
        }),
      );
      expect(order.after(undefined)).toBeUndefined();
    }
    const named = orders.byName.cut([{ n: 1 }, { n: 2 }], 1, () => ({
      key: 'web',
      id: '0190a0a0-0000-7000-8000-000000000001',
    }));
    expect(() => orders.newestFirst.after(named.nextCursor ?? '')).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
  });
});

describe('places in the stream of events', () => {
  const position = fc.record({ xid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), id: fc.nat() });
  it('come back whole and are ordered by transaction, then by number', () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(parsePosition(formatPosition(one))).toEqual(one);
      }),
    );
    fc.assert(
      fc.property(position, position, (one, two) => {
        expect(comparePositions(one, two) + comparePositions(two, one)).toBe(0);
      }),
    );
    for (const bad of [null, '', '1', 'a-b', '-1-1', `${2n ** 64n}-1`, "1-1'; drop"])
      expect(parsePosition(bad)).toBeUndefined();
  });
});
