import { desc, eq, inArray, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type Actor, systemActor } from '#lib/access/actor.ts';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Handover } from '#lib/contract/handovers.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';

export type HandoverRow = typeof handovers.$inferSelect;

/** Who writes offers: no person's scope holds both accounts. Whoever uses it has judged the person before. */
export const between = systemActor('handovers');

/** States in which nothing has been decided for good. */
export const pending = ['asked', 'open', 'moving'] as const;

/** The sides of an offer that the actor may know of. What its giver has not consented to, its receiver does not know. */
export function sidesOf(actor: Actor, row: HandoverRow): { giver: boolean; receiver: boolean } {
  return {
    giver: hasPermission(actor, 'handover.read', ofTenant(row.tenantId)),
    receiver:
      row.giverAt !== null &&
      row.toTenantId !== null &&
      hasPermission(actor, 'handover.read', ofTenant(row.toTenantId)),
  };
}

/** An offer that the actor may know of, locked until the transaction ends, which must be the portal's own ({@link between}). */
export async function handoverFor(tx: Tx, actor: Actor, id: string): Promise<HandoverRow> {
  const [row] = await tx.select().from(handovers).where(eq(handovers.id, id)).for('update');
  if (row === undefined) throw new BerthError('not_found');
  const { giver, receiver } = sidesOf(actor, row);
  if (!giver && !receiver) throw new BerthError('not_found');
  return row;
}

/** Offers as this person sees them, newest first, in one query. In a transaction of the portal's own: neither side sees the other's rows. */
export async function presentHandovers(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Handover[]> {
  if (ids.length === 0) return [];
  const [from, to] = [alias(tenants, 'giving'), alias(tenants, 'receiving')];
  const rows = await tx
    .select({
      row: handovers,
      container: containers,
      ...{ from: from.name, to: to.name, plan: plans.name, template: templates.title, error: operations.error },
      snapshots: sql<number>`(select count(*)::int from snapshots s where s.container_id = ${containers.id} and s.state = 'present')`,
      forwards: sql<number>`(select count(*)::int from port_forwards f where f.container_id = ${containers.id})`,
      backups: sql<number>`(select count(*)::int from backups b where b.container_id = ${containers.id} and b.state = 'complete')`,
    })
    .from(handovers)
    .innerJoin(containers, eq(containers.id, handovers.containerId))
    .innerJoin(plans, eq(plans.id, containers.planId))
    .innerJoin(templates, eq(templates.id, containers.templateId))
    .innerJoin(from, eq(from.id, handovers.tenantId))
    .leftJoin(to, eq(to.id, handovers.toTenantId))
    .leftJoin(operations, eq(operations.id, handovers.operationId))
    .where(inArray(handovers.id, [...ids]))
    .orderBy(desc(handovers.createdAt), desc(handovers.id));
  return rows.map(({ row, container, ...more }) => {
    const { giver, receiver } = sidesOf(actor, row);
    const known = receiver || row.receiverAt !== null;
    return {
      id: row.id,
      state: row.state,
      side: giver && receiver ? 'both' : receiver ? 'receiver' : 'giver',
      containerId: row.containerId,
      containerName: row.containerName,
      from: more.from,
      to: (known ? more.to : null) ?? row.toWords,
      offeredBy: row.offeredByName,
      note: row.note,
      what: row.endedAt !== null ? null : whatOf(container, more),
      giver: consentOf(row.giverName, row.giverAt),
      receiver: consentOf(row.receiverName, row.receiverAt),
      operationId: row.operationId,
      problem: row.state === 'open' ? (more.error?.detail ?? null) : null,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  });
}

export async function presentHandover(tx: Tx, actor: Actor, id: string): Promise<Handover> {
  const [one] = await presentHandovers(tx, actor, [id]);
  if (one === undefined) throw new BerthError('not_found');
  return one;
}

function whatOf(
  container: typeof containers.$inferSelect,
  more: { plan: string; template: string; snapshots: number; forwards: number; backups: number },
): NonNullable<Handover['what']> {
  const { plan, template, snapshots, forwards, backups } = more;
  const { resources, usage, sshKeys } = container;
  return {
    ...{ plan, template, resources, snapshots, forwards, backups },
    usedBytes: usage?.diskBytes ?? null,
    sshKeys: sshKeys.map(nameOfKey),
  };
}

/** What a public key is called; one without a name by its end. */
function nameOfKey(key: string): string {
  const [type = '', body = '', ...comment] = key.split(' ');
  return comment.join(' ') || `${type} …${body.slice(-12)}`;
}

function consentOf(by: string | null, at: Date | null): Handover['giver'] {
  return by === null || at === null ? null : { by, at: at.toISOString() };
}
