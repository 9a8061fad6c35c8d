'use client';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import { Id } from '#lib/contract/ids.ts';
import { t } from '#lib/language/text.ts';
import { BackupName } from './backup-name.tsx';
import { SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
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

/** The owner's word that this backup may go into one container of somebody else. */
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
          undo={t('until it is used, take the consent back through the API or ask your provider; afterwards not.')}
        />
      </div>
    </FormDialog>
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
