'use client';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { useBackupLabel } from './backup-name.tsx';
import { Choice, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes } from './format.ts';
import { notifyDone } from './notify.tsx';
import { deletingUndoes, Outcome } from './outcome.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';

/** Backups to choose from, newest first. What is chosen without a choice is the panel's to say: it knows what can be reached. */
function useCompleteBackups(containerId: string): readonly Backup[] {
  const { found } = useAnswer('backups.list', { params: { id: containerId }, query: { limit: 200 } });
  return found?.items.filter((backup) => backup.state === 'complete') ?? [];
}

function withSize(backup: Backup, label: string): string {
  const words = backup.bytesTotal === null ? label : `${label}, ${bytes(backup.bytesTotal)}`;
  const { lostWith } = backup.location;
  return lostWith === null ? words : t('{backup} (on {server}, which is lost)', { backup: words, server: lostWith });
}

/** `backupId`: the one that is chosen at first; without it the panel chooses. */
export function UndeleteDialog({
  container,
  backupId = '',
  onClose,
}: {
  container: Container;
  backupId?: string;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('containers.undelete', { quiet: true });
  const backups = useCompleteBackups(container.id);
  const labelOf = useBackupLabel();
  const [start, setStart] = useState(true);
  const [accepted, setAccepted] = useState(false);
  const refused = problem?.issues?.some((issue) => issue.path === 'acceptNewAddress') === true;
  const taken = problem?.issues?.some((issue) => issue.path === 'name') === true;
  const [askName, setAskName] = useState(false);
  const moves = container.deleted?.addressKept === false || refused;
  const address = container.addresses[0] ?? null;
  const submit = (data: FormData) => {
    const chosen = String(data.get('backupId') ?? '');
    const name = String(data.get('name') ?? '').trim();
    void run({
      params: { id: container.id },
      body: {
        start,
        acceptNewAddress: accepted,
        ...(chosen === '' ? {} : { backupId: chosen }),
        ...(name === '' ? {} : { name }),
      },
    }).then((answer) => {
      if (!answer.ok) return;
      notifyDone(t('{name} is coming back. It is in the list of containers.', { name: container.name }));
      onClose();
    });
  };
  return (
    <FormDialog
      title={t('Have {name} back', { name: container.name })}
      sub={t('From one of its backups, on its plan and with its limits.')}
      cancel={t('Not now')}
      submit={t('Have it back')}
      reason={moves && !accepted ? t('Say first that another address will do.') : null}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        // Anew when they are there: what is chosen at first is one of them.
        key={backups.length}
        name="backupId"
        defaultValue={backupId}
        label={t('Backup')}
        options={[
          { value: '', label: t('The newest that can be reached') },
          ...backups.map((backup) => ({ value: backup.id, label: withSize(backup, labelOf(backup)) })),
        ]}
      />
      {(taken || askName) && (
        <TextField
          name="name"
          label={t('Another name')}
          maxLength={63}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          hint={t('Another container is called {name} by now.', { name: container.name })}
          onFocus={() => setAskName(true)}
        />
      )}
      <Choice
        type="checkbox"
        label={t('Start it when it is back')}
        checked={start}
        onChange={(event) => setStart(event.target.checked)}
      />
      {moves && (
        <Choice
          type="checkbox"
          label={t('Let it have another address')}
          hint={
            address === null
              ? t(
                  'Its server {server} cannot take it back now. On another one it gets another address, and its forwarded ports may change.',
                  { server: container.hostName },
                )
              : t(
                  'Its server {server} cannot take it back now. On another one it gets another address than {address}, and its forwarded ports may change.',
                  { server: container.hostName, address },
                )
          }
          checked={accepted}
          onChange={(event) => setAccepted(event.target.checked)}
        />
      )}
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[t('what was written after that backup is not in it. Snapshots and files kept for undo are gone.')]}
          keeps={[
            moves
              ? t('its name, users, keys, and every backup.')
              : address === null
                ? t('its name, its forwarded ports, users, keys, and every backup.')
                : t('its name, its address {address}, its forwarded ports, users, keys, and every backup.', {
                    address,
                  }),
          ]}
          undo={deletingUndoes(container, t('delete it again.'))}
        />
      </div>
    </FormDialog>
  );
}
