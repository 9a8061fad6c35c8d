'use client';
import { CircleCheck, CircleSlash } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { FormProblem, SelectField } from '../form.tsx';
import { useAnswer } from '../use-answer.ts';
import { containerRights, groupsOf } from './groups.ts';
import { Reasons } from './reasons.tsx';

/** "Why can't I?": what decides about one thing that could be done to a container, and who could do it. */
export function WhyDialog({ container, onClose }: { container: Pick<Container, 'id' | 'name'>; onClose: () => void }) {
  const [verb, setVerb] = useState<Permission>('container.start');
  const { found: answer, problem } = useAnswer('access.explain', { query: { verb, container: container.id } });
  const Icon = answer?.allowed === true ? CircleCheck : CircleSlash;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Why can’t I…?')}
      sub={t('What decides at {name}, at this moment.', { name: container.name })}
    >
      <SelectField
        name="verb"
        label={t('What you want to do')}
        value={verb}
        onChange={(event) => setVerb(event.target.value as Permission)}
        options={groupsOf(containerRights).flatMap(({ rights }) =>
          rights.map(({ right, words }) => ({ value: right, label: words })),
        )}
      />
      <div aria-live="polite" className="mt-4 min-h-28">
        {answer !== null && (
          <div className="rounded-control bg-sunk p-3.5">
            <p className="mb-1 flex items-center gap-2 font-semibold">
              <Icon aria-hidden className={answer.allowed ? 'size-4 text-good' : 'size-4 text-bad'} />
              {answer.allowed ? t('You can.') : t('You cannot now.')}
            </p>
            <div className="grid gap-1 text-[13.5px]">
              <Reasons explanation={answer} />
            </div>
          </div>
        )}
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Close')}</Button>
      </DialogFoot>
    </Dialog>
  );
}
