import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, isNull } from 'drizzle-orm';
import { createBackups } from '#agent/backup/apply.ts';
import type { AgentConfig } from '#agent/config.ts';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { type RepositoryKeys, repositoryAccess } from '#lib/backups/repository.ts';
import { type Db, withActor } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';

type BackupRow = typeof backups.$inferSelect;
const maintenance = systemActor('maintenance');

export type PruneOrder = {
  db: Db;
  keys: RepositoryKeys;
  /** Name of a location of the provider's, or the id of any. */
  location: string;
  /** Of the maintenance role: may delete there. Neither the panel nor any host keeps them. */
  credentials: { user: string; password: string };
  /** Where that role reaches the location, if elsewhere than hosts do. */
  url?: string;
  /** restic, and which networks that are not public may be reached. */
  agent: Pick<AgentConfig, 'engineDir' | 'backupNetworks'>;
  workDir: string;
  say(line: string): void;
};

/**
 * Deletes at an append-only location what has been deleted in the panel: by credentials of its own, in this process, on a machine
 * of the operator's choice. They are marked when they are gone, a tenant's together, so a run that is broken off is simply run again. Returns how many.
 */
export async function pruneLocation(order: PruneOrder): Promise<number> {
  const { db, keys, say } = order;
  const due = await withActor(db, maintenance, async (tx) => {
    const places = await tx.select().from(backupLocations).where(isNull(backupLocations.removedAt));
    // By name the provider's alone: a tenant names its own as it likes, and would be sent what may delete elsewhere.
    const named = (one: (typeof places)[number]) => one.tenantId === null && one.name === order.location;
    const place = places.find((one) => one.id === order.location) ?? places.find(named);
    if (place === undefined) throw new Error(`There is no location "${order.location}".`);
    const rows = await tx
      .select({ backup: backups })
      .from(backups)
      .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
      .where(and(eq(repositories.locationId, place.id), eq(backups.state, 'pending-prune')));
    return rows.map((row) => row.backup);
  });
  const agentDir = mkdtempSync(join(order.workDir, 'prune-'));
  try {
    const agent = createBackups({ ...order.agent, agentDir, backupRoot: agentDir, hostId: 'maintenance' });
    for (const rows of Map.groupBy(due, ({ repositoryId }) => repositoryId).values()) {
      const [{ repositoryId, tenantId }] = rows as [BackupRow];
      const access = await withActor(db, maintenance, (tx) => repositoryAccess(tx, tenantId, keys, { repositoryId }));
      const { location } = access.repository;
      if (location.kind === 'directory') throw new Error('A directory is pruned by its host.');
      const { repositoryPassword: password, recoveryPassword } = access.secrets;
      const there = { ...location, appendOnly: false, ...(order.url === undefined ? {} : { url: order.url }) };
      const repository = { tenantId, location: there, credentials: order.credentials, password, recoveryPassword };
      say(`Pruning ${rows.length} of tenant ${tenantId}`);
      await agent.forgetAll(
        repository,
        rows.map(({ id: backupId, resticSnapshotId }) => ({ backupId, resticSnapshotId })),
      );
      await withActor(db, maintenance, async (tx) => {
        for (const { id } of rows) {
          await tx.update(backups).set({ state: 'deleted', purgeAt: null }).where(eq(backups.id, id));
          await writeAudit(tx, maintenance, { verb: 'backup.prune', tenantId, targetKind: 'backup', targetId: id });
        }
      });
    }
    return due.length;
  } finally {
    rmSync(agentDir, { recursive: true, force: true });
  }
}
