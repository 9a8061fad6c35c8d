'use client';
import { useState } from 'react';
import type { BackupSettings } from '#lib/contract/backups.ts';
import { t } from '#lib/language/text.ts';
import { Choice, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { PasswordField } from './secret-fields.tsx';
import { useCall } from './use-call.ts';

/** What happens at the limit, and for how long deleted backups can be had back. */
export function BackupSettingsDialog({
  containerId,
  settings,
  onClose,
}: {
  containerId: string;
  settings: BackupSettings;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('backups.setSettings', { quiet: true });
  const [days, setDays] = useState(String(settings.deletedDays));
  const shorter = days !== '' && Number(days) < settings.deletedDays;
  const submit = (data: FormData) =>
    void run({
      params: { id: containerId },
      body: {
        atLimit: data.get('atLimit') === 'rotate' ? 'rotate' : 'refuse',
        deletedDays: Math.round(Number(days)),
        ...(shorter ? { password: String(data.get('password')) } : {}),
      },
    }).then((answer) => answer.ok && onClose());
  return (
    <FormDialog
      title={t('How backups are kept')}
      cancel={t('Change nothing')}
      submit={t('Change')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[13px] font-[550]">
          {t('When there are {n, plural, one {# backup} other {# backups}}, or their space is used up', {
            n: settings.plan.maxBackups,
          })}
        </legend>
        <Choice
          type="radio"
          name="atLimit"
          value="refuse"
          defaultChecked={settings.atLimit === 'refuse'}
          label={t('Refuse another one')}
          hint={t('You decide which one to delete.')}
        />
        <Choice
          type="radio"
          name="atLimit"
          value="rotate"
          defaultChecked={settings.atLimit === 'rotate'}
          label={t('Let the oldest one make room')}
          hint={t('Never a protected one. If the new backup fails, the old one comes back.')}
        />
      </fieldset>
      <TextField
        name="deletedDays"
        label={t('Deleted backups can be had back for (days)')}
        type="number"
        inputMode="numeric"
        min="0"
        max={settings.plan.deletedBackupDays}
        required
        value={days}
        onChange={(event) => setDays(event.target.value)}
        hint={t('Your plan allows {n}. It counts for what is deleted from now on.', {
          n: settings.plan.deletedBackupDays,
        })}
      />
      {shorter && (
        <PasswordField
          label={t('Your password')}
          hint={t('A shorter time makes it easier to lose something for good, so we ask that it is you.')}
        />
      )}
    </FormDialog>
  );
}
