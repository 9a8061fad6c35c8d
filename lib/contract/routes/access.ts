import { page } from '../rest.ts';
import * as r from '../roles.ts';
import { id, nothing, type Route } from './route.ts';

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
  'roles.get': {
    method: 'GET',
    path: '/roles/{id}',
    summary: 'A custom role, and who has it',
    permission: 'role.create',
    params: id,
    status: 200,
    response: r.RoleDetail,
  },
  'roles.change': {
    method: 'PATCH',
    path: '/roles/{id}',
    summary:
      'Name a custom role, or say anew which rights it has; it counts for whoever has it from their next request',
    permission: 'role.create',
    params: id,
    body: r.ChangeRole,
    status: 200,
    response: r.RoleInfo,
  },
  'roles.delete': {
    method: 'DELETE',
    path: '/roles/{id}',
    summary: 'Delete a custom role: whoever has it loses it, and who has no other is out',
    permission: 'role.create',
    params: id,
    status: 204,
    response: nothing,
  },
  'labels.list': {
    method: 'GET',
    path: '/labels',
    summary: 'Labels in use on the containers one may see',
    permission: 'container.read',
    query: r.LabelQuery,
    status: 200,
    response: page(r.LabelInUse),
  },
} as const satisfies Record<string, Route>;
