import { readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metrics } from '../adapters.ts';
import type { AgentConfig } from '../config.ts';
import type { Cgroups } from '../parts.ts';
import { type CpuSample, cpuCores, type DiskUsage, type HostCounters, usageOf } from './plan.ts';

/** Usage of running containers from files of the kernel alone: about ten small reads each, no program is started. */
export function createMetrics(config: Pick<AgentConfig, 'agentDir'>, parts: { cgroups: Cgroups }): Metrics {
  let before = new Map<string, CpuSample>();
  return {
    cpuSeconds: (containerId) => parts.cgroups.usage(containerId)?.cpuSeconds ?? null,
    sample(containers) {
      const usages: ReturnType<Metrics['sample']> = new Map();
      const samples = new Map<string, CpuSample>();
      for (const { containerId, volumeId, interfaceName, pid } of containers) {
        const group = pid === null ? null : parts.cgroups.usage(containerId);
        if (group === null) continue;
        const now = { cpuSeconds: group.cpuSeconds, atMs: performance.now() };
        samples.set(containerId, now);
        usages.set(
          containerId,
          usageOf(
            group,
            cpuCores(before.get(containerId), now),
            diskUsage(join(config.agentDir, 'mnt/volumes', volumeId)),
            hostCounters(interfaceName),
          ),
        );
      }
      before = samples;
      return usages;
    },
  };
}

/** statfs is the volume's own meter. Nothing is mounted there: zero, rather than the figures of the disk below. */
function diskUsage(mountPoint: string): DiskUsage {
  const own = statSync(mountPoint, { throwIfNoEntry: false });
  if (own === undefined || own.dev === statSync(dirname(mountPoint)).dev) return { bytes: 0, inodes: 0 };
  const volume = statfsSync(mountPoint);
  return { bytes: (volume.blocks - volume.bfree) * volume.bsize, inodes: volume.files - volume.ffree };
}

function hostCounters(interfaceName: string): HostCounters {
  const counter = (name: string) => {
    try {
      return Number(readFileSync(`/sys/class/net/${interfaceName}/statistics/${name}`, 'utf8'));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'EINVAL') return 0; // no interface (any more)
      throw error;
    }
  };
  return { rxBytes: counter('rx_bytes'), txBytes: counter('tx_bytes') };
}
