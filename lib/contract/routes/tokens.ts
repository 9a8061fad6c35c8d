import { page } from '../lists.ts';
import * as t from '../tokens.ts';
import { id, nothing, type Route } from './route.ts';

/** Tokens of the API: one's own, and those of service accounts. */
export const tokensRoutes = {
  'tokens.list': {
    method: 'GET',
    path: '/tokens',
    summary: 'Live tokens of oneself or of a service account',
    permission: 'self',
    query: t.TokenQuery,
    status: 200,
    response: page(t.Token),
  },
  'tokens.create': {
    method: 'POST',
    path: '/tokens',
    summary: 'Make a token; it is told in this answer alone',
    permission: 'self',
    body: t.CreateToken,
    status: 201,
    response: t.NewToken,
  },
  'tokens.revoke': {
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'End a token, and those made with it',
    permission: 'self',
    params: id,
    status: 204,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
