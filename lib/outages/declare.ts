import { eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor, UserActor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { DeclareOutage, EndOutage, Outage, UpdateOutage } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { outageHosts, outages, outageTenants } from '#lib/db/schema/outages.ts';
import { publish } from '#lib/events/publish.ts';
import { outagesOf } from './list.ts';

export type NewOutage = {
  kind: 'declared' | 'silent';
  title: string;
  message: string;
  hostIds: readonly string[];
  startedAt?: Date;
};

/**
 * Writes an outage down with whom it concerns: every tenant with a container on one of these hosts now. Those are told by the worker, by
 * mail and by a banner. In the caller's transaction.
 */
export async function openOutage(tx: Tx, actor: Actor, input: NewOutage): Promise<string> {
  const now = new Date();
  const [row] = await tx
    .insert(outages)
    .values({
      kind: input.kind,
      title: input.title,
      updates: [{ at: now.toISOString(), message: input.message }],
      declaredByName: actor.name,
      startedAt: input.startedAt ?? now,
    })
    .returning({ id: outages.id });
  if (row === undefined) throw new Error('an insert returned no row');
  const outageId = row.id;
  await tx
    .insert(outageHosts)
    .values(
      input.hostIds.map((hostId) => ({ outageId, hostId, silentHostId: input.kind === 'silent' ? hostId : null })),
    );
  const list = sql.join(
    input.hostIds.map((hostId) => sql`${hostId}::uuid`),
    sql`, `,
  );
  await tx.execute(sql`
    insert into ${outageTenants} (outage_id, tenant_id, containers)
    select ${outageId}::uuid, c.tenant_id, count(*) from containers c
    where c.host_id in (${list}) and c.deleted_at is null group by c.tenant_id`);
  await writeAudit(tx, actor, {
    verb: 'outage.declare',
    tenantId: null,
    targetKind: 'outage',
    targetId: outageId,
    targetName: input.title,
    detail: { kind: input.kind, hostIds: [...input.hostIds] },
  });
  await tellPages(tx, outageId);
  return outageId;
}

export async function tellPages(tx: Tx, outageId: string): Promise<void> {
  const concerned = await tx.select().from(outageTenants).where(eq(outageTenants.outageId, outageId));
  const data = { outageId };
  await publish(
    tx,
    { type: 'outage', tenantId: null, data },
    ...concerned.map(({ tenantId }) => ({ type: 'outage' as const, tenantId, data })),
  );
}

async function shown(tx: Tx, actor: UserActor, id: string): Promise<Outage> {
  const [outage] = await outagesOf(tx, actor, eq(outages.id, id));
  if (outage === undefined) throw new BerthError('not_found');
  return outage;
}

export async function declareOutage(actor: UserActor, input: z.output<typeof DeclareOutage>): Promise<Outage> {
  authorize(actor, 'outage.declare');
  return await asActor(actor, async (tx) => {
    const hostIds = [...new Set(input.hostIds)];
    const known = await tx.select({ id: hosts.id }).from(hosts).where(inArray(hosts.id, hostIds));
    if (known.length < hostIds.length) throw new BerthError('not_found', 'There is no such server.');
    const id = await openOutage(tx, actor, { ...input, kind: 'declared', hostIds });
    return await shown(tx, actor, id);
  });
}

async function lasting(tx: Tx, id: string) {
  const [row] = await tx.select().from(outages).where(eq(outages.id, id)).for('update');
  if (row === undefined) throw new BerthError('not_found');
  if (row.endedAt !== null) throw new BerthError('already', 'It is over.');
  return row;
}

export async function updateOutage(
  actor: UserActor,
  id: string,
  { message }: z.output<typeof UpdateOutage>,
): Promise<Outage> {
  authorize(actor, 'outage.declare');
  return await asActor(actor, async (tx) => {
    const row = await lasting(tx, id);
    const updates = [...row.updates, { at: new Date().toISOString(), message }];
    await tx.update(outages).set({ updates }).where(eq(outages.id, id));
    await writeAudit(tx, actor, { ...about(row, 'outage.update'), detail: { message } });
    await tellPages(tx, id);
    return await shown(tx, actor, id);
  });
}

const about = (row: { id: string; title: string }, verb: string) => ({
  ...{ verb, tenantId: null, targetKind: 'outage', targetId: row.id, targetName: row.title },
});

/** Ends it, in the caller's transaction; a host's next silence is another outage. */
export async function closeOutage(
  tx: Tx,
  actor: Actor,
  row: typeof outages.$inferSelect,
  report: string,
  endedAt = new Date(),
) {
  await tx.update(outages).set({ endedAt, report }).where(eq(outages.id, row.id));
  await tx.update(outageHosts).set({ silentHostId: null }).where(eq(outageHosts.outageId, row.id));
  await writeAudit(tx, actor, {
    ...about(row, 'outage.end'),
    detail: { report, lastedSeconds: Math.round((endedAt.getTime() - row.startedAt.getTime()) / 1000) },
  });
  await tellPages(tx, row.id);
}

export async function endOutage(actor: UserActor, id: string, { report }: z.output<typeof EndOutage>): Promise<Outage> {
  authorize(actor, 'outage.declare');
  return await asActor(actor, async (tx) => {
    await closeOutage(tx, actor, await lasting(tx, id), report);
    return await shown(tx, actor, id);
  });
}
