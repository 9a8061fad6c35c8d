'use client';
import { useState } from 'react';
import { type TicketDetail, TicketPriority } from '#lib/contract/tickets.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from '../button.tsx';
import { TextArea } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { Card, Facts } from '../page.tsx';
import { Ago, At, Left } from '../time.tsx';
import { useCall } from '../use-call.ts';
import { PriorityMark, priorityWords } from './words.tsx';

/** To the very operation, however long ago it was. */
export const operationHref = (containerId: string, operationId: string) =>
  `/containers/${containerId}/activity?operation=${operationId}`;

/** What is known of a ticket, and what staff may do with it. */
export function TicketFacts({ ticket, staff }: { ticket: TicketDetail; staff: boolean }) {
  const { firstAnswer, solution } = ticket;
  return (
    <Card title={t('This ticket')}>
      <Facts
        items={[
          [t('Number'), `#${ticket.number}`],
          ...(staff ? ([[t('Tenant'), ticket.tenantName]] as const) : []),
          [
            t('Opened'),
            <span key="o">
              {ticket.openedBy}, <Ago at={ticket.createdAt} />
            </span>,
          ],
          ...(ticket.containerId === null
            ? []
            : ([
                [
                  t('Container'),
                  <a key="c" className="underline" href={`/containers/${ticket.containerId}`}>
                    {ticket.containerName}
                  </a>,
                ],
              ] as const)),
          ...(ticket.containerId === null || ticket.operationId === null
            ? []
            : ([
                [
                  t('Operation'),
                  <a key="p" className="underline" href={operationHref(ticket.containerId, ticket.operationId)}>
                    {t('what was done')}
                  </a>,
                ],
              ] as const)),
          [t('With'), ticket.assignee?.name ?? (ticket.level === 'reseller' ? t('the reseller') : t('the provider'))],
          [
            t('Priority'),
            ticket.priority === 'normal' ? t('Normal') : <PriorityMark key="m" priority={ticket.priority} />,
          ],
          [t('First answer'), <Target key="f" time={firstAnswer} />],
          [t('Solution'), <Target key="s" time={solution} />],
        ]}
      />
      {staff && <Handling ticket={ticket} />}
    </Card>
  );
}

function Target({ time }: { time: TicketDetail['firstAnswer'] }) {
  const late = (inner: React.ReactNode[]) => (
    <span key="late" className="font-[550] text-bad">
      {inner}
    </span>
  );
  if (time.doneAt !== null) {
    const at = <At key="at" at={time.doneAt} />;
    return <span>{time.late ? rich('{at}<late> late</late>', { at, late }) : at}</span>;
  }
  if (time.targetAt === null) return <>{t('not yet')}</>;
  return time.late ? (
    <span>{rich('due {ago}<late> late</late>', { ago: <Ago key="ago" at={time.targetAt} />, late })}</span>
  ) : (
    <span>{rich('within {left}', { left: <Left key="left" until={time.targetAt} dative /> })}</span>
  );
}

function Handling({ ticket }: { ticket: TicketDetail }) {
  const assign = useCall('tickets.assign');
  const [asking, setAsking] = useState(false);
  const params = { id: ticket.id };
  if (!ticket.can.assign && !ticket.can.escalate) return null;
  return (
    <div className="mt-4 grid gap-3 border-t border-line pt-4">
      {ticket.can.assign && (
        <>
          <Choose
            label={t('Assigned to')}
            value={ticket.assignee?.id ?? ''}
            options={[
              { value: '', label: t('nobody') },
              ...ticket.assignees.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChoose={(value) => void assign.run({ params, body: { assigneeId: value === '' ? null : value } })}
          />
          <Choose
            label={t('Priority')}
            value={ticket.priority}
            options={TicketPriority.options.map((value) => ({ value, label: t(priorityWords[value]) }))}
            onChoose={(value) => void assign.run({ params, body: { priority: TicketPriority.parse(value) } })}
          />
        </>
      )}
      {ticket.can.escalate && <Button onClick={() => setAsking(true)}>{t('Hand on to the provider…')}</Button>}
      {asking && <EscalateDialog ticket={ticket} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Choose({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChoose: (value: string) => void;
}) {
  return (
    <label className="grid gap-1.5 text-[13px] font-[550]">
      {label}
      <select className="field font-normal" value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function EscalateDialog({ ticket, onClose }: { ticket: TicketDetail; onClose: () => void }) {
  const { run, pending, problem } = useCall('tickets.escalate', { quiet: true });
  return (
    <FormDialog
      title={t('Hand on to the provider')}
      sub={t('The customer is told that it was handed on. You still see it and may answer.')}
      cancel={t('Not yet')}
      submit={t('Hand on')}
      pending={pending}
      problem={problem}
      onSubmit={(data) => {
        const note = String(data.get('note')).trim();
        void run({ params: { id: ticket.id }, body: note === '' ? {} : { note } }).then(
          (answer) => answer.ok && onClose(),
        );
      }}
      onClose={onClose}
    >
      <TextArea
        name="note"
        label={t('For the provider (optional)')}
        rows={4}
        maxLength={20_000}
        hint={t('An internal note: the customer does not see it.')}
      />
    </FormDialog>
  );
}

const actionStates = {
  asked: { alone: 'Not decided yet', by: 'Not decided yet by {name}' },
  approving: { alone: 'Being done', by: 'Being done by {name}' },
  approved: { alone: 'Approved and done', by: 'Approved and done by {name}' },
  declined: { alone: 'Declined', by: 'Declined by {name}' },
} as const;

/** What is asked for, and the one click that does it. */
export function ActionCard({ ticket }: { ticket: TicketDetail }) {
  const approve = useCall('tickets.approve');
  const [declining, setDeclining] = useState(false);
  const { action } = ticket;
  if (action === null) return null;
  return (
    <Card title={t('Asked for')} className="mb-4">
      <p className="font-[550] [overflow-wrap:anywhere]">{said(action.words)}</p>
      <p className="sub">
        {action.decidedBy === null
          ? t(actionStates[action.state].alone)
          : t(actionStates[action.state].by, { name: action.decidedBy })}
        {action.reason !== null && `: ${action.reason}`}
      </p>
      {ticket.can.decide && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button
            variant="primary"
            pending={approve.pending}
            onClick={() => void approve.run({ params: { id: ticket.id } })}
          >
            {t('Approve and do it')}
          </Button>
          <Button onClick={() => setDeclining(true)}>{t('Decline…')}</Button>
        </div>
      )}
      {declining && <DeclineDialog ticket={ticket} onClose={() => setDeclining(false)} />}
    </Card>
  );
}

function DeclineDialog({ ticket, onClose }: { ticket: TicketDetail; onClose: () => void }) {
  const { run, pending, problem } = useCall('tickets.decline', { quiet: true });
  return (
    <FormDialog
      title={t('Decline')}
      cancel={t('Not yet')}
      submit={t('Decline')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({ params: { id: ticket.id }, body: { reason: String(data.get('reason')) } }).then(
          (answer) => answer.ok && onClose(),
        )
      }
      onClose={onClose}
    >
      <TextArea
        name="reason"
        label={t('Why')}
        rows={4}
        required
        maxLength={20_000}
        hint={t('The customer reads this.')}
      />
    </FormDialog>
  );
}
