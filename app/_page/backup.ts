import { notFound } from 'next/navigation';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { getBackup } from '#lib/backups/list.ts';
import type { Backup } from '#lib/contract/backups.ts';
import { found } from './reader.ts';

/** A complete backup of the container, for whoever may look into it; else the page is not there. */
export async function backupFor(actor: UserActor, containerId: string, backupId: string): Promise<Backup> {
  const backup = await found(getBackup(actor, backupId));
  if (!hasPermission(actor, 'file.read') || backup.containerId !== containerId || backup.state !== 'complete')
    notFound();
  return backup;
}
