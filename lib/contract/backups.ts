/** Backups of a container as the REST API takes and gives them: the backups themselves, their limits and what is kept. */
import { z } from 'zod';
import { Line } from './fields.ts';
import { FileKind, FilePath, Heap, RestoreFiles } from './files.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { BackupHealth, CommandEnd, Finding } from './integrity.ts';
import { inOrder, NameQuery, outOfOrder, period } from './lists.ts';

/**
 * running → complete | failed. removed: deleted by somebody, and to be had back until `recoverableUntil`. deleting: on its way
 * out of its location; pending-prune: where hosts cannot delete, until a maintenance run; deleted: gone.
 */
export const BackupState = z.enum(['running', 'complete', 'failed', 'removed', 'deleting', 'pending-prune', 'deleted']);
export type BackupState = z.infer<typeof BackupState>;

/** What happens to one backup more than the plan allows: it is refused, or the oldest unprotected one makes room. */
export const AtBackupLimit = z.enum(['refuse', 'rotate']);
export type AtBackupLimit = z.infer<typeof AtBackupLimit>;

const BackupName = Line(60);
const BackupNote = Line(200);

export const Backup = z.object({
  id: Id,
  containerId: Id,
  containerName: z.string(),
  /** Its container is deleted: until when that can be brought back, from a backup like this; null when it cannot. Else absent. */
  containerDeleted: z.object({ until: Instant.nullable() }).optional(),
  name: z.string(),
  note: z.string(),
  /** Never rotated, and deleted only after that is taken off. */
  protected: z.boolean(),
  /** Made by the container's schedule, whose rules say how long it stays. */
  scheduled: z.boolean(),
  state: BackupState,
  template: z.object({ name: z.string(), version: z.string() }).nullable(),
  files: z.int().nullable(),
  bytesTotal: Bytes.nullable(),
  /** What it added to the location: compressed, and without what was there already. */
  bytesAdded: Bytes.nullable(),
  /** About what deleting it would free, as it was at `at`: others may have come to share its data since. */
  frees: z.object({ bytes: Bytes, at: Instant }).nullable(),
  freezeMs: z.number().nullable(),
  /** How the commands run inside around it ended; null: there were none. What they printed is asked for by itself. */
  commands: z.object({ before: CommandEnd.nullable(), after: CommandEnd.nullable() }).nullable(),
  verifiedAt: Instant.nullable(),
  /** `at`: since when it is known to be so. `missing`: some names of what a damaged one lacks; a folder's ends in a slash. */
  health: z.object({ state: BackupHealth, at: Instant.nullable(), missing: z.array(z.string()) }),
  /** The latest restore test. */
  test: z.object({ at: Instant, passed: z.boolean(), why: z.string().nullable(), tookMs: z.int() }).nullable(),
  /** `lostWith`: the name of the lost server in whose directory it lies; without that server it is out of reach. */
  location: z.object({ name: z.string(), offsite: z.boolean(), lostWith: z.string().nullable() }),
  createdAt: Instant,
  operationId: Id,
  actorName: z.string(),
  /** Of a removed one: until when it can be had back. */
  recoverableUntil: Instant.nullable(),
});
export type Backup = z.infer<typeof Backup>;

export const CreateBackup = z.strictObject({
  name: BackupName.default(''),
  note: BackupNote.default(''),
  protected: z.boolean().default(false),
});
export const EditBackup = z.strictObject({
  name: BackupName.optional(),
  note: BackupNote.optional(),
  protected: z.boolean().optional(),
});
/** What makes something impossible to have back asks for the password again. */
/** Empty for who has none, and has shown again otherwise who they are. */
export const PurgeBackup = z.strictObject({ password: z.string().max(200) });

/** The tenant's word that a backup may be restored once into one container of another tenant, until then. */
export const RestoreConsent = z.object({
  id: Id,
  backupId: Id,
  containerId: Id,
  grantedByName: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  /** `given` alone is good for a restore. */
  state: z.enum(['given', 'used', 'revoked', 'expired']),
  usedAt: Instant.nullable(),
});
export type RestoreConsent = z.infer<typeof RestoreConsent>;
export const GiveConsent = z.strictObject({
  /** As the provider told it: it is not looked up, for it is another's. */
  containerId: Id,
  hours: z.int().min(1).max(168).default(24),
});
export const RestoreInto = z.strictObject({ containerId: Id, release: Id.optional() });

