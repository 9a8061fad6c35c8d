import { desc, eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { BackupCare, SetBackupCare, TestEvery, TestReport } from '#lib/contract/backup-care.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { AroundCommands, AroundOutcomes, InsideCommand } from '#lib/contract/integrity.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupCare, backupTests } from '#lib/db/schema/backup-care.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { backupFor } from './find.ts';
import { factsFor } from './settings.ts';

const dayMs = 24 * 3_600_000;
/** Until a person decides otherwise. */
const noCommands: AroundCommands = { before: null, after: null, ifBeforeFails: 'fail' };
const usual = {
  commands: null,
  testEvery: 'month' as TestEvery,
  probe: null,
  nextTestAt: null,
  failures: 0,
  problem: null,
};
const everyDays = { week: 7, month: 30 } as const;

/** When the test after one at `last` is due; null when there is none by itself. */
export function nextTest(every: TestEvery, last: Date): Date | null {
  return every === 'never' ? null : new Date(last.getTime() + everyDays[every] * dayMs);
}

/** When its backups are tested, by what, and how that went. */
export async function getBackupCare(actor: Actor, containerId: string): Promise<BackupCare> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => {
    await factsFor(tx, actor, containerId, 'backup.read', false);
    return await shown(tx, containerId);
  });
}

/** Changes it; what is absent stays. */
export async function setBackupCare(actor: Actor, containerId: string, input: SetBackupCare): Promise<BackupCare> {
  authorize(actor, 'backup.configure');
  return await asActor(actor, async (tx) => {
    const { container } = await factsFor(tx, actor, containerId, 'backup.configure', true);
    if (container.deletedAt !== null) throw new BerthError('state', 'The container is deleted.');
    await refuseStale('care', () => shown(tx, containerId));
    const [row] = await tx.select().from(backupCare).where(eq(backupCare.containerId, containerId)).for('update');
    const {
      testEvery = row?.testEvery ?? usual.testEvery,
      probe = row?.probe ?? null,
      commands = row?.commands ?? null,
    } = input;
    const last = await lastTest(tx, containerId);
    const next = nextTest(testEvery, last?.testedAt ?? new Date(Date.now() - (everyDays.month - 1) * dayMs));
    const values = { testEvery, probe, commands, nextTestAt: row?.testEvery === testEvery ? row.nextTestAt : next };
    const { tenantId } = container;
    await tx
      .insert(backupCare)
      .values({ containerId, tenantId, ...values })
      .onConflictDoUpdate({ target: backupCare.containerId, set: values });
    await writeAudit(tx, actor, {
      verb: 'backup.care',
      tenantId,
      targetKind: 'container',
      targetId: containerId,
      targetName: container.name,
      before: row === undefined ? {} : recorded(row),
      after: recorded(values),
    });
    return await shown(tx, containerId);
  });
}

/** The proof of the latest test of a backup. Throws `not_found` when it was never tested. */
export async function getBackupTest(actor: Actor, backupId: string): Promise<TestReport> {
  authorize(actor, 'backup.test');
  return await asActor(actor, async (tx) => {
    await backupFor(tx, actor, backupId, 'backup.test');
    const [row] = await tx
      .select({ report: backupTests.report })
      .from(backupTests)
      .where(eq(backupTests.backupId, backupId))
      .orderBy(desc(backupTests.testedAt))
      .limit(1);
    if (row === undefined) throw new BerthError('not_found', 'It was not tested yet.');
    return row.report;
  });
}

/** What the commands around a backup printed. Throws `not_found` when there were none. */
export async function getBackupCommands(actor: Actor, backupId: string): Promise<AroundOutcomes> {
  authorize(actor, 'backup.test');
  return await asActor(actor, async (tx) => {
    const { row } = await backupFor(tx, actor, backupId, 'backup.test');
    if (row.commands === null) throw new BerthError('not_found', 'No command was run around it.');
    return row.commands;
  });
}

async function lastTest(tx: Tx, containerId: string) {
  const [row] = await tx
    .select()
    .from(backupTests)
    .where(eq(backupTests.containerId, containerId))
    .orderBy(desc(backupTests.testedAt))
    .limit(1);
  return row;
}

async function shown(tx: Tx, containerId: string): Promise<BackupCare> {
  const [row] = await tx.select().from(backupCare).where(eq(backupCare.containerId, containerId));
  const last = await lastTest(tx, containerId);
  const { testEvery, probe, nextTestAt, failures, problem } = row ?? usual;
  const commands = row?.commands ?? noCommands;
  return {
    ...{ testEvery, probe, commands, failures, problem },
    nextTestAt: nextTestAt?.toISOString() ?? null,
    last: last === undefined ? null : { at: last.testedAt.toISOString(), passed: last.passed, why: last.report.why },
  };
}

/** What is run around a backup that is asked for now, as part of an operation's input; nothing where there is nothing. */
export async function commandsAround(tx: Tx, containerId: string): Promise<{ commands?: AroundCommands }> {
  const [row] = await tx.select().from(backupCare).where(eq(backupCare.containerId, containerId));
  const commands = row?.commands ?? noCommands;
  return commands.before === null && commands.after === null ? {} : { commands };
}

/** Of a command the record has its program alone: the rest may be nobody else's. */
function recorded({
  testEvery,
  probe,
  commands,
}: Pick<typeof backupCare.$inferSelect, 'testEvery' | 'probe' | 'commands'>) {
  const program = (command: InsideCommand | null | undefined) => command?.argv[0] ?? null;
  const { before, after, ifBeforeFails } = commands ?? noCommands;
  return { testEvery, ifBeforeFails, probe: program(probe), before: program(before), after: program(after) };
}
