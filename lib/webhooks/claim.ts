import { sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { namelessProduct, productName } from '../contract/brands.ts';
import { asActor } from '../db/client.ts';

/** A delivery of which an attempt is to be made now. */
export type Claimed = {
  id: string;
  webhookId: string;
  body: string;
  attempts: number;
  url: string;
  sealedSecret: string;
  /** What its account knows the panel as. */
  product: string;
};

/** What a sender knows of a webhook: attempts that it has under way there, and a number that is larger the later it began the last one. */
export type Known = { webhookId: string; busy: number; turn: number };

/** Longer than an attempt takes: should we die in it, it is made again after this. */
const claimMs = 60_000;

/**
 * At most `room` deliveries that are due, and of one webhook no more than `each` with those under way. Those come first of whose
 * webhook fewer are under way, then those whose webhook has waited longer for its turn, then what has been due longer: however many receivers
 * are slow and however much waits for them, another is not behind them. Nobody else gets what is given here, in any process.
 */
export async function claimDue(room: number, each: number, known: readonly Known[]): Promise<Claimed[]> {
  return await asActor(systemActor('webhooks'), async (tx) => {
    const { rows } = await tx.execute<Claimed>(sql`
      with known as (
        select * from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as k("webhookId" uuid, busy int, turn float8)
      ), hooks as (
        select w.id, w.url, w.sealed_secret, coalesce(k.busy, 0) as busy, coalesce(k.turn, 0) as turn,
          case t.kind when 'reseller' then t.id else t.reseller_id end as brand_id
        from webhooks w left join known k on k."webhookId" = w.id left join tenants t on t.id = w.tenant_id
        where w.enabled
      ), waiting as (
        select h.*, x.id as delivery_id, x.next_attempt_at, h.busy + row_number() over (partition by h.id order by x.next_attempt_at) as place
        from hooks h cross join lateral (
          select d.id, d.next_attempt_at from webhook_deliveries d
          where d.webhook_id = h.id and d.state = 'waiting' and d.next_attempt_at <= now()
          order by d.next_attempt_at limit greatest(${each} - h.busy, 0)
        ) x
      ), due as (
        select d.id, w.url, w.sealed_secret, coalesce(
          (select b.product_name from brands b where b.reseller_id = w.brand_id),
          (select ${namelessProduct}::text from brand_hosts n where n.reseller_id = w.brand_id and n.proven_at is not null limit 1),
          ${productName}
        ) as product
        from waiting w join webhook_deliveries d on d.id = w.delivery_id
        where d.state = 'waiting' and d.next_attempt_at <= now()
        order by w.place, w.turn, w.next_attempt_at limit ${room} for update of d skip locked
      )
      update webhook_deliveries d set attempts = d.attempts + 1,
        next_attempt_at = now() + make_interval(secs => ${claimMs / 1000})
      from due where d.id = due.id
      returning d.id, d.webhook_id as "webhookId", d.body, d.attempts, due.url, due.sealed_secret as "sealedSecret", due.product`);
    return rows;
  });
}
