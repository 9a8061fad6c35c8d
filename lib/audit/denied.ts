import { eq } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { canSee } from '../access/authorize.ts';
import { asActor, type Tx } from '../db/client.ts';
import { backups } from '../db/schema/backups.ts';
import { containers } from '../db/schema/containers.ts';
import { operations } from '../db/schema/operations.ts';
import { snapshots } from '../db/schema/snapshots.ts';
import { tenants } from '../db/schema/tenants.ts';
import { accessConsents, tickets } from '../db/schema/tickets.ts';
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
      const target = id === undefined ? undefined : await known(tx, actor, area, id);
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

const hourMs = 3_600_000;
const drawn = new Map<string, number>();

/**
 * The same for a page that says no instead of showing what was asked for. Pages are drawn again and again by themselves: one person, right
 * and thing are recorded once an hour by this process.
 */
export async function recordDeniedPage(actor: UserActor, denied: Denied): Promise<void> {
  const key = `${actor.userId} ${denied.verb} ${denied.path} ${denied.id}`;
  const now = Date.now();
  for (const [one, at] of drawn) if (at < now - hourMs) drawn.delete(one);
  if (drawn.has(key)) return;
  drawn.set(key, now);
  await recordDenied(actor, denied);
}

type Target = { tenantId: string | null; containerId: string | null; name: string | null };

async function known(tx: Tx, actor: UserActor, area: string, id: string): Promise<Target | undefined> {
  const target = await find(tx, area, id);
  return target !== undefined && canSee(actor, target) ? target : undefined;
}

/** Things that belong to a tenant and are about a container. */
const ofContainers = { operations, backups, snapshots, 'access-consents': accessConsents };

async function find(tx: Tx, area: string, id: string): Promise<Target | undefined> {
  if (area === 'containers') {
    const { tenantId, name } = containers;
    return (
      await tx.select({ tenantId, containerId: containers.id, name }).from(containers).where(eq(containers.id, id))
    )[0];
  }
  if (area === 'tenants') {
    const [row] = await tx.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, id));
    return row && { tenantId: id, containerId: null, name: row.name };
  }
  if (area === 'tickets') {
    const { tenantId, containerId, number } = tickets;
    const [row] = await tx.select({ tenantId, containerId, number }).from(tickets).where(eq(tickets.id, id));
    return row && { tenantId: row.tenantId, containerId: row.containerId, name: `#${row.number}` };
  }
  if (!(area in ofContainers)) return undefined;
  const table = ofContainers[area as keyof typeof ofContainers];
  const [row] = await tx
    .select({ tenantId: table.tenantId, containerId: table.containerId, name: containers.name })
    .from(table)
    .leftJoin(containers, eq(containers.id, table.containerId))
    .where(eq(table.id, id));
  return row;
}
