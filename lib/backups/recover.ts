import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Backup } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { publish } from '#lib/events/publish.ts';
import { backupFor, shownBackup } from './find.ts';
import { comeBack, limitReached } from './limits.ts';
import { backupUse } from './use.ts';

/** Has a deleted backup back while that lasts. It counts again: throws `plan_limit` where there is no room for it. */
export async function recoverBackup(actor: Actor, id: string): Promise<Backup> {
  authorize(actor, 'backup.delete');
  return await asActor(actor, async (tx) => {
    const { row, facts } = await backupFor(tx, actor, id, 'backup.delete');
    if (row.state !== 'removed')
      throw new BerthError('state', 'It is not among the deleted ones that can be had back.');
    const beyond = limitReached(facts, await backupUse(tx, facts.container));
    if (beyond !== null) throw beyond;
    await comeBack(tx, row.containerId, [id]);
    await writeAudit(tx, actor, {
      verb: 'backup.recover',
      tenantId: row.tenantId,
      targetKind: 'backup',
      targetId: id,
      targetName: facts.container.name,
    });
    await publish(tx, { type: 'backup', tenantId: row.tenantId, containerId: row.containerId });
    return await shownBackup(tx, id);
  });
}
