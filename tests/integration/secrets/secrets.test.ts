/** The everyday sample of tests/long/secrets: on a simulated host. */
import { expect, it } from 'vitest';
import { searchLife } from '../../long/secrets/life.ts';

it('no secret is found in logs, database, ledger, answers or process lists', async () => {
  const { leaks, ...searched } = await searchLife('sim');
  console.log(`0 wanted, ${leaks.length} found: ${JSON.stringify(searched)}`);
  expect(leaks).toEqual([]);
  expect(Math.min(searched.files, searched.tables, searched.looks)).toBeGreaterThan(10);
});
