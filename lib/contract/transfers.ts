/**
 * Whole systems on their way: a container exported as one file, and a container made of such a file or of any root file system as tar.
 *
 * An exported file is tar, compressed with zstd: `berth-export.json` ({@link ExportManifest}) first, then the merged tree at one
 * instant below `root/`, with the ids of the container. docs/backup.md says what is kept.
 */
import { z } from 'zod';
import { ContainerName, ContainerPassword, Resources, SshPublicKey } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { PageQuery } from './lists.ts';

/** What a container's /sbin/init may be. */
export const InitKind = z.enum(['systemd', 'busybox', 'sysvinit']);
export type InitKind = z.infer<typeof InitKind>;

/** Template of containers that were imported: a layer without anything in it, below a private area that holds the whole system. */
export const importedTemplate = 'imported';
export const importedTitle = 'Imported system';

/** An exported file, and an upload that nobody has made a container of, stays so long. */
export const transferLifeMs = 24 * 3_600_000;

export const ExportManifest = z.object({
  format: z.literal(1),
  /** What its tenant knew the panel as. Absent in files from before it was said. */
  product: z.string().max(100).optional(),
  name: z.string().max(100),
  hostname: z.string().max(253),
  template: z.object({ name: z.string().max(50), version: z.string().max(50) }),
  init: InitKind,
  resources: Resources,
  exportedAt: Instant,
  entries: z.int(),
  /** Apparent sizes of files. */
  bytes: Bytes,
  sockets: z.int(),
  devices: z.int(),
});
export type ExportManifest = z.infer<typeof ExportManifest>;

/** What came out of an archive, and what did not. */
export const ImportReport = z.object({
  compression: z.enum(['none', 'gzip', 'zstd']),
  init: InitKind,
  files: z.int(),
  folders: z.int(),
  links: z.int(),
  hardLinks: z.int(),
  pipes: z.int(),
  /** Written; holes are not. */
  bytes: Bytes,
  /** Left out: device nodes; extended attributes that a container's root may not set, or the file system does not take. */
  devices: z.int(),
  attributes: z.int(),
  /** Names that came more than once; the last counts. */
  replaced: z.int(),
  /** The first few of what was left out. */
  examples: z.array(z.string().max(300)).max(20),
  /** What the archive says of itself; null for a plain one. */
  manifest: ExportManifest.nullable(),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** For the agent's helper alone. */
export type PackOrder = { manifest: unknown };
export type UnpackOrder = { mostBytes: number; mostEntries: number };
export type Unpacked = Omit<ImportReport, 'manifest'> & { manifest: unknown };
export const Packed = z.object({ entries: z.int(), bytes: Bytes, sockets: z.int(), devices: z.int() });
export type Packed = z.infer<typeof Packed>;

/** The largest archive there may be, whatever the plan. */
export const mostArchiveBytes = 1024 ** 4;

/** What whoever goes on with an upload knows the file by: its name, and what tells that it is the same ({@link file://./fingerprint.ts}). */
const fileName = z.string().min(1).max(255);
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** An archive that is to become a container of this tenant and plan: first its size, then its bytes in pieces. */
export const StartImport = z.strictObject({
  tenantId: Id,
  planId: Id,
  sizeBytes: z.int().min(512).max(mostArchiveBytes),
  hostId: Id.optional(),
  fileName: fileName.optional(),
  fingerprint: fingerprint.optional(),
});
export const ImportUpload = z.object({
  id: Id,
  tenantId: Id,
  planId: Id,
  hostId: Id,
  sizeBytes: Bytes,
  /** Go on from here. */
  receivedBytes: Bytes,
  expiresAt: Instant,
  fileName: fileName.nullable(),
  fingerprint: fingerprint.nullable(),
});
export type ImportUpload = z.infer<typeof ImportUpload>;
export const ImportQuery = PageQuery.extend({ tenantId: Id.optional() });
export const UploadQuery = z.object({ offset: z.coerce.number().int().nonnegative() });

/** A container of an archive that is there in full. */
export const ImportContainer = z.strictObject({
  importId: Id,
  name: ContainerName,
  sshKeys: z.array(SshPublicKey).max(50).default([]),
  rootPassword: ContainerPassword.optional(),
  start: z.boolean().default(true),
});

/** What the agent is asked in one piece of an upload, and answers. */
export const UploadOrder = z.strictObject({
  offset: z.int().nonnegative(),
  sizeBytes: z.int().min(512).max(mostArchiveBytes),
});
export type UploadOrder = z.infer<typeof UploadOrder>;
export const Uploaded = z.object({ receivedBytes: Bytes });
/** Which part of an exported file: from an offset to its end. */
export const DownloadOrder = z.strictObject({ offset: z.int().nonnegative() });
