import type { UserActor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { ticketsAbout } from '#lib/tickets/list.ts';
import { TicketMentions } from '../_ui/tickets/mentions.tsx';
import { isStaff } from './reader.ts';

/** Looks up which tickets are about these operations, for what is drawn of them below. */
export async function WithTickets({
  actor,
  operations,
  children,
}: {
  actor: UserActor;
  operations: readonly Pick<Operation, 'id'>[];
  children: React.ReactNode;
}) {
  const of = await ticketsAbout(
    actor,
    operations.map(({ id }) => id),
  );
  return (
    <TicketMentions of={of} staff={isStaff(actor)}>
      {children}
    </TicketMentions>
  );
}
