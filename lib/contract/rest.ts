/** What the REST API under /api/v1 takes and gives. Addresses, methods and rights are in routes.ts. */
import { z } from 'zod';
import { BackupLocation as LocationAtAgent, Usage } from './agent.ts';
import { BackupState } from './backups.ts';
import { FactorCode } from './factors.ts';
import {
  ContainerName,
  ContainerPassword,
  Email,
  Hostname,
  Line,
  PanelPassword,
  Port,
  PortForward,
  Protocol,
  Resources,
  SshPublicKey,
  Text,
} from './fields.ts';
import { HoldReason } from './holds.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { Language } from './language.ts';
import { inOrder, NameQuery, outOfOrder, PageQuery, page, pageSize, period } from './lists.ts';
import { Operation } from './operations.ts';
import { Exit, normalStartPriority, RestartPolicy, Restarts, StartPriority } from './restarts.ts';
import { Label, Role } from './roles.ts';
import { Every } from './schedules.ts';
import { ContainerState, ContainerVerb, OperationKind, OperationState, Power } from './states.ts';
import { InitKind } from './transfers.ts';

export { NameQuery, PageQuery, page, pageSize };

// People
export const Me = z.object({
  id: Id,
  email: Email,
  name: z.string(),
  /** The widest role they have; null: none, or custom ones only. */
  role: Role.nullable(),
  tenantId: Id.nullable(),
  tenantName: z.string().nullable(),
  /** What they chose; null: as the brand says, or else the browser. */
  language: Language.nullable(),
  sessions: z.array(
    z.object({
      id: Id,
      current: z.boolean(),
      createdAt: Instant,
      lastSeenAt: Instant,
      userAgent: z.string(),
      address: z.string(),
    }),
  ),
});
export type Me = z.infer<typeof Me>;
/** By a password, with a code where a second factor is set up; or by a link that was made for one, which works once (docs/billing.md). */
export const SignIn = z.union([
  z.strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(200),
    /** From the authenticator, or a recovery code. */
    code: FactorCode.optional(),
  }),
  z.strictObject({ link: z.string().min(20).max(200) }),
]);
/** `current`: empty for who has none yet, and has shown again otherwise who they are. */
export const ChangePassword = z.strictObject({ current: z.string().max(200), next: PanelPassword });
export const RequestReset = z.strictObject({ email: Email });
export const RedeemReset = z.strictObject({ token: z.string().min(20).max(200), password: PanelPassword });

// Tenants and plans
export const Tenant = z.object({
  id: Id,
  name: z.string(),
  resellerId: Id.nullable(),
  containers: z.int(),
  users: z.int(),
  createdAt: Instant,
});
export type Tenant = z.infer<typeof Tenant>;
export const CreateTenant = z.strictObject({
  name: Line(100).min(1),
  ownerEmail: Email,
  ownerName: Line(100).min(1),
  /** For the provider: whose tenant it is to be. A reseller's tenants are its own. */
  resellerId: Id.nullable().default(null),
});

export const Plan = z.object({
  id: Id,
  name: z.string(),
  /** Whose it is; null: the provider's. */
  resellerId: Id.nullable(),
  /** As people read it; may be empty. */
  price: z.string(),
  /** Nothing new is put on a plan that is not offered. */
  offered: z.boolean(),
  resources: Resources,
  /** Containers a tenant may have on this plan; null is no limit. */
  maxContainers: z.int().nullable(),
  maxBackups: z.int(),
  /** Snapshots a container may have; those the panel takes by itself do not count. */
  maxSnapshots: z.int(),
  /** What a container's backups may take at their location; null is no limit. */
  maxBackupBytes: Bytes.nullable(),
  /** Nothing is backed up by itself more often; null is never. */
  backupEvery: Every.nullable(),
  /** For so many days a deleted backup can be had back. */
  deletedBackupDays: z.int(),
  /** For so many days a deleted container can be had back from its backups. */
  deletedContainerDays: z.int(),
  maxForwards: z.int(),
  /** Names of the templates that tenants may reinstall with; empty: all. The one a container has is always among them. */
  templates: z.array(z.string()),
  /** How long a volume put aside by a restore or reinstall is kept. */
  retentionHours: z.int(),
  /** Containers of higher ones start earlier after a boot of their host. */
  startPriority: StartPriority,
  /** Where backups of its containers go; null: to the default location. */
  locationId: Id.nullable(),
  /** Targets of tickets about its containers; null: none. */
  firstAnswerMinutes: z.int().nullable(),
  solveMinutes: z.int().nullable(),
});
export type Plan = z.infer<typeof Plan>;
export const CreatePlan = z.strictObject({
  name: Line(60).min(1),
  /** For the provider: whose it is to be. A reseller's plans are its own. */
  resellerId: Id.nullable().default(null),
  price: Line(60).default(''),
  resources: Resources,
  maxContainers: z.int().min(1).max(1_000_000).nullable().default(null),
  maxBackups: z.int().min(0).max(1000).default(10),
  maxSnapshots: z.int().min(0).max(20).default(3),
  maxBackupBytes: Bytes.nullable().default(null),
  backupEvery: Every.nullable().default('hour'),
  deletedBackupDays: z.int().min(0).max(365).default(7),
  deletedContainerDays: z.int().min(0).max(365).default(14),
  maxForwards: z.int().min(0).max(200).default(10),
  templates: z.array(z.string().min(1).max(60)).max(100).default([]),
  retentionHours: z
    .int()
    .min(1)
    .max(24 * 30)
    .default(24),
  startPriority: StartPriority.default(normalStartPriority),
  locationId: Id.nullable().default(null),
  firstAnswerMinutes: z
    .int()
    .min(1)
    .max(60 * 24 * 30)
    .nullable()
    .default(null),
  solveMinutes: z
    .int()
    .min(1)
    .max(60 * 24 * 90)
    .nullable()
    .default(null),
});

