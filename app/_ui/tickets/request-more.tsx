'use client';
import { PackagePlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { TicketAction } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { SelectField, TextArea, TextField } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useCall } from '../use-call.ts';

export type Choices = {
  plans: readonly { id: string; name: string }[];
  templates: readonly { id: string; title: string }[];
  containers: readonly { id: string; name: string }[];
};

/** Asks for something that only others may do; whoever may does it with one click. */
export function RequestMore({ choices }: { choices: Choices }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<TicketAction['kind']>('plan');
  const { run, pending, problem } = useCall('tickets.create', { quiet: true });
  const submit = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    const action: TicketAction =
      kind === 'container'
        ? { kind, name: text('name'), planId: text('planId'), templateId: text('templateId') }
        : kind === 'plan'
          ? { kind, planId: text('planId') }
          : { kind, name: text('template') };
    const subjects = { plan: t('Another plan'), container: t('Another container'), template: t('Another template') };
    void run({
      body: {
        subject: subjects[kind],
        body: text('body'),
        action,
        ...(kind === 'container' ? {} : { containerId: text('containerId') }),
      },
    }).then((answer) => answer.ok && router.push(`/help/${answer.value.id}`));
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <PackagePlus aria-hidden /> {t('Ask for more')}
      </Button>
      <FormDialog
        open={open}
        title={t('Ask for more')}
        sub={t('Whoever may decide is asked, and if the answer is yes, it is done at once.')}
        cancel={t('Not now')}
        submit={t('{what, select, other {Ask}}', { what: 'more' })}
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <SelectField
          name="kind"
          label={t('What do you need?')}
          value={kind}
          onChange={(event) => setKind(event.target.value as TicketAction['kind'])}
          options={[
            { value: 'plan', label: t('Another plan: more memory, disk, backups') },
            { value: 'container', label: t('Another container') },
            { value: 'template', label: t('Another template on the server') },
          ]}
        />
        {kind !== 'container' && (
          <SelectField
            name="containerId"
            label={t('For')}
            options={choices.containers.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {kind === 'container' && <TextField name="name" label={t('Name')} required maxLength={63} />}
        {kind === 'container' && (
          <SelectField
            name="templateId"
            label={t('System')}
            options={choices.templates.map(({ id, title }) => ({ value: id, label: title }))}
          />
        )}
        {kind !== 'template' && (
          <SelectField
            name="planId"
            label={t('Plan')}
            options={choices.plans.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {kind === 'template' && (
          <TextField name="template" label={t('Template')} placeholder="debian-12" required maxLength={41} />
        )}
        <TextArea name="body" label={t('What is it for?')} rows={4} required maxLength={20_000} />
      </FormDialog>
    </>
  );
}
