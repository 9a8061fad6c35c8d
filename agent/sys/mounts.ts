/** The one place below which the agent mounts anything, and mounts of directories. */
import { makeDirectory } from './files.ts';
import { MS, mount } from './kernel.ts';
import { isMounted, isMountedWith, sharesWithItselfOnly } from './mountinfo.ts';

const ensured = new Map<string, Promise<void>>();

/**
 * Makes `<agentDir>/mnt` a mount of its own, cut off from the host's propagation. Then it is shared within itself: services
 * that were started with a mount namespace of their own while a container ran hold a copy of its mounts, and only a shared
 * mount's removal reaches those copies; otherwise a volume would stay in use until that service restarts. Idempotent, and
 * goes on where an agent was killed or a call failed.
 */
export function ensureMountRoot(agentDir: string): Promise<void> {
  const root = `${agentDir}/mnt`;
  const pending = ensured.get(root);
  if (pending !== undefined && isMounted(root)) return pending;
  const forget = (error: unknown) => {
    ensured.delete(root);
    throw error;
  };
  const work = (async () => {
    // Set-user-id files of containers are real on the host's disk. Volumes and layers, where they belong to the host's ids,
    // lie below 0700; roots, which a container's own root must be able to reach, have their own closed directory each.
    makeDirectory('MOUNTS:DIRECTORY', root, 0o711);
    if (!isMounted(root)) await mount('MOUNTS:BIND', { source: root, target: root, type: '', flags: MS.BIND });
    if (!sharesWithItselfOnly(root)) {
      await mount('MOUNTS:PRIVATE', { source: '', target: root, type: '', flags: MS.PRIVATE });
      await mount('MOUNTS:SHARED', { source: '', target: root, type: '', flags: MS.SHARED });
    }
    for (const name of ['layers', 'volumes', 'snapshots', 'opened', 'backups']) {
      makeDirectory('MOUNTS:DIRECTORY', `${root}/${name}`, 0o700);
    }
    for (const name of ['roots', 'old', 'repair']) makeDirectory('MOUNTS:DIRECTORY', `${root}/${name}`, 0o711);
  })().catch(forget);
  ensured.set(root, work);
  return work;
}

const optionOf: readonly [number, string][] = [
  [MS.RDONLY, 'ro'],
  [MS.NOSUID, 'nosuid'],
  [MS.NODEV, 'nodev'],
];

/** Whether what is mounted at `target` has these flags. A directory that was bound by somebody who died then has none yet. */
export function hasFlags(target: string, flags: number): boolean {
  return isMountedWith(
    target,
    optionOf.flatMap(([flag, option]) => ((flags & flag) === 0 ? [] : [option])),
  );
}

/** Mounts a directory elsewhere with flags, which the kernel takes in a second call only. Idempotent, and goes on where it was cut off. */
export async function bindDirectory(
  labels: { bind: string; flags: string },
  { source, target, flags }: { source: string; target: string; flags: number },
): Promise<void> {
  if (!isMounted(target)) await mount(labels.bind, { source, target, type: '', flags: MS.BIND });
  if (!hasFlags(target, flags))
    await mount(labels.flags, { source: '', target, type: '', flags: MS.REMOUNT | MS.BIND | flags });
}
