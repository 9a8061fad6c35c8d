import type { Plan } from '#lib/contract/rest.ts';
import { bytes, cores, count } from './format.ts';

/** `2 cores · 2 GB memory · 20 GB disk · 10 backups`: what a plan gives, in one line. */
export function planWords(plan: Pick<Plan, 'resources' | 'maxBackups'>): string {
  const { cpuCores, memoryBytes, diskBytes } = plan.resources;
  return [
    `${cores(cpuCores)} ${cpuCores === 1 ? 'core' : 'cores'}`,
    `${bytes(memoryBytes)} memory`,
    `${bytes(diskBytes)} disk`,
    count(plan.maxBackups, 'backup'),
  ].join(' · ');
}
