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

const maintenance = systemActor('maintenance');

export type PruneOrder = {
  db: Db;
  keys: RepositoryKeys;
  /** Name of a location of the provider's, or its id. */
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
 * of the operator's choice. Each backup is marked when it is gone, so a run that is broken off is simply run again. Returns how many.
 */
export async function pruneLocation(order: PruneOrder): Promise<number> {
  const { db, keys, say } = order;
  const due = await withActor(db, maintenance, async (tx) => {
    const places = await tx.select().from(backupLocations).where(isNull(backupLocations.removedAt));
    const found = places.filter((one) => one.id === order.location || one.name === order.location);
    const [place] = found;
    if (place === undefined) throw new Error(`There is no location "${order.location}".`);
    if (found.length > 1) throw new Error(`Several locations are called "${order.location}": name its id.`);
    return await tx
      .select({ backup: backups })
      .from(backups)
      .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
      .where(and(eq(repositories.locationId, place.id), eq(backups.state, 'pending-prune')));
  });
  const agentDir = mkdtempSync(join(order.workDir, 'prune-'));
  try {
    const agent = createBackups({ ...order.agent, agentDir, backupRoot: agentDir, hostId: 'maintenance' });
    for (const { backup } of due) {
      const access = await withActor(db, maintenance, (tx) =>
        repositoryAccess(tx, backup.tenantId, keys, { repositoryId: backup.repositoryId }),
      );
      const { location } = access.repository;
      if (location.kind === 'directory') throw new Error('A directory is pruned by its host.');
      const { repositoryPassword: password, recoveryPassword } = access.secrets;
      const there = { ...location, appendOnly: false, ...(order.url === undefined ? {} : { url: order.url }) };
      const repository = { tenantId: backup.tenantId, location: there, credentials: order.credentials };
      await agent.forget({ ...repository, password, recoveryPassword }, backup.resticSnapshotId, backup.id);
      await withActor(db, maintenance, async (tx) => {
        await tx.update(backups).set({ state: 'deleted' }).where(eq(backups.id, backup.id));
        const target = { targetKind: 'backup', targetId: backup.id };
        await writeAudit(tx, maintenance, { verb: 'backup.prune', tenantId: backup.tenantId, ...target });
      });
      say(`${backup.id} is gone`);
    }
    return due.length;
  } finally {
    rmSync(agentDir, { recursive: true, force: true });
  }
}
