import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import { createContainer } from '#lib/containers/create.ts';
import { CreateContainer } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { DeclineTicket, TicketDetail } from '#lib/contract/tickets.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import { addToThread, isUndecided, type TicketRow, ticketFor } from './find.ts';
import { getTicket } from './get.ts';
import { about } from './message.ts';

/**
 * Performs what a ticket asks for, as the one who approves and by the verb that does it for everybody: so it needs that verb's right,
 * plan and state besides `ticket.decide`. Two who approve at once: one does. A refusal leaves it as it was asked for.
 */
export async function approveTicket(actor: UserActor, id: string): Promise<TicketDetail> {
  const ticket = await claim(actor, id);
  let operation: Operation;
  try {
    operation = await perform(actor, ticket);
  } catch (error) {
    await asActor(actor, (tx) =>
      tx
        .update(tickets)
        .set({ actionState: 'asked' })
        .where(and(eq(tickets.id, id), eq(tickets.actionState, 'approving'))),
    );
    throw error;
  }
  await asActor(actor, async (tx) => {
    await tx
      .update(tickets)
      .set({
        actionState: 'approved',
        actionOperationId: operation.id,
        decidedByName: actor.name,
        decidedAt: new Date(),
        firstAnsweredAt: ticket.firstAnsweredAt ?? new Date(),
        // Who closed it while it was being done has it closed.
        state: sql`case when ${tickets.state} = 'closed' then 'closed' else 'waiting' end`,
        updatedAt: new Date(),
      })
      .where(eq(tickets.id, id));
    await addToThread(tx, actor, ticket, { kind: 'event', body: `Approved: ${ticket.actionWords}.` });
    await writeAudit(
      tx,
      actor,
      about('ticket.approve', ticket, { operationId: operation.id, asked: ticket.actionWords }),
    );
  });
  return await getTicket(actor, id);
}

async function claim(actor: UserActor, id: string): Promise<TicketRow> {
  return await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.decide');
    mayBeDecided(ticket);
    const [mine] = await tx
      .update(tickets)
      .set({ actionState: 'approving', updatedAt: new Date() })
      .where(eq(tickets.id, id))
      .returning();
    if (mine === undefined) throw new BerthError('not_found');
    return mine;
  });
}

/** Whoever closed what they had asked for does not want it any more. Throws `already` and `state`. */
function mayBeDecided(ticket: TicketRow): void {
  if (ticket.action === null) throw new BerthError('state', 'This ticket asks for nothing that could be decided.');
  if (ticket.actionState === 'approved' || ticket.actionState === 'declined') {
    throw new BerthError('already', 'It has been decided already.');
  }
  if (ticket.state === 'closed') {
    throw new BerthError('state', 'The ticket is closed.', {
      remedy: 'If it is still wanted, whoever asked can write in it: that opens it again.',
    });
  }
  if (!isUndecided(ticket)) throw new BerthError('already', 'Somebody else is deciding it now.');
}

/** The verb itself: it authorises, looks at plan and state, and records as for everybody who calls it. */
async function perform(actor: UserActor, { action, tenantId, containerId }: TicketRow): Promise<Operation> {
  if (action?.kind === 'container') {
    const { name, planId, templateId } = action;
    return await createContainer(actor, CreateContainer.parse({ name, planId, templateId, tenantId }));
  }
  if (action === null || containerId === null) throw new BerthError('state');
  if (action.kind === 'plan') return await configureContainer(actor, containerId, { planId: action.planId });
  const [row] = await asActor(actor, (tx) =>
    tx.select({ hostId: containers.hostId }).from(containers).where(eq(containers.id, containerId)),
  );
  if (row === undefined) throw new BerthError('not_found');
  return await buildTemplate(actor, { name: action.name, hostId: row.hostId });
}

/** Says no, and why; the tenant reads the reason. */
export async function declineTicket(
  actor: UserActor,
  id: string,
  { reason }: z.output<typeof DeclineTicket>,
): Promise<TicketDetail> {
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.decide');
    mayBeDecided(ticket);
    await tx
      .update(tickets)
      .set({
        actionState: 'declined',
        decidedByName: actor.name,
        decidedAt: new Date(),
        decisionReason: reason,
        firstAnsweredAt: ticket.firstAnsweredAt ?? new Date(),
        state: 'waiting',
        updatedAt: new Date(),
      })
      .where(eq(tickets.id, id));
    await addToThread(tx, actor, ticket, { kind: 'event', body: `Declined: ${ticket.actionWords}. ${reason}` });
    await writeAudit(tx, actor, about('ticket.decline', ticket, { asked: ticket.actionWords, reason }));
  });
  return await getTicket(actor, id);
}
