import { type Controller, cpuPeriodUs, cpuQuotaUs } from '../controller.ts';

export const cpu: Controller = {
  name: 'cpu',
  plan: (limits) => [
    { file: 'cpu.cfs_period_us', value: String(cpuPeriodUs) },
    { file: 'cpu.cfs_quota_us', value: String(cpuQuotaUs(limits.cpuCores)) },
    { file: 'cpu.shares', value: String(limits.cpuShares) },
  ],
};
