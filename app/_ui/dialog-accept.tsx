'use client';
import { useState } from 'react';
import type { Handover } from '#lib/contract/handovers.ts';
import { Choice, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes, cores } from './format.ts';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { useCall } from './use-call.ts';

/** The receiver's yes: what comes, what does not, and whose keys are in it. */
export function AcceptDialog({
  offer,
  what,
  onClose,
}: {
  offer: Handover;
  what: NonNullable<Handover['what']>;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('handovers.accept', { quiet: true });
  const [remove, setRemove] = useState(true);
  const { resources, sshKeys, plan, template, backups } = what;
  const submit = (data: FormData) => {
    const name = String(data.get('name')).trim();
    void run({ params: { id: offer.id }, body: { name, removeSshKeys: remove } }).then((answer) => {
      if (!answer.ok) return;
      notifyDone(`${name} is being taken over. It appears among your containers in a moment.`);
      onClose();
    });
  };
  return (
    <FormDialog
      title={`Take ${offer.containerName} over`}
      sub={`From ${offer.from}. ${template} on the plan ${plan}: ${cores(resources.cpuCores)}, ${bytes(resources.memoryBytes)} of memory, ${bytes(resources.diskBytes)} of disk.`}
      cancel="Not now"
      submit="Take it over"
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="name"
        label="Its name in your account"
        required
        maxLength={63}
        defaultValue={offer.containerName}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        hint="What it calls itself inside does not change."
      />
      {sshKeys.length > 0 && (
        <Choice
          type="checkbox"
          label={sshKeys.length === 1 ? 'Take their ssh key out' : `Take their ${sshKeys.length} ssh keys out`}
          hint={`May log in as root now: ${sshKeys.join(', ')}. Add your own key in its settings afterwards.`}
          checked={remove}
          onChange={(event) => setRemove(event.target.checked)}
        />
      )}
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            'it counts against what your account may have, from now on.',
            'its password, other users and whatever runs inside are as they left them: change the password, and restart it to end who is logged in.',
          ]}
          keeps={[
            'it goes on running, with its files, address, snapshots and port forwards.',
            backups === 0
              ? 'it has no backup yet; a first one is made for you.'
              : 'their backups stay theirs, with all that was in it until now. A first one of your own is made at once.',
          ]}
          undo="offer it back to them."
        />
      </div>
    </FormDialog>
  );
}
