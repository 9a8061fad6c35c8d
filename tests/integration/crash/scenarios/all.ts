import { backupScenarios } from './backup.ts';
import { insideScenarios } from './inside.ts';
import { lifeScenarios } from './life.ts';
import { ground } from './place.ts';
import { powerScenarios } from './power.ts';
import { repairScenarios } from './repair.ts';
import { storageScenarios } from './storage.ts';
import { transferScenarios } from './transfers.ts';

/** Every scenario, over one container of one agent. */
export function scenarios() {
  const place = ground();
  return {
    ...powerScenarios(place),
    ...lifeScenarios(place),
    ...storageScenarios(place),
    ...backupScenarios(place),
    ...insideScenarios(place),
    ...repairScenarios(place),
    ...transferScenarios(place),
  };
}
export type ScenarioName = keyof ReturnType<typeof scenarios>;
