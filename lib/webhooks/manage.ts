import { and, eq, isNull } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import type { Facts } from '../contract/audit-facts.ts';
import { BerthError } from '../contract/errors.ts';
import { pageSize } from '../contract/lists.ts';
import type { WebhookQuery } from '../contract/webhooks.ts';
import {
  type CreatedWebhook,
  type CreateWebhook,
  mostWebhooks,
  type SetWebhook,
  type Webhook,
} from '../contract/webhooks.ts';
import { asActor, type Tx } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { contains } from '../db/filters.ts';
import { refuseMoreThan } from '../db/most.ts';
import { tenants } from '../db/schema/tenants.ts';
import { webhooks } from '../db/schema/webhooks.ts';
import { within } from '../db/scope.ts';
import { takeTurn } from '../db/turn.ts';
import { refuseStale } from '../http/edition.ts';
import { sealLasting } from '../secrets/sealed-values.ts';
import { newSecret } from './sign.ts';

/** All but the secret, which the web may not read. */
const shown = {
  id: webhooks.id,
  tenantId: webhooks.tenantId,
  url: webhooks.url,
  events: webhooks.events,
  enabled: webhooks.enabled,
  problem: webhooks.problem,
  createdAt: webhooks.createdAt,
};
export type WebhookRow = Omit<typeof webhooks.$inferSelect, 'sealedSecret'>;

const present = (row: WebhookRow): Webhook => ({ ...row, createdAt: row.createdAt.toISOString() });
const order = newestFirst(webhooks.createdAt, webhooks.id);

/** Webhooks within the actor's scope, newest first. */
export async function listWebhooks(
  actor: Actor,
  query: Partial<z.infer<typeof WebhookQuery>>,
): Promise<{ items: Webhook[]; nextCursor: string | null }> {
  authorize(actor, 'webhook.read');
  const limit = query.limit ?? pageSize;
  const rows = await asActor(actor, (tx) =>
    tx
      .select(shown)
      .from(webhooks)
      .where(
        and(
          within(actor, 'webhook.read', { tenant: webhooks.tenantId }),
          query.tenantId === undefined ? undefined : eq(webhooks.tenantId, query.tenantId),
          contains(query.q, webhooks.url),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1),
  );
  const { page, nextCursor } = order.cut(rows, limit, (row) => ({ key: row.createdAt, id: row.id }));
  return { items: page.map(present), nextCursor };
}

/** One of them. */
export async function getWebhook(actor: Actor, id: string): Promise<Webhook> {
  authorize(actor, 'webhook.read');
  return present(await asActor(actor, (tx) => webhookFor(tx, actor, id, 'webhook.read')));
}

/** Makes a webhook; its secret is in the answer and can never be read again. `plan_limit` beyond {@link mostWebhooks} an account. */
export async function createWebhook(actor: Actor, input: z.infer<typeof CreateWebhook>): Promise<CreatedWebhook> {
  const tenantId = input.tenantId === undefined ? (actor.kind === 'user' ? actor.tenantId : null) : input.tenantId;
  authorize(actor, 'webhook.manage', ofTenant(tenantId));
  const secret = newSecret();
  return await asActor(actor, async (tx) => {
    if (tenantId !== null) {
      const [tenant] = await tx.select({ id: tenants.id }).from(tenants).where(eq(tenants.id, tenantId));
      if (tenant === undefined) throw new BerthError('not_found');
    }
    await refuseMore(tx, tenantId);
    const id = v7();
    const createdAt = new Date();
    const { url, events } = input;
    const row = { id, tenantId, url, events: [...new Set(events)], createdAt };
    await tx.insert(webhooks).values({ ...row, sealedSecret: sealLasting(secret, id) });
    await audit(tx, actor, 'webhook.manage', row, { created: true, events: row.events });
    return { ...present({ ...row, enabled: true, problem: null }), secret };
  });
}

async function refuseMore(tx: Tx, tenantId: string | null): Promise<void> {
  await refuseMoreThan(tx, {
    turn: `webhooks:${tenantId}`,
    table: webhooks,
    where: tenantId === null ? isNull(webhooks.tenantId) : eq(webhooks.tenantId, tenantId),
    most: mostWebhooks,
    detail: `An account has at most ${mostWebhooks} webhooks.`,
    remedy: 'Delete one that is not needed.',
  });
}

/** Turns one on or off. Turning it on forgets why it was turned off. */
export async function setWebhook(actor: Actor, id: string, { enabled }: z.infer<typeof SetWebhook>): Promise<Webhook> {
  authorize(actor, 'webhook.manage');
  return await asActor(actor, async (tx) => {
    const row = await webhookFor(tx, actor, id, 'webhook.manage', true);
    await refuseStale('webhook', async () => row);
    const problem = enabled ? null : row.problem;
    await tx.update(webhooks).set({ enabled, problem }).where(eq(webhooks.id, id));
    await audit(tx, actor, 'webhook.manage', row, { enabled });
    return present({ ...row, enabled, problem });
  });
}

/** Deletes one with its log; what it has not been told yet it will not be. */
export async function deleteWebhook(actor: Actor, id: string): Promise<null> {
  authorize(actor, 'webhook.manage');
  return await asActor(actor, async (tx) => {
    const row = await webhookFor(tx, actor, id, 'webhook.manage', true);
    await refuseStale('webhook', async () => row);
    await tx.delete(webhooks).where(eq(webhooks.id, id));
    await audit(tx, actor, 'webhook.manage', row, { deleted: true });
    return null;
  });
}

export async function webhookFor(
  tx: Tx,
  actor: Actor,
  id: string,
  permission: 'webhook.read' | 'webhook.manage',
  lock = false,
): Promise<WebhookRow> {
  // Two who decide about the same one decide one after the other. The lock is not the row's: the web may not read all of it.
  if (lock) await takeTurn(tx, `webhook:${id}`);
  const [row] = await tx.select(shown).from(webhooks).where(eq(webhooks.id, id));
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, permission, ofTenant(row.tenantId));
  return row;
}

async function audit(
  tx: Tx,
  actor: Actor,
  verb: 'webhook.manage',
  row: Pick<WebhookRow, 'id' | 'tenantId' | 'url'>,
  detail: Facts,
): Promise<void> {
  // Addresses of such services often are a secret in themselves: only where they lead is kept.
  const targetName = new URL(row.url).host;
  await writeAudit(tx, actor, {
    verb,
    tenantId: row.tenantId,
    targetKind: 'webhook',
    targetId: row.id,
    targetName,
    detail,
  });
}
