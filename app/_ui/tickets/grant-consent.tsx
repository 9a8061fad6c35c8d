'use client';
import type { Consent } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { useCall } from '../use-call.ts';
import { chosenIn, durationsUpTo, HowLong, ScopeChoices } from './consent-fields.tsx';

/** The tenant lets somebody of the staff in: to all that was asked for, or to less and for less long. */
export function GrantDialog({ consent, onClose }: { consent: Consent; onClose: () => void }) {
  const { run, pending, problem } = useCall('consents.grant', { quiet: true });
  const { scopes, minutes } = consent;
  return (
    <FormDialog
      title={t('Let {name} look inside {container}', { name: consent.staff.name, container: consent.containerName })}
      sub={t('Nobody else is let in by it. You can end it at any time, and all of it is in the audit record.')}
      cancel={t('Not yet')}
      submit={t('Let them')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({ params: { id: consent.id }, body: chosenIn(data) }).then((answer) => answer.ok && onClose())
      }
      onClose={onClose}
    >
      <ScopeChoices scopes={scopes} chosen={scopes} />
      <HowLong choices={durationsUpTo(minutes)} defaultMinutes={minutes} />
    </FormDialog>
  );
}
