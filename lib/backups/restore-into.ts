import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { RestoreInto } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { releaseChoice } from '#lib/operations/make-room.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { takeConsent } from './consents.ts';
import { backupToUse, completeBackup } from './find.ts';

/**
 * Restores a backup into a container of another tenant; the container's present files are kept for undo. Only with a consent of the
 * backup's tenant for this very backup and container, which is used up (`forbidden` without). Both tenants find it in their audit
 * record.
 */
export async function restoreBackupInto(
  actor: Actor,
  backupId: string,
  input: z.infer<typeof RestoreInto>,
): Promise<Operation> {
  authorize(actor, 'backup.restore-into');
  const { containerId } = input;
  await backupToUse(actor, backupId, 'backup.restore-into');
  return await requestOperation(actor, {
    kind: 'restore-into',
    containerId,
    prepare: async (tx, { container }, operationId) => {
      const row = await completeBackup(tx, backupId, 'update');
      if (row.tenantId === container.tenantId) {
        throw new BerthError('invalid', 'The container is of the same tenant, whose own business this is.');
      }
      const consent = await takeConsent(tx, { backupId, containerId }, operationId);
      await writeAudit(tx, actor, {
        verb: 'backup.restore-into',
        tenantId: row.tenantId,
        targetKind: 'backup',
        targetId: backupId,
        detail: { operationId, consentId: consent.id, consentBy: consent.grantedByName, containerId },
      });
      return {
        ...(await releaseChoice(tx, container.id, input.release)),
        ...{ backupId, consentId: consent.id, volumeId: uuidv7() },
        templateId: row.templateId ?? container.templateId,
        template: row.template,
      };
    },
  });
}
