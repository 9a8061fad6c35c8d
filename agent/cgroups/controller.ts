import type { Limits } from '../parts.ts';

/** One write of `value` to `file` in the outer group. */
export type Write = { file: string; value: string };

/** What a group holds now, as far as a plan depends on it: reads a control file, null when the kernel has none. */
export type Read = (file: string) => string | null;

/** One resource controller of one version: limits → writes, in the order in which they must happen. Pure but for `read`. */
export interface Controller {
  /** Its name in the hierarchy list (v1) or in cgroup.subtree_control (v2). */
  readonly name: string;
  plan(limits: Limits, read: Read): Write[];
}

/** Length of a CPU bandwidth period; the kernel's default (Documentation/scheduler/sched-bwc). */
export const cpuPeriodUs = 100_000;

/** The longest period the kernel takes. */
export const longestCpuPeriodUs = 1_000_000;

/** Microseconds of CPU time per period; the kernel refuses less than 1 ms. */
export function cpuQuotaUs(cores: number): number {
  return Math.max(1000, Math.round(cores * cpuPeriodUs));
}

/** Memory limits are kept in whole pages by the kernel. */
export const pageBytes = 4096;
export const wholePages = (bytes: number) => Math.floor(bytes / pageBytes) * pageBytes;
