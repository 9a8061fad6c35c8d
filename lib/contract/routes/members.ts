import { z } from 'zod';
import { Id } from '../ids.ts';
import * as m from '../members.ts';
import { Empty, page } from '../rest.ts';
import { id, nothing, type Route } from './route.ts';

const member = z.object({ id: Id, memberId: Id });

/** Who belongs to an account. */
export const membersRoutes = {
  'members.list': {
    method: 'GET',
    path: '/tenants/{id}/members',
    summary: 'People, service accounts and open invitations',
    permission: 'member.read',
    params: id,
    status: 200,
    response: page(m.Member),
  },
  'members.get': {
    method: 'GET',
    path: '/tenants/{id}/members/{memberId}',
    summary: 'One of them',
    permission: 'member.read',
    params: member,
    status: 200,
    thing: 'member',
    response: m.Member,
  },
  'members.add': {
    method: 'POST',
    path: '/tenants/{id}/members',
    summary: 'Invite a person by mail, or make a service account',
    permission: 'member.manage',
    params: id,
    body: m.AddMember,
    status: 201,
    response: m.Member,
  },
  'members.change': {
    method: 'PATCH',
    path: '/tenants/{id}/members/{memberId}',
    summary: 'Other roles instead of those they have',
    permission: 'member.manage',
    params: member,
    body: m.ChangeMember,
    status: 200,
    thing: 'member',
    response: m.Member,
  },
  'members.remove': {
    method: 'DELETE',
    path: '/tenants/{id}/members/{memberId}',
    summary: 'Take their roles, or the invitation back; their sessions and tokens end',
    permission: 'member.manage',
    params: member,
    status: 204,
    thing: 'member',
    response: nothing,
  },
  'members.resend': {
    method: 'POST',
    path: '/tenants/{id}/members/{memberId}/resend',
    summary: 'Send an open invitation again: a new link, and time from now; the one before works no more',
    permission: 'member.manage',
    params: member,
    body: Empty,
    status: 200,
    response: m.Member,
  },
  'invitations.accept': {
    method: 'POST',
    path: '/invitations/accept',
    summary: 'Take an invitation up by the token from the mail',
    permission: 'public',
    body: m.AcceptInvitation,
    status: 204,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
