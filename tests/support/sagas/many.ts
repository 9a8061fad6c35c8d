import type { OperationKind } from '#lib/contract/states.ts';
import type { SimBench } from '../sim-bench.ts';
import { type RunOutcome, runSeed, Violation } from './run.ts';

/** Runs the seeds one after another, prints what they came to, and gives the violations; stops after ten. */
export async function runMany(bench: SimBench, seeds: readonly number[], only?: OperationKind): Promise<string[]> {
  const began = performance.now();
  const outcomes: RunOutcome[] = [];
  const violations: string[] = [];
  for (const seed of seeds) {
    try {
      outcomes.push(await runSeed(bench, seed, only));
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      console.log(
        `VIOLATION ${error.message}\n  replay: BERTH_SEED=${seed} vitest run --project long tests/long/sagas`,
      );
      violations.push(error.message);
      if (violations.length >= 10) break;
    }
  }
  const count = (test: (one: RunOutcome) => boolean) => outcomes.filter(test).length;
  const ends = (['succeeded', 'failed', 'cancelled'] as const).map((end) => `${count((o) => o.state === end)} ${end}`);
  const kinds = new Set(outcomes.map((one) => one.kind)).size;
  const faults = outcomes.reduce((sum, one) => sum + one.faults, 0);
  console.log(
    `sagas: ${outcomes.length} of ${seeds.length} runs without violation (${ends.join(', ')}; ${count((o) => o.wasStuck)} were stuck on the way), ` +
      `${kinds} kinds, ${faults} faults, ${Math.round((performance.now() - began) / Math.max(1, seeds.length))} ms each`,
  );
  return violations;
}
