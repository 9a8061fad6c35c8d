'use client';
import { LifeBuoy } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { TicketPriority } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { SelectField, TextArea, TextField } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useMe } from '../me.tsx';
import { useCall } from '../use-call.ts';
import { priorityWords } from './words.tsx';

type About = { containerId?: string; containerName?: string; operationId?: string; subject?: string };

/** Whether the reader may ask for help at all; for staff it is not: they are the ones who are asked. */
export function useMayAsk(): boolean {
  return useMe().areas.some((area) => area.href === '/help');
}

/** A button at the thing that is in trouble; what is known of it goes along. */
export function GetHelp({
  about = {},
  size = 'medium',
  variant = 'plain',
  label = t('Get help'),
  brief = false,
}: {
  about?: About;
  size?: 'small' | 'medium';
  variant?: 'plain' | 'primary' | 'quiet';
  label?: string;
  /** On a phone its picture alone, where several buttons stand in one row. */
  brief?: boolean;
}) {
  const [open, setOpen] = useState(false);
  if (!useMayAsk()) return null;
  return (
    <>
      <Button size={size} variant={variant} onClick={() => setOpen(true)}>
        <LifeBuoy aria-hidden /> <span className={brief ? 'max-md:sr-only' : undefined}>{label}</span>
      </Button>
      {open && <HelpDialog about={about} onClose={() => setOpen(false)} />}
    </>
  );
}

function HelpDialog({ about, onClose }: { about: About; onClose: () => void }) {
  const router = useRouter();
  const { run, pending, problem } = useCall('tickets.create', { quiet: true });
  const { containerId, containerName, operationId, subject } = about;
  const submit = (data: FormData) =>
    void run({
      body: {
        subject: String(data.get('subject')),
        body: String(data.get('body')),
        priority: TicketPriority.safeParse(data.get('priority')).data ?? 'normal',
        ...(containerId === undefined ? {} : { containerId }),
        ...(operationId === undefined ? {} : { operationId }),
      },
    }).then((answer) => answer.ok && router.push(`/help/${answer.value.id}`));
  return (
    <FormDialog
      title={containerName === undefined ? t('Ask for help') : t('Get help with {name}', { name: containerName })}
      sub={
        containerId === undefined
          ? t('You are answered here, and told by mail.')
          : t(
              'Its state, usage, plan and latest operations go along as they are now. No passwords, no keys, nothing of your files.',
            )
      }
      cancel={t('Not now')}
      submit={t('Ask for help')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="subject"
        label={t('What is it about?')}
        required
        minLength={3}
        maxLength={150}
        defaultValue={subject}
        autoFocus
      />
      <TextArea
        name="body"
        label={t('What happened, and what did you expect?')}
        rows={6}
        required
        maxLength={20_000}
        hint={t('Do not write passwords here.')}
      />
      <SelectField
        name="priority"
        label={t('How urgent is it?')}
        defaultValue={'normal' satisfies TicketPriority}
        options={TicketPriority.options.map((value) => ({ value, label: t(priorityWords[value]) }))}
      />
    </FormDialog>
  );
}
