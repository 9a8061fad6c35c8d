'use client';
import { useState } from 'react';
import type { IdentityProvider } from '#lib/contract/identity.ts';
import { t } from '#lib/language/text.ts';
import { Choice, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { type Account, MappingFields } from './identity-mappings.tsx';
import { notifyDone } from './notify.tsx';
import { useCall } from './use-call.ts';

export type { Account };

type Props = {
  resellerId: string | null;
  /** Null: a new one. */
  provider: IdentityProvider | null;
  accounts: readonly Account[];
  onClose: () => void;
};

const words = (text: FormDataEntryValue | null) =>
  String(text ?? '')
    .split(/[\s,]+/)
    .filter((one) => one !== '');

/** All there is to say of a provider. */
export function IdentityProviderDialog({ resellerId, provider, accounts, onClose }: Props) {
  const create = useCall('identityProviders.create', { quiet: true });
  const set = useCall('identityProviders.set', { quiet: true });
  const [rows, setRows] = useState(provider?.mappings ?? []);
  const submit = async (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const secret = text('clientSecret');
    const body = {
      name: text('name'),
      clientId: text('clientId'),
      scopes: words(data.get('scopes')),
      groupsClaim: text('groupsClaim') === '' ? null : text('groupsClaim'),
      mappings: rows.map((one) => ({ ...one, group: one.group.trim() })),
      unknownPeople: text('unknownPeople') === 'make' ? ('make' as const) : ('refuse' as const),
      linkByEmail: data.has('linkByEmail'),
      exclusive: data.has('exclusive'),
      trustedFactors: words(data.get('trustedFactors')),
      privateNetwork: data.has('privateNetwork'),
      enabled: data.has('enabled'),
    };
    const answer =
      provider === null
        ? await create.run({ body: { ...body, resellerId, issuer: text('issuer'), clientSecret: secret } })
        : await set.run({
            params: { id: provider.id },
            body: { ...body, ...(secret === '' ? {} : { clientSecret: secret }) },
          });
    if (!answer.ok) return;
    notifyDone(
      provider === null
        ? t('{name} was added. Now try it.', { name: body.name })
        : t('It holds from the next sign-in on.'),
    );
    onClose();
  };
  return (
    <FormDialog
      wide
      onClose={onClose}
      title={provider === null ? t('Add a provider') : t('Change {name}', { name: provider.name })}
      sub={
        provider === null
          ? t('What it asks for is on the page where you register the panel as its client.')
          : provider.issuer
      }
      problem={create.problem ?? set.problem}
      onSubmit={(data) => void submit(data)}
      cancel={t('Not now')}
      submit={provider === null ? t('Add') : t('Save')}
      pending={create.pending || set.pending}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="name"
          label={t('Name on the button')}
          defaultValue={provider?.name ?? ''}
          maxLength={40}
          required
          autoFocus
          hint={t('“Sign in with …”')}
        />
        {provider === null && (
          <TextField
            name="issuer"
            label={t('Issuer')}
            type="url"
            placeholder="https://id.example.net"
            required
            hint={t('It stays: people are known by it.')}
          />
        )}
        <TextField
          name="clientId"
          label={t('Client id')}
          defaultValue={provider?.clientId ?? ''}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <TextField
          name="clientSecret"
          label={t('Client secret')}
          type="password"
          autoComplete="new-password"
          required={provider === null}
          hint={provider === null ? t('Kept sealed, and never shown.') : t('Left empty, the one there is stays.')}
        />
        <TextField
          name="scopes"
          label={t('Scopes')}
          defaultValue={(provider?.scopes ?? ['openid', 'email', 'profile']).join(' ')}
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextField
          name="groupsClaim"
          label={t('Claim with the groups')}
          placeholder="groups"
          defaultValue={provider?.groupsClaim ?? ''}
          autoCapitalize="none"
          spellCheck={false}
          hint={t('Dots lead into objects. Empty: no roles follow.')}
        />
      </div>
      <MappingFields
        rows={rows}
        onRows={setRows}
        accounts={accounts}
        of={resellerId === null ? 'installation' : 'reseller'}
      />
      <SelectField
        name="unknownPeople"
        label={t('People without an account here')}
        defaultValue={provider?.unknownPeople ?? 'refuse'}
        options={[
          { value: 'refuse', label: t('are refused') },
          { value: 'make', label: t('get one, if a group of theirs has a role') },
        ]}
      />
      <div className="grid gap-2">
        <Choice
          type="checkbox"
          name="linkByEmail"
          label={t('An account with the same verified address is theirs')}
          hint={
            resellerId === null
              ? t(
                  'Of your staff, at their first sign-in, if it has no second factor. Tenants’ people always connect it themselves, on their security page.',
                )
              : t(
                  'Of your own staff, at their first sign-in, if it has no second factor. Your tenants’ people always connect it themselves.',
                )
          }
          defaultChecked={provider?.linkByEmail ?? false}
        />
        <Choice
          type="checkbox"
          name="exclusive"
          label={t('No password or passkey besides')}
          hint={
            resellerId === null
              ? t(
                  'For whoever is connected. Administrators and resellers made by hand keep theirs, for the day on which the provider is gone.',
                )
              : t(
                  'For your own staff who are connected. Owners made by hand keep theirs, for the day on which the provider is gone.',
                )
          }
          defaultChecked={provider?.exclusive ?? false}
        />
        {resellerId === null && (
          <Choice
            type="checkbox"
            name="privateNetwork"
            label={t('It may be on a private network')}
            hint={t('Otherwise the panel goes to addresses on the internet alone.')}
            defaultChecked={provider?.privateNetwork ?? false}
          />
        )}
        <Choice
          type="checkbox"
          name="enabled"
          label={t('On')}
          hint={t('Turned off, sessions that it opened end.')}
          defaultChecked={provider?.enabled ?? true}
        />
      </div>
      <TextField
        name="trustedFactors"
        label={t('Its word for a second factor')}
        placeholder="mfa"
        defaultValue={provider?.trustedFactors.join(' ') ?? ''}
        autoCapitalize="none"
        spellCheck={false}
        hint={t(
          'Values of amr or acr that are believed: whoever comes with one is not asked for a second factor here. Empty: none is.',
        )}
      />
    </FormDialog>
  );
}
