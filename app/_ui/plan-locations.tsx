'use client';
import type { BackupLocation } from '#lib/contract/locations.ts';
import type { Plan } from '#lib/contract/plans.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { safetyOf } from './location-words.ts';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

/** For each plan, to which of the provider's locations backups of its containers go. */
export function PlanLocations({ plans, locations }: { plans: readonly Plan[]; locations: readonly BackupLocation[] }) {
  const { run, pending } = useCall('plans.location');
  const first = locations.find((one) => one.isDefault);
  return (
    <Card title={t('By plan')}>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {plans.map((plan) => (
          <li key={plan.id}>
            <label className="flex flex-wrap items-center justify-between gap-2">
              <span className="font-[550] [overflow-wrap:anywhere]">{plan.name}</span>
              <select
                className="field w-auto max-w-full"
                disabled={pending}
                value={plan.locationId ?? ''}
                onChange={(event) => {
                  const locationId = event.target.value === '' ? null : event.target.value;
                  void run({ params: { id: plan.id }, body: { locationId } }).then(
                    (answer) => answer.ok && notifyDone(t('New backups of {name} go there.', { name: plan.name })),
                  );
                }}
              >
                <option value="">
                  {t('Default')}
                  {first === undefined ? '' : `: ${said(first.name)}`}
                </option>
                {locations.map((one) => (
                  <option key={one.id} value={one.id}>
                    {said(one.name)} ({safetyOf(one)})
                  </option>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ul>
    </Card>
  );
}
