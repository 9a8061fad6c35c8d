/** Resellers: what the provider lets them use, what their tenants use of it, what they offer. */
import { z } from 'zod';
import { Email, Line } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { Operation } from './operations.ts';
import { Ticket } from './tickets.ts';

/** Sums over all containers of a reseller's tenants; null: no limit. */
export const Quota = z.strictObject({
  maxContainers: z.int().min(0).max(1_000_000).nullable(),
  cpuCores: z.number().min(0).max(1_000_000).nullable(),
  memoryBytes: Bytes.nullable(),
  diskBytes: Bytes.nullable(),
  /** Of what plans promise to containers, not of what backups take at the moment. */
  backupBytes: Bytes.nullable(),
  /** New containers go to these servers only; null: to any. */
  hostIds: z.array(Id).max(1000).nullable(),
  /** It may offer these templates; null: all. */
  templateIds: z.array(Id).max(1000).nullable(),
});
export type Quota = z.infer<typeof Quota>;

/** What is summed up, in the order in which people read it. */
export const quotaKinds = ['maxContainers', 'cpuCores', 'memoryBytes', 'diskBytes', 'backupBytes'] as const;
export type QuotaKind = (typeof quotaKinds)[number];

export const QuotaUse = z.object({
  maxContainers: z.int(),
  cpuCores: z.number(),
  memoryBytes: Bytes,
  diskBytes: Bytes,
  /** Null: some container is on a plan without a limit for backups. */
  backupBytes: Bytes.nullable(),
});
export type QuotaUse = z.infer<typeof QuotaUse>;

export const QuotaState = z.object({
  resellerId: Id,
  quota: Quota,
  used: QuotaUse,
  /** What is used above the quota: nothing that takes more of it is accepted until it is below again. */
  over: z.array(z.enum(quotaKinds)),
  /** The same in a sentence; null when all is within. */
  notice: z.string().nullable(),
  /** Of the templates it may offer, those it does; null: all of them. */
  offeredTemplateIds: z.array(Id).nullable(),
});
export type QuotaState = z.infer<typeof QuotaState>;

export const Reseller = z.object({
  id: Id,
  name: z.string(),
  tenants: z.int(),
  quota: Quota,
  used: QuotaUse,
  over: z.array(z.enum(quotaKinds)),
  createdAt: Instant,
});
export type Reseller = z.infer<typeof Reseller>;

export const CreateReseller = z.strictObject({
  name: Line(100).min(1),
  ownerEmail: Email,
  ownerName: Line(100).min(1),
  /** Said outright, limit by limit: a reseller without limits is made on purpose. */
  quota: Quota,
});

export const OfferTemplates = z.strictObject({ templateIds: z.array(Id).max(1000).nullable() });

/** Something that is broken, and for whom. */
export const ResellerProblem = z.object({
  kind: z.enum([
    'containers-silent',
    'operation-stuck',
    'container-crashed',
    'backup-damaged',
    'backup-failing',
    'ticket-late',
    'name-unproven',
    'mail-key-missing',
  ]),
  title: z.string(),
  /** Whose; null: the reseller's own affair. */
  tenant: z.string().nullable(),
  since: Instant,
  /** How many containers. */
  affected: z.int(),
  operationId: Id.nullable(),
  containerId: Id.nullable(),
  ticketId: Id.nullable(),
  tenantId: Id.nullable(),
});
export type ResellerProblem = z.infer<typeof ResellerProblem>;

/** Containers by what they are at the moment, whatever is being done to them. */
export const StateCounts = z.object({
  running: z.int(),
  stopped: z.int(),
  suspended: z.int(),
  repairing: z.int(),
  creating: z.int(),
  /** Nothing is heard of them. */
  unknown: z.int(),
});
export type StateCounts = z.infer<typeof StateCounts>;

/** What a reseller looks at first. */
export const ResellerDashboard = z.object({
  /** Those that affect most first. */
  problems: z.array(ResellerProblem),
  states: StateCounts,
  /** Wait for the reseller, the one whose target comes first on top. */
  tickets: z.array(Ticket),
  quota: QuotaState,
  tenants: z.array(
    z.object({ id: Id, name: z.string(), containers: z.int(), running: z.int(), memoryBytes: Bytes, diskBytes: Bytes }),
  ),
  /** Of the last day, newest first. */
  failed: z.array(Operation),
  /** Wait for a person. */
  stuck: z.int(),
});
export type ResellerDashboard = z.infer<typeof ResellerDashboard>;
