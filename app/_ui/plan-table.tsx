'use client';
import { useState } from 'react';
import type { Plan } from '#lib/contract/plans.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { ActionsHead } from './actions-head.tsx';
import { Button } from './button.tsx';
import { Choice, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes, cores } from './format.ts';
import { notifyDone } from './notify.tsx';
import { useCall } from './use-call.ts';

const columns = [
  'Cores',
  'Memory',
  'Disk',
  'Files',
  'Processes',
  'Backups',
  'Snapshots',
  'Forwards',
  'Undo for',
  'A tenant',
] as const;

/** Plans with what they give. `editable`: the ids of those that may be renamed, priced and taken from the offer. */
export function PlanTable({ plans, editable }: { plans: readonly Plan[]; editable: readonly string[] }) {
  const [edited, setEdited] = useState<Plan | null>(null);
  return (
    <div className="card">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('Plan')}</th>
            {columns.map((name) => (
              <th key={name} scope="col" className="num">
                {t(name)}
              </th>
            ))}
            {editable.length > 0 && <ActionsHead />}
          </tr>
        </thead>
        <tbody>
          {plans.map((plan) => (
            <tr key={plan.id}>
              <td>
                <span className="font-semibold [overflow-wrap:anywhere]">{plan.name}</span>
                <div className="sub">
                  {[plan.price, plan.offered ? '' : t('not offered any more')].filter(Boolean).join(' · ')}
                </div>
              </td>
              {valuesOf(plan).map((value, index) => (
                <td key={columns[index]} className="num" data-label={t(columns[index] ?? 'Plan')}>
                  {value}
                </td>
              ))}
              {editable.length > 0 && (
                <td className="max-md:pt-2 md:text-right">
                  {editable.includes(plan.id) && (
                    <Button
                      size="small"
                      aria-label={t('Change {name}', { name: plan.name })}
                      onClick={() => setEdited(plan)}
                    >
                      {t('Change…')}
                    </Button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <EditDialog key={edited?.id ?? 'none'} plan={edited} onClose={() => setEdited(null)} />
    </div>
  );
}

function valuesOf({ resources, ...plan }: Plan): string[] {
  return [
    cores(resources.cpuCores),
    bytes(resources.memoryBytes),
    bytes(resources.diskBytes),
    resources.inodes.toLocaleString(spoken()),
    resources.pids.toLocaleString(spoken()),
    String(plan.maxBackups),
    String(plan.maxSnapshots),
    String(plan.maxForwards),
    t('{n} h', { n: plan.retentionHours }),
    plan.maxContainers === null ? t('no limit') : String(plan.maxContainers),
  ];
}

function EditDialog({ plan, onClose }: { plan: Plan | null; onClose: () => void }) {
  const { run, pending, problem } = useCall('plans.edit', { quiet: true });
  const submit = (data: FormData) => {
    if (plan === null) return;
    const [name, price] = ['name', 'price'].map((field) => String(data.get(field) ?? ''));
    void run({ params: { id: plan.id }, body: { name, price, offered: data.get('offered') !== null } }).then(
      (answer) => {
        if (!answer.ok) return;
        onClose();
        notifyDone(t('The plan {name} is changed.', { name: answer.value.name }));
      },
    );
  };
  return (
    <FormDialog
      open={plan !== null}
      title={t('Change {name}', { name: plan?.name ?? '' })}
      sub={t('What it gives stays as it is. For other limits make another plan and move containers to it.')}
      cancel={t('Not now')}
      submit={t('Save')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      {plan !== null && (
        <>
          <TextField name="name" label={t('Name')} defaultValue={plan.name} required maxLength={60} autoFocus />
          <TextField
            name="price"
            label={t('Price')}
            defaultValue={plan.price}
            maxLength={60}
            hint={t('As people read it, such as 5 € a month.')}
          />
          <Choice
            type="checkbox"
            name="offered"
            defaultChecked={plan.offered}
            label={t('Offered')}
            hint={t('Else nothing new is made from it; containers that are on it stay on it.')}
          />
        </>
      )}
    </FormDialog>
  );
}
