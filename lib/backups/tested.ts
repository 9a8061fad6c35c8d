import { and, eq, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import type { ContainerRow } from '#lib/containers/facts.ts';
import type { TestReport } from '#lib/contract/backup-care.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupCare, backupTests } from '#lib/db/schema/backup-care.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { backupTestFailedMail } from '#lib/mail/messages.ts';
import { mailOwners } from '#lib/mail/owners.ts';
import { nextTest } from './care.ts';

/** One that could not be done is tried again so late: what was in the way (room, most of all) takes its time. */
const againMs = 6 * 3_600_000;

async function careOf(tx: Tx, { id: containerId, tenantId }: Pick<ContainerRow, 'id' | 'tenantId'>) {
  await tx.insert(backupCare).values({ containerId, tenantId }).onConflictDoNothing();
  const [row] = await tx.select().from(backupCare).where(eq(backupCare.containerId, containerId)).for('update');
  if (row === undefined) throw new Error('the row just written is gone');
  return row;
}

/** Writes the proof down. Who has to hear of one that was not passed does by {@link tellOfTests}. */
export async function noteTested(
  tx: Tx,
  container: Pick<ContainerRow, 'id' | 'tenantId'>,
  about: { operationId: string; backupId: string },
  report: TestReport,
): Promise<void> {
  const care = await careOf(tx, container);
  const testedAt = new Date(report.testedAt);
  const { passed } = report;
  await tx
    .insert(backupTests)
    .values({
      ...{ id: about.operationId, backupId: about.backupId, tenantId: container.tenantId, containerId: container.id },
      ...{ passed, testedAt, report },
    })
    .onConflictDoUpdate({ target: backupTests.id, set: { passed, testedAt, report } });
  await tx
    .update(backupCare)
    .set({
      nextTestAt: nextTest(care.testEvery, testedAt),
      failures: passed ? 0 : care.failures + 1,
      problem: null,
    })
    .where(eq(backupCare.containerId, container.id));
}

/** The test could not be done, which says nothing of the backup. */
export async function noteNotTested(
  tx: Tx,
  container: Pick<ContainerRow, 'id' | 'tenantId'>,
  problem: string,
): Promise<void> {
  const care = await careOf(tx, container);
  const nextTestAt = care.testEvery === 'never' ? null : new Date(Date.now() + againMs);
  await tx.update(backupCare).set({ problem, nextTestAt }).where(eq(backupCare.containerId, container.id));
}

/**
 * Tells the tenant's owners and the provider's administrators of backups that did not pass a test. Several workers may do this at the same
 * time; each test is told of once.
 */
export async function tellOfTests(actor: Actor, baseUrl: string): Promise<void> {
  await asActor(actor, async (tx) => {
    const found = await tx
      .select({ test: backupTests, backup: backups, container: containers.name })
      .from(backupTests)
      .innerJoin(backups, eq(backups.id, backupTests.backupId))
      .innerJoin(containers, eq(containers.id, backupTests.containerId))
      .where(and(eq(backupTests.passed, false), isNull(backupTests.toldAt)))
      .limit(100)
      .for('update', { of: backupTests, skipLocked: true });
    for (const { test, backup, container } of found) {
      const why = test.report.why ?? 'It did not come up.';
      for (const whose of [test.tenantId, null]) {
        await mailOwners(
          tx,
          whose,
          ({ name, email }, at) => {
            const link = `${at}/containers/${test.containerId}/backups`;
            return backupTestFailedMail(email, { name, container, madeAt: backup.createdAt, why, link });
          },
          baseUrl,
        );
      }
      await tx.update(backupTests).set({ toldAt: new Date() }).where(eq(backupTests.id, test.id));
    }
  });
}
