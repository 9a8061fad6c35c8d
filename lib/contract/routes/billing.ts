import * as b from '../billing.ts';
import { PageQuery, page } from '../lists.ts';
import { id, type Route } from './route.ts';

const one = { method: 'POST', permission: 'billing.run', status: 200, response: b.Service } as const;

/**
 * For a reseller's billing program. Each is repeated without harm: what is asked for is named by the program's own number of the
 * service. Made at once and done later; `list` or the same again tells how far it is.
 */
export const billingRoutes = {
  'billing.create': {
    ...one,
    path: '/billing/create',
    summary: 'Make a service: its tenant, if it is the client’s first, and its container',
    body: b.CreateService,
  },
  'billing.suspend': {
    ...one,
    path: '/billing/suspend',
    summary: 'Stop a service and leave its owner to look only',
    body: b.SuspendService,
  },
  'billing.unsuspend': {
    ...one,
    path: '/billing/unsuspend',
    summary: 'Lift what suspends a service, and nothing else',
    body: b.ServiceQuery,
  },
  'billing.changePlan': {
    ...one,
    path: '/billing/change-plan',
    summary: 'Move a service to another plan',
    body: b.ChangeServicePlan,
  },
  'billing.terminate': {
    ...one,
    path: '/billing/terminate',
    summary: 'End a service; its files can be had back for the plan’s days',
    body: b.ServiceQuery,
  },
  'billing.renew': {
    ...one,
    path: '/billing/renew',
    summary: 'Write down that a service is paid for; lifts what suspends it',
    body: b.RenewService,
  },
  'billing.resetPassword': {
    ...one,
    path: '/billing/reset-password',
    summary: 'Set the root password inside a service',
    body: b.ResetServicePassword,
  },
  'billing.signInLink': {
    ...one,
    path: '/billing/sign-in-link',
    summary: 'A link that signs in a service’s owner, once, within a minute',
    body: b.ServiceQuery,
    response: b.SignInLink,
  },
  'billing.usage': {
    ...one,
    path: '/billing/usage',
    summary: 'What services use, newest first',
    body: b.ListServices,
    response: page(b.ServiceUsage),
  },
  'billing.list': {
    ...one,
    path: '/billing/list',
    summary: 'Services, newest first',
    body: b.ListServices,
    response: page(b.Service),
  },
  'billing.test': {
    ...one,
    path: '/billing/test',
    summary: 'Whether the token works, whose it is, and what can be sold',
    response: b.BillingTest,
  },
  'resellers.services': {
    method: 'GET',
    path: '/resellers/{id}/services',
    summary: 'What a reseller’s billing program has sold, newest first',
    permission: 'reseller.read',
    params: id,
    query: PageQuery,
    status: 200,
    response: page(b.Service),
  },
} as const satisfies Record<string, Route>;
