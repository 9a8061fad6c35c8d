import type { Usage } from '#lib/contract/agent-state.ts';
import type { GroupUsage } from '../parts.ts';

export type CpuSample = { cpuSeconds: number; atMs: number };

/**
 * Cores kept busy between two samples. 0 for the first one, and after a restart (the counter starts anew).
 */
export function cpuCores(before: CpuSample | undefined, now: CpuSample): number {
  if (before === undefined || now.cpuSeconds < before.cpuSeconds || now.atMs <= before.atMs) return 0;
  return (now.cpuSeconds - before.cpuSeconds) / ((now.atMs - before.atMs) / 1000);
}

export type DiskUsage = { bytes: number; inodes: number };

/** What the host counts on its end of the cable: it receives what the container sends. */
export type HostCounters = { rxBytes: number; txBytes: number };

export function usageOf(group: GroupUsage, cores: number, disk: DiskUsage, network: HostCounters): Usage {
  return {
    cpuSeconds: group.cpuSeconds,
    cpuCores: cores,
    memoryBytes: group.memoryBytes,
    pids: group.pids,
    diskBytes: disk.bytes,
    inodes: disk.inodes,
    receivedBytes: network.txBytes,
    sentBytes: network.rxBytes,
  };
}
