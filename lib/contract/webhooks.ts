/** Webhooks: what others are told of, and how that went. Signed as Standard Webhooks say (standardwebhooks.com). */
import { z } from 'zod';
import { Id, Instant } from './ids.ts';
import { NameQuery } from './lists.ts';

/** An operation came to its end, or to where a person has to look at it. */
export const WebhookEvent = z.enum([
  'operation.succeeded',
  'operation.failed',
  'operation.cancelled',
  'operation.stuck',
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** A tenant, a reseller or the provider may have so many. */
export const mostWebhooks = 20;

export const Webhook = z.object({
  id: Id,
  /** Hears of this tenant, or of a reseller's tenants; null: of the whole installation. */
  tenantId: Id.nullable(),
  url: z.string(),
  events: z.array(WebhookEvent),
  enabled: z.boolean(),
  /** Why it was turned off by itself. */
  problem: z.string().nullable(),
  createdAt: Instant,
});
export type Webhook = z.infer<typeof Webhook>;

export const CreateWebhook = z.strictObject({
  /** https only. Which address the name leads to is judged whenever something is sent. */
  url: z
    .url({ protocol: /^https$/, error: 'use an address that begins with https://' })
    .max(2000)
    .refine((text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '', {
      error: 'leave name and password out of the address',
    }),
  events: z.array(WebhookEvent).min(1).max(WebhookEvent.options.length),
  /** For those with more than one tenant: whose events. Left out: of the own account. */
  tenantId: Id.nullable().optional(),
});
/** `secret` is told here and never again. */
export const CreatedWebhook = Webhook.extend({ secret: z.string() });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;
export const SetWebhook = z.strictObject({ enabled: z.boolean() });

export const WebhookDelivery = z.object({
  /** The message's `webhook-id`, the same at every attempt. */
  id: Id,
  webhookId: Id,
  event: z.union([WebhookEvent, z.literal('webhook.test')]),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  nextAttemptAt: Instant.nullable(),
  /** What the last attempt was answered. */
  status: z.int().nullable(),
  problem: z.string().nullable(),
  body: z.string(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookQuery = NameQuery.extend({ tenantId: Id.optional() });
