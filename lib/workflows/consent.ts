import { and, eq } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import type { backups } from '#lib/db/schema/backups.ts';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { containerOf, type Work } from './work.ts';

/** Looks again, from the rows: the backup's tenant has consented, and this very operation has used that. */
export async function requireConsent(tx: Tx, work: Work, backup: typeof backups.$inferSelect): Promise<void> {
  const [row] = await tx
    .select({ id: restoreConsents.id })
    .from(restoreConsents)
    .where(
      and(
        eq(restoreConsents.operationId, work.operation.id),
        eq(restoreConsents.tenantId, backup.tenantId),
        eq(restoreConsents.backupId, backup.id),
        eq(restoreConsents.containerId, containerOf(work).id),
      ),
    );
  if (row === undefined || work.operation.kind !== 'restore-into') {
    throw new BerthError('forbidden', 'The tenant has not consented to this backup being restored there.');
  }
}