/** How a container's backups are kept, and how much of what the plan allows they take. */
export const BackupSettings = z.object({
  atLimit: AtBackupLimit,
  /** For so many days a deleted backup can be had back; the plan's number is the most. */
  deletedDays: z.int(),
  plan: z.object({ maxBackups: z.int(), maxBackupBytes: Bytes.nullable(), deletedBackupDays: z.int() }),
  used: z.object({
    backups: z.int(),
    /** As measured at `bytesAt`, and what was added since. Null `bytesAt`: never measured, the sum of what each added. */
    bytes: Bytes,
    bytesAt: Instant.nullable(),
    /** Deleted and to be had back. They do not count. */
    removed: z.int(),
  }),
});
export type BackupSettings = z.infer<typeof BackupSettings>;
export const SetBackupSettings = z.strictObject({
  atLimit: AtBackupLimit.optional(),
  deletedDays: z.int().min(0).max(365).optional(),
  /** Needed to have deleted ones for a shorter time than now. */
  password: z.string().max(200).optional(),
});

/** How the place where a container's backups lie is read back, and what was found there last. */
export const BackupCheck = z.object({
  /** All of it is read once in so many days, a part at a time. */
  days: z.int(),
  /** How much of the present round is done, in parts. */
  part: z.object({ done: z.int(), of: z.int() }),
  lastAt: Instant.nullable(),
  /** When the latest whole round ended. */
  roundEndedAt: Instant.nullable(),
  nextAt: Instant.nullable(),
  /** Why the latest could not be done; null when it was. */
  problem: z.string().nullable(),
  /** What was damaged lately, the latest first. */
  found: z.array(Finding.extend({ at: Instant })),
});
export type BackupCheck = z.infer<typeof BackupCheck>;
/** Compare with another backup of the container, or with what is there now; one folder and what is below it. */
export const BackupCompareQuery = z.object({
  with: z.union([z.literal('now'), Id]).default('now'),
  path: FilePath.default('Lw=='),
});
const oneDifference = { path: z.string().describe('base64'), kind: FileKind };
/** Bytes of files before and after; null: not there, or not a file. */
const sizes = { bytesBefore: Bytes.nullable(), bytesAfter: Bytes.nullable() };
/** From the backup to the other. Changed: of different content (told by size and time), owner, permissions or kind. */
export const BackupComparison = z.object({
  added: Heap,
  changed: Heap,
  removed: Heap,
  same: z.int(),
  /** What lies in the folder and differs, in it or below: most bytes first. `name` is base64. */
  folders: z.array(z.object({ name: z.string(), kind: FileKind, added: Heap, changed: Heap, removed: Heap })),
  /** The first paths that differ. */
  first: z.array(z.object({ ...oneDifference, difference: z.enum(['added', 'changed', 'removed']), ...sizes })),
  /** False: there was more than could be looked through or listed. */
  whole: z.boolean(),
});
export type BackupComparison = z.infer<typeof BackupComparison>;

/** Without paths: of a restore of everything. */
export const RestorePreviewOf = z.strictObject({
  paths: RestoreFiles.shape.paths.optional(),
  target: RestoreFiles.shape.target,
});
/**
 * What a restore would do: what is not there now comes, what differs is replaced (or, by mode, kept beside or left), what the backup
 * has not is deleted (by a restore of everything alone).
 */
export const RestorePreview = z.object({
  new: Heap,
  changed: Heap,
  deleted: Heap,
  same: z.int(),
  first: z.array(z.object({ ...oneDifference, difference: z.enum(['new', 'changed', 'deleted']), ...sizes })),
  whole: z.boolean(),
});
export type RestorePreview = z.infer<typeof RestorePreview>;

export const BackupQuery = NameQuery.extend({
  ...period,
  state: BackupState.optional(),
  tenantId: Id.optional(),
  /** `true`: those that were deleted and can be had back, instead of the others. */
  removed: z.stringbool().optional(),
}).refine(inOrder, outOfOrder);
