import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { pageQuery, param } from '#app/_page/query.ts';

const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');

it('of a page’s address what is no text, too long or no cursor of ours counts as absent', async () => {
  const of = (value: string | string[]) => param(Promise.resolve({ q: value }), 'q');
  expect(await of('web')).toBe('web');
  expect(await of(['web', 'other'])).toBe('web');
  for (const value of ['', 'a\u0000b', '\ud800', 'x'.repeat(201)]) expect(await of(value)).toBeUndefined();
  const page = async (text: string) => (await pageQuery(Promise.resolve({ cursor: text }))).cursor;
  const ours = cursor(['2026-01-31T12:00:00.000Z', v7()]);
  expect(await page(ours)).toBe(ours);
  for (const text of ['x', ours.slice(0, -9), cursor([]), cursor(['a', 'b']), cursor({ 0: 'a' }), '%00']) {
    expect(await page(text)).toBeUndefined();
  }
});
