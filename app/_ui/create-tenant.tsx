'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
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
        <Plus aria-hidden /> {t('New tenant')}
      </Button>
      <FormDialog
        open={open}
        title={t('New tenant')}
        sub={t('Its owner gets a link by mail to set a password.')}
        cancel={t('Not now')}
        submit={t('Create and send the link')}
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <TextField name="name" label={t('Name of the account')} required maxLength={100} autoFocus />
        <OwnerFields />
      </FormDialog>
    </>
  );
}
