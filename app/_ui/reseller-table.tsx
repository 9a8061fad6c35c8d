'use client';
import { useState } from 'react';
import type { Reseller } from '#lib/contract/resellers.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { ActionsHead } from './actions-head.tsx';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes, cores } from './format.ts';
import { notifyDone } from './notify.tsx';
import { QuotaFields, quotaFrom } from './quota-fields.tsx';
import { useCall } from './use-call.ts';

/** Resellers with what they use of what they may. */
export function ResellerTable({ resellers, mayChange }: { resellers: readonly Reseller[]; mayChange: boolean }) {
  const [changed, setChanged] = useState<Reseller | null>(null);
  const of = (used: string | null, limit: string | null) =>
    limit === null ? (used ?? t('no limit')) : t('{used} of {limit}', { used: used ?? t('no limit'), limit });
  return (
    <div className="card">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('Reseller')}</th>
            {(['Tenants', 'Containers', 'Cores', 'Memory', 'Disk'] as const).map((name) => (
              <th key={name} scope="col" className="num">
                {t(name)}
              </th>
            ))}
            {mayChange && <ActionsHead />}
          </tr>
        </thead>
        <tbody>
          {resellers.map((reseller) => {
            const { quota, used } = reseller;
            const or = (limit: number | null, show: (value: number) => string) => (limit === null ? null : show(limit));
            return (
              <tr key={reseller.id}>
                <td>
                  <span className="font-semibold [overflow-wrap:anywhere]">{reseller.name}</span>{' '}
                  {reseller.over.length > 0 && <Badge tone="warn">{t('above its quota')}</Badge>}
                </td>
                <td className="num" data-label={t('Tenants')}>
                  {reseller.tenants}
                </td>
                <td className="num" data-label={t('Containers')}>
                  {of(String(used.maxContainers), or(quota.maxContainers, String))}
                </td>
                <td className="num" data-label={t('Cores')}>
                  {of(cores(used.cpuCores), or(quota.cpuCores, cores))}
                </td>
                <td className="num" data-label={t('Memory')}>
                  {of(bytes(used.memoryBytes), or(quota.memoryBytes, bytes))}
                </td>
                <td className="num" data-label={t('Disk')}>
                  {of(bytes(used.diskBytes), or(quota.diskBytes, bytes))}
                </td>
                {mayChange && (
                  <td className="num">
                    <Button
                      onClick={() => setChanged(reseller)}
                      aria-label={t('Change quota of {name}', { name: reseller.name })}
                    >
                      {t('Change quota')}
                    </Button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <QuotaDialog key={changed?.id ?? 'none'} reseller={changed} onClose={() => setChanged(null)} />
    </div>
  );
}

function QuotaDialog({ reseller, onClose }: { reseller: Reseller | null; onClose: () => void }) {
  const { run, pending, problem } = useCall('resellers.setQuota', { quiet: true });
  const submit = (data: FormData) => {
    if (reseller === null) return;
    void run({ params: { id: reseller.id }, body: quotaFrom(data, reseller.quota) }).then((answer) => {
      if (!answer.ok) return;
      onClose();
      notifyDone(
        answer.value.notice === null
          ? t('The quota of {name} is changed.', { name: reseller.name })
          : said(answer.value.notice),
      );
    });
  };
  return (
    <FormDialog
      open={reseller !== null}
      wide
      title={t('Quota of {name}', { name: reseller?.name ?? '' })}
      sub={t('Below what it uses is allowed: what exists goes on, and nothing grows until use is below again.')}
      cancel={t('Not now')}
      submit={t('Change the quota')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      {reseller !== null && <QuotaFields quota={reseller.quota} />}
    </FormDialog>
  );
}
