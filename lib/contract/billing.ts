/** What a reseller's billing program asks for: its services by its own numbers, and what each state of one permits. */
import { z } from 'zod';
import { ContainerName, ContainerPassword, Email, Line, SshPublicKey, Text } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { ContainerState } from './states.ts';

/** A number or name that the billing program has given. Compared to the letter. */
export const ExternalId = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'use 1 to 100 printable characters without spaces');

/**
 * `creating`: its container is being made or had back. `active`, `suspended`: it is there, the latter under billing's hold.
 * `failed`: there is no container, or somebody has to look at it; create again. `terminating`: it is stopped and will be deleted.
 * `terminated`: the container is deleted.
 */
export const ServiceState = z.enum(['creating', 'active', 'suspended', 'failed', 'terminating', 'terminated']);
export type ServiceState = z.infer<typeof ServiceState>;

/** What changes a service. `test`, `list` and `usage` change nothing and are always permitted. */
export type ServiceVerb =
  | 'create'
  | 'suspend'
  | 'unsuspend'
  | 'change-plan'
  | 'terminate'
  | 'renew'
  | 'reset-password'
  | 'sign-in-link';

/** What each state permits: the one table. Asking for what is so already is permitted, and changes nothing. */
export const servicePermits = {
  creating: ['create', 'suspend', 'unsuspend', 'terminate', 'renew', 'sign-in-link'],
  active: ['create', 'suspend', 'unsuspend', 'change-plan', 'terminate', 'renew', 'reset-password', 'sign-in-link'],
  suspended: ['create', 'suspend', 'unsuspend', 'terminate', 'renew', 'sign-in-link'],
  failed: ['create', 'terminate', 'sign-in-link'],
  terminating: ['create', 'terminate'],
  terminated: ['create', 'terminate'],
} as const satisfies Record<ServiceState, readonly ServiceVerb[]>;

export const Service = z.object({
  externalServiceId: ExternalId,
  externalClientId: ExternalId,
  state: ServiceState,
  /** What happens now, or what somebody has to do, in a sentence. */
  next: z.string(),
  tenantId: Id,
  tenantName: z.string(),
  /** Whom sign-in links are for; null: nobody any more. */
  ownerEmail: z.string().nullable(),
  containerId: Id.nullable(),
  containerName: z.string().nullable(),
  containerState: ContainerState.nullable(),
  address: z.ipv4().nullable(),
  /** The command that logs in; null: no ssh server, or not yet. */
  ssh: z.string().nullable(),
  planId: Id.nullable(),
  planName: z.string().nullable(),
  /** What is under way with its container, or what made it. */
  operationId: Id.nullable(),
  paidUntil: Instant.nullable(),
  /** While it is `terminating`: when its container is deleted. */
  removeAfter: Instant.nullable(),
  /** While it is `terminated`: until when `create` brings its files back. */
  recoverableUntil: Instant.nullable(),
  createdAt: Instant,
});
export type Service = z.infer<typeof Service>;

export const ServiceQuery = z.strictObject({ externalServiceId: ExternalId });

export const CreateService = z.strictObject({
  externalServiceId: ExternalId,
  client: z.strictObject({
    externalId: ExternalId,
    name: Line(100).min(1),
    email: Email,
    /** Whom the tenant is named after; the client's name unless said. */
    company: Line(100).min(1).optional(),
  }),
  planId: Id,
  templateId: Id,
  /** Made of the service's number unless said. */
  name: ContainerName.optional(),
  sshKeys: z.array(SshPublicKey).max(50).default([]),
  rootPassword: ContainerPassword.optional(),
});
export const SuspendService = ServiceQuery.extend({
  /** Shown to the tenant. */
  message: Text(500).min(1).optional(),
});
export const ChangeServicePlan = ServiceQuery.extend({ planId: Id });
export const RenewService = ServiceQuery.extend({ paidUntil: Instant.optional() });
export const ResetServicePassword = ServiceQuery.extend({ rootPassword: ContainerPassword });

export const maxServicesListed = 100;
export const ListServices = z.strictObject({
  externalServiceId: ExternalId.optional(),
  cursor: z.string().max(500).optional(),
  limit: z.int().min(1).max(maxServicesListed).default(50),
});

export const ServiceUsage = z.object({
  externalServiceId: ExternalId,
  state: ServiceState,
  /** When its host told; null: not yet. */
  at: Instant.nullable(),
  diskBytes: Bytes.nullable(),
  diskLimitBytes: Bytes.nullable(),
  memoryBytes: Bytes.nullable(),
  memoryLimitBytes: Bytes.nullable(),
  cpuCores: z.number().nullable(),
  cpuLimitCores: z.number().nullable(),
  /** Since the container was last started, as it sees it. */
  receivedBytes: Bytes.nullable(),
  sentBytes: Bytes.nullable(),
  backupBytes: Bytes.nullable(),
});
export type ServiceUsage = z.infer<typeof ServiceUsage>;

/** Whose token it is, and what can be sold. */
export const BillingTest = z.object({
  resellerId: Id,
  resellerName: z.string(),
  plans: z.array(z.object({ id: Id, name: z.string(), price: z.string().nullable() })),
  templates: z.array(z.object({ id: Id, title: z.string(), name: z.string(), version: z.string() })),
});
export type BillingTest = z.infer<typeof BillingTest>;

/** Signs in the service's owner, once, within a minute. */
export const SignInLink = z.object({ url: z.string(), expiresAt: Instant });
export type SignInLink = z.infer<typeof SignInLink>;
