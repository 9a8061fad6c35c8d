/**
 * Every pair of verbs of the state table on one container, 20 interleavings each: the end is that of some serial order.
 * BERTH_SHARD=1/4 takes a quarter of the pairs; BERTH_PAIR=stop,kill one pair; BERTH_SEED=n one interleaving of each.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ContainerVerb } from '#lib/contract/states.ts';
import { race, SerialEnds } from '../../support/races/race.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const { BERTH_SHARD, BERTH_PAIR, BERTH_SEED } = process.env;
const [shard = 1, shards = 1] = (BERTH_SHARD ?? '1/1').split('/').map(Number);
const seeds = BERTH_SEED === undefined ? Array.from({ length: 20 }, (_, i) => i + 1) : [Number(BERTH_SEED)];
const all = ContainerVerb.options.flatMap((a, i) => ContainerVerb.options.slice(i).map((b) => [a, b] as const));
const pairs = all
  .filter(([a, b]) => BERTH_PAIR === undefined || BERTH_PAIR === `${a},${b}`)
  .filter((_, i) => i % shards === shard - 1);

let bench: SimBench;
beforeAll(async () => {
  bench = await startSimBench();
});
afterAll(async () => {
  await bench?.stop();
});

it(`${pairs.length} pairs of verbs, ${seeds.length} interleavings each, end as some serial order does`, async () => {
  const ends = new SerialEnds();
  const wrong: string[] = [];
  let count = 0;
  for (const pair of pairs) {
    for (const seed of seeds) {
      const verdict = await race(bench, ends, pair, all.indexOf(pair) * 1000 + seed);
      count += 1;
      if (verdict === undefined) continue;
      console.log(`NOT SERIAL ${verdict}`);
      wrong.push(verdict);
    }
    if (wrong.length >= 10) break;
  }
  console.log(
    `races: ${count - wrong.length} of ${pairs.length * seeds.length} interleavings of ${pairs.length} pairs are serial`,
  );
  expect(wrong).toEqual([]);
});
