import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { systemActor } from '../access/actor.ts';
import { Operation } from '../contract/operations.ts';
import { WebhookEvent } from '../contract/webhooks.ts';
import { asActor, type Tx } from '../db/client.ts';
import { webhookCursor, webhookDeliveries } from '../db/schema/webhooks.ts';
import { endPosition, type Position, type ReadEvent, readEvents } from '../events/read.ts';

const actor = systemActor('webhooks');
const atOnce = 500;

/**
 * Turns events into deliveries, in commit order: deliveries and the place up to where they reach are written together, so that each
 * event becomes exactly one delivery a webhook, whoever dies when. Of several workers one does it at a time. Returns how many.
 */
export async function collectDeliveries(): Promise<number> {
  return await asActor(actor, async (tx) => {
    const { rows } = await tx.execute<{ got: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended('webhooks', 0)) as got`,
    );
    if (rows[0]?.got !== true) return 0;
    const [cursor] = await tx.select().from(webhookCursor);
    // Nobody hears of what was before the first look.
    if (cursor === undefined) return await moveTo(tx, await endPosition(tx), 0);
    const { list } = await readEvents(tx, { xid: BigInt(cursor.xid), id: cursor.eventId }, atOnce);
    const last = list.at(-1);
    if (last === undefined) return 0;
    const hearers = await hearersOf(tx, list);
    const values = list.flatMap((event) => deliveriesOf(event, hearers));
    if (values.length > 0) await tx.insert(webhookDeliveries).values(values);
    return await moveTo(tx, last.position, values.length);
  });
}

async function moveTo(tx: Tx, { xid, id }: Position, result: number): Promise<number> {
  const set = { xid: xid.toString(), eventId: id };
  await tx.insert(webhookCursor).values(set).onConflictDoUpdate({ target: webhookCursor.one, set });
  return result;
}

type Hearer = { webhookId: string; tenantId: string | null; events: string[]; of: string | null };

/** Who hears of which tenant: its own webhooks, its reseller's, and the provider's (`of` null: of all). */
async function hearersOf(tx: Tx, list: readonly ReadEvent[]): Promise<Hearer[]> {
  const ids = [
    ...new Set(list.flatMap(({ tenantId, event }) => (event.type === 'operation' && tenantId ? [tenantId] : []))),
  ];
  const of = sql`(${sql.join([sql`null::uuid`, ...ids.map((id) => sql`${id}::uuid`)], sql`, `)})`;
  const { rows } = await tx.execute<Hearer>(sql`
    select w.id as "webhookId", w.tenant_id as "tenantId", w.events, null as of
    from webhooks w where w.enabled and w.tenant_id is null
    union all
    select w.id, w.tenant_id, w.events, t.id::text
    from tenants t join webhooks w on w.tenant_id in (t.id, t.reseller_id) where w.enabled and t.id in ${of}`);
  return rows;
}

function deliveriesOf({ tenantId, event }: ReadEvent, hearers: readonly Hearer[]) {
  if (event.type !== 'operation') return [];
  const operation = Operation.safeParse(event.data);
  const type = WebhookEvent.safeParse(operation.success ? `operation.${operation.data.state}` : undefined);
  if (!operation.success || !type.success) return [];
  const { id, kind, state, containerId, containerName, attempt, error, queuedAt, startedAt, endedAt } = operation.data;
  const data = { id, kind, state, tenantId, containerId, containerName, attempt, error, queuedAt, startedAt, endedAt };
  const body = JSON.stringify({ type: type.data, timestamp: event.at, data });
  return hearers
    .filter((one) => (one.of === null || one.of === tenantId) && one.events.includes(type.data))
    .map((one) => ({ id: v7(), webhookId: one.webhookId, tenantId: one.tenantId, event: type.data, body }));
}
