'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, FormProblem } from './form.tsx';
import { planWords } from './plan-words.ts';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useCall } from './use-call.ts';
import { useOfferedPlans } from './use-choices.ts';

export function ConfigureDialog({ container, onClose }: { container: Container; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.configure', { quiet: true });
  const plans = useOfferedPlans(container.planId);
  const [planId, setPlanId] = useState(container.planId);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Change the plan of {name}', { name: container.name })}
      sub={t('Takes effect at once, without a restart.')}
    >
      <div className="grid gap-2">
        {plans.items === null && plans.problem === null && <ChoicesSkeleton />}
        {plans.items?.map((plan) => (
          <Choice
            key={plan.id}
            type="radio"
            name="plan"
            label={plan.id === container.planId ? t('{name} (now)', { name: plan.name }) : plan.name}
            hint={planWords(plan)}
            checked={planId === plan.id}
            onChange={() => setPlanId(plan.id)}
          />
        ))}
        <FormProblem problem={problem ?? plans.problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Change nothing')}</Button>
        <Button
          variant="primary"
          pending={pending}
          reason={planId === container.planId ? t('It is on this plan already. Choose another one.') : null}
          onClick={() =>
            void run({ params: { id: container.id }, body: { planId } }).then((answer) => answer.ok && onClose())
          }
        >
          {t('Change plan')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
