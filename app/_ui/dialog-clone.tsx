'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/rest.ts';
import { t } from '#lib/language/text.ts';
import { Choice, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { useCall } from './use-call.ts';

export function CloneDialog({
  container,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name' | 'state' | 'planName'>;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('containers.clone', { quiet: true });
  const [start, setStart] = useState(true);
  const submit = (data: FormData) => {
    const name = String(data.get('name')).trim();
    void run({ params: { id: container.id }, body: { name, start } }).then((answer) => {
      if (!answer.ok) return;
      notifyDone(t('{name} is being made. It is in the list of containers.', { name }));
      onClose();
    });
  };
  return (
    <FormDialog
      title={t('Clone {name}', { name: container.name })}
      sub={t('Another container with the same files, on the same server and the plan {plan}.', {
        plan: container.planName,
      })}
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
          undo={t('delete the copy.')}
        />
      </div>
    </FormDialog>
  );
}
