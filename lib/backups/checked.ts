import { and, desc, eq, inArray, isNotNull, isNull, lte, ne, or } from 'drizzle-orm';
import type { ActionResult } from '#lib/contract/agent.ts';
import type { Finding } from '#lib/contract/integrity.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { repositoryChecks } from '#lib/db/schema/repository-checks.ts';
import { publish } from '#lib/events/publish.ts';

const dayMs = 24 * 3_600_000;
/** One that could not be done is tried again so soon. */
const againMs = 3_600_000;
const keptFindings = 30;

export type Place = { repositoryId: string; hostId: string; tenantId: string };
/** As many as an agent takes; what is beyond it keeps for as long as it is there. */
const mostOthers = 20_000;
type Part = { n: number; of: number };

/** The backups that lie in a repository as one host reaches it: of a directory those it made itself, for the others are out of reach, not damaged. */
export async function backupsThere(tx: Tx, { repositoryId, hostId }: Place) {
  const rows = await tx
    .select({ backup: backups })
    .from(backups)
    .innerJoin(containers, eq(containers.id, backups.containerId))
    .innerJoin(operations, eq(operations.id, backups.operationId))
    .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
    .innerJoin(backupLocations, eq(backupLocations.id, repositories.locationId))
    .where(
      and(
        eq(backups.repositoryId, repositoryId),
        eq(containers.hostId, hostId),
        or(ne(backupLocations.kind, 'directory'), eq(operations.hostId, hostId)),
        inArray(backups.state, ['complete', 'removed']),
      ),
    );
  return rows.flatMap(({ backup }) =>
    backup.resticSnapshotId === null ? [] : [{ backup, resticSnapshotId: backup.resticSnapshotId }],
  );
}

/** Snapshots in a repository that are not among these: other hosts' or out of this one's reach, not deleted. */
export async function snapshotsBeyond(tx: Tx, repositoryId: string, these: readonly string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: backups.resticSnapshotId })
    .from(backups)
    .where(
      and(
        eq(backups.repositoryId, repositoryId),
        inArray(backups.state, ['running', 'complete', 'removed', 'deleting']),
        isNotNull(backups.resticSnapshotId),
      ),
    )
    .orderBy(desc(backups.createdAt));
  const known = new Set(these);
  return rows.flatMap(({ id }) => (id === null || known.has(id) ? [] : [id])).slice(0, mostOthers);
}

const at = ({ repositoryId, hostId }: Place) =>
  and(eq(repositoryChecks.repositoryId, repositoryId), eq(repositoryChecks.hostId, hostId));

export async function checkRow(tx: Tx, place: Place) {
  const now = new Date();
  await tx
    .insert(repositoryChecks)
    .values({ ...place, nextAt: new Date(now.getTime() + dayMs) })
    .onConflictDoNothing();
  const [row] = await tx.select().from(repositoryChecks).where(at(place)).for('update');
  if (row === undefined) throw new Error('the row just written is gone');
  return row;
}

/** Writes what a check of a part has brought: of each backup whether it is whole. Who has to hear of damage does by {@link tellOfDamage}. */
export async function noteChecked(
  tx: Tx,
  place: Place,
  part: Part,
  startedAt: Date,
  result: ActionResult<'backup.check'>,
): Promise<{ damaged: number; healed: number }> {
  const row = await checkRow(tx, place);
  const checkedAt = new Date(result.checkedAt);
  const there = await backupsThere(tx, place);
  const missing = new Map(result.damaged.map((one) => [one.resticSnapshotId, one.missing]));
  // Those that were lost before are looked at in every part.
  const lostLayers = new Set(result.layersLost);
  let [damaged, healed] = [0, 0];
  for (const { backup, resticSnapshotId } of there) {
    const layers = (backup.template?.layers ?? []).filter((digest) => lostLayers.has(digest));
    const lacks =
      missing.get(resticSnapshotId) ?? (layers.length > 0 ? ['the system files of its template'] : undefined);
    if (lacks !== undefined) {
      damaged += 1;
      await tx
        .update(backups)
        .set({ health: 'damaged', healthAt: checkedAt, missing: lacks })
        .where(eq(backups.id, backup.id));
    } else if (backup.health === 'damaged') {
      healed += 1;
      await tx
        .update(backups)
        .set({ health: 'whole', healthAt: checkedAt, missing: null, damageToldAt: null })
        .where(eq(backups.id, backup.id));
    }
  }
  const roundStartedAt = part.n === 1 ? startedAt : row.roundStartedAt;
  const ended = part.n === part.of;
  if (ended && roundStartedAt !== null)
    await confirmWhole(
      tx,
      there.map(({ backup }) => backup.id),
      roundStartedAt,
    );
  const found: (Finding & { at: string })[] = result.found.map((one) => ({ ...one, at: result.checkedAt }));
  await tx
    .update(repositoryChecks)
    .set({
      nextPart: ended ? 1 : part.n + 1,
      nextAt: new Date(checkedAt.getTime() + dayMs),
      lastAt: checkedAt,
      roundStartedAt,
      roundEndedAt: ended && roundStartedAt !== null ? checkedAt : row.roundEndedAt,
      problem: null,
      found: [...found, ...row.found].slice(0, keptFindings),
      layersLost: [...lostLayers],
    })
    .where(at(place));
  if (damaged > 0 || healed > 0) await publish(tx, { type: 'backup', tenantId: place.tenantId });
  return { damaged, healed };
}

/** All of it has been read since the round began, so what was there then and is not damaged is whole since. */
async function confirmWhole(tx: Tx, ids: readonly string[], since: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(backups)
    .set({ health: 'whole', healthAt: since })
    .where(
      and(
        inArray(backups.id, [...ids]),
        inArray(backups.health, ['whole', 'unchecked']),
        lte(backups.createdAt, since),
        or(isNull(backups.healthAt), lte(backups.healthAt, since)),
      ),
    );
}

/** A check that could not be done says nothing about the backups; it is tried again soon. */
export async function noteNotChecked(tx: Tx, place: Place, problem: string): Promise<void> {
  await checkRow(tx, place);
  await tx
    .update(repositoryChecks)
    .set({ problem, nextAt: new Date(Date.now() + againMs) })
    .where(at(place));
}
