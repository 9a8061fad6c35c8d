/** Mounting and unmounting of volumes' images. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import type { Volumes } from '#agent/adapters.ts';
import { makeDirectory } from '#agent/sys/files.ts';
import { detach, MS, mount, unmount } from '#agent/sys/kernel.ts';
import { attachLoop } from '#agent/sys/loop.ts';
import { isMounted } from '#agent/sys/mountinfo.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { needsRecovery } from './plan.ts';

const hostFlags = MS.NOSUID | MS.NODEV;

function readSuperblock(image: string): Buffer {
  const superblock = Buffer.alloc(1024);
  const fd = openSync(image, 'r');
  try {
    readSync(fd, superblock, 0, 1024, 1024);
  } finally {
    closeSync(fd);
  }
  return superblock;
}

/** Does one thing after the other, also when one before it failed; gives what failed. */
export async function eachOrTold<T>(items: Iterable<T>, work: (item: T) => unknown): Promise<unknown[]> {
  const resisted: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      resisted.push(error);
    }
  }
  return resisted;
}

/**
 * Unmounts what is not in `keep`, snapshots and volumes; gives what resisted. By directory, not by mount: a crash between the two leaves an empty
 * mount point.
 */
export async function unmountOthers(
  volumes: Pick<Volumes, 'unmount' | 'unmountSnapshot'>,
  { mountRoot, snapshotMountRoot }: { mountRoot: string; snapshotMountRoot: string },
  keep: ReadonlySet<string>,
): Promise<unknown[]> {
  const others = (folder: string) => readdirSync(folder).filter((id) => !keep.has(id));
  return [
    ...(await eachOrTold(others(snapshotMountRoot), (id) => volumes.unmountSnapshot(id))),
    ...(await eachOrTold(others(mountRoot), (id) => volumes.unmount(id))),
  ];
}

/** Unmounts, waiting a moment for whoever still has a file open (a stopped container's last processes). */
export async function unmountPatiently(label: string, target: string): Promise<void> {
  for (let attempt = 0; isMounted(target); attempt += 1) {
    try {
      await unmount(label, target);
    } catch (error) {
      if (attempt >= 40) {
        throw new BerthError('state', 'The disk is still in use.', { cause: error, inside: target });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * A snapshot that somebody still reads (a program that hangs at a backup location, beyond SIGKILL) is taken out of sight: it is nobody's to write to, and its
 * place is needed for the next one.
 */
export async function unmountSnapshotAt(target: string): Promise<void> {
  await unmountPatiently('SNAPSHOT:UNMOUNT', target).catch(async (error: unknown) => {
    if (!(error instanceof BerthError)) throw error;
    while (isMounted(target)) await detach('SNAPSHOT:DETACH', target);
  });
}

/** Mounts an ext4 image nosuid,nodev. A read-only one is left as it is unless its journal has to be played back first. */
export async function mountImage(image: string, target: string, readOnly: boolean): Promise<void> {
  const recover = readOnly && needsRecovery(readSuperblock(image));
  makeDirectory('VOLUME:MOUNT-POINT', target);
  const loop = attachLoop('VOLUME:LOOP', image, readOnly && !recover);
  try {
    await mount('VOLUME:MOUNT', {
      source: loop.device,
      target,
      type: 'ext4',
      flags: hostFlags | (readOnly ? MS.RDONLY : 0),
      // noinit_itable: the tables of a fresh sparse image read as zeros; writing them would only fill the pool
      data: readOnly ? (recover ? '' : 'noload') : 'discard,noinit_itable',
    });
  } finally {
    closeSync(loop.fd);
  }
}