export const EditPlan = z.strictObject({
  name: Line(60).min(1).optional(),
  price: Line(60).optional(),
  offered: z.boolean().optional(),
});

export const Template = z.object({
  id: Id,
  name: z.string(),
  version: z.string(),
  title: z.string(),
  init: InitKind,
  layers: z.array(z.string()),
  bytes: Bytes,
  /** Brings an ssh server, so containers of it get a forwarded port to it. */
  sshServer: z.boolean(),
  createdAt: Instant,
});
export type Template = z.infer<typeof Template>;
export const BuildTemplate = z.strictObject({ name: z.string().max(41), hostId: Id });

export const Host = z.object({
  id: Id,
  name: z.string(),
  address: z.string(),
  health: z.enum(['ok', 'silent', 'enrolling', 'disabled', 'lost']),
  lastSeenAt: Instant.nullable(),
  /** Since when it counts as lost: nothing is put there until it is taken into use again. */
  lostAt: Instant.nullable(),
  kernel: z.string().nullable(),
  cpus: z.int().nullable(),
  memoryBytes: Bytes.nullable(),
  pool: z
    .object({ driver: z.string(), sizeBytes: Bytes, usedBytes: Bytes, reservedBytes: Bytes, reflinks: z.boolean() })
    .nullable(),
  engine: z.record(z.string(), z.string()),
  cgroups: z.enum(['v1', 'v2']).nullable(),
  simulated: z.boolean(),
  containers: z.int(),
  running: z.int(),
});
export type Host = z.infer<typeof Host>;

/** What writing a host off, or some of its containers, takes from each of them. */
export const LostContainer = z.object({
  id: Id,
  name: z.string(),
  tenantId: Id,
  tenantName: z.string(),
  /** The newest complete backup: what was written since is lost. Null: there is none, and nothing comes back. */
  newestBackupAt: Instant.nullable(),
  /** It lies in a directory, which may have been on the lost host's own disks. */
  inDirectory: z.boolean(),
  /** The newest complete one that is not in a directory. */
  newestElsewhereAt: Instant.nullable(),
  /** Lost whatever backups there are. */
  snapshots: z.int(),
  retained: z.int(),
  /** Said to be lost, and not yet among the deleted ones: what is under way on it has to end first. */
  pending: z.boolean(),
});
export type LostContainer = z.infer<typeof LostContainer>;
export const HostLoss = z.object({
  hostId: Id,
  hostName: z.string(),
  lastSeenAt: Instant.nullable(),
  /** Why it cannot be called lost now. */
  refusal: z.string().nullable(),
  containers: z.array(LostContainer),
});
export type HostLoss = z.infer<typeof HostLoss>;
/** The whole host, or only some of its containers. `name`: the host's, again, so that it is the right one. */
export const LoseHost = z.strictObject({
  name: z.string(),
  containerIds: z.array(Id).min(1).max(1000).optional(),
});

