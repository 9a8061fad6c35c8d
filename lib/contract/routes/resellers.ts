import { NameQuery, page } from '../lists.ts';
import * as p from '../resellers.ts';
import { id, type Route } from './route.ts';

/** Resellers, what they may use and what they offer. */
export const resellersRoutes = {
  'resellers.list': {
    method: 'GET',
    path: '/resellers',
    summary: 'Resellers, with their quota and what is used of it',
    permission: 'reseller.read',
    query: NameQuery,
    status: 200,
    response: page(p.Reseller),
  },
  'resellers.get': {
    method: 'GET',
    path: '/resellers/{id}',
    summary: 'One reseller, with its quota and what is used of it',
    permission: 'reseller.read',
    params: id,
    status: 200,
    response: p.Reseller,
  },
  'resellers.create': {
    method: 'POST',
    path: '/resellers',
    summary: 'Create a reseller with its quota; its owner gets a link by mail',
    permission: 'reseller.create',
    body: p.CreateReseller,
    status: 201,
    response: p.Reseller,
  },
  'resellers.quota': {
    method: 'GET',
    path: '/resellers/{id}/quota',
    summary: 'What a reseller may use, and what it does',
    permission: 'reseller.read',
    params: id,
    status: 200,
    thing: 'quota',
    response: p.QuotaState,
  },
  'resellers.dashboard': {
    method: 'GET',
    path: '/resellers/{id}/dashboard',
    summary:
      'What is broken and for whom, who waits for an answer, a reseller’s tenants and what they take of its quota',
    permission: 'reseller.read',
    params: id,
    status: 200,
    response: p.ResellerDashboard,
  },
  'resellers.setQuota': {
    method: 'PUT',
    path: '/resellers/{id}/quota',
    summary: 'Set what a reseller may use; below what it uses nothing grows any more',
    permission: 'reseller.quota',
    params: id,
    body: p.Quota,
    status: 200,
    thing: 'quota',
    response: p.QuotaState,
  },
  'resellers.offer': {
    method: 'PUT',
    path: '/resellers/{id}/templates',
    summary: 'Choose which templates a reseller’s tenants may have',
    permission: 'reseller.offer',
    params: id,
    body: p.OfferTemplates,
    status: 200,
    thing: 'quota',
    response: p.QuotaState,
  },
} as const satisfies Record<string, Route>;
