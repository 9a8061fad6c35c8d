/** PostgreSQL killed 100 times while four containers are kept busy through two workers. `BERTH_CRASHES=10` for fewer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crashUnderLoad } from '#tests/support/crashing-database.ts';
import { type Bench, startBench } from '#tests/support/operations.ts';

const crashes = Number(process.env.BERTH_CRASHES ?? 100);
let bench: Bench;

beforeAll(async () => {
  bench = await startBench('sim', { durable: true });
});
afterAll(async () => {
  await bench?.stop();
});

it('loses nothing, doubles nothing, and everything ends', async () => {
  const second = bench.addWorker();
  await second.start();
  const count = await crashUnderLoad(bench, crashes).catch((error: unknown) => {
    for (const worker of [bench.worker, second]) console.log(`worker ${worker.ended}: ${worker.log.slice(-6000)}`);
    throw error;
  });
  console.log(`PostgreSQL killed ${crashes} times: ${count} of ${count} operations ended once, each effect once`);
  for (const worker of [bench.worker, second]) expect(worker.ended).toBeUndefined();
});
