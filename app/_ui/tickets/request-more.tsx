'use client';
import { PackagePlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { TicketAction } from '#lib/contract/tickets.ts';
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
    const subjects = { plan: 'Another plan', container: 'Another container', template: 'Another template' };
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
        <PackagePlus aria-hidden /> Ask for more
      </Button>
      <FormDialog
        open={open}
        title="Ask for more"
        sub="Whoever may decide is asked, and if the answer is yes, it is done at once."
        cancel="Not now"
        submit="Ask"
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <SelectField
          name="kind"
          label="What do you need?"
          value={kind}
          onChange={(event) => setKind(event.target.value as TicketAction['kind'])}
          options={[
            { value: 'plan', label: 'Another plan: more memory, disk, backups' },
            { value: 'container', label: 'Another container' },
            { value: 'template', label: 'Another template on the server' },
          ]}
        />
        {kind !== 'container' && (
          <SelectField
            name="containerId"
            label="For"
            options={choices.containers.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {kind === 'container' && <TextField name="name" label="Name" required maxLength={63} />}
        {kind === 'container' && (
          <SelectField
            name="templateId"
            label="System"
            options={choices.templates.map(({ id, title }) => ({ value: id, label: title }))}
          />
        )}
        {kind !== 'template' && (
          <SelectField
            name="planId"
            label="Plan"
            options={choices.plans.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {kind === 'template' && (
          <TextField name="template" label="Template" placeholder="debian-12" required maxLength={41} />
        )}
        <TextArea name="body" label="What is it for?" rows={4} required maxLength={20_000} />
      </FormDialog>
    </>
  );
}
