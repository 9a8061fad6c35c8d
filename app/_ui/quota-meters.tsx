import { type QuotaKind, type QuotaState, quotaKinds } from '#lib/contract/resellers.ts';
import { type Text, t } from '#lib/language/text.ts';
import { bytes, cores } from './format.ts';
import { Meter } from './meter.tsx';

export const quotaNames: Record<QuotaKind, Text> = {
  maxContainers: 'Containers',
  cpuCores: 'Cores',
  memoryBytes: 'Memory',
  diskBytes: 'Disk',
  backupBytes: 'Space for backups',
};

function amount(kind: QuotaKind, value: number): string {
  if (kind === 'maxContainers') return String(value);
  return kind === 'cpuCores' ? cores(value) : bytes(value);
}

/** Use against quota, one bar each; without a limit there is no bar to fill, only what is used. */
export function QuotaMeters({ quota, used }: Pick<QuotaState, 'quota' | 'used'>) {
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
      {quotaKinds.map((kind) => {
        const limit = quota[kind];
        const use = used[kind];
        const text = use === null ? t('without limit') : amount(kind, use);
        return limit === null ? (
          <div key={kind} className="flex items-baseline justify-between gap-2 text-xs text-muted tabular-nums">
            <span>{t(quotaNames[kind])}</span>
            <span>{t('{used}, no limit set', { used: text })}</span>
          </div>
        ) : (
          <Meter
            key={kind}
            label={t(quotaNames[kind])}
            used={use ?? Number.POSITIVE_INFINITY}
            whole={limit}
            text={t('{used} of {limit}', { used: text, limit: amount(kind, limit) })}
          />
        );
      })}
    </div>
  );
}