/** A container that its host has and the portal does not know; see `orphans` in lib/db/schema/hosts.ts. */
export const Orphan = z.object({
  /** The container's id on its host, and its id here once it is adopted. */
  id: Id,
  state: z.enum(['orphaned', 'ignored']),
  hostId: Id,
  hostName: z.string(),
  name: z.string(),
  hostname: z.string(),
  tenantId: Id,
  /** Null: the tenant is not known here either; adopting makes it anew under its old id. */
  tenantName: z.string().nullable(),
  /** A plan here with the very resources it has. */
  planId: Id.nullable(),
  power: Power,
  generation: z.int(),
  template: z.object({ name: z.string(), version: z.string() }),
  address: z.string(),
  resources: Resources,
  firstSeenAt: Instant,
});
export type Orphan = z.infer<typeof Orphan>;
export const AdoptOrphan = z.strictObject({ planId: Id, name: ContainerName.optional() });
export const IgnoreOrphan = z.strictObject({ ignored: z.boolean().default(true) });

// Containers
/** How many sets of replaced files a container may have; one more releases one of them. */
export const maxRetained = 2;
export const RetainedVolume = z.object({
  id: Id,
  containerId: Id,
  reason: z.enum(['restore', 'reinstall', 'rollback', 'undo']),
  /** Where they can be read in the container. */
  shownAt: z.literal('/old').nullable(),
  operationId: Id,
  bytes: Bytes,
  createdAt: Instant,
  expiresAt: Instant,
});
export type RetainedVolume = z.infer<typeof RetainedVolume>;

/** All system files were put back; until then that can be undone, for a snapshot of the files before is kept. */
export const Recovery = z.object({ operationId: Id, bytes: Bytes, createdAt: Instant, expiresAt: Instant });
export type Recovery = z.infer<typeof Recovery>;

export const Verdict = z.object({ allowed: z.boolean(), reason: z.string().nullable() });

export const Container = z.object({
  id: Id,
  name: z.string(),
  tenantId: Id,
  tenantName: z.string(),
  hostId: Id,
  hostName: z.string(),
  planId: Id,
  planName: z.string(),
  state: ContainerState,
  /** The last state anybody saw, and since when and by whose doing; what to show beside `unknown`. */
  lastKnown: z.object({ state: ContainerState, at: Instant }).nullable(),
  since: Instant.nullable(),
  lastExit: Exit.nullable(),
  /** The latest ends, newest first. */
  exits: z.array(Exit),
  restartPolicy: RestartPolicy,
  /** What its host does to bring it back; null while nothing weighs against it. */
  restarts: Restarts.nullable(),
  hostname: z.string(),
  template: z.object({ id: Id, name: z.string(), version: z.string(), title: z.string() }),
  labels: z.array(z.string()),
  addresses: z.array(z.string()),
  resources: Resources,
  usage: Usage.nullable(),
  holds: z.array(
    z.object({
      reason: HoldReason,
      message: z.string().nullable(),
      /** On this container, or on all of its tenant. */
      over: z.enum(['container', 'tenant']),
      /** It is stopped while the hold lasts. */
      stop: z.boolean(),
      placedAt: Instant,
    }),
  ),
  /** In repair: a rescue system runs in its place, its own files are at /repair. */
  repair: z.object({ since: Instant, until: Instant, readOnly: z.boolean() }).nullable(),
  /** What the person asking may do now, or why not; verbs they have no right to are absent. */
  can: z.partialRecord(ContainerVerb, Verdict),
  operation: Operation.nullable(),
  lastBackupAt: Instant.nullable(),
  /** Where its backups go; null: where its plan says. */
  locationId: Id.nullable(),
  forwards: z.array(z.object({ id: Id, protocol: Protocol, hostPort: Port, containerPort: Port })),
  /** The exact command that logs in, if one would work. */
  ssh: z.string().nullable(),
  retained: z.array(RetainedVolume),
  recoveries: z.array(Recovery),
  sshKeys: z.array(z.string()),
  createdAt: Instant,
  /** For so many days it can be had back after it was deleted, if it has a complete backup then. */
  deletedContainerDays: z.int(),
  /** Deleted, and to be had back until then. `addressKept`: at its own server, which answers; else it would get another one. */
  deleted: z
    .object({
      at: Instant,
      until: Instant,
      backups: z.int(),
      newestBackupAt: Instant.nullable(),
      addressKept: z.boolean(),
      /** Nobody deleted it: it was lost with its server. */
      lost: z.boolean(),
    })
    .nullable(),
});
export type Container = z.infer<typeof Container>;

