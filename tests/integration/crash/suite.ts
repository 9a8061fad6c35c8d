import { afterAll, describe, expect, it } from 'vitest';
import { actionVerbs } from '#lib/contract/agent.ts';
import { endings } from './endings.ts';
import { judgeLabels } from './labels.ts';
import { lanes, runLane } from './lanes.ts';
import { type Extent, labelsHit, type Shard } from './points.ts';
import { type ScenarioName, scenarios } from './scenarios/all.ts';

/**
 * Registers the suite: one test a lane, and the judgement over the labels. `some` scenarios only, or those of
 * `BERTH_CRASH_ONLY=start,swap`: then the labels are not judged.
 */
export function crashSuite(extent: Extent, shard: Shard, some?: readonly ScenarioName[]): void {
  const only: readonly string[] | undefined = process.env.BERTH_CRASH_ONLY?.split(',') ?? some;
  const chosen = only === undefined ? null : (name: string) => only.includes(name);
  const total = { passed: 0, points: 0, twice: 0 };

  describe('an agent killed at any effect', () => {
    afterAll(async () => {
      for (const end of endings.splice(0)) await end();
    });

    it.concurrent.each(lanes.map((lane) => [lane.join(', '), lane] as const))(
      'leaves the old or the new state, usable, and nothing else: %s',
      async (_title, lane) => {
        const reports = await runLane(lane, chosen, extent, shard);
        for (const { passed, points, twice } of reports) {
          total.passed += passed;
          total.points += points;
          total.twice += twice;
        }
        expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
      },
      3_600_000,
    );

    it('was killed in every verb', () => {
      const names = Object.values(scenarios()).map(({ name }) => name);
      expect(Object.keys(actionVerbs).filter((verb) => !names.some((name) => name.startsWith(verb)))).toEqual([]);
    });

    it('was killed at every label there is, but those of other business', ({ skip }) => {
      const part = `shard ${shard.index} of ${shard.count}`;
      process.stdout.write(
        `crash, ${part}: ${total.passed} of ${total.points} points, ${total.twice} of them killed twice in a row\n`,
      );
      if (only !== undefined) {
        const why = `${only.join(', ')} alone: labels of the others are not met`;
        process.stdout.write(`labels: skipped, ${why}\n`);
        skip(why);
      }
      const { missed, line } = judgeLabels(labelsHit);
      process.stdout.write(`${line}\n`);
      expect(missed).toEqual([]);
    });
  });
}
