import type { QuotaKind } from '#lib/contract/resellers.ts';

const GiB = 1024 ** 3;
const round = (value: number) => String(Math.round(value * 100) / 100);

/** `12 GB of memory`: an amount of what a quota limits, as people say it. */
export function amountOf(kind: QuotaKind, amount: number): string {
  if (amount === Infinity) return 'backups without a limit';
  if (kind === 'maxContainers') return `${amount} ${amount === 1 ? 'container' : 'containers'}`;
  if (kind === 'cpuCores') return `${round(amount)} ${amount === 1 ? 'core' : 'cores'}`;
  const of = { memoryBytes: 'memory', diskBytes: 'disk', backupBytes: 'space for backups' }[kind];
  return `${round(amount / GiB)} GB of ${of}`;
}

/** What follows from being above a quota, in a sentence; null when nothing is. */
export function overNotice(over: readonly QuotaKind[]): string | null {
  if (over.length === 0) return null;
  const names: Record<QuotaKind, string> = {
    maxContainers: 'containers',
    cpuCores: 'cores',
    memoryBytes: 'memory',
    diskBytes: 'disk',
    backupBytes: 'space for backups',
  };
  const what = over.map((kind) => names[kind]).join(', ');
  return `More is used than the quota allows (${what}). What exists goes on; nothing that takes more of it is accepted until use is below the quota.`;
}
