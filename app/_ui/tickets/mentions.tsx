'use client';
import { LifeBuoy } from 'lucide-react';
import Link from 'next/link';
import { createContext, useContext } from 'react';
import type { TicketMention } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { TicketBadge } from './words.tsx';

type Mentions = { of: Readonly<Record<string, readonly TicketMention[]>>; staff: boolean };
const Context = createContext<Mentions>({ of: {}, staff: false });

/** For the operations below: which tickets are about them, by their id, and whether the reader is staff. */
export function TicketMentions({ of, staff, children }: Mentions & { children: React.ReactNode }) {
  return <Context value={{ of, staff }}>{children}</Context>;
}

/** The tickets about an operation that the reader may read. */
export function TicketsAbout({ operationId }: { operationId: string }) {
  const { of, staff } = useContext(Context);
  const tickets = of[operationId] ?? [];
  if (tickets.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1.5 text-[13px]">
      {tickets.map(({ id, number, state }) => (
        <li key={id} className="flex items-center gap-1.5">
          <LifeBuoy aria-hidden className="size-3.5 text-muted" />
          <Link className="underline underline-offset-3" href={`${staff ? '/admin/tickets' : '/help'}/${id}`}>
            {t('Ticket #{number}', { number })}
          </Link>
          <TicketBadge state={state} staff={staff} />
        </li>
      ))}
    </ul>
  );
}
