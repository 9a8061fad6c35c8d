/** Files of a container: what may be asked of them, at the REST API and of an agent. Names are bytes, so paths are base64. */
import { z } from 'zod';
import { Bytes, Id, Instant } from './ids.ts';

const longestPath = 4096;
const longestName = 255;

/** The bytes of standard or URL-safe base64, padded or not, as characters 0–255; null when it is neither. */
export function fromBase64(text: string): string | null {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/').replaceAll(' ', '+'));
  } catch {
    return null;
  }
}

/** Why a path is refused, or null. `..` is: what a path names must not depend on where links lead. */
export function pathFault(base64: string): string | null {
  const bytes = fromBase64(base64);
  if (bytes === null) return 'must be base64 of the path';
  if (bytes.includes('\0')) return 'must not contain a zero byte';
  if (bytes.length > longestPath) return `must not be longer than ${longestPath} bytes`;
  const parts = bytes.split('/');
  if (parts.some((part) => part === '.' || part === '..')) return 'must not contain . or ..';
  if (parts.some((part) => part.length > longestName)) return `a name must not be longer than ${longestName} bytes`;
  return null;
}

/** An absolute path inside, base64 of its bytes; a missing first slash is added. */
export const FilePath = z
  .string()
  .max(8192)
  .superRefine((value, context) => {
    const fault = pathFault(value);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .describe('base64 of the absolute path');

export const FileKind = z.enum(['file', 'folder', 'link', 'pipe', 'socket', 'device']);
export type FileKind = z.infer<typeof FileKind>;

export const FileEntry = z.object({
  /** base64 of the name; for the root folder empty. */
  name: z.string(),
  kind: FileKind,
  /** Bytes of content; for folders what the file system says. */
  size: Bytes,
  /** Permission bits, 0–0o7777. */
  mode: z.int().min(0).max(0o7777),
  uid: z.int(),
  gid: z.int(),
  /** Names by the container's own /etc/passwd and /etc/group; null: none. */
  user: z.string().nullable(),
  group: z.string().nullable(),
  modifiedAt: Instant,
  /** Of a link: where it leads, base64, and what is there now (null: nothing). */
  target: z.string().nullable(),
  leadsTo: FileKind.nullable(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const FileSort = z.enum(['name', 'size', 'modified', 'kind']);
export type FileSort = z.infer<typeof FileSort>;
export const FileListQuery = z.object({
  path: FilePath.default('Lw=='),
  sort: FileSort.default('name'),
  descending: z.stringbool().default(false),
  /** Only names that contain this, whatever the case. */
  match: z.string().max(255).default(''),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export const FileList = z.object({
  /** The folder itself. */
  folder: FileEntry,
  items: z.array(FileEntry),
  /** Entries that match, on all pages. */
  total: z.int(),
  nextCursor: z.string().nullable(),
});
export type FileList = z.infer<typeof FileList>;

export const FileContentQuery = z.object({ path: FilePath });

/** A whole file in one request, or, with `upload`, one piece of it: see {@link UploadState}. */
export const FileWriteQuery = z.object({
  path: FilePath,
  /** `no`: refused (`conflict`) when something is there. */
  replace: z.stringbool().default(true),
  /** Refused (`conflict`) unless the file was last changed then: nobody else's change is written over. */
  unchangedSince: Instant.optional(),
  /** A name for this upload, chosen by whoever sends it; with it, `offset` and `size` of the whole. */
  upload: Id.optional(),
  offset: z.coerce.number().int().nonnegative().default(0),
  size: z.coerce.number().int().nonnegative().optional(),
});

/**
 * How far an upload is. A piece that does not begin where the last one ended is not taken: go on at `received`. At `size` the
 * file is put in place and `entry` tells of it.
 */
export const UploadState = z.object({ received: Bytes, entry: FileEntry.nullable() });
export type UploadState = z.infer<typeof UploadState>;

export const FileDeleteQuery = z.object({
  path: FilePath,
  /** Past the trash: gone at once. */
  permanently: z.stringbool().default(false),
});

const TrashId = z.string().regex(/^[0-9a-z]{8,40}$/);
/** A user or group: a name of the container's own, or a number. */
const Owner = z.union([z.string().regex(/^[^\0:/\n]{1,64}$/), z.int().min(0).max(65_535)]);
const paths = z.array(FilePath).min(1).max(500);

/**
 * Which things to put back as the template has them: these and what is in them, or whatever the system itself consists of. What says who
 * the system is and who may log in (`identity-files.ts`) comes back by its own name only: a folder, and the system, leave it as it is.
 */
export const Recover = z
  .strictObject({ paths: paths.optional(), allSystemFiles: z.literal(true).optional() })
  .refine(
    (value) => (value.paths === undefined) !== (value.allSystemFiles === undefined),
    'say paths or allSystemFiles',
  );

/** Every change but content, as people ask for it. Putting things back as the template has them is an operation: {@link Recover}. */
export const FileEdit = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create-folder'), path: FilePath }),
  /** Also renames. Refused when something is at `to`. */
  z.strictObject({ action: z.literal('move'), path: FilePath, to: FilePath }),
  z.strictObject({ action: z.literal('copy'), path: FilePath, to: FilePath }),
  z.strictObject({
    action: z.literal('attributes'),
    paths,
    mode: z.int().min(0).max(0o7777).optional(),
    user: Owner.optional(),
    group: Owner.optional(),
    recursive: z.boolean().default(false),
  }),
  z.strictObject({ action: z.literal('delete'), paths, permanently: z.boolean().default(false) }),
  z.strictObject({ action: z.literal('put-back'), ids: z.array(TrashId).min(1).max(500) }),
  /** Without `ids`: all of it. What was in it is gone. */
  z.strictObject({ action: z.literal('empty-trash'), ids: z.array(TrashId).min(1).max(500).optional() }),
]);
export type FileEdit = z.infer<typeof FileEdit>;

/** How many things a change was done to. */
export const FileChanged = z.object({ changed: z.int() });
/** `at`: when it was done, by the host's clock; what changes later was written since. Agents of before do not say. */
export const FilesRecovered = FileChanged.extend({ at: Instant.optional() });

export const TrashItem = z.object({
  id: TrashId,
  /** Where it was, base64. */
  path: z.string(),
  kind: FileKind,
  /** Bytes it holds; null when counting took too long. */
  bytes: Bytes.nullable(),
  deletedAt: Instant,
});
export type TrashItem = z.infer<typeof TrashItem>;
export const Trash = z.object({ items: z.array(TrashItem) });

export const ChangesQuery = z.object({
  path: FilePath.default('Lw=='),
  /** Instead of a folder: every path that "recover all system files" would touch. */
  system: z.stringbool().default(false),
  /** Instead of what is in it: every path that recovering `path` would touch, itself among them. */
  recover: z.stringbool().default(false),
});

/** What became of something that the template has, or that came besides. */
export const Difference = z.enum(['new', 'changed', 'deleted']);
export type Difference = z.infer<typeof Difference>;

export const ChangedThing = z.object({
  /** base64: of a folder's child the name, of what a recovery would touch the path. */
  name: z.string(),
  kind: FileKind,
  /** Null: it is as it was; something in it is not. */
  difference: Difference.nullable(),
  /** Differences in it and below, itself included. */
  count: z.int(),
  /** What they take up in the container's own area. */
  bytes: Bytes,
});
export type ChangedThing = z.infer<typeof ChangedThing>;

/**
 * Most bytes first. `whole` false: there was more than could be looked through or is listed. `total`: how many there are with those that
 * are not listed; of what a recovery would touch all are counted. Agents of before do not say.
 */
export const Changes = z.object({ items: z.array(ChangedThing), total: z.int().optional(), whole: z.boolean() });
export type Changes = z.infer<typeof Changes>;

/** What happens to what is there already when files of a backup come back. */
export const RestoreMode = z.enum(['overwrite', 'keep-both', 'missing']);
export type RestoreMode = z.infer<typeof RestoreMode>;

/**
 * Files of a backup, put back while the container goes on. `overwrite`: what differs goes into the trash first. `keep-both`: the
 * backup's version gets a name of its own. `missing`: only what is not there. `target`: a folder to put them into instead.
 */
export const RestoreFiles = z.strictObject({
  paths: z.array(FilePath).min(1).max(100),
  target: FilePath.optional(),
  mode: RestoreMode.default('overwrite'),
});
/** The whole container, or some files of it. */
export const RestoreBackup = z.union([
  z.strictObject({ paths: z.undefined().optional(), release: Id.optional() }),
  RestoreFiles,
]);

/** `restored`: files and folders that came; `same`: were as in the backup; `left`: left alone because something was there. */
export const FilesRestored = z.object({ restored: z.int(), same: z.int(), left: z.int() });

/** How many things, and the bytes of the files among them. */
export const Heap = z.object({ count: z.int(), bytes: Bytes });
export type Heap = z.infer<typeof Heap>;

/**
 * How a backup differs from another system (another backup, or the container as it is). `here`: only in the backup; `there`: only
 * in the other. `changed`: in both, of different content (told by size and time), owner, permissions or kind; its bytes are the backup's.
 */
export const BackupDifferences = z.object({
  here: Heap,
  changed: Heap,
  there: Heap,
  same: z.int(),
  /** What of the first folder that was asked for differs, in it or below: most bytes first. */
  folders: z.array(z.object({ name: z.string(), kind: FileKind, here: Heap, changed: Heap, there: Heap })),
  /** The first of all, by path (base64, in the backup or where it would be). */
  first: z.array(
    z.object({
      path: z.string(),
      kind: FileKind,
      difference: z.enum(['here', 'changed', 'there']),
      /** Null: is not in it, or has no content. */
      bytesHere: Bytes.nullable(),
      bytesThere: Bytes.nullable(),
    }),
  ),
  /** False: there was more than could be looked through or listed. */
  whole: z.boolean(),
});
export type BackupDifferences = z.infer<typeof BackupDifferences>;

/**
 * What was written into the container since a volume of it was put aside (`since`, by its host's clock): files that came or changed in
 * any way, the system's own among them, and things of the template that were deleted. Of other deleted things no trace is left.
 */
export const WrittenSince = z.object({
  since: Instant,
  written: Heap,
  deleted: z.int(),
  /** Where: folders of the first two levels (base64 paths), most files first. */
  folders: z.array(z.object({ path: z.string(), written: Heap })),
  whole: z.boolean(),
});
export type WrittenSince = z.infer<typeof WrittenSince>;

const found = z.object({ entry: FileEntry });

/** What an agent may be asked: the order, and what the head of its answer holds. The ones that read come first. */
export const fileReads = {
  list: {
    order: FileListQuery.omit({ cursor: true, descending: true }).extend({
      descending: z.boolean(),
      limit: z.int().min(1).max(1000),
      offset: z.int().nonnegative(),
    }),
    answer: FileList.omit({ nextCursor: true }),
  },
  /** The content of a file follows as the body. */
  read: { order: z.object({ path: FilePath }), answer: found },
  /** A folder (or anything) as tar follows as the body. */
  archive: { order: z.object({ path: FilePath }), answer: found },
  trash: { order: z.object({}), answer: Trash },
  changes: {
    order: z.object({ path: FilePath, system: z.boolean(), recover: z.boolean().default(false) }),
    answer: Changes,
  },
  /** Since `volumeId`, one of the container's, was put aside; or since an instant that its host has told. */
  written: {
    order: z.union([z.strictObject({ volumeId: Id }), z.strictObject({ since: Instant })]),
    answer: WrittenSince,
  },
  /** Of a backup alone: these paths of it and what is below, against the same paths of another system, or those in `target`. */
  compare: {
    order: z.object({
      paths: z.array(FilePath).min(1).max(100),
      target: FilePath.optional(),
      with: z.union([z.literal('now'), Id]),
    }),
    answer: BackupDifferences,
  },
} as const;
/** What may be asked of a backup; it has to be open on the host (`backup.open`), else the answer is `stale`. */
export const backupReads = ['list', 'read', 'archive', 'compare'] as const satisfies (keyof typeof fileReads)[];
export const fileChanges = {
  /** Takes the body of the order as content. */
  write: {
    order: FileWriteQuery.omit({ replace: true, offset: true, size: true }).extend({
      replace: z.boolean(),
      offset: z.int().nonnegative(),
      size: z.int().nonnegative().optional(),
    }),
    answer: UploadState,
  },
  change: { order: z.object({ change: FileEdit }), answer: FileChanged },
} as const;
/** For actions of the agent only; no grant of web's is good for it. `label` tells the backup's versions apart. */
export const RestoreOrder = RestoreFiles.extend({ label: z.string().max(60) });
export type RestoreOrder = z.infer<typeof RestoreOrder>;
export const fileCalls = { ...fileReads, ...fileChanges } as const;
export type FileOp = keyof typeof fileCalls;
export type FileOrderOf<O extends FileOp> = z.infer<(typeof fileCalls)[O]['order']>;
export type FileAnswerOf<O extends FileOp> = z.infer<(typeof fileCalls)[O]['answer']>;
export const FileOp = z.enum(Object.keys(fileCalls) as [FileOp, ...FileOp[]]);

/**
 * The head of what is sent to an agent; `order` is then parsed by the call's own schema. With `backupId` it is about a backup of the
 * container, see {@link backupReads}.
 */
export const FileCall = z.strictObject({
  op: FileOp,
  order: z.record(z.string(), z.unknown()),
  backupId: Id.optional(),
});
export type FileCall = z.infer<typeof FileCall>;
