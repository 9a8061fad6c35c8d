import { and, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { BackupCheck } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { checkDays } from '#lib/contract/integrity.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { repositoryChecks } from '#lib/db/schema/repository-checks.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { factsFor } from './settings.ts';

/** Where a container's newest backup lies; undefined when it has none. */
async function repositoryOfNewest(tx: Tx, containerId: string): Promise<string | undefined> {
  const [newest] = await tx
    .select({ repositoryId: backups.repositoryId })
    .from(backups)
    .where(
      and(
        eq(backups.containerId, containerId),
        inArray(backups.state, ['complete', 'removed']),
        isNotNull(backups.resticSnapshotId),
      ),
    )
    .orderBy(desc(backups.createdAt))
    .limit(1);
  return newest?.repositoryId;
}

/** How the place where a container's backups lie is read back, and what was found there. */
export async function getBackupCheck(actor: Actor, containerId: string): Promise<BackupCheck> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => {
    const { container } = await factsFor(tx, actor, containerId, 'backup.read', false);
    const repositoryId = await repositoryOfNewest(tx, containerId);
    const [row] =
      repositoryId === undefined
        ? []
        : await tx
            .select()
            .from(repositoryChecks)
            .where(and(eq(repositoryChecks.repositoryId, repositoryId), eq(repositoryChecks.hostId, container.hostId)));
    return {
      days: checkDays,
      part: { done: (row?.nextPart ?? 1) - 1, of: checkDays },
      lastAt: row?.lastAt?.toISOString() ?? null,
      roundEndedAt: row?.roundEndedAt?.toISOString() ?? null,
      nextAt: row?.nextAt.toISOString() ?? null,
      problem: row?.problem ?? null,
      found: row?.found ?? [],
    };
  });
}

/** Reads everything back now, where the container's newest backup lies. Throws `state` when there is no backup. */
export async function checkBackups(actor: Actor, containerId: string): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'backup-check',
    containerId,
    prepare: async (tx, { container }) => {
      const repositoryId = await repositoryOfNewest(tx, containerId);
      if (repositoryId === undefined) throw new BerthError('state', 'There is no backup to check.');
      const same = await activeCheck(tx, repositoryId, container.hostId);
      if (same !== undefined) throw new BerthError('already', undefined, { operationId: same });
      return { repositoryId, part: { n: 1, of: 1 } };
    },
  });
}

/** The check of a repository by a host that is under way or in line. Until the transaction ends nobody else asks for one. */
export async function activeCheck(tx: Tx, repositoryId: string, hostId: string): Promise<string | undefined> {
  await takeTurn(tx, `check:${repositoryId}:${hostId}`);
  const [row] = await tx
    .select({ id: operations.id })
    .from(operations)
    .where(
      and(
        eq(operations.kind, 'backup-check'),
        eq(operations.hostId, hostId),
        inArray(operations.state, [...activeOperationStates]),
        eq(sql`${operations.input}->>'repositoryId'`, repositoryId),
      ),
    );
  return row?.id;
}
