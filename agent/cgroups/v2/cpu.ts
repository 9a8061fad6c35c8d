import { type Controller, cpuPeriodUs, cpuQuotaUs } from '../controller.ts';

/**
 * cpu.shares (2…262144, normal 1024) as cpu.weight (1…10000, normal 100): the curve through the three pairs (2, 1),
 * (1024, 100) and (262144, 10000) that runc has used since opencontainers/cgroups 0.0.5 (ConvertCPUSharesToCgroupV2Value).
 */
export function cpuWeight(shares: number): number {
  if (shares <= 2) return 1;
  if (shares >= 262_144) return 10_000;
  const l = Math.log2(shares);
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34));
}

export const cpu: Controller = {
  name: 'cpu',
  plan: (limits) => [
    { file: 'cpu.max', value: `${cpuQuotaUs(limits.cpuCores)} ${cpuPeriodUs}` },
    { file: 'cpu.weight', value: String(cpuWeight(limits.cpuShares)) },
  ],
};
