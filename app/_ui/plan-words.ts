import type { Plan } from '#lib/contract/plans.ts';
import { t } from '#lib/language/text.ts';
import { bytes, cores } from './format.ts';

/** `2 cores · 2 GB memory · 20 GB disk · 10 backups`: what a plan gives, in one line. */
export function planWords(plan: Pick<Plan, 'resources' | 'maxBackups'>): string {
  const { cpuCores, memoryBytes, diskBytes } = plan.resources;
  return [
    t('{shown} {n, plural, one {core} other {cores}}', { shown: cores(cpuCores), n: cpuCores }),
    t('{size} memory', { size: bytes(memoryBytes) }),
    t('{size} disk', { size: bytes(diskBytes) }),
    t('{n, plural, one {# backup} other {# backups}}', { n: plan.maxBackups }),
  ].join(' · ');
}
