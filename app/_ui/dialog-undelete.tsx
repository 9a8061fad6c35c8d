'use client';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { Container } from '#lib/contract/rest.ts';
import { Choice, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes } from './format.ts';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';

/** Backups to choose from, newest first. The newest is chosen where the list cannot be had. */
function useCompleteBackups(containerId: string): readonly Backup[] {
  const { found } = useAnswer('backups.list', { params: { id: containerId }, query: { limit: 200 } });
  return found?.items.filter((backup) => backup.state === 'complete') ?? [];
}

const madeAt = ({ createdAt }: Backup) =>
  new Date(createdAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function backupLabel(backup: Backup, index: number): string {
  const size = backup.bytesTotal === null ? '' : `, ${bytes(backup.bytesTotal)}`;
  const name = backup.name === '' ? '' : `${backup.name}, `;
  return `${index === 0 ? 'Newest: ' : ''}${name}${madeAt(backup)}${size}`;
}

export function UndeleteDialog({ container, onClose }: { container: Container; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.undelete', { quiet: true });
  const backups = useCompleteBackups(container.id);
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
      notifyDone(`${container.name} is coming back. It is in the list of containers.`);
      onClose();
    });
  };
  return (
    <FormDialog
      title={`Have ${container.name} back`}
      sub="From one of its backups, on its plan and with its limits."
      cancel="Not now"
      submit="Have it back"
      reason={moves && !accepted ? 'Say first that another address will do.' : null}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        name="backupId"
        label="Backup"
        options={
          backups.length === 0
            ? [{ value: '', label: 'The newest complete one' }]
            : backups.map((backup, index) => ({ value: backup.id, label: backupLabel(backup, index) }))
        }
      />
      {(taken || askName) && (
        <TextField
          name="name"
          label="Another name"
          maxLength={63}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          hint={`Another container is called ${container.name} by now.`}
          onFocus={() => setAskName(true)}
        />
      )}
      <Choice
        type="checkbox"
        label="Start it when it is back"
        checked={start}
        onChange={(event) => setStart(event.target.checked)}
      />
      {moves && (
        <Choice
          type="checkbox"
          label="Let it have another address"
          hint={`Its server ${container.hostName} cannot take it back now. On another one it gets another address${address === null ? '' : ` than ${address}`}, and its forwarded ports may change.`}
          checked={accepted}
          onChange={(event) => setAccepted(event.target.checked)}
        />
      )}
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={['what was written after that backup is not in it. Snapshots and files kept for undo are gone.']}
          keeps={[
            moves
              ? 'its name, users, keys, and every backup.'
              : `its name${address === null ? '' : `, its address ${address}`}, its forwarded ports, users, keys, and every backup.`,
          ]}
          undo="delete it again."
        />
      </div>
    </FormDialog>
  );
}
