import { and, eq, isNull, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { containerFacts } from '#lib/containers/facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Handover, OfferHandover } from '#lib/contract/handovers.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { publish } from '#lib/events/publish.ts';
import { resellerOf } from '#lib/resellers/quota.ts';
import { acrossResellers } from './policy.ts';
import { between, presentHandover } from './present.ts';
import { tellGiver, tellReceiver } from './tell.ts';

type Wish = z.infer<typeof OfferHandover>;
const dayMs = 86_400_000;

/**
 * Offers a container to another account. Whoever may give for the account consents to it by that; an offer of staff waits for the
 * account's consent, and reaches nobody before. It is the same answer whether there is such an account or not. Throws `held`, and
 * `conflict` while another offer is open.
 */
export async function offerHandover(actor: UserActor, containerId: string, input: Wish): Promise<Handover> {
  authorize(actor, 'handover.offer');
  return await asActor(between, async (tx) => {
    const facts = await containerFacts(tx, containerId, { lock: true });
    if (facts === undefined || facts.container.deletedAt !== null) throw new BerthError('not_found');
    const { tenantId, name } = facts.container;
    authorize(actor, 'handover.offer', ofContainer(facts.container));
    // What leaves an account is not for whoever has a part of it.
    if (!hasPermission(actor, 'handover.offer', ofTenant(tenantId))) throw new BerthError('forbidden');
    if (facts.holds.length > 0) throw new BerthError('held', 'What is held does not change hands.');
    const to = await receiverOf(tx, { tenantId, containerId }, input.to);
    const consents = hasPermission(actor, 'handover.consent', ofTenant(tenantId));
    const giver = { giverId: actor.userId, giverName: actor.name, giverAt: new Date() };
    const row = {
      ...{ id: uuidv7(), tenantId, containerId, containerName: name, note: input.note },
      ...{ toTenantId: to.tenantId, toWords: to.words, offeredById: actor.userId, offeredByName: actor.name },
      ...(consents ? giver : {}),
      state: consents ? ('open' as const) : ('asked' as const),
      expiresAt: new Date(Date.now() + input.days * dayMs),
    };
    await tx.insert(handovers).values(row);
    await writeAudit(tx, actor, {
      ...{ verb: 'handover.offer', tenantId, targetKind: 'container', targetId: containerId, targetName: name },
      detail: { handoverId: row.id, to: to.words, consented: consents, until: row.expiresAt.toISOString() },
    });
    await publish(tx, { type: 'container', tenantId, containerId });
    if (consents) await tellReceiver(tx, row);
    else await tellGiver(tx, row);
    return await presentHandover(tx, actor, row.id);
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'handovers_one_open')) throw error;
    throw new BerthError('conflict', 'It is offered to somebody already.', {
      remedy: 'Withdraw that offer first.',
      cause: error,
    });
  });
}

type Reached = { tenantId: string | null; words: string };

/** Whom an offer reaches. Nobody, where there is no such account, or it is another reseller's and the provider does not allow that. */
async function receiverOf(tx: Tx, about: { tenantId: string; containerId: string }, to: Wish['to']): Promise<Reached> {
  const found = await lookUp(tx, about, to);
  if (found.tenantId === about.tenantId) {
    throw new BerthError('invalid', undefined, { issues: [{ path: 'to', message: 'has it already' }] });
  }
  if (found.tenantId === null) return found;
  const same = (await resellerOf(tx, found.tenantId)) === (await resellerOf(tx, about.tenantId));
  return same || acrossResellers() ? found : { ...found, tenantId: null };
}

async function lookUp(tx: Tx, about: { tenantId: string; containerId: string }, to: Wish['to']): Promise<Reached> {
  if ('email' in to) return { tenantId: await accountOwnedBy(tx, to.email), words: to.email };
  if ('tenantId' in to) {
    const [row] = await tx
      .select({ id: tenants.id })
      .from(tenants)
      .where(and(eq(tenants.id, to.tenantId), eq(tenants.kind, 'tenant')));
    return { tenantId: row?.id ?? null, words: to.tenantId };
  }
  const [row] = await tx
    .select({ tenantId: handovers.tenantId, name: tenants.name })
    .from(handovers)
    .innerJoin(tenants, eq(tenants.id, handovers.tenantId))
    .where(
      and(
        ...[eq(handovers.id, to.handoverId), eq(handovers.state, 'done')],
        ...[eq(handovers.containerId, about.containerId), eq(handovers.toTenantId, about.tenantId)],
      ),
    );
  if (row === undefined) {
    throw new BerthError('invalid', undefined, {
      issues: [{ path: 'to.handoverId', message: 'is not how it came here' }],
    });
  }
  return { tenantId: row.tenantId, words: row.name };
}

/** The account that the person of this address owns; of several their own, else the first that they came to own. */
async function accountOwnedBy(tx: Tx, email: string): Promise<string | null> {
  const [row] = await tx
    .select({ tenantId: assignments.tenantId })
    .from(users)
    .innerJoin(assignments, eq(assignments.userId, users.id))
    .where(
      and(
        ...[sql`lower(${users.email}) = ${email}`, isNull(users.disabledAt), eq(users.kind, 'person')],
        ...[eq(assignments.role, 'tenant-owner'), eq(assignments.scope, 'tenant'), isNull(assignments.customRoleId)],
      ),
    )
    .orderBy(sql`${assignments.tenantId} = ${users.tenantId} desc nulls last`, assignments.createdAt)
    .limit(1);
  return row?.tenantId ?? null;
}
