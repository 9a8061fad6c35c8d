'use client';
import { useState } from 'react';
import type { Backup, RestoreConsent } from '#lib/contract/backups.ts';
import { Id } from '#lib/contract/ids.ts';
import { rich, t } from '#lib/language/text.ts';
import { BackupName } from './backup-name.tsx';
import { Button } from './button.tsx';
import { FormProblem, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
import { Left } from './time.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';

function ContainerIdField({ hint, onType }: { hint: string; onType?: (typed: string) => void }) {
  return (
    <TextField
      onChange={(event) => onType?.(event.target.value)}
      name="containerId"
      label={t("The other container's id")}
      hint={hint}
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      required
      maxLength={36}
    />
  );
}

/** The owner's word that this backup may go into one container of somebody else; what was given before is there to be taken back. */
export function ConsentDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.consent', { quiet: true });
  return (
    <FormDialog
      title={t('Let your provider hand this backup on')}
      sub={<BackupName backup={backup} />}
      danger
      cancel={t('No')}
      submit={t('Consent to one restore')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({
          params: { id: backup.id },
          body: { containerId: String(data.get('containerId')).trim(), hours: Number(data.get('hours')) },
        }).then((answer) => {
          if (!answer.ok) return;
          notifyDone(t('Your consent is recorded. It is good for one restore.'));
          onClose();
        })
      }
      onClose={onClose}
    >
      <GivenConsents backupId={backup.id} />
      <ContainerIdField hint={t('Your provider tells you. Only that container can get it.')} />
      <SelectField
        name="hours"
        label={t('Good for')}
        defaultValue="24"
        options={[
          { value: '1', label: t('1 hour') },
          { value: '24', label: t('1 day') },
          { value: '168', label: t('7 days') },
        ]}
      />
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            t('whoever has that container can read everything in this backup from then on: files, passwords, keys.'),
          ]}
          keeps={[t('your container, and this backup.')]}
          undo={t('until it is used, take the consent back here; afterwards not.')}
        />
      </div>
    </FormDialog>
  );
}

/** What was consented to for this backup and has not been used: each can be taken back. */
function GivenConsents({ backupId }: { backupId: string }) {
  const { found, problem, again } = useAnswer('backups.consents', { params: { id: backupId } });
  const { run, pending } = useCall('backups.revokeConsent');
  const takeBack = async (id: string) => {
    const answer = await run({ params: { id } });
    if (!answer.ok) return;
    notifyDone(t('The consent is taken back. Nobody can use it any more.'));
    again();
  };
  if (problem !== null) return <FormProblem problem={problem} />;
  return <ConsentList consents={found?.items ?? []} pending={pending} onTakeBack={(id) => void takeBack(id)} />;
}

/** Those that are still good, with a way to take each back. */
export function ConsentList({
  consents,
  pending,
  onTakeBack,
}: {
  consents: readonly RestoreConsent[];
  pending: boolean;
  onTakeBack: (id: string) => void;
}) {
  const given = consents.filter((consent) => consent.state === 'given');
  if (given.length === 0) return null;
  return (
    <section aria-label={t('Consents that have not been used')} className="rounded-control bg-sunk p-3.5">
      <h3 className="text-[13px] font-[550]">{t('Consents that have not been used')}</h3>
      <ul className="mt-1.5 grid gap-2">
        {given.map((consent) => (
          <li key={consent.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]">
            <span className="mr-auto min-w-0 [overflow-wrap:anywhere]">
              {t('by {name}', { name: consent.grantedByName })} ·{' '}
              {t('for the container {id}', { id: consent.containerId })} ·{' '}
              {rich('good for {left}', { left: <Left key="left" until={consent.expiresAt} /> })}
            </span>
            <Button size="small" pending={pending} onClick={() => onTakeBack(consent.id)}>
              {t('Take it back')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The provider's side of it. */
export function RestoreIntoDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.restoreInto', { quiet: true });
  const [typed, setTyped] = useState('');
  const containerId = typed.trim();
  // Its own files are kept as those of any restore are; one more than there may be, and another set has to go.
  const release = useReleaseChoice(Id.safeParse(containerId).success ? containerId : null);
  return (
    <FormDialog
      title={t("Restore into another tenant's container")}
      sub={<BackupName backup={backup} />}
      danger
      cancel={t('Change nothing')}
      submit={t('Restore there')}
      pending={pending}
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: backup.id }, body: { containerId, ...releaseBody(release.chosen) } }).then(
          (answer) => answer.ok && onClose(),
        )
      }
      onClose={onClose}
    >
      <ContainerIdField
        hint={t("An owner of the backup's tenant must have consented to this container. The consent is used up.")}
        onType={setTyped}
      />
      {release.field}
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[t('all files of that container become those of the backup, and it restarts if it runs.')]}
          keeps={[
            t('its address, port forwards, plan and backups.'),
            t(
              'its host name and the ssh keys of its settings: no key of the backup logs root in there. Users and passwords become those of the backup.',
            ),
          ]}
          undo={t('its owner can, for as long as the plan says; until then its present files are kept aside.')}
        />
      </div>
    </FormDialog>
  );
}
