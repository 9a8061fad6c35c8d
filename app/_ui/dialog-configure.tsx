'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { type BackupSchedule, type Every, runsEvery } from '#lib/contract/schedules.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, FormProblem } from './form.tsx';
import { planWords } from './plan-words.ts';
import { scheduleWords } from './schedule-words.ts';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';
import { useOffered } from './use-choices.ts';

export function ConfigureDialog({ container, onClose }: { container: Container; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.configure', { quiet: true });
  const plans = useOffered('plans', container.planId);
  const [planId, setPlanId] = useState(container.planId);
  const chosen = plans.items?.find((plan) => plan.id === planId);
  const { found: schedule } = useAnswer('backups.schedule', { params: { id: container.id } });
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
        {chosen !== undefined && schedule !== null && <ScheduleNote schedule={schedule} finest={chosen.backupEvery} />}
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

/** What becomes of the backups by schedule under the chosen plan, where that is not as before. */
function ScheduleNote({ schedule, finest }: { schedule: BackupSchedule; finest: Every | null }) {
  const runs = runsEvery(schedule.every, finest);
  if (!schedule.enabled || runs === runsEvery(schedule.every, schedule.finest)) return null;
  return (
    <p role="status" className="rounded-control bg-sunk p-3 text-[13px]">
      {runs === null
        ? t('This plan has no scheduled backups: those of this container stop. The ones there are stay.')
        : t('Backups by schedule under this plan: {schedule}.', {
            schedule: scheduleWords({ ...schedule, every: runs }),
          })}
    </p>
  );
}