export const CreateContainer = z.strictObject({
  name: ContainerName,
  tenantId: Id,
  planId: Id,
  templateId: Id,
  hostId: Id.optional(),
  sshKeys: z.array(SshPublicKey).max(50).default([]),
  rootPassword: ContainerPassword.optional(),
  /** Start it when it is made. */
  start: z.boolean().default(true),
  /** `on-failure` unless said. */
  restartPolicy: RestartPolicy.optional(),
});
/** Another container with the files of one, on its server. */
export const CloneContainer = z.strictObject({
  name: ContainerName,
  /** Absent: the one of the first, which must still be offered. Another must be one that its tenant has, with no smaller disk. */
  planId: Id.optional(),
  /** Start it when it is made. */
  start: z.boolean().default(true),
});
/** A deleted container, back from a backup: the newest that can be reached and is not known to be damaged, unless said. */
export const Undelete = z.strictObject({
  backupId: Id.optional(),
  /** Another name, where its own is taken by now. */
  name: ContainerName.optional(),
  /** Also where it cannot have its address and ports back. */
  acceptNewAddress: z.boolean().default(false),
  start: z.boolean().default(true),
});
export const StopContainer = z.strictObject({ timeoutMs: z.int().min(0).max(600_000).default(60_000) });
export const Empty = z.strictObject({});
/** The kept files to release (an id of `retained`) should there be one set too many; else the oldest goes. */
const Release = Id.optional();
export const Restore = z.strictObject({ release: Release });
export const Rollback = z.strictObject({ release: Release });
export const Undo = z.strictObject({ release: Release });
export const Reinstall = z.strictObject({
  templateId: Id.optional(),
  /** Old files read-only at /old while the old volume is retained. */
  keepOld: z.boolean().default(true),
  /** Forget users, passwords and keys instead of carrying them over. */
  resetUsers: z.boolean().optional(),
  /** The same, by its older name. */
  reset: z.boolean().default(false).meta({ deprecated: true }),
  release: Release,
  rootPassword: ContainerPassword.optional(),
  sshKeys: z.array(SshPublicKey).max(50).optional(),
});
/** A repair is not a place to live in; the next one may begin at once. */
export const longestRepairHours = 72;
const RepairHours = z.int().min(1).max(24).default(4);
export const Repair = z.strictObject({
  /** Its own files at /repair cannot be changed. */
  readOnly: z.boolean().default(false),
  /** A password for once, told in the answer, or the container's ssh keys. */
  access: z.enum(['password', 'keys']).default('password'),
  /** Then the repair ends by itself. */
  hours: RepairHours,
});
/** `rootPassword` is told here and never again. */
export const Repairing = Operation.extend({ rootPassword: z.string().nullable() });
export type Repairing = z.infer<typeof Repairing>;
/** Counted from now. */
export const ExtendRepair = z.strictObject({ hours: RepairHours });
export const Access = z.strictObject({
  sshKeys: z.array(SshPublicKey).max(50).optional(),
  rootPassword: ContainerPassword.optional(),
  hostname: Hostname.optional(),
});
export const Configure = z.strictObject({ planId: Id });
export const SetRestartPolicy = z.strictObject({ restartPolicy: RestartPolicy });
export const ContainerQuery = NameQuery.extend({
  state: ContainerState.optional(),
  tenantId: Id.optional(),
  hostId: Id.optional(),
  planId: Id.optional(),
  label: Label.optional(),
  /** `true`: those that were deleted and can be had back, instead of the others. */
  deleted: z.stringbool().optional(),
});

export const AddForward = z.strictObject({
  protocol: Protocol.default('tcp'),
  containerPort: Port,
  hostPort: Port.optional(),
});
export const Forward = PortForward.extend({ id: Id });
export type Forward = z.infer<typeof Forward>;

export const BackupQuery = NameQuery.extend({
  ...period,
  state: BackupState.optional(),
  tenantId: Id.optional(),
  /** `true`: those that were deleted and can be had back, instead of the others. */
  removed: z.stringbool().optional(),
}).refine(inOrder, outOfOrder);

export const TenantQuery = NameQuery.extend({
  resellerId: Id.optional(),
  /** Resellers are accounts as well, and in the list of all there are. */
  kind: z.enum(['tenant', 'reseller']).optional(),
});
export const HostQuery = NameQuery.extend({ state: Host.shape.health.optional() });
export const WebhookQuery = NameQuery.extend({ tenantId: Id.optional() });

