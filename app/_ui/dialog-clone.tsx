'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import type { Plan } from '#lib/contract/plans.ts';
import { t } from '#lib/language/text.ts';
import { Choice, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { deletingUndoes, Outcome } from './outcome.tsx';
import { planWords } from './plan-words.ts';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';
import { useChoices } from './use-choices.ts';

export function CloneDialog({
  container,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name' | 'state' | 'planId' | 'planName' | 'resources' | 'can'>;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('containers.clone', { quiet: true });
  const [start, setStart] = useState(true);
  const others = useOtherPlans(container);
  const submit = (data: FormData) => {
    const name = String(data.get('name')).trim();
    const planId = data.get('planId');
    const body = { name, start, ...(planId === null ? {} : { planId: String(planId) }) };
    void run({ params: { id: container.id }, body }).then((answer) => {
      if (!answer.ok) return;
      notifyDone(t('{name} is being made. It is in the list of containers.', { name }));
      onClose();
    });
  };
  return (
    <FormDialog
      title={t('Clone {name}', { name: container.name })}
      sub={
        others === null
          ? t('Another container with the same files, on the same server and the plan {plan}.', {
              plan: container.planName,
            })
          : t('Another container with the same files, on the same server.')
      }
      cancel={t('Not now')}
      submit={t('Clone')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="name"
        label={t('Name of the copy')}
        required
        maxLength={63}
        autoFocus
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        placeholder={`${container.name.slice(0, 58)}-copy`}
        hint={t('Also its host name.')}
      />
      {others !== null && others.length > 0 && (
        <SelectField
          name="planId"
          label={t('Plan of the copy')}
          hint={t('The plan {plan} is not offered any more.', { plan: container.planName })}
          options={others.map((plan) => ({ value: plan.id, label: `${plan.name} (${planWords(plan)})` }))}
        />
      )}
      {others !== null && others.length === 0 && (
        <p className="sub">
          {t(
            'The plan {plan} is not offered any more, and none of your others takes these files. Ask for one under Help.',
            {
              plan: container.planName,
            },
          )}
        </p>
      )}
      <Choice
        type="checkbox"
        label={t('Start it when it is made')}
        hint={t('What runs in the one will run in the other too: mail, jobs, changes elsewhere.')}
        checked={start}
        onChange={(event) => setStart(event.target.checked)}
      />
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[t('the copy gets an address, host name, machine id and ssh host keys of its own.')]}
          keeps={[
            t(container.state === 'running' ? 'all of {name}, which goes on running.' : 'all of {name}.', {
              name: container.name,
            }),
            t('users, passwords and keys are the same in both.'),
          ]}
          undo={deletingUndoes(container, t('delete the copy.'))}
        />
      </div>
    </FormDialog>
  );
}

/** Where the container's own plan is not offered any more, those that its tenant has besides and that take its files; null where it is. */
function useOtherPlans({ planId, resources }: Pick<Container, 'planId' | 'resources'>): readonly Plan[] | null {
  const { items: plans } = useChoices('plans');
  const gone = plans?.find((plan) => plan.id === planId)?.offered === false;
  const { found } = useAnswer('containers.list', gone ? { query: { limit: 200 } } : null);
  if (!gone || plans === null || found === null) return null;
  const had = new Set(found.items.map((one) => one.planId));
  return plans.filter((plan) => plan.offered && had.has(plan.id) && plan.resources.diskBytes >= resources.diskBytes);
}
