import { and, eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { PageQuery } from '../contract/lists.ts';
import type { WebhookDelivery } from '../contract/webhooks.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { webhookDeliveries } from '../db/schema/webhooks.ts';
import { webhookFor } from './manage.ts';

type Row = typeof webhookDeliveries.$inferSelect;
const order = newestFirst(webhookDeliveries.createdAt, webhookDeliveries.id);

function present(row: Row): WebhookDelivery {
  const { tenantId: _, createdAt, endedAt, nextAttemptAt, ...rest } = row;
  return {
    ...rest,
    nextAttemptAt: row.state === 'waiting' ? nextAttemptAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

/** What one webhook was told, newest first. */
export async function listDeliveries(
  actor: Actor,
  webhookId: string,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: WebhookDelivery[]; nextCursor: string | null }> {
  authorize(actor, 'webhook.read');
  return await asActor(actor, async (tx) => {
    await webhookFor(tx, actor, webhookId, 'webhook.read');
    const rows = await tx
      .select()
      .from(webhookDeliveries)
      .where(and(eq(webhookDeliveries.webhookId, webhookId), order.after(query.cursor)))
      .orderBy(...order.by)
      .limit(query.limit + 1);
    const { page, nextCursor } = order.cut(rows, query.limit, (row) => ({ key: row.createdAt, id: row.id }));
    return { items: page.map(present), nextCursor };
  });
}

/** Sends a message that means nothing, to see whether it arrives. */
export async function testWebhook(actor: Actor, webhookId: string): Promise<WebhookDelivery> {
  const at = new Date();
  const body = JSON.stringify({
    type: 'webhook.test',
    timestamp: at.toISOString(),
    data: { message: 'If you can read this and the signature fits, it works.' },
  });
  return await tell(actor, webhookId, async () => ({ event: 'webhook.test' as const, body, of: null }));
}

/** Sends what was sent before once more, as a message of its own: whoever counts ids takes it as new. */
export async function replayDelivery(actor: Actor, id: string): Promise<WebhookDelivery> {
  authorize(actor, 'webhook.manage');
  const [found] = await asActor(actor, (tx) => tx.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)));
  if (found === undefined) throw new BerthError('not_found');
  return await tell(actor, found.webhookId, async () => ({ event: found.event, body: found.body, of: id }));
}

async function tell(
  actor: Actor,
  webhookId: string,
  what: () => Promise<{ event: Row['event']; body: string; of: string | null }>,
): Promise<WebhookDelivery> {
  authorize(actor, 'webhook.manage');
  return await asActor(actor, async (tx) => {
    const webhook = await webhookFor(tx, actor, webhookId, 'webhook.manage');
    if (!webhook.enabled) {
      throw new BerthError('state', 'The webhook is turned off.', { remedy: 'Turn it on first.' });
    }
    const { event, body, of } = await what();
    const { tenantId } = webhook;
    const [row] = await tx.insert(webhookDeliveries).values({ id: v7(), webhookId, tenantId, event, body }).returning();
    if (row === undefined) throw new Error('an insert returned no row');
    const detail = of === null ? { test: true } : { replayOf: of };
    const target = { targetKind: 'webhook', targetId: webhookId, targetName: new URL(webhook.url).host };
    await writeAudit(tx, actor, { verb: 'webhook.manage', tenantId, ...target, detail });
    return present(row);
  });
}
