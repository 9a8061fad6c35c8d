import { and, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import type { UserActor } from '#lib/access/actor.ts';
import { presentContainers, selectContainers } from '#lib/containers/present.ts';
import type { Service, ServiceVerb } from '#lib/contract/billing.ts';
import type { Container } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { type ServiceRow, serviceState } from './state.ts';

export type Found = {
  row: ServiceRow;
  service: Service;
  container: Container | null;
  /** Billing holds the container. */
  held: boolean;
  /** What its backups took when that was last looked at. */
  measured: number | null;
};

const order = newestFirst(billingServices.createdAt, billingServices.id);

/**
 * A reseller's service by its own number, locked until the transaction ends, so that what is asked about one is decided one after the
 * other. Another reseller's is `not_found`, as is one that nobody has: numbers are looked up within one reseller only.
 */
export async function lockService(tx: Tx, actor: UserActor, resellerId: string, externalId: string): Promise<Found> {
  const [row] = await tx.select().from(billingServices).where(named(resellerId, externalId)).for('update');
  if (row === undefined) throw new BerthError('not_found', 'There is no such service.');
  const [found] = await presentAll(tx, actor, [row]);
  if (found === undefined) throw new BerthError('not_found');
  return found;
}

export function named(resellerId: string, externalId: string): SQL | undefined {
  return and(eq(billingServices.resellerId, resellerId), eq(billingServices.externalId, externalId));
}

/** For the record of what billing does to a service. */
export function ofService({ id, tenantId, externalId }: ServiceRow, verb: ServiceVerb | 'create') {
  return { verb: `billing.${verb}`, tenantId, targetKind: 'service', targetId: id, targetName: externalId };
}

/** A page of a reseller's services, newest first, or the one of a number. */
export async function findServices(
  tx: Tx,
  actor: UserActor,
  resellerId: string,
  query: { externalServiceId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Found[]; nextCursor: string | null }> {
  const { externalServiceId, cursor, limit } = query;
  const which =
    externalServiceId === undefined ? eq(billingServices.resellerId, resellerId) : named(resellerId, externalServiceId);
  const rows = await tx
    .select()
    .from(billingServices)
    .where(and(which, order.after(cursor)))
    .orderBy(...order.by)
    .limit(limit + 1);
  const { page, nextCursor } = order.cut(rows, limit, (row) => ({ key: row.createdAt, id: row.id }));
  return { items: await presentAll(tx, actor, page), nextCursor };
}

/** Services with what their state follows from; the same few queries however many there are. */
async function presentAll(tx: Tx, actor: UserActor, rows: readonly ServiceRow[]): Promise<Found[]> {
  if (rows.length === 0) return [];
  const containerIds = rows.flatMap(({ containerId }) => containerId ?? []);
  const operationIds = rows.flatMap(({ operationId }) => operationId ?? []);
  const withNames =
    containerIds.length === 0 ? [] : await selectContainers(tx).where(inArray(containers.id, containerIds));
  const shown = await presentContainers(tx, actor, withNames);
  const held = await heldByBilling(tx, containerIds);
  const made =
    operationIds.length === 0
      ? []
      : await tx
          .select({ id: operations.id, state: operations.state })
          .from(operations)
          .where(inArray(operations.id, operationIds));
  const names = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(inArray(tenants.id, [...new Set(rows.map(({ tenantId }) => tenantId))]));
  const userIds = rows.flatMap(({ userId }) => userId ?? []);
  const owners =
    userIds.length === 0
      ? []
      : await tx.select({ id: users.id, email: users.email }).from(users).where(inArray(users.id, userIds));
  return rows.map((row) => {
    const container = shown.find(({ id }) => id === row.containerId) ?? null;
    const holds = row.containerId !== null && held.has(row.containerId);
    const making = made.find(({ id }) => id === row.operationId)?.state ?? null;
    const state = serviceState({ service: row, container, made: making, held: holds });
    const measured = withNames.find((one) => one.container.id === row.containerId)?.container.backupBytes ?? null;
    const tenantName = names.find(({ id }) => id === row.tenantId)?.name ?? '';
    const ownerEmail = owners.find(({ id }) => id === row.userId)?.email ?? null;
    return {
      row,
      container,
      service: shownService(row, container, { ...state, tenantName, ownerEmail }),
      held: holds,
      measured,
    };
  });
}

async function heldByBilling(tx: Tx, containerIds: string[]): Promise<Set<string>> {
  if (containerIds.length === 0) return new Set();
  const rows = await tx
    .select({ id: holds.containerId })
    .from(holds)
    .where(and(inArray(holds.containerId, containerIds), eq(holds.reason, 'billing'), isNull(holds.liftedAt)));
  return new Set(rows.flatMap(({ id }) => id ?? []));
}

function shownService(
  row: ServiceRow,
  container: Container | null,
  more: Pick<Service, 'state' | 'next' | 'tenantName' | 'ownerEmail'>,
): Service {
  return {
    externalServiceId: row.externalId,
    externalClientId: row.externalClientId,
    ...more,
    tenantId: row.tenantId,
    containerId: row.containerId,
    containerName: container?.name ?? null,
    containerState: container?.state ?? null,
    address: container?.addresses[0] ?? null,
    ssh: container?.ssh ?? null,
    planId: container?.planId ?? null,
    planName: container?.planName ?? null,
    operationId: container?.operation?.id ?? row.operationId,
    paidUntil: row.paidUntil?.toISOString() ?? null,
    removeAfter: more.state === 'terminating' ? (row.removeAfter?.toISOString() ?? null) : null,
    recoverableUntil: more.state === 'terminated' ? (container?.deleted?.until ?? null) : null,
    createdAt: row.createdAt.toISOString(),
  };
}
