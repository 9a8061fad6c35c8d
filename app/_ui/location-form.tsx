'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { BackupLocation, CreateBackupLocation } from '#lib/contract/locations.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Choice, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useCall } from './use-call.ts';

const text = (data: FormData, name: string) => String(data.get(name) ?? '').trim();
/** Passwords may begin or end with a space. */
const secret = (data: FormData) => String(data.get('password') ?? '');

function inputOf(kind: 'rest' | 's3', data: FormData): z.input<typeof CreateBackupLocation> {
  const place = { name: text(data, 'name'), url: text(data, 'url'), appendOnly: data.get('appendOnly') === 'on' };
  const credentials = { user: text(data, 'user'), password: secret(data) };
  if (kind === 's3') {
    const bucket = { bucket: text(data, 'bucket'), prefix: text(data, 'prefix'), region: text(data, 'region') };
    return { kind, ...place, ...bucket, credentials };
  }
  return { kind, ...place, ...(credentials.user === '' && credentials.password === '' ? {} : { credentials }) };
}

function CredentialFields({ kind, required }: { kind: 'rest' | 's3'; required: boolean }) {
  const words = kind === 's3' ? (['Access key', 'Secret key'] as const) : (['User name', 'Password'] as const);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField name="user" label={t(words[0])} autoComplete="off" required={required} />
      <TextField
        name="password"
        label={t(words[1])}
        type="password"
        autoComplete="new-password"
        required={required}
        hint={t('Kept sealed. Nobody can read it here again, only replace it.')}
      />
    </div>
  );
}

function AppendOnly({ checked = false }: { checked?: boolean }) {
  return (
    <Choice
      type="checkbox"
      name="appendOnly"
      defaultChecked={checked}
      label={t('Append-only')}
      hint={t(
        'What is given here cannot delete there. Deleted backups keep their space until a maintenance run prunes them.',
      )}
    />
  );
}

/** A new place on a server elsewhere: the reader's own, or for the provider's staff the provider's. */
export function AddLocation() {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<'rest' | 's3'>('s3');
  const { run, pending, problem } = useCall('locations.create', { quiet: true });
  const submit = (data: FormData) =>
    void run({ body: inputOf(kind, data) }).then((answer) => answer.ok && setOpen(false));
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('Add location')}
      </Button>
      <FormDialog
        open={open}
        wide
        title={t('Add location')}
        sub={t(
          "A server elsewhere that keeps backups. Everything is encrypted before it leaves the server, except the template's own files.",
        )}
        cancel={t('Not now')}
        submit={t('Add')}
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <SelectField
          name="kind"
          label={t('Kind')}
          value={kind}
          onChange={(event) => setKind(event.target.value === 'rest' ? 'rest' : 's3')}
          options={[
            { value: 's3', label: t('S3-compatible bucket') },
            { value: 'rest', label: t("Server of restic's REST protocol") },
          ]}
        />
        <TextField name="name" label={t('Name')} required maxLength={60} />
        <TextField
          name="url"
          label={t('Address')}
          type="url"
          required
          placeholder={kind === 's3' ? 'https://s3.example.net' : 'https://backup.example.net/berth'}
          hint={t('https, and a public address. Redirects are not followed.')}
        />
        {kind === 's3' && (
          <div className="grid gap-4 sm:grid-cols-3">
            <TextField name="bucket" label={t('Bucket')} required autoCapitalize="none" spellCheck={false} />
            <TextField
              name="prefix"
              label={t('Folder in it')}
              autoCapitalize="none"
              spellCheck={false}
              hint={t('May be empty.')}
            />
            <TextField name="region" label={t('Region')} required defaultValue="us-east-1" autoCapitalize="none" />
          </div>
        )}
        <CredentialFields kind={kind} required={kind === 's3'} />
        <AppendOnly />
      </FormDialog>
    </>
  );
}

/** Another name, other credentials; where it is does not change. */
export function ChangeLocationDialog({ location, onClose }: { location: BackupLocation; onClose: () => void }) {
  const { run, pending, problem } = useCall('locations.change', { quiet: true });
  const { kind } = location;
  const submit = (data: FormData) => {
    const credentials = { user: text(data, 'user'), password: secret(data) };
    const body = {
      name: text(data, 'name'),
      ...(kind === 'directory' ? {} : { appendOnly: data.get('appendOnly') === 'on' }),
      ...(credentials.user === '' && credentials.password === '' ? {} : { credentials }),
    };
    void run({ params: { id: location.id }, body }).then((answer) => answer.ok && onClose());
  };
  return (
    <FormDialog
      wide
      title={t('Change {name}', { name: location.name })}
      sub={location.address ?? undefined}
      cancel={t('Not now')}
      submit={t('Change')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField name="name" label={t('Name')} required maxLength={60} defaultValue={location.name} />
      {kind !== 'directory' && (
        <>
          <p className="sub">
            {t(location.hasCredentials ? 'Leave both empty to keep what is set.' : 'Nothing is set yet.')}
          </p>
          <CredentialFields kind={kind} required={false} />
          <AppendOnly checked={location.appendOnly} />
        </>
      )}
    </FormDialog>
  );
}

export function RemoveLocationDialog({ location, onClose }: { location: BackupLocation; onClose: () => void }) {
  const { run, pending, problem } = useCall('locations.remove', { quiet: true });
  return (
    <FormDialog
      title={t('Remove {name}?', { name: location.name })}
      sub={t(
        'The panel forgets where it is and how to sign in there. It must hold no backup; nothing is deleted on that server.',
      )}
      danger
      cancel={t('Keep it')}
      submit={t('Remove')}
      pending={pending}
      problem={problem}
      onSubmit={() => void run({ params: { id: location.id } }).then((answer) => answer.ok && onClose())}
      onClose={onClose}
    />
  );
}
