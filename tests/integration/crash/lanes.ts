/** Runs scenarios, a few agents side by side: a round mostly waits, so that three together keep two processors busy. */
import { startTestAgent } from '../../support/agent.ts';
import { crashEverywhere, type Report, type Scenario } from './harness.ts';
import { type Extent, Rig, type Shard } from './points.ts';
import { type ScenarioName, scenarios } from './scenarios/all.ts';
import { ground } from './scenarios/place.ts';
import { crashStarts, startScenarios } from './starts.ts';

/** Each lane has an agent of its own. The first of a lane begin on an empty host. */
export const lanes: readonly (readonly (ScenarioName | 'starts')[])[] = [
  ['remove', 'build', 'collect', 'start', 'swap', 'access', 'shrink', 'command', 'repair', 'repaired', 'clone'],
  [
    'starts',
    'stop',
    'restart',
    'upload',
    'grow',
    'kill',
    'volume',
    'volumeGone',
    'rebuild',
    'thaw',
    'told',
    'files',
    'uploadElsewhere',
    'verify',
    'measure',
    'checkBackups',
    'trial',
  ],
  [
    'create',
    'restore',
    'open',
    'putBack',
    'recovered',
    'recreate',
    'out',
    'back',
    'forgotten',
    'around',
    'snapshot',
    'snapshotGone',
    'copy',
    'forget',
    'growStopped',
    'forwards',
    'handOver',
    'console',
  ],
];

/** Every round of a lane's scenarios that `chosen` names; the failures. */
export async function runLane(
  lane: readonly (ScenarioName | 'starts')[],
  chosen: ((name: string) => boolean) | null,
  extent: Extent,
  shard: Shard,
): Promise<Report[]> {
  // Here containers die again and again, and it is not their fault.
  const restarts = { firstDelayMs: 100, longestDelayMs: 100, windowMs: 1000, most: 9 };
  const agent = await startTestAgent('real', { restarts, backupNetworks: ['127.0.0.1/32'] });
  const reports: Report[] = [];
  try {
    const rig = new Rig(agent);
    await agent.stop();
    await rig.start();
    const all = scenarios();
    for (const name of lane.filter((one) => chosen?.(one) ?? true)) {
      if (name === 'starts') {
        for (const scenario of startScenarios(ground())) reports.push(await crashStarts(rig, scenario, extent, shard));
      } else reports.push(await crashEverywhere(rig, all[name] as Scenario<unknown>, extent, shard));
    }
  } finally {
    await agent.cleanUp();
  }
  return reports;
}
