'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, SelectField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Outcome } from './outcome.tsx';
import { useCall } from './use-call.ts';

const hours = [1, 4, 12, 24];

const rootUser = 'root';

/** Boots a rescue system. The password for it is shown here once, and nowhere else. */
export function RepairDialog({ container, onClose }: { container: Container; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.repair', { quiet: true });
  const [readOnly, setReadOnly] = useState(false);
  const [access, setAccess] = useState<'password' | 'keys'>('password');
  const [password, setPassword] = useState<string | null>(null);
  const noKeys = container.sshKeys.length === 0;
  if (password !== null) return <PasswordOnce container={container} password={password} onClose={onClose} />;

  const submit = (data: FormData) => {
    const body = { readOnly, access, hours: Number(data.get('hours')) };
    void run({ params: { id: container.id }, body }).then((answer) => {
      if (!answer.ok) return;
      if (answer.value.rootPassword === null) onClose();
      else setPassword(answer.value.rootPassword);
    });
  };
  return (
    <FormDialog
      wide
      title={t('Repair {name}', { name: container.name })}
      sub={t('It restarts into a fresh rescue system of the same kind. Its own files wait at /repair.')}
      cancel={t('Change nothing')}
      submit={t('Start rescue system')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('Your files at /repair')}</legend>
        <Choice
          type="radio"
          name="readOnly"
          label={t('Can be changed')}
          hint={t('To put right what keeps it from working.')}
          checked={!readOnly}
          onChange={() => setReadOnly(false)}
        />
        <Choice
          type="radio"
          name="readOnly"
          label={t('Can only be read')}
          hint={t('To look around and copy things out.')}
          checked={readOnly}
          onChange={() => setReadOnly(true)}
        />
      </fieldset>
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('Who logs in')}</legend>
        <Choice
          type="radio"
          name="access"
          label={t('root, with a password for once')}
          hint={t('Made for this repair, and shown in the next step.')}
          checked={access === 'password'}
          onChange={() => setAccess('password')}
        />
        <Choice
          type="radio"
          name="access"
          label={t('root, with your ssh keys')}
          hint={noKeys ? t('It has no keys: add one in its settings first.') : t('Those in its settings.')}
          disabled={noKeys}
          checked={access === 'keys'}
          onChange={() => setAccess('keys')}
        />
      </fieldset>
      <SelectField
        name="hours"
        label={t('For how long')}
        defaultValue="4"
        options={hours.map((n) => ({ value: String(n), label: t('{n, plural, one {# hour} other {# hours}}', { n }) }))}
        hint={t('Then it goes back to its own system by itself. More time can be had meanwhile.')}
      />
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[t('its own programs do not run until the repair is finished.')]}
          keeps={[t('all your files, host name, address, port forwards and backups.')]}
          undo={t('“Finish repair” starts its own system again; nothing of the rescue system stays.')}
        />
      </div>
    </FormDialog>
  );
}

function PasswordOnce({
  container,
  password,
  onClose,
}: {
  container: Container;
  password: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Password of the rescue system')}
      sub={t('It is shown now and never again. The console in this panel needs none.')}
    >
      <dl className="grid gap-3 rounded-control bg-sunk p-3.5 text-[13.5px]">
        <div>
          <dt className="text-muted">{t('User')}</dt>
          <dd className="mono">{rootUser}</dd>
        </div>
        <div>
          <dt className="text-muted">{t('Password')}</dt>
          <dd>
            <CopyText text={password} label={t('password')} />
          </dd>
        </div>
        {container.ssh !== null && (
          <div>
            <dt className="text-muted">{t('Log in')}</dt>
            <dd>
              <CopyText text={container.ssh} label={t('command')} />
              <p className="mt-1 text-[12.5px] text-muted">
                {t('ssh will say that the host key has changed: the rescue system has one of its own.')}
              </p>
            </dd>
          </div>
        )}
      </dl>
      <DialogFoot>
        <Button variant="primary" onClick={onClose}>
          {t('{password, select, other {I have it}}', { password: '' })}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
