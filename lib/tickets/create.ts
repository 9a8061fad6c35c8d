import { and, eq, ne } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type CreateTicket, mostOpenTickets, type TicketAction, type TicketDetail } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { refuseMoreThan } from '#lib/db/most.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { addToThread, isStaffSide, sideOf } from './find.ts';
import { getTicket } from './get.ts';
import { snapshotOf } from './snapshot.ts';

const minuteMs = 60_000;

/**
 * Asks for help, from the container or operation that is in trouble if it is about one: how that stands now is kept with it. Goes to
 * the tenant's reseller, or where there is none to the provider. Targets are those of the container's plan. Throws `plan_limit` when the
 * account has {@link mostOpenTickets} open already; staff may open more.
 */
export async function createTicket(actor: UserActor, input: z.output<typeof CreateTicket>): Promise<TicketDetail> {
  authorize(actor, 'ticket.create');
  const { containerId, operationId } = await aboutWhat(actor, input);
  const snapshot = containerId === null ? null : await snapshotOf(actor, containerId);
  const tenantId = await asActor(actor, async (tx) => {
    if (containerId === null) return actor.tenantId;
    const [row] = await tx
      .select({ tenantId: containers.tenantId })
      .from(containers)
      .where(eq(containers.id, containerId));
    return row?.tenantId ?? null;
  });
  // Staff of the provider belong to no account: they open one about a container.
  if (tenantId === null) throw new BerthError('invalid', 'Say which container it is about.');
  authorize(actor, 'ticket.create', { tenantId, containerId });
  const id = await asActor(actor, async (tx) => {
    const [tenant] = await tx.select().from(tenants).where(eq(tenants.id, tenantId));
    if (tenant === undefined) throw new BerthError('not_found');
    const { resellerId } = tenant;
    if (!isStaffSide(sideOf(actor, { tenantId, containerId, resellerId }))) await refuseMore(tx, tenantId);
    const words = input.action === undefined ? null : await actionWords(tx, input.action, containerId);
    const now = Date.now();
    const due = (minutes: number | null | undefined) =>
      minutes === null || minutes === undefined ? null : new Date(now + minutes * minuteMs);
    const [ticket] = await tx
      .insert(tickets)
      .values({
        tenantId,
        resellerId,
        containerId,
        operationId,
        subject: input.subject,
        level: resellerId === null ? 'provider' : 'reseller',
        priority: input.priority,
        openedById: actor.userId,
        openedByName: actor.name,
        snapshot,
        ...(input.action === undefined
          ? {}
          : { action: input.action, actionWords: words, actionState: 'asked' as const }),
        firstAnswerDueAt: due(snapshot?.plan?.firstAnswerMinutes),
        solveDueAt: due(snapshot?.plan?.solveMinutes),
      })
      .returning();
    if (ticket === undefined) throw new Error('an insert returned no row');
    await addToThread(tx, actor, ticket, { kind: 'message', body: input.body });
    await writeAudit(tx, actor, {
      verb: 'ticket.create',
      tenantId,
      targetKind: 'ticket',
      targetId: ticket.id,
      targetName: `#${ticket.number}`,
      detail: { containerId, operationId, priority: input.priority, ...(words === null ? {} : { asks: words }) },
    });
    return ticket.id;
  });
  return await getTicket(actor, id);
}

async function refuseMore(tx: Tx, tenantId: string): Promise<void> {
  await refuseMoreThan(tx, {
    turn: `tickets:${tenantId}`,
    table: tickets,
    where: and(eq(tickets.tenantId, tenantId), ne(tickets.state, 'closed')),
    most: mostOpenTickets,
    detail: `An account has at most ${mostOpenTickets} open tickets.`,
    remedy: 'Close one that is settled, or write in one that is open.',
  });
}

/** The container and operation it is about; both must be known to whoever asks, and belong together. */
async function aboutWhat(actor: UserActor, input: z.output<typeof CreateTicket>) {
  const { operationId } = input;
  if (operationId === undefined) return { containerId: input.containerId ?? null, operationId: null };
  const [row] = await asActor(actor, (tx) =>
    tx
      .select({ containerId: operations.containerId, tenantId: operations.tenantId })
      .from(operations)
      .where(eq(operations.id, operationId)),
  );
  if (row === undefined || row.containerId === null) throw new BerthError('not_found');
  authorize(actor, 'operation.read', { tenantId: row.tenantId, containerId: row.containerId });
  if (input.containerId !== undefined && input.containerId !== row.containerId) throw new BerthError('not_found');
  return { containerId: row.containerId, operationId };
}

/** What is asked for, with names, as it is read by whoever decides. Throws `not_found` for plans and templates that are not there. */
async function actionWords(tx: Tx, action: TicketAction, containerId: string | null): Promise<string> {
  const planName = async (id: string) => {
    const [plan] = await tx.select({ name: plans.name }).from(plans).where(eq(plans.id, id));
    if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
    return plan.name;
  };
  if (action.kind === 'container') {
    const [template] = await tx
      .select({ title: templates.title })
      .from(templates)
      .where(eq(templates.id, action.templateId));
    if (template === undefined) throw new BerthError('not_found', 'There is no such template.');
    return `A container "${action.name}" with ${template.title} on the plan "${await planName(action.planId)}"`;
  }
  if (containerId === null) throw new BerthError('invalid', 'Say which container it is about.');
  if (action.kind === 'plan') return `Move it to the plan "${await planName(action.planId)}"`;
  return `The template "${action.name}" on its server`;
}