// Where backups go
export const BackupLocation = z.object({
  id: Id,
  name: z.string(),
  kind: z.enum(['directory', 'rest', 's3']),
  /** Null: the provider's. */
  tenantId: Id.nullable(),
  /** Where it is; null for those who may not change it. What one signs in with is never told. */
  address: z.string().nullable(),
  hasCredentials: z.boolean(),
  appendOnly: z.boolean(),
  /** False: on the server itself, lost if that is lost. */
  offsite: z.boolean(),
  /** Used where neither container nor plan names another. */
  isDefault: z.boolean(),
  backups: z.int(),
  /** Deleted backups that lie there until a maintenance run. */
  pendingPrune: z.int(),
  createdAt: Instant,
});
export type BackupLocation = z.infer<typeof BackupLocation>;
const LocationName = Line(60).min(1);
const Credentials = z.strictObject({ user: z.string().min(1).max(256), password: z.string().min(1).max(1024) });
const [, restKind, s3Kind] = LocationAtAgent.options;
const newLocation = {
  name: LocationName,
  /** The tenant whose it is; without one, the provider's. A tenant's people make their own tenant's. */
  tenantId: Id.optional(),
  url: restKind.shape.url,
  appendOnly: z.boolean().default(false),
};
/** A tenant or a reseller may have so many of its own. */
export const mostLocations = 20;
export const CreateBackupLocation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rest'), ...newLocation, credentials: Credentials.optional() }),
  z.strictObject({
    kind: z.literal('s3'),
    ...newLocation,
    bucket: s3Kind.shape.bucket,
    prefix: s3Kind.shape.prefix.default(''),
    region: s3Kind.shape.region.default('us-east-1'),
    credentials: Credentials,
  }),
]);
/** What is absent stays. Where it is does not change: what lies there would be lost to the panel. */
export const ChangeBackupLocation = z.strictObject({
  name: LocationName.optional(),
  appendOnly: z.boolean().optional(),
  credentials: Credentials.optional(),
});
/** Null: none of its own; the plan's, or else the default one. */
export const ChooseBackupLocation = z.strictObject({ locationId: Id.nullable() });

// Snapshots
export const Snapshot = z.object({
  id: Id,
  containerId: Id,
  name: z.string(),
  kind: z.enum(['manual', 'automatic']),
  state: z.enum(['making', 'present', 'deleting']),
  /** What it took when it was made; what did not change since is shared with the container. */
  bytes: Bytes.nullable(),
  freezeMs: z.number().nullable(),
  template: z.object({ name: z.string(), version: z.string() }),
  createdAt: Instant,
  operationId: Id,
  actorName: z.string(),
});
export type Snapshot = z.infer<typeof Snapshot>;
/** `max`: how many manual ones the container's plan allows. */
export const Snapshots = page(Snapshot).extend({ max: z.int() });
export type Snapshots = z.infer<typeof Snapshots>;
export const CreateSnapshot = z.strictObject({ name: Line(100).default('') });

// Operations, events, audit
export const OperationQuery = PageQuery.extend({
  ...period,
  containerId: Id.optional(),
  tenantId: Id.optional(),
  hostId: Id.optional(),
  state: OperationState.optional(),
  kind: OperationKind.optional(),
}).refine(inOrder, outOfOrder);
export const ResolveOperation = z.strictObject({
  note: Text(1000).min(1),
  /** `done`: what it wanted is there. `failed`: what it began is taken back. What is recorded follows from that. */
  outcome: z.enum(['failed', 'done']).default('failed'),
});

export const BerthEvent = z.object({
  id: z.string(),
  type: z.enum(['container', 'operation', 'backup', 'usage', 'host', 'ticket', 'outage', 'people']),
  containerId: Id.nullable(),
  operationId: Id.nullable(),
  at: Instant,
  /** operation: the whole {@link Operation}; usage: {@link Usage}; others: what changed, to be fetched. */
  data: z.record(z.string(), z.unknown()),
});
export type BerthEvent = z.infer<typeof BerthEvent>;

export const Dashboard = z.object({
  /** What is broken, first what affects most people: each with since when and whom. */
  problems: z.array(
    z.object({
      kind: z.enum([
        'host-silent',
        'operation-stuck',
        'pool-low',
        'container-crashed',
        'service-down',
        'container-orphaned',
        'backup-failing',
        'backup-damaged',
        'backup-test-failed',
      ]),
      title: z.string(),
      since: Instant,
      affected: z.int(),
      hostId: Id.nullable(),
      operationId: Id.nullable(),
      containerId: Id.nullable(),
    }),
  ),
  counts: z.object({
    hosts: z.int(),
    containers: z.int(),
    running: z.int(),
    tenants: z.int(),
    operationsToday: z.int(),
    failedToday: z.int(),
  }),
});
export type Dashboard = z.infer<typeof Dashboard>;
