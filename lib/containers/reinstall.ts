import { and, eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Reinstall } from '#lib/contract/rest.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { releaseChoice } from '#lib/operations/make-room.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { quotaRow, resellerOf } from '#lib/resellers/quota.ts';
import { refuseForeignTemplate } from '#lib/resellers/refuse.ts';

/**
 * A fresh system on the chosen template, by default the present one. The present files are kept for undo and shown at
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
    prepare: async (tx, { container }) => {
      const templateId = input.templateId ?? container.templateId;
      if (templateId !== container.templateId) {
        const resellerId = await resellerOf(tx, container.tenantId);
        if (resellerId !== null) refuseForeignTemplate(await quotaRow(tx, resellerId), templateId);
      }
      const [there] = await tx
        .select()
        .from(hostTemplates)
        .where(and(eq(hostTemplates.hostId, container.hostId), eq(hostTemplates.templateId, templateId)));
      const [template] = await tx.select().from(templates).where(eq(templates.id, templateId));
      if (template?.name === importedTemplate) {
        throw new BerthError('invalid', 'An imported system cannot be made afresh: choose a template.', {
          issues: [{ path: 'templateId', message: 'choose a template' }],
        });
      }
      if (there === undefined && templateId !== container.templateId) {
        throw new BerthError('state', 'That template is not on the server of this container.');
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
