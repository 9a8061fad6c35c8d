import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor, UserActor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { confirmPerson } from '#lib/auth/confirm-password.ts';
import { type ContainerFacts, containerFacts } from '#lib/containers/facts.ts';
import type { BackupSettings, SetBackupSettings } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { deletedDays } from './limits.ts';
import { backupUse } from './use.ts';

/** How a container's backups are kept, and how much of the plan they take. */
export async function getBackupSettings(actor: Actor, containerId: string): Promise<BackupSettings> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => shown(tx, await factsFor(tx, actor, containerId, 'backup.read', false)));
}

/**
 * Changes them; what is absent stays. To have deleted backups for a shorter time needs the password (`invalid` without), and counts for
 * those deleted from now on. More days than the plan's are `plan_limit`.
 */
export async function setBackupSettings(
  actor: UserActor,
  containerId: string,
  input: z.infer<typeof SetBackupSettings>,
): Promise<BackupSettings> {
  authorize(actor, 'backup.configure');
  const before = await asActor(actor, (tx) => factsFor(tx, actor, containerId, 'backup.configure', false));
  const { deletedDays: days } = input;
  if (days !== undefined && days > before.plan.deletedBackupDays) {
    throw new BerthError('plan_limit', `The plan keeps deleted backups for ${before.plan.deletedBackupDays} days.`);
  }
  const confirmed = days !== undefined && days < deletedDays(before);
  if (confirmed) await confirmPerson(actor, input.password ?? '', 'password');
  return await asActor(actor, async (tx) => {
    const facts = await factsFor(tx, actor, containerId, 'backup.configure', true);
    await refuseStale('settings', () => shown(tx, facts));
    // Between the two somebody else may have made it longer.
    if (days !== undefined && days < deletedDays(facts) && !confirmed) throw new BerthError('stale');
    const values = {
      atBackupLimit: input.atLimit ?? facts.container.atBackupLimit,
      deletedBackupDays: days ?? facts.container.deletedBackupDays,
    };
    await tx.update(containers).set(values).where(eq(containers.id, containerId));
    await writeAudit(tx, actor, {
      verb: 'backup.configure',
      tenantId: facts.container.tenantId,
      targetKind: 'container',
      targetId: containerId,
      targetName: facts.container.name,
      before: { atBackupLimit: facts.container.atBackupLimit, deletedBackupDays: facts.container.deletedBackupDays },
      after: values,
    });
    return await shown(tx, { ...facts, container: { ...facts.container, ...values } });
  });
}

export async function factsFor(
  tx: Tx,
  actor: Actor,
  containerId: string,
  permission: Permission,
  lock: boolean,
): Promise<ContainerFacts> {
  const facts = await containerFacts(tx, containerId, { lock });
  if (facts === undefined) throw new BerthError('not_found');
  authorize(actor, permission, ofContainer(facts.container));
  return facts;
}

async function shown(tx: Tx, facts: ContainerFacts): Promise<BackupSettings> {
  const { container, plan } = facts;
  const { backups, bytes, removed } = await backupUse(tx, container);
  const { maxBackups, maxBackupBytes, deletedBackupDays } = plan;
  return {
    atLimit: container.atBackupLimit,
    deletedDays: deletedDays(facts),
    plan: { maxBackups, maxBackupBytes, deletedBackupDays },
    used: { backups, bytes, bytesAt: container.backupBytesAt?.toISOString() ?? null, removed },
  };
}
