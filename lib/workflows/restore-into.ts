import { eq } from 'drizzle-orm';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { restore } from './restore.ts';
import { containerChanged, type Workflow } from './work.ts';

/**
 * restore-into: as {@link restore}, of a backup of another tenant, whose consent the operation has used. Failed, it gives the consent
 * back: nothing of the backup is in the other's container then.
 */
export const restoreInto: Workflow<'restore-into'> = {
  kind: 'restore-into',
  steps: restore.steps,
  failed: async (tx, work) => {
    await tx
      .update(restoreConsents)
      .set({ usedAt: null, operationId: null })
      .where(eq(restoreConsents.operationId, work.operation.id));
  },
  events: containerChanged,
};
