import { eq } from 'drizzle-orm';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, canSee, ofTenant } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Handover } from '#lib/contract/handovers.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { publish } from '#lib/events/publish.ts';
import { between, type HandoverRow, handoverFor, presentHandover } from './present.ts';
import { tellReceiver } from './tell.ts';

/** The giving account's own word for an offer that staff made. From then on its receiver knows of it. */
export async function agreeToHandover(actor: UserActor, id: string): Promise<Handover> {
  authorize(actor, 'handover.consent');
  return await asActor(between, async (tx) => {
    const row = await handoverFor(tx, actor, id);
    authorize(actor, 'handover.consent', ofTenant(row.tenantId));
    refuseUnless(row, ['asked']);
    const giver = { giverId: actor.userId, giverName: actor.name, giverAt: new Date() };
    await tx
      .update(handovers)
      .set({ ...giver, state: 'open' })
      .where(eq(handovers.id, id));
    await record(tx, actor, row, row.tenantId, { consented: true });
    await tellReceiver(tx, row);
    return await presentHandover(tx, actor, id);
  });
}

/** The receiver says no; or the giving account does, to what staff offered in its name. */
export async function declineHandover(actor: UserActor, id: string): Promise<Handover> {
  authorize(actor, 'handover.consent');
  return await asActor(between, async (tx) => {
    const row = await handoverFor(tx, actor, id);
    const whose = row.giverAt === null ? row.tenantId : row.toTenantId;
    authorize(actor, 'handover.consent', ofTenant(whose));
    refuseUnless(row, ['asked', 'open']);
    await end(tx, row, 'declined');
    await record(tx, actor, row, whose, { declined: true });
    return await presentHandover(tx, actor, id);
  });
}

/** Takes an offer back. One that is accepted is being carried out: it ends by itself, or is cancelled as an operation. */
export async function withdrawHandover(actor: UserActor, id: string): Promise<Handover> {
  authorize(actor, 'handover.offer');
  return await asActor(between, async (tx) => {
    const row = await handoverFor(tx, actor, id);
    authorize(actor, 'handover.offer', ofTenant(row.tenantId));
    refuseUnless(row, ['asked', 'open']);
    await end(tx, row, 'withdrawn');
    await record(tx, actor, row, row.tenantId, { withdrawn: true });
    return await presentHandover(tx, actor, id);
  });
}

/** Throws `state` for an offer that is in none of these states, or too old. */
export function refuseUnless(row: HandoverRow, states: readonly HandoverRow['state'][]): void {
  if (row.state === 'moving') throw new BerthError('already', undefined, { operationId: row.operationId ?? '' });
  if (!states.includes(row.state)) {
    const asked = row.state === 'asked';
    throw new BerthError('state', asked ? 'The giving account has not consented yet.' : 'This offer is decided.');
  }
  if (row.expiresAt <= new Date()) {
    throw new BerthError('state', 'This offer is over.', { remedy: 'Ask for a new one.' });
  }
}

async function end(tx: Tx, row: HandoverRow, state: 'declined' | 'withdrawn'): Promise<void> {
  await tx.update(handovers).set({ state, endedAt: new Date() }).where(eq(handovers.id, row.id));
  await publish(
    tx,
    { type: 'container', tenantId: row.tenantId, containerId: row.containerId },
    ...(row.toTenantId === null || row.giverAt === null
      ? []
      : [{ type: 'container' as const, tenantId: row.toTenantId }]),
  );
}

/** In the record of the account for which somebody decides; and in the giver's, whose container it is. */
export async function record(
  tx: Tx,
  actor: UserActor,
  row: HandoverRow,
  tenantId: string | null,
  detail: Facts,
): Promise<void> {
  const about = { targetKind: 'container', targetId: row.containerId, targetName: row.containerName };
  for (const one of new Set([tenantId, row.tenantId])) {
    if (one === null) continue;
    await writeAudit(tx, actor, {
      ...{ verb: 'handover.consent', tenantId: one, ...about },
      detail: { handoverId: row.id, ...detail, ...(canSee(actor, ofTenant(one)) ? {} : { byTheOtherAccount: true }) },
    });
  }
}
