'use client';
import { useState } from 'react';
import type { Handover } from '#lib/contract/handovers.ts';
import { t } from '#lib/language/text.ts';
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
      notifyDone(t('{name} is being taken over. It appears among your containers in a moment.', { name }));
      onClose();
    });
  };
  return (
    <FormDialog
      title={t('Take {name} over', { name: offer.containerName })}
      sub={t('From {from}. {template} on the plan {plan}: {cores}, {memory} of memory, {disk} of disk.', {
        from: offer.from,
        template,
        plan,
        cores: cores(resources.cpuCores),
        memory: bytes(resources.memoryBytes),
        disk: bytes(resources.diskBytes),
      })}
      cancel={t('Not now')}
      submit={t('Take it over')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="name"
        label={t('Its name in your account')}
        required
        maxLength={63}
        defaultValue={offer.containerName}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        hint={t('What it calls itself inside does not change.')}
      />
      {sshKeys.length > 0 && (
        <Choice
          type="checkbox"
          label={t('{n, plural, one {Take their ssh key out} other {Take their # ssh keys out}}', {
            n: sshKeys.length,
          })}
          hint={t('May log in as root now: {keys}. Add your own key in its settings afterwards.', {
            keys: sshKeys.join(', '),
          })}
          checked={remove}
          onChange={(event) => setRemove(event.target.checked)}
        />
      )}
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            t('it counts against what your account may have, from now on.'),
            t(
              'its password, other users and whatever runs inside are as they left them: change the password, and restart it to end who is logged in.',
            ),
          ]}
          keeps={[
            t('it goes on running, with its files, address, snapshots and port forwards.'),
            backups === 0
              ? t('it has no backup yet; a first one is made for you.')
              : t(
                  'their backups stay theirs, with all that was in it until now. A first one of your own is made at once.',
                ),
          ]}
          undo={t('offer it back to them.')}
        />
      </div>
    </FormDialog>
  );
}
