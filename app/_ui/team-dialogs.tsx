'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Grant, Member } from '#lib/contract/members.ts';
import type { RoleInfo } from '#lib/contract/roles.ts';
import { Button } from './button.tsx';
import { SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { useCall } from './use-call.ts';

/** One role, over the whole account or over containers with labels. */
function RoleFields({ roles, chosen }: { roles: readonly RoleInfo[]; chosen?: string | undefined }) {
  const [role, setRole] = useState(chosen ?? roles[0]?.role ?? '');
  const about = roles.find((one) => one.role === role)?.about;
  return (
    <>
      <SelectField
        name="role"
        label="Role"
        value={role}
        onChange={(event) => setRole(event.target.value)}
        options={roles.map((one) => ({ value: one.role, label: one.title }))}
        hint={about}
      />
      <TextField
        name="labels"
        label="Only containers labelled"
        autoCapitalize="none"
        autoComplete="off"
        hint="Labels, separated by commas. Empty: everything in the account."
      />
    </>
  );
}

function grantOf(data: FormData): Grant {
  const labels = String(data.get('labels'))
    .split(/[\s,]+/)
    .filter((label) => label !== '');
  const role = String(data.get('role'));
  return labels.length === 0 ? { role } : { role, scope: 'labels', labels };
}

/** Invites a person by mail, or makes a service account. */
export function AddMember({ tenantId, roles }: { tenantId: string; roles: readonly RoleInfo[] }) {
  const [open, setOpen] = useState<'person' | 'service' | null>(null);
  const { run, pending, problem } = useCall('members.add', { quiet: true });
  const submit = (data: FormData) => {
    const who = String(data.get('who')).trim();
    const granted = [grantOf(data)];
    const body =
      open === 'service'
        ? ({ kind: 'service', name: who, roles: granted } as const)
        : ({ kind: 'person', email: who, roles: granted } as const);
    void run({ params: { id: tenantId }, body }).then((answer) => {
      if (!answer.ok) return;
      setOpen(null);
      notifyDone(
        open === 'service' ? `${who} was made.` : `A link is on its way to ${who}. It is good for seven days.`,
      );
    });
  };
  return (
    <>
      <Button onClick={() => setOpen('service')}>New service account</Button>
      <Button variant="primary" onClick={() => setOpen('person')}>
        <Plus aria-hidden /> Invite somebody
      </Button>
      <FormDialog
        open={open !== null}
        title={open === 'service' ? 'New service account' : 'Invite somebody'}
        sub={
          open === 'service'
            ? 'For a program: it cannot sign in, it works with tokens alone.'
            : 'They get a link by mail, good once and for seven days.'
        }
        cancel="Not now"
        submit={open === 'service' ? 'Make it' : 'Send the invitation'}
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(null)}
      >
        {open === 'service' ? (
          <TextField name="who" label="Name" required maxLength={60} autoFocus autoComplete="off" />
        ) : (
          <TextField
            name="who"
            label="E-mail"
            type="email"
            required
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
          />
        )}
        <RoleFields roles={roles} />
      </FormDialog>
    </>
  );
}

/** Another role instead of those somebody has. */
export function RoleDialog({
  tenantId,
  member,
  roles,
  onClose,
}: {
  tenantId: string;
  member: Member;
  roles: readonly RoleInfo[];
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('members.change', { quiet: true });
  const who = member.name === '' ? (member.email ?? '') : member.name;
  const submit = (data: FormData) => {
    void run({ params: { id: tenantId, memberId: member.id }, body: { roles: [grantOf(data)] } }).then((answer) => {
      if (!answer.ok) return;
      onClose();
      notifyDone(`${who} has the new role from now on.`);
    });
  };
  return (
    <FormDialog
      title={`The role of ${who}`}
      sub="It replaces what they have, from their next click on."
      cancel="Not now"
      submit="Change"
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <RoleFields roles={roles} chosen={member.assignments[0]?.role} />
    </FormDialog>
  );
}
