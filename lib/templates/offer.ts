import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { OfferTemplate, Template } from '#lib/contract/templates.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { asActor } from '#lib/db/client.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { templateOf } from './list.ts';

/**
 * Withdraws a template: nothing new is made from it. What is on it stays and is restored, cloned and reinstalled as before; its layers go from
 * the hosts when nothing names them any more ({@link file://./collect.ts}). Or offers it again, also by building it again.
 */
export async function offerTemplate(
  actor: Actor,
  id: string,
  { offered }: z.infer<typeof OfferTemplate>,
): Promise<Template> {
  authorize(actor, 'template.build');
  return await asActor(actor, async (tx) => {
    // Not by the row's lock: the web may not lock what it may change in one column only.
    await takeTurn(tx, `template:${id}`);
    const [template] = await tx.select().from(templates).where(eq(templates.id, id));
    if (template === undefined || template.name === importedTemplate) throw new BerthError('not_found');
    const before = template.withdrawnAt === null;
    if (before === offered) return templateOf(template);
    const withdrawnAt = offered ? null : new Date();
    await tx.update(templates).set({ withdrawnAt }).where(eq(templates.id, id));
    await writeAudit(tx, actor, {
      verb: offered ? 'template.offer' : 'template.withdraw',
      tenantId: null,
      targetKind: 'template',
      targetId: id,
      targetName: `${template.name} ${template.version}`,
      before: { offered: before },
      after: { offered },
    });
    return templateOf({ ...template, withdrawnAt });
  });
}

/** Refuses (`state`) to make something new of a template that is not offered. */
export function refuseWithdrawn(
  template: Pick<typeof templates.$inferSelect, 'title' | 'version' | 'withdrawnAt'>,
): void {
  if (template.withdrawnAt === null) return;
  throw new BerthError('state', `The template "${template.title} ${template.version}" is not offered any more.`, {
    remedy: 'Choose another.',
  });
}
