import { z } from 'zod';
import { Empty } from '../fields.ts';
import * as h from '../handovers.ts';
import { Id } from '../ids.ts';
import { PageQuery, page } from '../lists.ts';
import { id, type Route } from './route.ts';

/** Containers that go from one account to another. */
export const handoversRoutes = {
  'handovers.offer': {
    method: 'POST',
    path: '/containers/{id}/handover',
    summary: 'Offer a container to another account; whether anybody is reached is not told',
    permission: 'handover.offer',
    params: id,
    body: h.OfferHandover,
    status: 201,
    response: h.Handover,
  },
  'handovers.list': {
    method: 'GET',
    path: '/handovers',
    summary: 'Offers of containers, given and received, newest first',
    permission: 'handover.read',
    query: PageQuery.extend({ open: z.stringbool().optional(), containerId: Id.optional() }),
    status: 200,
    response: page(h.Handover),
  },
  'handovers.get': {
    method: 'GET',
    path: '/handovers/{id}',
    summary: 'One offer, with what comes along and who consented',
    permission: 'handover.read',
    params: id,
    status: 200,
    response: h.Handover,
  },
  'handovers.agree': {
    method: 'POST',
    path: '/handovers/{id}/agree',
    summary: 'Consent, as the giving account, to an offer that staff made',
    permission: 'handover.consent',
    params: id,
    body: Empty,
    status: 200,
    response: h.Handover,
  },
  'handovers.accept': {
    method: 'POST',
    path: '/handovers/{id}/accept',
    summary: 'Take the container over; ask again how far it is',
    permission: 'handover.consent',
    params: id,
    body: h.AcceptHandover,
    status: 200,
    response: h.Handover,
  },
  'handovers.decline': {
    method: 'POST',
    path: '/handovers/{id}/decline',
    summary: 'Say no, as the receiving account, or as the giving one to an offer that staff made',
    permission: 'handover.consent',
    params: id,
    body: Empty,
    status: 200,
    response: h.Handover,
  },
  'handovers.withdraw': {
    method: 'POST',
    path: '/handovers/{id}/withdraw',
    summary: 'Take an offer back that nobody has accepted yet',
    permission: 'handover.offer',
    params: id,
    body: Empty,
    status: 200,
    response: h.Handover,
  },
} as const satisfies Record<string, Route>;
