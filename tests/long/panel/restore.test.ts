/**
 * The panel is lost and restored onto an empty machine, 3 scenarios × 20, each round on what the round before left. About
 * 5 minutes a scenario: BERTH_SHARD=1/3 … 3/3 takes one of them each. BERTH_ROUNDS for fewer.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeContainer } from '#lib/containers/remove.ts';
import { succeeded } from '#tests/support/operations.ts';
import { PanelWorld } from '#tests/support/panel.ts';
import {
  askCreate,
  beginMany,
  countActive,
  dice,
  ensureTemplate,
  expectUntouched,
  expectWhole,
  live,
} from '#tests/support/panel-scenarios.ts';

const rounds = Number(process.env.BERTH_ROUNDS ?? 20);
const [shard, shards] = (process.env.BERTH_SHARD ?? '1/1').split('/').map(Number) as [number, number];

type Round = { world: PanelWorld; roll: (sides: number) => number };
/** Each makes the backup that the round restores, and whatever happens before and after it. */
const scenarios: Record<string, (round: Round) => Promise<string>> = {
  'nothing has happened since the copy': async ({ world, roll }) => {
    await live(world, roll, 2);
    return await world.backup();
  },
  'the copy is older than the world: containers made, deleted and changed since': async ({ world, roll }) => {
    const file = await world.backup();
    const [some] = await world.truth().then((truth) => [...truth.keys()]);
    await succeeded(world.admin, await askCreate(world));
    if (some !== undefined) await succeeded(world.admin, await removeContainer(world.admin, some));
    await live(world, roll, 3);
    return file;
  },
  'the copy was made while operations ran, which then ended': async ({ world, roll }) => {
    const begun = await beginMany(world, roll);
    let file: string;
    try {
      expect(await countActive(world)).toBe(begun.length);
      file = await world.backup();
    } finally {
      process.kill(world.host.pid, 'SIGCONT');
    }
    for (const ended of begun) await ended();
    return file;
  },
};

for (const [i, [name, scenario]] of Object.entries(scenarios).entries()) {
  describe.skipIf(i % shards !== shard - 1)(name, () => {
    let world: PanelWorld;
    beforeAll(async () => {
      world = await PanelWorld.make();
    });
    afterAll(async () => {
      await world?.cleanUp();
    });

    it(`comes back whole, ${rounds} times`, async () => {
      await ensureTemplate(world);
      await live(world, dice(i + 1), 4);
      const sums = { whole: 0, containers: 0, orphaned: 0, missing: 0 };
      for (let round = 1; round <= rounds; round += 1) {
        const seed = 1000 * (i + 1) + round;
        try {
          const file = await scenario({ world, roll: dice(seed) });
          const truth = await world.truth();
          await world.lose();
          await world.restore(file);
          expectUntouched(truth, await world.truth());
          const found = await expectWhole(world, truth);
          sums.whole += 1;
          sums.containers += truth.size;
          sums.orphaned += found.orphaned;
          sums.missing += found.missing;
        } catch (error) {
          throw new Error(`round ${round}, seed ${seed}`, { cause: error });
        }
      }
      console.log(
        `${sums.whole} of ${rounds} restored (${name}): ${sums.containers} containers, ${sums.orphaned} orphaned and adopted, ${sums.missing} gone meanwhile, 0 deleted on the host, 0 doubled`,
      );
      expect(sums.whole).toBe(rounds);
    });
  });
}
