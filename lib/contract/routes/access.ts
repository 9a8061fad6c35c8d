import { page } from '../rest.ts';
import * as r from '../roles.ts';
import type { Route } from './route.ts';

/** Who may what: roles, and the questions about them. */
export const accessRoutes = {
  whoami: {
    method: 'GET',
    path: '/whoami',
    summary: 'Who asks, with which rights over what',
    permission: 'self',
    status: 200,
    response: r.WhoAmI,
  },
  'access.explain': {
    method: 'GET',
    path: '/access/explain',
    summary: 'Why the asker may or may not do something to a container',
    permission: 'self',
    query: r.AccessQuery,
    status: 200,
    response: r.Explanation,
  },
  'access.who': {
    method: 'GET',
    path: '/access/who',
    summary: 'Who may do something to a container',
    permission: 'access.who',
    query: r.AccessQuery,
    status: 200,
    response: r.WhoCan,
  },
  'roles.list': {
    method: 'GET',
    path: '/roles',
    summary: 'Built-in roles, and custom ones',
    permission: 'self',
    status: 200,
    response: page(r.RoleInfo),
  },
  'roles.create': {
    method: 'POST',
    path: '/roles',
    summary: 'Make a role with fewer rights than a built-in one',
    permission: 'role.create',
    body: r.CreateRole,
    status: 201,
    response: r.RoleInfo,
  },
} as const satisfies Record<string, Route>;
