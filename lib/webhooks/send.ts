import { and, eq, lt, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { namelessProduct } from '../contract/brands.ts';
import { asActor, type Tx } from '../db/client.ts';
import { webhookDeliveries, webhooks } from '../db/schema/webhooks.ts';
import { openLasting } from '../secrets/sealed-values.ts';
import type { Claimed } from './claim.ts';
import { AddressRefused, type Door } from './door.ts';
import { signMessage } from './sign.ts';

const actor = systemActor('webhooks');
const [second, minute, hour] = [1_000, 60_000, 3_600_000];
/** Pauses after the first, second … attempt, as Standard Webhooks advise. After the last one it has failed. */
export const pausesMs = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour];
const logLifeMs = 30 * 24 * hour;

/** A product token (RFC 9110, 5.6.2) of a name that may have anything in it. */
function userAgent(product: string): string {
  return `${product.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || namelessProduct}-Webhooks/1`;
}

/** Makes one attempt and writes down how it went. Gives whether it was delivered. */
export async function attempt(claimed: Claimed, door: Door): Promise<boolean> {
  const { id, webhookId, url, body, attempts } = claimed;
  const atSeconds = Math.floor(Date.now() / 1000);
  const secret = openLasting(claimed.sealedSecret, webhookId);
  const headers = {
    'content-type': 'application/json',
    'user-agent': userAgent(claimed.product),
    'webhook-id': id,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': signMessage(secret, { id, atSeconds, body }),
  };
  const answer = await door({ url, headers, body }).catch((error: Error) => error);
  const status = answer instanceof Error ? null : answer.status;
  const done = status !== null && status >= 200 && status < 300;
  const gone = status === 410;
  const pause = pausesMs[attempts - 1];
  const problem = done ? null : problemOf(answer);
  const ended = { state: done ? ('delivered' as const) : ('failed' as const), endedAt: new Date() };
  await asActor(actor, async (tx) => {
    const rest = done || gone || pause === undefined ? ended : { nextAttemptAt: new Date(Date.now() + pause) };
    await tx
      .update(webhookDeliveries)
      .set({ status, problem, ...rest })
      .where(and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.state, 'waiting')));
    if (gone || (!done && pause === undefined && !(await heardLately(tx, webhookId)))) {
      await tx
        .update(webhooks)
        .set({ enabled: false, problem: `Turned off by itself: it ${problem}.` })
        .where(eq(webhooks.id, webhookId));
    }
  });
  return done;
}

/** Whether anything arrived there while the oldest attempts were made. */
async function heardLately(tx: Tx, webhookId: string): Promise<boolean> {
  const delivered = and(eq(webhookDeliveries.webhookId, webhookId), eq(webhookDeliveries.state, 'delivered'));
  const [heard] = await tx
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(and(delivered, sql`${webhookDeliveries.endedAt} > now() - interval '3 days'`))
    .limit(1);
  return heard !== undefined;
}

/** In words for whoever owns the webhook. What a network says of addresses stays inside. */
function problemOf(answer: { status: number } | Error): string {
  if (!(answer instanceof Error)) return `answered with status ${answer.status}`;
  if (answer instanceof AddressRefused) return answer.message;
  if (answer.name === 'TimeoutError' || answer.name === 'AbortError') return 'did not answer in time';
  const code = 'code' in answer && typeof answer.code === 'string' ? answer.code : '';
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return 'its certificate is not valid';
  return code === 'ENOTFOUND' ? 'its name is not known' : 'could not be reached';
}

/** Forgets what was told long ago. For the worker's sweep. */
export async function forgetDeliveries(): Promise<void> {
  await asActor(actor, (tx) =>
    tx.delete(webhookDeliveries).where(lt(webhookDeliveries.createdAt, new Date(Date.now() - logLifeMs))),
  );
}
