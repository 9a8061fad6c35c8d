import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createCgroups } from './cgroups/apply.ts';
import type { AgentConfig } from './config.ts';
import type { Writers } from './parts.ts';
import { type MountRecord, rootPaths } from './rootfs/plan.ts';

/** Who writes to a volume are the processes of the container whose root lies on it: its control group is frozen. */
export function createWriters(config: AgentConfig): Writers {
  const cgroups = createCgroups(config.instance);
  const { records } = rootPaths(config.agentDir);
  const holder = (mountPoint: string): string | undefined => {
    if (!existsSync(records)) return undefined;
    return readdirSync(records)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(`${records}/${name}`, 'utf8')) as MountRecord)
      .find((record) => record.volume === mountPoint && record.purpose === 'root')?.containerId;
  };
  return {
    async pause(mountPoint) {
      const containerId = holder(mountPoint);
      if (containerId === undefined || !cgroups.list().includes(containerId)) return () => {};
      await cgroups.freeze(containerId);
      return () => void cgroups.thaw(containerId);
    },
    resume(mountPoint) {
      const containerId = holder(mountPoint);
      return containerId !== undefined && cgroups.thaw(containerId);
    },
    resumeAll() {
      for (const containerId of cgroups.list()) cgroups.thaw(containerId);
    },
  };
}
