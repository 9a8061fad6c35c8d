'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '#lib/contract/members.ts';
import type { RoleChoice } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useHeld } from './held.tsx';
import { notifyDone } from './notify.tsx';
import { type Draft, draft, draftsOf, GrantFields, grantsOf, unfinished } from './rights/grant-fields.tsx';
import { presetsFor } from './rights/presets.ts';
import { type Account, useAdd, useChange } from './team-calls.ts';

/** Invites a person by mail, or makes a service account. */
export function AddMember({ account, roles }: { account: Account; roles: readonly RoleChoice[] }) {
  const [open, setOpen] = useState<'person' | 'service' | null>(null);
  const held = useHeld();
  return (
    <>
      <Button reason={held} onClick={() => setOpen('service')}>
        {t('New service account')}
      </Button>
      <Button variant="primary" reason={held} onClick={() => setOpen('person')}>
        <Plus aria-hidden /> {t('Invite somebody')}
      </Button>
      {open !== null && <AddDialog who={open} account={account} roles={roles} onClose={() => setOpen(null)} />}
    </>
  );
}

function AddDialog({
  who,
  account,
  roles,
  onClose,
}: {
  who: 'person' | 'service';
  account: Account;
  roles: readonly RoleChoice[];
  onClose: () => void;
}) {
  const { run, pending, problem } = useAdd(account);
  const presets = presetsFor(account.kind, who).filter(({ role }) =>
    roles.some((one) => one.role === role && one.lacks.length === 0),
  );
  const [preset, setPreset] = useState(presets[0]?.id ?? '');
  const chosen = presets.find((one) => one.id === preset);
  const fallback = roles.find((one) => one.lacks.length === 0) ?? roles[0];
  const [list, setList] = useState<Draft[]>(() => {
    const start = presets[0];
    if (start !== undefined) return [draft(start.role, start.scope)];
    return fallback === undefined ? [] : [draft(fallback.role, fallback.scopes[0] ?? 'tenant')];
  });
  const submit = (data: FormData) => {
    const name = String(data.get(who === 'service' ? 'name' : 'email')).trim();
    const granted = grantsOf(list);
    const body =
      who === 'service'
        ? ({ kind: 'service', name, roles: granted } as const)
        : ({ kind: 'person', email: name, roles: granted } as const);
    void run(body).then((answer) => {
      if (!answer.ok) return;
      onClose();
      notifyDone(
        who === 'service'
          ? t('{name} was made.', { name })
          : t('A link is on its way to {name}. It is good for seven days.', { name }),
      );
    });
  };
  return (
    <FormDialog
      wide
      title={who === 'service' ? t('New service account') : t('Invite somebody')}
      sub={
        who === 'service'
          ? t('For a program: it cannot sign in, it works with tokens alone.')
          : t('They get a link by mail, good once and for seven days.')
      }
      cancel={t('Not now')}
      submit={who === 'service' ? t('Make it') : t('Send the invitation')}
      pending={pending}
      problem={problem}
      reason={unfinished(list, roles, account)}
      onSubmit={submit}
      onClose={onClose}
    >
      {who === 'service' ? (
        <TextField name="name" label={t('Name')} required maxLength={60} autoFocus autoComplete="off" />
      ) : (
        <TextField
          name="email"
          label={t('E-mail')}
          type="email"
          required
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
        />
      )}
      {presets.length > 0 && (
        <SelectField
          name="preset"
          label={t('As')}
          value={preset}
          hint={t(chosen?.about ?? 'Put the roles together below.')}
          onChange={(event) => {
            const next = presets.find((one) => one.id === event.target.value);
            setPreset(event.target.value);
            if (next !== undefined) setList([draft(next.role, next.scope)]);
          }}
          options={[
            ...presets.map(({ id, title }) => ({ value: id, label: t(title) })),
            { value: '', label: t('Something else') },
          ]}
        />
      )}
      <GrantFields
        account={account}
        roles={roles}
        list={list}
        onChange={(next) => {
          setList(next);
          // What was put together by hand is no preset any more; filling one in is.
          const [only] = next;
          if (next.length !== 1 || only?.role !== chosen?.role || only?.scope !== chosen?.scope) setPreset('');
        }}
      />
    </FormDialog>
  );
}

/** Other roles instead of those somebody has in the account. */
export function RoleDialog({
  account,
  member,
  roles,
  onClose,
}: {
  account: Account;
  member: Member;
  roles: readonly RoleChoice[];
  onClose: () => void;
}) {
  const { run, pending, problem } = useChange(account, member.id);
  const [list, setList] = useState<Draft[]>(() => draftsOf(member));
  const who = nameOf(member);
  const submit = () => {
    void run({ roles: grantsOf(list) }).then((answer) => {
      if (!answer.ok) return;
      onClose();
      notifyDone(t('{name} has the new roles from now on.', { name: who }));
    });
  };
  const [owner, whole] = lastOf[account.kind];
  const stays = list.some((one) => one.role === owner && one.scope === whole);
  const last = lastReason(account);
  return (
    <FormDialog
      wide
      title={t('What {name} may', { name: who })}
      sub={t('It replaces what they have, from their next click on. What they lose ends at once, open consoles too.')}
      cancel={t('Not now')}
      submit={t('Change')}
      pending={pending}
      problem={problem}
      reason={member.lastOwner && !stays ? last : unfinished(list, roles, account)}
      onSubmit={submit}
      onClose={onClose}
    >
      {member.lastOwner && <p className="rounded-control bg-sunk p-3 text-[13px]">{last}</p>}
      <GrantFields account={account} roles={roles} list={list} onChange={setList} />
    </FormDialog>
  );
}

export function nameOf(member: Member): string {
  return member.name === '' ? (member.email ?? '') : member.name;
}

const lastOf = {
  tenant: ['tenant-owner', 'tenant'],
  reseller: ['reseller-owner', 'reseller'],
  provider: ['provider-admin', 'installation'],
} as const;

export const lastReason = ({ kind }: Account) =>
  kind === 'provider'
    ? t('The last administrator stays one, so that somebody can always let others in. Make somebody else one first.')
    : t('The last owner stays one, so that somebody can always let others in. Make somebody else an owner first.');
