/** Containers as the REST API shows them, and what may be done to them. */
import { z } from 'zod';
import { Usage } from './agent-state.ts';
import {
  ContainerName,
  ContainerPassword,
  Hostname,
  Port,
  PortForward,
  Protocol,
  Resources,
  SshPublicKey,
} from './fields.ts';
import { HoldReason } from './holds.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { NameQuery } from './lists.ts';
import { Operation } from './operations.ts';
import { Exit, RestartPolicy, Restarts } from './restarts.ts';
import { Label } from './roles.ts';
import { ContainerState, ContainerVerb } from './states.ts';

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
  /** Where its forwards are reached; null until its host has told. */
  forwardAddress: z.string().nullable(),
  /** The exact command that logs in, if one would work now: it runs, and a forward leads to its port 22. */
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

/** Counted from now or, `onTop`, from when the repair would end; {@link longestRepairHours} in all bound both. */
export const ExtendRepair = z.strictObject({ hours: RepairHours, onTop: z.boolean().optional() });

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
