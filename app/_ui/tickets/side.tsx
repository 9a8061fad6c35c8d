'use client';
import { useState } from 'react';
import { type TicketDetail, TicketPriority } from '#lib/contract/tickets.ts';
import { Button } from '../button.tsx';
import { TextArea } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { Card, Facts } from '../page.tsx';
import { Ago, At, Left } from '../time.tsx';
import { useCall } from '../use-call.ts';
import { PriorityMark, priorityWords } from './words.tsx';

/** What is known of a ticket, and what staff may do with it. */
export function TicketFacts({ ticket, staff }: { ticket: TicketDetail; staff: boolean }) {
  const { firstAnswer, solution } = ticket;
  return (
    <Card title="This ticket">
      <Facts
        items={[
          ['Number', `#${ticket.number}`],
          ...(staff ? ([['Tenant', ticket.tenantName]] as const) : []),
          [
            'Opened',
            <span key="o">
              {ticket.openedBy}, <Ago at={ticket.createdAt} />
            </span>,
          ],
          ...(ticket.containerId === null
            ? []
            : ([
                [
                  'Container',
                  <a key="c" className="underline" href={`/containers/${ticket.containerId}`}>
                    {ticket.containerName}
                  </a>,
                ],
              ] as const)),
          ...(ticket.containerId === null || ticket.operationId === null
            ? []
            : ([
                [
                  'Operation',
                  <a key="p" className="underline" href={`/containers/${ticket.containerId}/activity`}>
                    in Activity
                  </a>,
                ],
              ] as const)),
          ['With', ticket.assignee?.name ?? (ticket.level === 'reseller' ? 'the reseller' : 'the provider')],
          ['Priority', ticket.priority === 'normal' ? 'Normal' : <PriorityMark key="m" priority={ticket.priority} />],
          ['First answer', <Target key="f" time={firstAnswer} />],
          ['Solution', <Target key="s" time={solution} />],
        ]}
      />
      {staff && <Handling ticket={ticket} />}
    </Card>
  );
}

function Target({ time }: { time: TicketDetail['firstAnswer'] }) {
  const late = time.late && <span className="font-[550] text-bad"> late</span>;
  if (time.doneAt !== null)
    return (
      <span>
        <At at={time.doneAt} />
        {late}
      </span>
    );
  if (time.targetAt === null) return <>not yet</>;
  return time.late ? (
    <span>
      due <Ago at={time.targetAt} />
      {late}
    </span>
  ) : (
    <span>
      within <Left until={time.targetAt} />
    </span>
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
            label="Assigned to"
            value={ticket.assignee?.id ?? ''}
            options={[
              { value: '', label: 'nobody' },
              ...ticket.assignees.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChoose={(value) => void assign.run({ params, body: { assigneeId: value === '' ? null : value } })}
          />
          <Choose
            label="Priority"
            value={ticket.priority}
            options={TicketPriority.options.map((value) => ({ value, label: priorityWords[value] }))}
            onChoose={(value) => void assign.run({ params, body: { priority: TicketPriority.parse(value) } })}
          />
        </>
      )}
      {ticket.can.escalate && <Button onClick={() => setAsking(true)}>Hand on to the provider…</Button>}
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
      title="Hand on to the provider"
      sub="The customer is told that it was handed on. You still see it and may answer."
      cancel="Not yet"
      submit="Hand on"
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
        label="For the provider (optional)"
        rows={4}
        maxLength={20_000}
        hint="An internal note: the customer does not see it."
      />
    </FormDialog>
  );
}

/** What is asked for, and the one click that does it. */
export function ActionCard({ ticket }: { ticket: TicketDetail }) {
  const approve = useCall('tickets.approve');
  const [declining, setDeclining] = useState(false);
  const { action } = ticket;
  if (action === null) return null;
  const words = {
    asked: 'Not decided yet',
    approving: 'Being done',
    approved: 'Approved and done',
    declined: 'Declined',
  };
  return (
    <Card title="Asked for" className="mb-4">
      <p className="font-[550] [overflow-wrap:anywhere]">{action.words}</p>
      <p className="sub">
        {words[action.state]}
        {action.decidedBy !== null && ` by ${action.decidedBy}`}
        {action.reason !== null && `: ${action.reason}`}
      </p>
      {ticket.can.decide && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button
            variant="primary"
            pending={approve.pending}
            onClick={() => void approve.run({ params: { id: ticket.id } })}
          >
            Approve and do it
          </Button>
          <Button onClick={() => setDeclining(true)}>Decline…</Button>
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
      title="Decline"
      cancel="Not yet"
      submit="Decline"
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({ params: { id: ticket.id }, body: { reason: String(data.get('reason')) } }).then(
          (answer) => answer.ok && onClose(),
        )
      }
      onClose={onClose}
    >
      <TextArea name="reason" label="Why" rows={4} required maxLength={20_000} hint="The customer reads this." />
    </FormDialog>
  );
}
