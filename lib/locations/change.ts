import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { BackupLocation, ChangeBackupLocation } from '#lib/contract/locations.ts';
import { asActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { nameTaken } from './create.ts';
import { putCredentials } from './credentials.ts';
import { findToChange } from './find.ts';
import { presentLocation } from './present.ts';

/** Changes what is said and leaves the rest. New credentials replace the old from the next backup on. */
export async function changeLocation(
  actor: Actor,
  id: string,
  { credentials, ...change }: z.infer<typeof ChangeBackupLocation>,
): Promise<BackupLocation> {
  authorize(actor, 'location.manage');
  return await nameTaken(() =>
    asActor(actor, async (tx) => {
      const before = await findToChange(tx, actor, id);
      await refuseStale('location', () => presentLocation(tx, actor, before));
      if (before.kind === 'directory' && (credentials !== undefined || change.appendOnly !== undefined)) {
        throw new BerthError(
          'invalid',
          'A directory of the server needs no credentials, and the server deletes there.',
        );
      }
      const credentialsRef = credentials && { credentialsRef: await putCredentials(tx, id, credentials) };
      const [row] = await tx
        .update(backupLocations)
        .set({ name: before.name, ...change, ...credentialsRef })
        .where(eq(backupLocations.id, id))
        .returning();
      if (row === undefined) throw new BerthError('not_found');
      const changed = [...Object.keys(change), ...(credentials === undefined ? [] : ['credentials'])];
      const target = { targetKind: 'backup-location', targetId: id, targetName: row.name };
      await writeAudit(tx, actor, { verb: 'location.manage', tenantId: row.tenantId, ...target, detail: { changed } });
      return await presentLocation(tx, actor, row);
    }),
  );
}
