import { expect, it } from 'vitest';
import { leakEverywhere, searchLife } from './life.ts';

it('no secret is found anywhere, on a real host', async () => {
  const { leaks, ...searched } = await searchLife('real');
  console.log(`0 wanted, ${leaks.length} found: ${JSON.stringify(searched)}`);
  expect(leaks).toEqual([]);
  expect(searched.looks).toBeGreaterThan(20);
});

it('a planted leak is found in each place', async () => {
  const { leaks } = await searchLife('sim', leakEverywhere);
  expect([...new Set(leaks.map((leak) => leak.secret))]).toEqual(['create']);
  const places = leaks.map((leak) => leak.where);
  for (const place of [/careless\.log$/, /^table public\.operations$/, /^process list: environ/, /base|pg_wal/]) {
    expect(places).toContainEqual(expect.stringMatching(place));
  }
});
