/**
 * Every workflow under random faults: 10,000 runs, each from a seed of its own.
 *
 * BERTH_SEED=n replays one seed, BERTH_KIND=restore draws only that kind, BERTH_RUNS=n changes how many, and BERTH_SHARD=1/4
 * does the first quarter. A violation prints its seed, the faults that came true and the attempts of the operation.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OperationKind } from '#lib/contract/states.ts';
import { runMany } from '../../support/sagas/many.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const { BERTH_SEED, BERTH_KIND, BERTH_RUNS, BERTH_SHARD } = process.env;
const only = BERTH_KIND === undefined ? undefined : OperationKind.parse(BERTH_KIND);
const [shard = 1, shards = 1] = (BERTH_SHARD ?? '1/1').split('/').map(Number);
const runs = BERTH_SEED === undefined ? Number(BERTH_RUNS ?? 10_000) : 1;

let bench: SimBench;
beforeAll(async () => {
  bench = await startSimBench();
});
afterAll(async () => {
  await bench?.stop();
});

it(`${runs} operations with faults end old or new`, async () => {
  const all = Array.from({ length: runs }, (_, i) => (BERTH_SEED === undefined ? i + 1 : Number(BERTH_SEED)));
  const seeds = all.filter((_, i) => i % shards === shard - 1);
  const violations = await runMany(bench, seeds, only);
  expect(violations).toEqual([]);
});
