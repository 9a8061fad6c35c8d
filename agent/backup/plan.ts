import { z } from 'zod';

/** What restic says line by line with `--json`; fields we do not use are left out, words we do not know become null. */
const Line = z.discriminatedUnion('message_type', [
  z.object({
    message_type: z.literal('status'),
    percent_done: z.number().default(0),
    total_bytes: z.number().default(0),
    bytes_done: z.number().default(0),
    bytes_restored: z.number().default(0),
  }),
  z.object({
    message_type: z.literal('summary'),
    snapshot_id: z.string().optional(),
    total_files_processed: z.number().default(0),
    total_bytes_processed: z.number().default(0),
    data_added_packed: z.number().default(0),
    files_restored: z.number().default(0),
    bytes_restored: z.number().default(0),
  }),
]);
export type Line = z.infer<typeof Line>;

/** File names in a line are the tenant's and may be anything; a line that is not understood is not an error. */
export function parseLine(text: string): Line | null {
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * 0 to 100, whatever restic says (it divides by a total that is still growing). A backup knows no total, see
 * {@link backupArguments}: then it is how much of `aboutBytes` was read.
 */
export function percentOf(line: Line & { message_type: 'status' }, aboutBytes?: number): number {
  const done = aboutBytes === undefined ? line.percent_done : line.bytes_done / Math.max(1, aboutBytes);
  return Math.max(0, Math.min(100, done * 100));
}

const SnapshotDocument = z.object({
  id: z.string().optional(),
  time: z.string(),
  hostname: z.string(),
  paths: z.array(z.string()),
  tags: z.array(z.string()).nullish(),
});

export type SnapshotRecord = {
  resticSnapshotId: string;
  takenAt: Date;
  containerId: string;
  backupId: string | null;
  /** Directory, as it was called at the time, whose `upper` was backed up. */
  directory: string;
  /** The metadata file beside it in the snapshot. */
  metadataPath: string;
};

const backupTag = 'backup-';
export const tagOf = (backupId: string) => `${backupTag}${backupId}`;
export const listArguments = ['snapshots', '--no-lock', '--json'];
const metadataName = 'metadata.json';

/** Reads `restic snapshots --json`. Snapshots that are not ours in form are left out. */
export function parseSnapshots(text: string): SnapshotRecord[] {
  return z.array(SnapshotDocument).parse(JSON.parse(text)).flatMap(toRecord);
}

function toRecord({ id, time, hostname, paths, tags }: z.infer<typeof SnapshotDocument>): SnapshotRecord[] {
  const upper = paths.find((path) => path.endsWith('/upper'));
  const metadataPath = paths.find((path) => path.endsWith(`/${metadataName}`));
  if (id === undefined || upper === undefined || metadataPath === undefined) return [];
  const tag = tags?.find((word) => word.startsWith(backupTag));
  return [
    {
      resticSnapshotId: id,
      takenAt: new Date(time),
      containerId: hostname,
      backupId: tag?.slice(backupTag.length) ?? null,
      directory: upper.slice(0, -'/upper'.length),
      metadataPath,
    },
  ];
}

/** The metadata file's path depends on the container alone, as the snapshot's mount does: restic finds the parent by paths and host. */
export function metadataFile(agentDir: string, containerId: string): string {
  return `${agentDir}/run/backup/${containerId}/${metadataName}`;
}

export function backupArguments(
  source: { directory: string; containerId: string; backupId: string },
  metadata: string,
) {
  // Absolute paths: with relative ones restic loses the top directory's own metadata.
  return [
    'backup',
    '--json',
    '--host',
    source.containerId,
    '--tag',
    tagOf(source.backupId),
    '--group-by',
    'host,paths',
    // Else every folder is read twice, the first time only to know how much there is: a tenth of a small backup.
    '--no-scan',
    '--',
    `${source.directory}/upper`,
    metadata,
  ];
}

/** Reads every byte the snapshot refers to; without a lock, so that a person's restore does not wait for it. */
export function checkArguments(resticSnapshotId: string) {
  return ['check', '--no-lock', '--read-data', '--', resticSnapshotId];
}

/** Without a lock, as {@link checkArguments}. */
export function statsArguments(resticSnapshotIds: readonly string[]) {
  return ['stats', '--no-lock', '--json', '--mode', 'raw-data', '--', ...resticSnapshotIds];
}

/** Reads `restic stats --json`: bytes at the location. */
export function parseStats(text: string): number {
  return z.object({ total_size: z.int().nonnegative() }).parse(JSON.parse(text)).total_size;
}

export function restoreArguments(record: SnapshotRecord, target: string) {
  return ['restore', '--json', '--sparse', '--target', target, '--', `${record.resticSnapshotId}:${record.directory}`];
}
