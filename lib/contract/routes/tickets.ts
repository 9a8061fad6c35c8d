import { z } from 'zod';
import { Id } from '../ids.ts';
import { page } from '../lists.ts';
import * as t from '../tickets.ts';
import { id, nothing, type Route } from './route.ts';

const attachmentId = z.object({ id: Id, attachmentId: Id });
/** What changes a ticket answers with the ticket. */
const onTicket = { method: 'POST', params: id, status: 200, response: t.TicketDetail } as const;
const onConsent = { method: 'POST', params: id, status: 200, response: t.Consent } as const;
const onOutage = { method: 'POST', params: id, status: 200, response: t.Outage } as const;

/** Asking for help, looking inside with consent, and outages. */
export const ticketsRoutes = {
  'tickets.list': {
    method: 'GET',
    path: '/tickets',
    summary: 'Tickets, those where something happened last first',
    permission: 'ticket.read',
    query: t.TicketQuery,
    status: 200,
    response: page(t.Ticket),
  },
  'tickets.create': {
    method: 'POST',
    path: '/tickets',
    summary: 'Ask for help or for something; how the container stands is kept with it',
    permission: 'ticket.create',
    body: t.CreateTicket,
    status: 201,
    response: t.TicketDetail,
  },
  'tickets.get': {
    method: 'GET',
    path: '/tickets/{id}',
    summary: 'One ticket with its thread',
    permission: 'ticket.read',
    params: id,
    status: 200,
    response: t.TicketDetail,
  },
  'tickets.message': {
    ...onTicket,
    path: '/tickets/{id}/messages',
    summary: 'Write in a ticket; internal notes are for staff',
    permission: 'ticket.create',
    body: t.AddMessage,
  },
  'tickets.attach': {
    ...onTicket,
    path: '/tickets/{id}/attachments',
    summary: 'Attach a file of at most 5 MB',
    permission: 'ticket.create',
    query: t.AttachQuery,
    bytes: 'body',
  },
  'tickets.attachment': {
    method: 'GET',
    path: '/tickets/{id}/attachments/{attachmentId}',
    summary: 'An attached file, as a download',
    permission: 'ticket.read',
    params: attachmentId,
    status: 200,
    response: nothing,
    bytes: 'answer',
  },
  'tickets.escalate': {
    ...onTicket,
    path: '/tickets/{id}/escalate',
    summary: 'Hand a reseller’s ticket on to the provider',
    permission: 'ticket.handle',
    body: t.EscalateTicket,
  },
  'tickets.assign': {
    ...onTicket,
    path: '/tickets/{id}/assign',
    summary: 'Give it to somebody; say how urgent it is',
    permission: 'ticket.handle',
    body: t.AssignTicket,
  },
  'tickets.close': {
    ...onTicket,
    path: '/tickets/{id}/close',
    summary: 'End it; a word of the tenant opens it again',
    permission: 'ticket.create',
    body: t.CloseTicket,
  },
  'tickets.approve': {
    ...onTicket,
    path: '/tickets/{id}/approve',
    summary: 'Do what it asks for',
    permission: 'ticket.decide',
  },
  'tickets.decline': {
    ...onTicket,
    path: '/tickets/{id}/decline',
    summary: 'Say no to what it asks for, and why',
    permission: 'ticket.decide',
    body: t.DeclineTicket,
  },
  'tickets.requestAccess': {
    ...onTicket,
    path: '/tickets/{id}/request-access',
    summary: 'Ask the tenant for leave to look inside the container',
    permission: 'access.request',
    body: t.RequestAccess,
  },
  'consents.list': {
    method: 'GET',
    path: '/access-consents',
    summary: 'Who asked to look inside, and who may',
    permission: 'ticket.read',
    query: t.ConsentQuery,
    status: 200,
    response: page(t.Consent),
  },
  'consents.grant': {
    ...onConsent,
    path: '/access-consents/{id}/grant',
    summary: 'Let one of the staff look inside for a time',
    permission: 'access.consent',
    body: t.GrantConsent,
  },
  'consents.revoke': {
    ...onConsent,
    path: '/access-consents/{id}/revoke',
    summary: 'Refuse or end it; what is open by it closes at once',
    permission: 'access.consent',
  },
  'consents.withdraw': {
    ...onConsent,
    path: '/access-consents/{id}/withdraw',
    summary: 'Take back what one asked for oneself, or end one’s own access before its time',
    permission: 'access.request',
  },
  'consents.approve': {
    ...onConsent,
    path: '/access-consents/{id}/approve',
    summary: 'Approve the emergency access that another asked for',
    permission: 'access.emergency',
  },
  'outages.list': {
    method: 'GET',
    path: '/outages',
    summary: 'Outages that concern the reader, newest first',
    permission: 'outage.read',
    query: t.OutageQuery,
    status: 200,
    response: page(t.Outage),
  },
  'outages.declare': {
    method: 'POST',
    path: '/outages',
    summary: 'Declare an outage of servers; all whom it concerns are told',
    permission: 'outage.declare',
    body: t.DeclareOutage,
    status: 201,
    response: t.Outage,
  },
  'outages.update': {
    ...onOutage,
    path: '/outages/{id}/updates',
    summary: 'Tell more of it',
    permission: 'outage.declare',
    body: t.UpdateOutage,
  },
  'outages.end': {
    ...onOutage,
    path: '/outages/{id}/end',
    summary: 'End it with a report',
    permission: 'outage.declare',
    body: t.EndOutage,
  },
} as const satisfies Record<string, Route>;
