import { and, eq, isNull } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';

/**
 * What the input of an operation that keeps replaced files says of those kept before: which to release should they become too
 * many; nothing said, it will be the oldest. Throws `invalid` for one that is not kept of this container.
 */
export async function releaseChoice(
  tx: Tx,
  containerId: string,
  release: string | undefined,
): Promise<{ releaseId?: string }> {
  if (release === undefined) return {};
  const [kept] = await tx
    .select({ id: retainedVolumes.id })
    .from(retainedVolumes)
    .where(
      and(
        eq(retainedVolumes.id, release),
        eq(retainedVolumes.containerId, containerId),
        isNull(retainedVolumes.consumedAt),
      ),
    );
  if (kept === undefined) {
    throw new BerthError('invalid', 'The files to release are not kept any more.', {
      issues: [{ path: 'release', message: 'is not kept for undo of this container' }],
    });
  }
  return { releaseId: kept.id };
}
