'use client';
import { useState } from 'react';
import type { Orphan } from '#lib/contract/hosts.ts';
import { rich, t } from '#lib/language/text.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes } from './format.ts';
import { Card } from './page.tsx';
import { Ago } from './time.tsx';
import { useCall } from './use-call.ts';
import { useChoices } from './use-choices.ts';

/** Containers that only their host knows, to be adopted or ignored. */
export function OrphanTable({ orphans, mayDecide }: { orphans: readonly Orphan[]; mayDecide: boolean }) {
  const [adopting, setAdopting] = useState<Orphan | null>(null);
  const { run, pending } = useCall('orphans.ignore');
  return (
    <Card title={t('Orphaned containers')} flush className="mb-4">
      <p className="sub px-4 pb-3">
        {t(
          'Their host has them and this panel does not know them, as after a restore of an older copy of the panel, or wrote them off with a host that came back. Those are stopped, the others run on; nothing deletes them.',
        )}
      </p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('Container')}</th>
            <th scope="col">{t('Host')}</th>
            <th scope="col">{t('Tenant')}</th>
            <th scope="col">{t('Template')}</th>
            <th scope="col">{t('State')}</th>
            <th scope="col">
              <span className="sr-only">{t('Decide')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {orphans.map((orphan) => (
            <tr key={orphan.id}>
              <td>
                <span className="font-semibold [overflow-wrap:anywhere]">{orphan.name}</span>
                <div className="sub">
                  {t('{address} · {memory} memory, {disk} disk', {
                    address: orphan.address,
                    memory: bytes(orphan.resources.memoryBytes),
                    disk: bytes(orphan.resources.diskBytes),
                  })}
                </div>
              </td>
              <td>{orphan.hostName}</td>
              <td>{orphan.tenantName ?? <span className="sub">{t('not known any more')}</span>}</td>
              <td className="sub">
                {orphan.template.name} {orphan.template.version}
              </td>
              <td>
                <Badge tone={orphan.state === 'orphaned' ? 'warn' : 'idle'}>{t(orphan.state)}</Badge>
                <div className="sub">
                  {rich('{power}, found {ago}', {
                    power: t(orphan.power),
                    ago: <Ago key="ago" at={orphan.firstSeenAt} />,
                  })}
                </div>
              </td>
              <td>
                {mayDecide && (
                  <div className="flex flex-wrap justify-end gap-2">
                    <Button size="small" onClick={() => setAdopting(orphan)}>
                      {t('Adopt…')}
                    </Button>
                    <Button
                      size="small"
                      pending={pending}
                      onClick={() =>
                        void run({ params: { id: orphan.id }, body: { ignored: orphan.state === 'orphaned' } })
                      }
                    >
                      {orphan.state === 'orphaned' ? t('Ignore') : t('Do not ignore')}
                    </Button>
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {adopting !== null && <AdoptDialog orphan={adopting} onClose={() => setAdopting(null)} />}
    </Card>
  );
}

function AdoptDialog({ orphan, onClose }: { orphan: Orphan; onClose: () => void }) {
  const { run, pending, problem } = useCall('orphans.adopt', { quiet: true });
  const { items: plans } = useChoices('plans');
  const submit = (data: FormData) => {
    const body = { planId: String(data.get('planId')), name: String(data.get('name')) };
    void run({ params: { id: orphan.id }, body }).then((answer) => answer.ok && onClose());
  };
  return (
    <FormDialog
      title={t('Adopt {name}', { name: orphan.name })}
      sub={
        orphan.tenantName === null
          ? t('Its tenant is not known any more and is made anew. On the host nothing changes.')
          : t('It becomes a container of {tenant} again. On the host nothing changes.', { tenant: orphan.tenantName })
      }
      cancel={t('Not now')}
      submit={t('Adopt')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField name="name" label={t('Name')} required defaultValue={orphan.name} autoFocus />
      {plans !== null && (
        <SelectField
          name="planId"
          label={t('Plan')}
          options={plans.map((plan) => ({ value: plan.id, label: plan.name }))}
          {...(orphan.planId === null ? {} : { defaultValue: orphan.planId })}
        />
      )}
    </FormDialog>
  );
}
