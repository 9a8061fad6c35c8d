/** Pure part of layers: names, tool arguments, and when a digest need not be computed again. */
import type { Digest } from '#lib/contract/ids.ts';

export type LayerPaths = ReturnType<typeof layerPaths>;
export function layerPaths(poolPath: string, agentDir: string) {
  const hex = (digest: Digest) => digest.slice('sha256:'.length);
  return {
    layers: `${poolPath}/layers`,
    image: (digest: Digest) => `${poolPath}/layers/${hex(digest)}.erofs`,
    /** The layer unpacked, on kernels without erofs. */
    directory: (digest: Digest) => `${poolPath}/layers/${hex(digest)}.d`,
    mountRoot: `${agentDir}/mnt/layers`,
    mountPoint: (digest: Digest) => `${agentDir}/mnt/layers/${hex(digest)}`,
    verifiedFolder: `${agentDir}/run/verified`,
    verified: (digest: Digest) => `${agentDir}/run/verified/${hex(digest)}.json`,
  };
}

/** Digests from the names in a folder of images or mount points; other names (temporary files) are not layers. */
export function digestsOf(names: readonly string[], suffix: '.erofs' | ''): Digest[] {
  return names
    .filter((name) => name.endsWith(suffix) && /^[0-9a-f]{64}$/.test(name.slice(0, name.length - suffix.length)))
    .map((name) => `sha256:${name.slice(0, 64)}`)
    .sort();
}

/**
 * Same tree, same image: fixed identity, each file's own modification time (-T would set them all), lz4hc because every kernel
 * with erofs can read it.
 */
export function mkfsArgv(image: string, directory: string): string[] {
  return [
    ...['mkfs.erofs', '--quiet', '-zlz4hc', '--preserve-mtime', '-x1'],
    ...['-U', '00000000-0000-0000-0000-000000000000', image, directory],
  ];
}
/** The image's own time, instead of now; mkfs.erofs lowers later times of files to it, so it lies in 2100. */
export const mkfsEnv = { SOURCE_DATE_EPOCH: '4102444800' } as const;

/** What a verification was made of. Another boot, another file or another content ends its validity. */
export type Verification = { bootId: string; inode: string; size: string; mtimeNs: string; ctimeNs: string };
export function stillVerified(remembered: unknown, now: Verification): boolean {
  if (typeof remembered !== 'object' || remembered === null) return false;
  const known = remembered as Record<string, unknown>;
  return Object.entries(now).every(([key, value]) => known[key] === value);
}
