import { eq } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { asActor, type Tx } from '../db/client.ts';
import { backups } from '../db/schema/backups.ts';
import { containers } from '../db/schema/containers.ts';
import { operations } from '../db/schema/operations.ts';
import { logError } from '../http/log.ts';
import { writeAudit } from './write.ts';

/** What somebody was refused: the right they lacked, and the address below /api/v1 with its id, if it has one. */
export type Denied = { verb: string; path: string; id?: string | undefined };

/**
 * Records that somebody was refused for want of a right. Whom the thing belongs to reads it too, so a tenant sees who of the
 * provider tried to look inside. Looked up as the actor: of a thing they may not know of, not even that it exists, the record
 * keeps nothing but the attempt. Never throws: a refusal stands whether it can be written down or not.
 */
export async function recordDenied(actor: UserActor, { verb, path, id }: Denied): Promise<void> {
  const area = path.split('/')[1] ?? '';
  try {
    await asActor(actor, async (tx) => {
      const target = id === undefined ? undefined : await find(tx, area, id);
      await writeAudit(tx, actor, {
        verb,
        outcome: 'denied',
        tenantId: target === undefined ? actor.tenantId : target.tenantId,
        targetKind: area.replace(/s$/, ''),
        targetId: target === undefined ? null : (id ?? null),
        targetName: target?.name ?? null,
      });
    });
  } catch (error) {
    logError('audit', actor.userId, error);
  }
}

async function find(
  tx: Tx,
  area: string,
  id: string,
): Promise<{ tenantId: string | null; name: string | null } | undefined> {
  if (area === 'containers') {
    const { tenantId, name } = containers;
    return (await tx.select({ tenantId, name }).from(containers).where(eq(containers.id, id)))[0];
  }
  const table = area === 'operations' ? operations : area === 'backups' ? backups : undefined;
  if (table === undefined) return undefined;
  const [row] = await tx
    .select({ tenantId: table.tenantId, name: containers.name })
    .from(table)
    .leftJoin(containers, eq(containers.id, table.containerId))
    .where(eq(table.id, id));
  return row;
}
