import { and, count, eq, gt, isNull } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import { sendPiece } from '#lib/agent-client/transfers.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { refuseNotGiven } from '#lib/containers/given-plans.ts';
import { placeContainer } from '#lib/containers/place.ts';
import { refuseBeyondPlan } from '#lib/containers/plan-limits.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type ImportQuery, type ImportUpload, type StartImport, transferLifeMs } from '#lib/contract/transfers.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { within } from '#lib/db/scope.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota, refuseForeignPlan } from '#lib/resellers/refuse.ts';
import { services } from '#lib/services.ts';
import { giveUpRefused, tellHost } from './give-up.ts';

export type ImportRow = typeof imports.$inferSelect;
/** Of a tenant, at the same time. */
const mostOpen = 3;

function presentUpload(row: ImportRow): ImportUpload {
  const { id, tenantId, planId, hostId, sizeBytes, receivedBytes, expiresAt, fileName, fingerprint } = row;
  const file = { sizeBytes, receivedBytes, fileName, fingerprint };
  return { id, tenantId, planId, hostId, ...file, expiresAt: expiresAt.toISOString() };
}

const order = newestFirst(imports.createdAt, imports.id);

/** Neither used nor forgotten. */
const open = () => and(isNull(imports.operationId), gt(imports.expiresAt, new Date()));

/** Archives that this person may go on with, newest first. */
export async function listUploads(
  actor: Actor,
  { tenantId, cursor, limit }: z.output<typeof ImportQuery>,
): Promise<{ items: ImportUpload[]; nextCursor: string | null }> {
  authorize(actor, 'container.import');
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select()
      .from(imports)
      .where(
        and(
          open(),
          within(actor, 'container.import', { tenant: imports.tenantId }),
          tenantId === undefined ? undefined : eq(imports.tenantId, tenantId),
          order.after(cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const { page, nextCursor } = order.cut(rows, limit, (row) => ({ key: row.createdAt, id: row.id }));
    return { items: page.map(presentUpload), nextCursor };
  });
}

/**
 * Opens an upload of an archive that is to become a container of this tenant and plan, on a server with room for that. A tenant's own
 * people may choose among the plans they have containers of. Throws `plan_limit` for an archive larger than the plan's disk, when the
 * tenant may have no more of the plan, and for too many uploads at a time;
 * of those, one that was refused when a container was to be made of it goes by itself.
 */
export async function startImport(actor: Actor, input: z.infer<typeof StartImport>): Promise<ImportUpload> {
  authorize(actor, 'container.import', ofTenant(input.tenantId));
  const { shown, refused } = await asActor(actor, async (tx) => {
    const [tenant] = await tx.select().from(tenants).where(eq(tenants.id, input.tenantId));
    const [plan] = await tx.select().from(plans).where(eq(plans.id, input.planId));
    if (tenant === undefined) throw new BerthError('not_found', 'There is no such tenant.');
    if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
    await refuseNotGiven(tx, actor, tenant.id, plan.id);
    await refuseForeignPlan(tx, tenant.id, plan);
    await refuseBeyondPlan(tx, tenant.id, plan);
    const next = needOf(plan.resources, plan);
    const reseller = await refuseBeyondQuota(tx, actor, { tenantId: tenant.id, next });
    if (input.sizeBytes > plan.resources.diskBytes) {
      throw new BerthError('plan_limit', `The archive is larger than the disk of the plan "${plan.name}".`);
    }
    // Of any plan: those who count at the same time count one after the other.
    await takeTurn(tx, `imports:${tenant.id}`);
    const [underway] = await tx
      .select({ n: count() })
      .from(imports)
      .where(and(eq(imports.tenantId, tenant.id), open()));
    const full = (underway?.n ?? 0) >= mostOpen;
    const refused = full ? await giveUpRefused(tx, actor, tenant.id) : undefined;
    if (full && refused === undefined) {
      throw new BerthError('plan_limit', `At most ${mostOpen} archives may be on their way at a time.`, {
        remedy: 'Finish one of them or give it up; what nobody goes on with is forgotten after a day.',
      });
    }
    const { diskBytes } = plan.resources;
    const host = await placeContainer(tx, { hostId: input.hostId, diskBytes, among: reseller?.hostIds ?? null });
    const [row] = await tx
      .insert(imports)
      .values({
        id: uuidv7(),
        ...{ tenantId: tenant.id, planId: plan.id, hostId: host.id, sizeBytes: input.sizeBytes, actorName: actor.name },
        ...{ fileName: input.fileName ?? null, fingerprint: input.fingerprint ?? null },
        // Before the host forgets it, so that nobody relies on what is about to go.
        expiresAt: new Date(Date.now() + transferLifeMs - 600_000),
      })
      .returning();
    if (row === undefined) throw new Error('the upload was not written');
    await writeAudit(tx, actor, {
      verb: 'container.import',
      tenantId: tenant.id,
      targetKind: 'import',
      targetId: row.id,
      detail: { sizeBytes: row.sizeBytes, planId: plan.id, hostId: host.id },
    });
    return { shown: presentUpload(row), refused };
  });
  if (refused !== undefined) await tellHost(actor, refused);
  return shown;
}

/** The upload, if this person may go on with it. Throws `not_found` for one that is used up or forgotten. */
export async function openUpload(tx: Tx, actor: Actor, id: string, lock: boolean): Promise<ImportRow> {
  const query = tx.select().from(imports).where(eq(imports.id, id));
  const [row] = lock ? await query.for('update') : await query;
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, 'container.import', ofTenant(row.tenantId));
  if (row.operationId !== null || row.expiresAt < new Date()) {
    throw new BerthError('not_found', 'The archive is used or forgotten. Send it again.');
  }
  return row;
}

export async function getUpload(actor: Actor, id: string): Promise<ImportUpload> {
  authorize(actor, 'container.import');
  return await asActor(actor, async (tx) => presentUpload(await openUpload(tx, actor, id, false)));
}

/** A piece of the archive, from `offset` on. The answer says how much has come: go on from there, whatever was sent. */
export async function sendUpload(actor: Actor, id: string, offset: number, request: Request): Promise<ImportUpload> {
  authorize(actor, 'container.import');
  const { row, host } = await asActor(actor, async (tx) => {
    const found = await openUpload(tx, actor, id, false);
    if (offset + Number(request.headers.get('content-length') ?? 0) > found.sizeBytes) {
      throw new BerthError('invalid', 'More came than was announced.');
    }
    const [at] = await tx.select().from(hosts).where(eq(hosts.id, found.hostId));
    if (at === undefined || at.status === 'disabled') throw new BerthError('host_unreachable');
    // Once, when it begins.
    if (offset === 0) {
      await writeAudit(tx, actor, {
        verb: 'container.import',
        tenantId: found.tenantId,
        targetKind: 'import',
        targetId: id,
        detail: { sizeBytes: found.sizeBytes, began: true },
      });
    }
    return { row: found, host: at };
  });
  const agent = services().agents.to({ hostId: host.id, address: host.address });
  const subject = actor.kind === 'user' ? `user:${actor.userId}` : 'system';
  const content = request.body ?? new Blob([]).stream();
  const order = { offset, sizeBytes: row.sizeBytes };
  const about = { subject, uploadId: id };
  const receivedBytes = await sendPiece(agent, services().agents.signer, about, order, content, request.signal);
  await asActor(actor, (tx) => tx.update(imports).set({ receivedBytes }).where(eq(imports.id, id)));
  return presentUpload({ ...row, receivedBytes });
}
