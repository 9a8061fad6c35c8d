import { eq, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { systemActor, type UserActor } from '../access/actor.ts';
import { canSee, staffOf } from '../access/authorize.ts';
import { asActor, type Tx } from '../db/client.ts';
import { backupLocations, backups } from '../db/schema/backups.ts';
import { containers } from '../db/schema/containers.ts';
import { handovers } from '../db/schema/handovers.ts';
import { identityProviders } from '../db/schema/identity-providers.ts';
import { imports } from '../db/schema/imports.ts';
import { operations } from '../db/schema/operations.ts';
import { roles } from '../db/schema/people.ts';
import { plans } from '../db/schema/plans.ts';
import { restoreConsents } from '../db/schema/restore-consents.ts';
import { snapshots } from '../db/schema/snapshots.ts';
import { tenants } from '../db/schema/tenants.ts';
import { accessConsents, tickets } from '../db/schema/tickets.ts';
import { webhookDeliveries, webhooks } from '../db/schema/webhooks.ts';
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

/** What a person was recorded for in the last hour, by this process; of each at most `most` things, so that nobody fills the record. */
class Hourly {
  readonly #seen = new Map<string, Map<string, number>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  isNew({ userId }: UserActor, { verb, path, id }: Denied): boolean {
    const now = Date.now();
    for (const [user, seen] of this.#seen) {
      for (const [one, at] of seen) if (at < now - hourMs) seen.delete(one);
      if (seen.size === 0) this.#seen.delete(user);
    }
    const seen = this.#seen.get(userId) ?? new Map<string, number>();
    const key = `${verb} ${path} ${id}`;
    if (seen.has(key) || seen.size >= this.#most) return false;
    this.#seen.set(userId, seen.set(key, now));
    return true;
  }
}

const drawn = new Hourly(1000);
const unseen = new Hourly(100);

/**
 * The same for a page that says no instead of showing what was asked for. Pages are drawn again and again by themselves: one person, right
 * and thing are recorded once an hour by this process.
 */
export async function recordDeniedPage(actor: UserActor, denied: Denied): Promise<void> {
  if (drawn.isNew(actor, denied)) await recordDenied(actor, denied);
}

/**
 * The same for one of the staff, of the provider or of a reseller, who was told that there is no such thing, and there is one: somebody else's. Only
 * the provider reads it: who tried would learn from it that they were right, and whose it is has nothing to do with their house. Looked up with the
 * portal's own eyes; 100 things a person and hour are recorded at most. An answer must not wait for it, for that would tell the two apart.
 */
export async function recordUnseen(actor: UserActor, { verb, path, id }: Denied): Promise<void> {
  if (id === undefined || !isStaff(actor)) return;
  const area = path.split('/')[1] ?? '';
  try {
    await asActor(systemActor('audit'), async (tx) => {
      const target = await find(tx, area, id);
      if (target === undefined || canSee(actor, target) || !unseen.isNew(actor, { verb, path, id })) return;
      const about = { targetKind: area.replace(/s$/, ''), targetId: id, targetName: target.name };
      await writeAudit(tx, actor, { verb, outcome: 'denied', tenantId: null, ...about });
    });
  } catch (error) {
    logError('audit', actor.userId, error);
  }
}

function isStaff(actor: UserActor): boolean {
  const staff = staffOf(actor);
  return staff === 'all' || staff.length > 0;
}

type Target = { tenantId: string | null; containerId: string | null; name: string | null };

async function known(tx: Tx, actor: UserActor, area: string, id: string): Promise<Target | undefined> {
  const target = await find(tx, area, id);
  return target !== undefined && canSee(actor, target) ? target : undefined;
}

type Look = (tx: Tx, id: string) => Promise<Target | undefined>;

/** Things that belong to a tenant and are about a container. */
const ofContainer =
  (
    table:
      | typeof operations
      | typeof backups
      | typeof snapshots
      | typeof accessConsents
      | typeof restoreConsents
      | typeof handovers,
  ): Look =>
  async (tx, id) => {
    const [row] = await tx
      .select({ tenantId: table.tenantId, containerId: table.containerId, name: containers.name })
      .from(table)
      .leftJoin(containers, eq(containers.id, table.containerId))
      .where(eq(table.id, id));
    return row;
  };

/** Things of a tenant or a reseller, by their own name; `tenantId` null: the provider's. */
const ofAccount =
  (
    table: typeof backupLocations | typeof roles | typeof webhooks | typeof webhookDeliveries | typeof imports,
    name?: PgColumn,
  ): Look =>
  async (tx, id) => {
    const named = name === undefined ? sql<null>`null` : sql<string>`${name}`;
    const [row] = await tx.select({ tenantId: table.tenantId, name: named }).from(table).where(eq(table.id, id));
    return row && { ...row, containerId: null };
  };
const ofReseller =
  (table: typeof plans | typeof identityProviders): Look =>
  async (tx, id) => {
    const [row] = await tx.select({ tenantId: table.resellerId, name: table.name }).from(table).where(eq(table.id, id));
    return row && { ...row, containerId: null };
  };

const container: Look = async (tx, id) => {
  const { tenantId, name } = containers;
  const [row] = await tx.select({ tenantId, name }).from(containers).where(eq(containers.id, id));
  return row && { ...row, containerId: id };
};
const account: Look = async (tx, id) => {
  const [row] = await tx.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, id));
  return row && { ...row, tenantId: id, containerId: null };
};
const ticket: Look = async (tx, id) => {
  const { tenantId, containerId, number } = tickets;
  const [row] = await tx.select({ tenantId, containerId, number }).from(tickets).where(eq(tickets.id, id));
  return row && { tenantId: row.tenantId, containerId: row.containerId, name: `#${row.number}` };
};

/** By the first part of an address. What is not here belongs to the provider, or to a person. */
export const looks: Readonly<Record<string, Look>> = {
  'access-consents': ofContainer(accessConsents),
  'backup-locations': ofAccount(backupLocations, backupLocations.name),
  backups: ofContainer(backups),
  brands: account,
  containers: container,
  exports: ofContainer(operations),
  handovers: ofContainer(handovers),
  'identity-providers': ofReseller(identityProviders),
  imports: ofAccount(imports),
  operations: ofContainer(operations),
  plans: ofReseller(plans),
  resellers: account,
  'restore-consents': ofContainer(restoreConsents),
  roles: ofAccount(roles, roles.title),
  snapshots: ofContainer(snapshots),
  tenants: account,
  tickets: ticket,
  'webhook-deliveries': ofAccount(webhookDeliveries),
  webhooks: ofAccount(webhooks),
};

const find = async (tx: Tx, area: string, id: string): Promise<Target | undefined> =>
  Object.hasOwn(looks, area) ? await looks[area]?.(tx, id) : undefined;
