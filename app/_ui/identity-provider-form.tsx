'use client';
import { useState } from 'react';
import type { IdentityProvider } from '#lib/contract/identity.ts';
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
    notifyDone(provider === null ? `${body.name} was added. Now try it.` : 'It holds from the next sign-in on.');
    onClose();
  };
  return (
    <FormDialog
      wide
      onClose={onClose}
      title={provider === null ? 'Add a provider' : `Change ${provider.name}`}
      sub={
        provider === null
          ? 'What it asks for is on the page where you register the panel as its client.'
          : provider.issuer
      }
      problem={create.problem ?? set.problem}
      onSubmit={(data) => void submit(data)}
      cancel="Not now"
      submit={provider === null ? 'Add' : 'Save'}
      pending={create.pending || set.pending}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="name"
          label="Name on the button"
          defaultValue={provider?.name ?? ''}
          maxLength={40}
          required
          autoFocus
          hint="“Sign in with …”"
        />
        {provider === null && (
          <TextField
            name="issuer"
            label="Issuer"
            type="url"
            placeholder="https://id.example.net"
            required
            hint="It stays: people are known by it."
          />
        )}
        <TextField
          name="clientId"
          label="Client id"
          defaultValue={provider?.clientId ?? ''}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <TextField
          name="clientSecret"
          label="Client secret"
          type="password"
          autoComplete="new-password"
          required={provider === null}
          hint={provider === null ? 'Kept sealed, and never shown.' : 'Left empty, the one there is stays.'}
        />
        <TextField
          name="scopes"
          label="Scopes"
          defaultValue={(provider?.scopes ?? ['openid', 'email', 'profile']).join(' ')}
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextField
          name="groupsClaim"
          label="Claim with the groups"
          placeholder="groups"
          defaultValue={provider?.groupsClaim ?? ''}
          autoCapitalize="none"
          spellCheck={false}
          hint="Dots lead into objects. Empty: no roles follow."
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
        label="People without an account here"
        defaultValue={provider?.unknownPeople ?? 'refuse'}
        options={[
          { value: 'refuse', label: 'are refused' },
          { value: 'make', label: 'get one, if a group of theirs has a role' },
        ]}
      />
      <div className="grid gap-2">
        <Choice
          type="checkbox"
          name="linkByEmail"
          label="An account with the same verified address is theirs"
          hint={
            resellerId === null
              ? 'Of your staff, at their first sign-in, if it has no second factor. Tenants’ people always connect it themselves, on their security page.'
              : 'Of your own staff, at their first sign-in, if it has no second factor. Your tenants’ people always connect it themselves.'
          }
          defaultChecked={provider?.linkByEmail ?? false}
        />
        <Choice
          type="checkbox"
          name="exclusive"
          label="No password or passkey besides"
          hint={
            resellerId === null
              ? 'For whoever is connected. Administrators and resellers made by hand keep theirs, for the day on which the provider is gone.'
              : 'For your own staff who are connected. Owners made by hand keep theirs, for the day on which the provider is gone.'
          }
          defaultChecked={provider?.exclusive ?? false}
        />
        {resellerId === null && (
          <Choice
            type="checkbox"
            name="privateNetwork"
            label="It may be on a private network"
            hint="Otherwise the panel goes to addresses on the internet alone."
            defaultChecked={provider?.privateNetwork ?? false}
          />
        )}
        <Choice
          type="checkbox"
          name="enabled"
          label="On"
          hint="Turned off, sessions that it opened end."
          defaultChecked={provider?.enabled ?? true}
        />
      </div>
      <TextField
        name="trustedFactors"
        label="Its word for a second factor"
        placeholder="mfa"
        defaultValue={provider?.trustedFactors.join(' ') ?? ''}
        autoCapitalize="none"
        spellCheck={false}
        hint="Values of amr or acr that are believed: whoever comes with one is not asked for a second factor here. Empty: none is."
      />
    </FormDialog>
  );
}
