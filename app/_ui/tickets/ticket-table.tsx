import Link from 'next/link';
import type { Ticket } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from '../badge.tsx';
import { Ago } from '../time.tsx';
import { PriorityMark, TicketBadge } from './words.tsx';

/** `base`: where a ticket's page is for this reader. */
export function TicketTable({ tickets, base, staff }: { tickets: readonly Ticket[]; base: string; staff: boolean }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('Ticket')}</th>
          {staff && <th scope="col">{t('Tenant')}</th>}
          <th scope="col">{t('State')}</th>
          {staff && <th scope="col">{t('With')}</th>}
          <th scope="col">{t('Last')}</th>
        </tr>
      </thead>
      <tbody>
        {tickets.map((ticket) => (
          <tr key={ticket.id}>
            <td data-label={t('Ticket')}>
              <Link
                href={`${base}/${ticket.id}`}
                translate="no"
                className="font-[550] [overflow-wrap:anywhere] hover:underline"
              >
                {ticket.subject}
              </Link>
              <div className="sub flex flex-wrap items-center gap-x-2">
                #{ticket.number}
                {ticket.containerName !== null && ` · ${ticket.containerName}`}
                {ticket.action !== null && ` · ${said(ticket.action.words)}`}
                <PriorityMark priority={ticket.priority} />
              </div>
            </td>
            {staff && (
              <td data-label={t('Tenant')} className="[overflow-wrap:anywhere]">
                {ticket.tenantName}
              </td>
            )}
            <td data-label={t('State')}>
              <span className="flex flex-wrap gap-1.5">
                <TicketBadge state={ticket.state} staff={staff} />
                {staff && ticket.state !== 'closed' && isLate(ticket) && <Badge tone="bad">{t('Late')}</Badge>}
              </span>
            </td>
            {staff && (
              <td data-label={t('With')}>
                {ticket.assignee?.name ?? t('nobody yet')}
                <div className="sub max-md:inline">
                  {' '}
                  {ticket.level === 'reseller' ? t('the reseller’s turn') : t('the provider’s turn')}
                </div>
              </td>
            )}
            <td data-label={t('Last')}>
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
