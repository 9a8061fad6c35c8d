'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';
import { TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyLinkSent, OwnerFields, ownerFrom } from './owner-fields.tsx';
import { useCall } from './use-call.ts';

export function CreateTenant() {
  const [open, setOpen] = useState(false);
  const { run, pending, problem } = useCall('tenants.create', { quiet: true });
  const submit = (data: FormData) => {
    const owner = ownerFrom(data);
    void run({ body: { name: String(data.get('name')), ...owner } }).then((answer) => {
      if (!answer.ok) return;
      setOpen(false);
      notifyLinkSent(owner);
    });
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New tenant
      </Button>
      <FormDialog
        open={open}
        title="New tenant"
        sub="Its owner gets a link by mail to set a password."
        cancel="Not now"
        submit="Create and send the link"
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <TextField name="name" label="Name of the account" required maxLength={100} autoFocus />
        <OwnerFields />
      </FormDialog>
    </>
  );
}
