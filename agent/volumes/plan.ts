/** Pure part of volumes: where things lie and how file systems are made. */
const MiB = 1024 * 1024;
const blockBytes = 4096;

export type VolumePaths = ReturnType<typeof volumePaths>;
export function volumePaths(poolPath: string, agentDir: string) {
  return {
    volumes: `${poolPath}/volumes`,
    snapshots: `${poolPath}/snapshots`,
    image: (volumeId: string) => `${poolPath}/volumes/${volumeId}.img`,
    snapshotImage: (snapshotId: string) => `${poolPath}/snapshots/${snapshotId}.img`,
    mountRoot: `${agentDir}/mnt/volumes`,
    mountPoint: (volumeId: string) => `${agentDir}/mnt/volumes/${volumeId}`,
    snapshotMountRoot: `${agentDir}/mnt/snapshots`,
    snapshotMountPoint: (containerId: string) => `${agentDir}/mnt/snapshots/${containerId}`,
    skeleton: `${agentDir}/run/volume-skeleton`,
  };
}

/** Ids from names in volumes/ or snapshots/, leftovers of a crash (`.new`, `.resize`) included so that they get deleted too. */
export function idsOfImages(names: readonly string[]): string[] {
  const ids = names.flatMap((name) => /^(.+)\.img(?:\.new|\.resize)?$/.exec(name)?.[1] ?? []);
  return [...new Set(ids)].sort();
}

/** What an interrupted creation, resize or snapshot left: never the volume itself. */
export function leftovers(names: readonly string[]): string[] {
  return names.filter((name) => /\.img\.(new|resize)$/.test(name)).sort();
}

/** Whole blocks: what lies beyond the last whole block could never be used. */
export function imageBytes(bytes: number): number {
  return Math.floor(bytes / blockBytes) * blockBytes;
}

/**
 * Size of the journal in MiB. mke2fs's own choice (up to 1 GiB) would take a large part of a small quota; a container is one
 * writer among many on the host's disk and gains nothing from a long journal.
 */
export function journalMiB(bytes: number): number {
  if (bytes < 512 * MiB) return 4;
  if (bytes < 4096 * MiB) return 16;
  return 64;
}

/**
 * Arguments of mke2fs for an image that exists with its full size. Nothing reserved for the host's root; the inode count is
 * the limit (ext4 rounds it up to whole blocks of inodes per 128 MiB group); tables are not written beforehand (the file is
 * sparse, so they read as zeros); `skeleton` holds the empty upper/ and work/.
 */
export function mkfsArgv(image: string, size: { bytes: number; inodes: number }, skeleton: string): string[] {
  const inodes = Math.max(16, Math.min(size.inodes, Math.floor(size.bytes / blockBytes)));
  return [
    ...['mke2fs', '-q', '-F', '-t', 'ext4', '-b', String(blockBytes), '-I', '256', '-N', String(inodes), '-m', '0'],
    ...['-J', `size=${journalMiB(size.bytes)}`, '-E', 'lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0'],
    ...['-d', skeleton, image],
  ];
}

/** The journal has to be played back before what lies in the image is consistent (feature INCOMPAT_RECOVER). */
export function needsRecovery(superblock: Buffer): boolean {
  if (superblock.length < 1024 || superblock.readUInt16LE(0x38) !== 0xef53) throw new Error('not an ext4 superblock');
  return (superblock.readUInt32LE(0x60) & 0x4) !== 0;
}

/** Numbers of projects that nobody gives by hand: "BE" and what follows. */
const firstProject = 0x42450000;

/** A project that none of these directories has. */
export function freeProject(taken: readonly number[]): number {
  return Math.max(firstProject, ...taken) + 1;
}
