'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';
import { TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { QuotaFields, quotaFrom } from './quota-fields.tsx';
import { useCall } from './use-call.ts';

export function CreateReseller() {
  const [open, setOpen] = useState(false);
  const { run, pending, problem } = useCall('resellers.create', { quiet: true });
  const submit = (data: FormData) => {
    const ownerEmail = String(data.get('ownerEmail')).trim();
    const body = { name: String(data.get('name')), ownerName: String(data.get('ownerName')), ownerEmail };
    void run({ body: { ...body, quota: quotaFrom(data) } }).then((answer) => {
      if (!answer.ok) return;
      setOpen(false);
      notifyDone(`A link for the first sign-in is on its way to ${ownerEmail}.`);
    });
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New reseller
      </Button>
      <FormDialog
        open={open}
        wide
        title="New reseller"
        sub="It makes tenants, plans and containers of its own. Its owner gets a link by mail to set a password."
        cancel="Not now"
        submit="Create and send the link"
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField name="name" label="Name of the reseller" required maxLength={100} autoFocus />
          <TextField name="ownerName" label="Name of the owner" required maxLength={100} autoComplete="off" />
          <TextField
            name="ownerEmail"
            label="E-mail of the owner"
            type="email"
            required
            autoComplete="off"
            autoCapitalize="none"
          />
        </div>
        <QuotaFields />
      </FormDialog>
    </>
  );
}
