'use client';
import { Lock, Paperclip } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Problem } from '#lib/contract/errors.ts';
import { attachmentLimits, type TicketDetail } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { address } from '../address.ts';
import { Button } from '../button.tsx';
import { cx } from '../cx.ts';
import { Form, FormProblem, TextArea } from '../form.tsx';
import { bytes } from '../format.ts';
import { useRefresh } from '../live.tsx';
import { notifyDone, notifyProblem } from '../notify.tsx';
import { Ago } from '../time.tsx';
import { useCall } from '../use-call.ts';

const sideWords = { reseller: 'reseller', provider: 'provider', system: 'panel' } as const;

/** What was written and what happened, oldest first, and the place to write. */
export function Thread({ ticket }: { ticket: TicketDetail }) {
  const items = [
    ...ticket.messages.map((message) => ({ at: message.at, message, file: null })),
    ...ticket.attachments.map((file) => ({ at: file.at, message: null, file })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <div className="grid gap-3">
      <ol className="grid gap-3">
        {items.map(({ message, file }) =>
          message !== null ? (
            <Message key={message.id} message={message} />
          ) : (
            <Attachment key={file.id} ticketId={ticket.id} file={file} />
          ),
        )}
      </ol>
      {ticket.can.write && <Answer ticket={ticket} />}
    </div>
  );
}

function Internal() {
  return (
    <span className="inline-flex items-center gap-1 font-[550] text-warn">
      <Lock aria-hidden className="size-3.5" /> {t('Internal, not shown to the customer')}
    </span>
  );
}

function Message({ message }: { message: TicketDetail['messages'][number] }) {
  if (message.kind === 'event') {
    return (
      <li className="sub flex flex-wrap gap-x-2 px-4">
        <span className="[overflow-wrap:anywhere]">
          {message.author}: {said(message.body)}
        </span>
        {message.internal && <Internal />}
        <Ago at={message.at} />
      </li>
    );
  }
  return (
    <li className={cx('card px-4 py-3', message.internal && 'border-dashed bg-warn-soft/30')}>
      <p className="sub flex flex-wrap items-baseline gap-x-2">
        <strong className="font-semibold text-text [overflow-wrap:anywhere]">{message.author}</strong>
        {message.side !== 'tenant' && t(sideWords[message.side])}
        <Ago at={message.at} />
        {message.internal && <Internal />}
      </p>
      <p className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">{message.body}</p>
    </li>
  );
}

function Attachment({ ticketId, file }: { ticketId: string; file: TicketDetail['attachments'][number] }) {
  const href = `/api/v1${address('/tickets/{id}/attachments/{attachmentId}', { id: ticketId, attachmentId: file.id })}`;
  return (
    <li className="sub flex flex-wrap items-center gap-x-2 px-4">
      <Paperclip aria-hidden className="size-3.5" />
      <a href={href} download className="text-text underline [overflow-wrap:anywhere]">
        {file.name}
      </a>
      {bytes(file.bytes)} · {file.type} · {file.author} {file.internal && <Internal />}
      <Ago at={file.at} />
    </li>
  );
}

function Answer({ ticket }: { ticket: TicketDetail }) {
  const send = useCall('tickets.message', { quiet: true });
  const close = useCall('tickets.close');
  const refresh = useRefresh();
  const [internal, setInternal] = useState(false);
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const internalId = useId();
  const fileId = useId();
  const params = { id: ticket.id };
  const attach = async (file: File) => {
    if (file.size > attachmentLimits.bytes) {
      notifyProblem({
        type: '',
        title: t('That file is too large'),
        status: 413,
        code: 'too_large',
        detail: t('A file may have 5 MB.'),
      });
      return;
    }
    setSending(true);
    try {
      const url = `/api/v1${address('/tickets/{id}/attachments', params, { name: file.name, internal })}`;
      const answer = await fetch(url, {
        method: 'POST',
        body: file,
        headers: { 'content-type': 'application/octet-stream' },
      });
      if (answer.ok) {
        notifyDone(t('Attached: {name}', { name: file.name }));
        refresh();
      } else {
        const problem = Problem.safeParse(await answer.json().catch(() => null));
        if (problem.success) notifyProblem(problem.data);
      }
    } finally {
      setSending(false);
    }
  };
  return (
    <div ref={form}>
      <Form
        problem={send.problem}
        onSubmit={(data) =>
          void send.run({ params, body: { body: String(data.get('body')), internal } }).then((answer) => {
            if (answer.ok) form.current?.querySelector('form')?.reset();
          })
        }
      >
        <TextArea
          name="body"
          label={internal ? t('Internal note') : t('Your answer')}
          rows={4}
          required
          maxLength={20_000}
          hint={ticket.state === 'closed' ? t('It is closed; a word of the customer opens it again.') : undefined}
        />
        {ticket.can.note && (
          <label htmlFor={internalId} className="flex items-center gap-2 text-[13.5px]">
            <input
              id={internalId}
              type="checkbox"
              className="size-4 accent-(--brand)"
              checked={internal}
              onChange={(event) => setInternal(event.target.checked)}
            />
            {t('Internal note: never shown to the customer')}
          </label>
        )}
        <FormProblem problem={send.problem} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" pending={send.pending}>
            {internal ? t('Keep the note') : t('Send')}
          </Button>
          <input
            id={fileId}
            type="file"
            className="sr-only"
            tabIndex={-1}
            aria-label={t('Attach a file')}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file !== undefined) void attach(file);
            }}
          />
          <Button pending={sending} onClick={() => document.getElementById(fileId)?.click()}>
            <Paperclip aria-hidden /> {t('Attach a file…')}
          </Button>
          {ticket.can.close && (
            <Button
              className="ml-auto"
              variant="quiet"
              pending={close.pending}
              onClick={() => void close.run({ params, body: { solved: true } })}
            >
              {t('Close as solved')}
            </Button>
          )}
        </div>
      </Form>
    </div>
  );
}
