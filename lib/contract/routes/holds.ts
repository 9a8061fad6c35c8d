import * as h from '../holds.ts';
import { page } from '../lists.ts';
import { id, nothing, type Route } from './route.ts';

/** Holds on a container or on all of a tenant. Besides the right to holds each reason has its own. */
export const holdsRoutes = {
  'holds.list': {
    method: 'GET',
    path: '/containers/{id}/holds',
    summary: 'What holds a container',
    permission: 'container.read',
    params: id,
    status: 200,
    response: page(h.Hold),
  },
  'holds.place': {
    method: 'POST',
    path: '/containers/{id}/holds',
    summary: 'Hold a container: its people can only look, and it is stopped unless told otherwise',
    permission: 'hold.put',
    params: id,
    body: h.PlaceHold,
    status: 201,
    response: h.Hold,
  },
  'holds.lift': {
    method: 'DELETE',
    path: '/containers/{id}/holds',
    summary: 'Lift a hold by its reason; with the last one what was wanted before comes back',
    permission: 'hold.put',
    params: id,
    query: h.LiftHold,
    status: 204,
    response: nothing,
  },
  'tenantHolds.list': {
    method: 'GET',
    path: '/tenants/{id}/holds',
    summary: 'What holds all of a tenant',
    permission: 'container.read',
    params: id,
    status: 200,
    response: page(h.Hold),
  },
  'tenantHolds.place': {
    method: 'POST',
    path: '/tenants/{id}/holds',
    summary: 'Hold all containers of a tenant, and what its people may change',
    permission: 'hold.put',
    params: id,
    body: h.PlaceHold,
    status: 201,
    response: h.Hold,
  },
  'tenantHolds.lift': {
    method: 'DELETE',
    path: '/tenants/{id}/holds',
    summary: 'Lift a hold on a tenant by its reason',
    permission: 'hold.put',
    params: id,
    query: h.LiftHold,
    status: 204,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
