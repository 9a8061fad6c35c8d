'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyLinkSent, OwnerFields, ownerFrom } from './owner-fields.tsx';
import { QuotaFields, quotaFrom } from './quota-fields.tsx';
import { useCall } from './use-call.ts';

export function CreateReseller() {
  const [open, setOpen] = useState(false);
  const { run, pending, problem } = useCall('resellers.create', { quiet: true });
  const submit = (data: FormData) => {
    const owner = ownerFrom(data);
    void run({ body: { name: String(data.get('name')), ...owner, quota: quotaFrom(data) } }).then((answer) => {
      if (!answer.ok) return;
      setOpen(false);
      notifyLinkSent(owner);
    });
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('New reseller')}
      </Button>
      <FormDialog
        open={open}
        wide
        title={t('New reseller')}
        sub={t('It makes tenants, plans and containers of its own. Its owner gets a link by mail to set a password.')}
        cancel={t('Not now')}
        submit={t('Create and send the link')}
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField name="name" label={t('Name of the reseller')} required maxLength={100} autoFocus />
          <OwnerFields />
        </div>
        <QuotaFields />
      </FormDialog>
    </>
  );
}
