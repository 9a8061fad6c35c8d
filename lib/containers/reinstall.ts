import { and, eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { Reinstall } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { releaseChoice } from '#lib/operations/make-room.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { quotaRow, resellerOf } from '#lib/resellers/quota.ts';
import { refuseForeignTemplate } from '#lib/resellers/refuse.ts';
import { refuseWithdrawn } from '#lib/templates/offer.ts';

/** Whether a plan has a template of this name for those on it. */
const offers = (plan: { templates: readonly string[] }, name: string) =>
  plan.templates.length === 0 || plan.templates.includes(name);

/**
 * A fresh system on the chosen template, by default the present one, else one of the plan's. The present files are kept for undo and shown at
 * /old unless `keepOld` is false; users, passwords and keys are carried over unless `resetUsers` is true.
 */
export async function reinstallContainer(
  actor: Actor,
  id: string,
  input: z.infer<typeof Reinstall>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'reinstall',
    containerId: id,
    secrets: { rootPassword: input.rootPassword },
    prepare: async (tx, { container, plan }) => {
      const templateId = input.templateId ?? container.templateId;
      if (templateId !== container.templateId) {
        const resellerId = await resellerOf(tx, container.tenantId);
        if (resellerId !== null) refuseForeignTemplate(await quotaRow(tx, resellerId), templateId);
      }
      const [there] = await tx
        .select({ name: templates.name })
        .from(hostTemplates)
        .innerJoin(templates, eq(templates.id, hostTemplates.templateId))
        .where(and(eq(hostTemplates.hostId, container.hostId), eq(hostTemplates.templateId, templateId)));
      const [template] = await tx.select().from(templates).where(eq(templates.id, templateId));
      if (template?.name === importedTemplate) {
        throw new BerthError('invalid', 'An imported system cannot be made afresh: choose a template.', {
          remedy: 'Name one that its plan offers (templateId).',
          issues: [{ path: 'templateId', message: 'choose a template' }],
        });
      }
      if (template !== undefined && templateId !== container.templateId) refuseWithdrawn(template);
      if (there === undefined && templateId !== container.templateId) {
        throw new BerthError('state', 'That template is not on the server of this container.');
      }
      if (templateId !== container.templateId && !offers(plan, there?.name ?? '')) {
        throw new BerthError('plan_limit', 'The plan of this container does not include that template.');
      }
      return {
        volumeId: uuidv7(),
        templateId,
        keepOld: input.keepOld,
        reset: input.resetUsers ?? input.reset,
        ...(await releaseChoice(tx, container.id, input.release)),
        ...(input.sshKeys === undefined ? {} : { sshKeys: input.sshKeys }),
      };
    },
  });
}
