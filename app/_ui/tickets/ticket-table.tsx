import Link from 'next/link';
import type { Ticket } from '#lib/contract/tickets.ts';
import { Badge } from '../badge.tsx';
import { Ago } from '../time.tsx';
import { PriorityMark, TicketBadge } from './words.tsx';

/** `base`: where a ticket's page is for this reader. */
export function TicketTable({ tickets, base, staff }: { tickets: readonly Ticket[]; base: string; staff: boolean }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Ticket</th>
          {staff && <th scope="col">Tenant</th>}
          <th scope="col">State</th>
          {staff && <th scope="col">With</th>}
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {tickets.map((ticket) => (
          <tr key={ticket.id}>
            <td data-label="Ticket">
              <Link href={`${base}/${ticket.id}`} className="font-[550] [overflow-wrap:anywhere] hover:underline">
                {ticket.subject}
              </Link>
              <div className="sub flex flex-wrap items-center gap-x-2">
                #{ticket.number}
                {ticket.containerName !== null && ` · ${ticket.containerName}`}
                {ticket.action !== null && ` · ${ticket.action.words}`}
                <PriorityMark priority={ticket.priority} />
              </div>
            </td>
            {staff && (
              <td data-label="Tenant" className="[overflow-wrap:anywhere]">
                {ticket.tenantName}
              </td>
            )}
            <td data-label="State">
              <span className="flex flex-wrap gap-1.5">
                <TicketBadge state={ticket.state} staff={staff} />
                {staff && ticket.state !== 'closed' && isLate(ticket) && <Badge tone="bad">Late</Badge>}
              </span>
            </td>
            {staff && (
              <td data-label="With">
                {ticket.assignee?.name ?? 'nobody yet'}
                <div className="sub max-md:inline">
                  {' '}
                  {ticket.level === 'reseller' ? 'the reseller’s turn' : 'the provider’s turn'}
                </div>
              </td>
            )}
            <td data-label="Last">
              <Ago at={ticket.updatedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function isLate(ticket: Ticket): boolean {
  return (ticket.firstAnswer.doneAt === null && ticket.firstAnswer.late) || ticket.solution.late;
}
