/** Processes of containers as the host sees them, from the records the agent keeps of runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Mark = z.object({ pid: z.int(), startTicks: z.int() });
const RunRecord = z.object({ init: Mark, monitor: Mark });

/** First process and monitor of a container's present run. */
export function runOf(agentDir: string, containerId: string): z.infer<typeof RunRecord> {
  const file = join(agentDir, 'run/runtime', containerId, 'record.json');
  return RunRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
}
