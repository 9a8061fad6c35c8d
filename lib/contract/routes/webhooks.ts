import { Empty } from '../fields.ts';
import { PageQuery, page } from '../lists.ts';
import * as w from '../webhooks.ts';
import { WebhookQuery } from '../webhooks.ts';
import { id, nothing, type Route } from './route.ts';

/** Webhooks and what they were told. */
export const webhooksRoutes = {
  'webhooks.list': {
    method: 'GET',
    path: '/webhooks',
    summary: 'Webhooks',
    permission: 'webhook.read',
    query: WebhookQuery,
    status: 200,
    response: page(w.Webhook),
  },
  'webhooks.get': {
    method: 'GET',
    path: '/webhooks/{id}',
    summary: 'One webhook',
    permission: 'webhook.read',
    params: id,
    status: 200,
    thing: 'webhook',
    response: w.Webhook,
  },
  'webhooks.create': {
    method: 'POST',
    path: '/webhooks',
    summary: 'Make a webhook; the answer has its secret, which is never told again',
    permission: 'webhook.manage',
    body: w.CreateWebhook,
    status: 201,
    response: w.CreatedWebhook,
  },
  'webhooks.set': {
    method: 'PATCH',
    path: '/webhooks/{id}',
    summary: 'Turn a webhook on or off',
    permission: 'webhook.manage',
    params: id,
    body: w.SetWebhook,
    status: 200,
    thing: 'webhook',
    response: w.Webhook,
  },
  'webhooks.delete': {
    method: 'DELETE',
    path: '/webhooks/{id}',
    summary: 'Delete a webhook with its log',
    permission: 'webhook.manage',
    params: id,
    status: 204,
    thing: 'webhook',
    response: nothing,
  },
  'webhooks.test': {
    method: 'POST',
    path: '/webhooks/{id}/test',
    summary: 'Send a message that means nothing',
    permission: 'webhook.manage',
    params: id,
    body: Empty,
    status: 201,
    response: w.WebhookDelivery,
  },
  'webhooks.deliveries': {
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    summary: 'What a webhook was told and how that went, newest first; kept for 30 days',
    permission: 'webhook.read',
    params: id,
    query: PageQuery,
    status: 200,
    response: page(w.WebhookDelivery),
  },
  'webhooks.replay': {
    method: 'POST',
    path: '/webhook-deliveries/{id}/replay',
    summary: 'Send what was sent before once more, as a message of its own',
    permission: 'webhook.manage',
    params: id,
    body: Empty,
    status: 201,
    response: w.WebhookDelivery,
  },
} as const satisfies Record<string, Route>;
