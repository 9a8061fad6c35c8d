import { and, count, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type AttachQuery, attachmentLimits, type TicketDetail } from '#lib/contract/tickets.ts';
import { asActor } from '#lib/db/client.ts';
import { ticketAttachments, tickets } from '#lib/db/schema/tickets.ts';
import { attachment } from '#lib/http/attachment.ts';
import { readLimited } from '#lib/http/body.ts';
import { audienceFor, isStaffSide, ofTicket, sideOf, ticketFor } from './find.ts';
import { getTicket } from './get.ts';
import { about } from './message.ts';
import { typeOf } from './type-of.ts';

/**
 * Puts a file with a ticket: into the database, where no web server looks. Its type is told by its content; what is neither picture,
 * text, PDF nor archive is refused, and so are more than the limits.
 */
export async function attachFile(
  actor: UserActor,
  id: string,
  { name, internal }: z.output<typeof AttachQuery>,
  request: Request,
): Promise<TicketDetail> {
  // Before anything is read of whoever may not.
  await asActor(actor, (tx) => ticketFor(tx, actor, id, 'ticket.create'));
  const content = await readLimited(request.body, attachmentLimits.bytes, 'A file may have 5 MB.');
  if (content.length === 0) throw new BerthError('invalid', 'The file is empty.');
  const type = typeOf(content);
  if (type === null) {
    throw new BerthError('invalid', 'Only pictures, text, PDF files and zip or gzip archives can be attached.');
  }
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.create');
    const side = sideOf(actor, ticket);
    if (internal && !isStaffSide(side)) throw new BerthError('forbidden');
    const [there] = await tx
      .select({ files: count() })
      .from(ticketAttachments)
      .where(eq(ticketAttachments.ticketId, id));
    if ((there?.files ?? 0) >= attachmentLimits.count) {
      throw new BerthError('plan_limit', `A ticket holds ${attachmentLimits.count} files.`);
    }
    await tx.insert(ticketAttachments).values({
      ticketId: id,
      tenantId: ticket.tenantId,
      audience: audienceFor(side, internal),
      authorName: actor.name,
      name,
      type,
      bytes: content.length,
      content,
    });
    await tx.update(tickets).set({ updatedAt: new Date() }).where(eq(tickets.id, id));
    const record = about('ticket.attach', ticket, { name, type, bytes: content.length });
    await writeAudit(tx, actor, { ...record, tenantId: internal ? null : ticket.tenantId });
  });
  return await getTicket(actor, id);
}

/** The file, as a download that no browser shows or runs. */
export async function readAttachment(actor: UserActor, id: string, attachmentId: string): Promise<Response> {
  authorize(actor, 'ticket.read');
  const file = await asActor(actor, async (tx) => {
    const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, id));
    if (ticket === undefined) throw new BerthError('not_found');
    authorize(actor, 'ticket.read', ofTicket(ticket));
    const [row] = await tx
      .select()
      .from(ticketAttachments)
      .where(and(eq(ticketAttachments.id, attachmentId), eq(ticketAttachments.ticketId, id)));
    const side = sideOf(actor, ticket);
    const may = row !== undefined && (row.audience === 'all' || side === 'provider' || row.audience === side);
    if (!may) throw new BerthError('not_found');
    return row;
  });
  const whole = (async function* () {
    yield file.content;
  })();
  return attachment(whole, file.name, { sizeBytes: file.bytes });
}
