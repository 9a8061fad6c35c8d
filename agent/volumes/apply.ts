/**
 * The `image` driver of volumes: one sparse ext4 image per container in the pool. Bytes and inodes are hard limits even for root
 * inside, `df` inside shows them, statfs is the usage meter, and a reflink of the image is a snapshot.
 */
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Volumes } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import { makeDirectory, remove, removeDirectory, rename, writeDurably } from '#agent/sys/files.ts';
import { cloneFile, thaw } from '#agent/sys/kernel.ts';
import { findLoop } from '#agent/sys/loop.ts';
import { isMounted, mountsBelow } from '#agent/sys/mountinfo.ts';
import { ensureMountRoot } from '#agent/sys/mounts.ts';
import { run } from '#agent/sys/process.ts';
import { makeSparse, syncFile } from '#agent/sys/tree.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { eachOrTold, mountImage, unmountOthers, unmountPatiently, unmountSnapshotAt } from './mounting.ts';
import { idsOfImages, imageBytes, leftovers, mkfsArgv, volumePaths } from './plan.ts';
import { resizeMounted, resizeUnmounted } from './resize.ts';
import { allocated, cloneFrozen, cloneUnmounted, cloneVolume } from './snapshot.ts';

export function createVolumes(config: AgentConfig): Volumes {
  const paths = volumePaths(config.poolPath, config.agentDir);
  let reflinks: boolean | undefined;

  function ensureFolders(): void {
    for (const path of [paths.volumes, paths.snapshots]) {
      if (!existsSync(path)) makeDirectory('VOLUME:DIRECTORY', path);
    }
    // The merged root directory takes owner and mode from upper/.
    if (!existsSync(`${paths.skeleton}/work`)) {
      makeDirectory('VOLUME:DIRECTORY', paths.skeleton, 0o755);
      makeDirectory('VOLUME:DIRECTORY', `${paths.skeleton}/upper`, 0o755);
      makeDirectory('VOLUME:DIRECTORY', `${paths.skeleton}/work`, 0o755);
    }
  }
  ensureFolders();

  /** By trying: what a file system is called says nothing about what it can do. */
  async function probeReflinks(): Promise<boolean> {
    const [from, to] = [`${paths.volumes}/.probe`, `${paths.volumes}/.probe-copy`];
    try {
      writeDurably('POOL:PROBE', from, Buffer.alloc(4096, 1));
      await cloneFile('POOL:PROBE', from, to);
      return true;
    } catch {
      return false;
    } finally {
      remove('POOL:PROBE-END', from);
      remove('POOL:PROBE-END', to);
    }
  }
  const probed = probeReflinks().then((yes) => {
    reflinks = yes;
  });
  /** Serialises what is done to one volume: two callers mounting at once must not attach two devices. */
  const queues = new Map<string, Promise<unknown>>();
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const next = (queues.get(key) ?? probed).then(work, work);
    const settled = next.catch(() => {});
    queues.set(key, settled);
    void settled.then(() => {
      if (queues.get(key) === settled) queues.delete(key);
    });
    return next;
  }

  function existing(volumeId: string): string {
    const image = paths.image(volumeId);
    if (!existsSync(image)) throw new BerthError('not_found', 'There is no such volume.', { inside: image });
    return image;
  }

  /** A pool that runs full damages every container on it, so nothing new begins below the reserve. */
  function refuseWhenFull(): void {
    const s = statfsSync(config.poolPath);
    const free = s.bavail * s.bsize;
    if (free >= config.poolReserveBytes) return;
    throw new BerthError('no_space', 'The storage pool of the server is almost full.', {
      inside: `${free} bytes free in ${config.poolPath}, reserve ${config.poolReserveBytes}`,
    });
  }

  const volumes: Volumes = {
    create: (volumeId, size) =>
      inTurn(volumeId, async () => {
        const image = paths.image(volumeId);
        if (existsSync(image)) return;
        ensureFolders();
        refuseWhenFull();
        const temporary = `${image}.new`;
        const bytes = imageBytes(size.bytes);
        makeSparse('VOLUME:ALLOCATE', temporary, bytes);
        await run('VOLUME:MKFS', mkfsArgv(temporary, { bytes, inodes: size.inodes }, paths.skeleton));
        await syncFile('VOLUME:SYNC', temporary);
        rename('VOLUME:COMMIT', temporary, image);
      }),

    createFrom: (volumeId, snapshotId, size) =>
      inTurn(volumeId, async () => {
        const image = paths.image(volumeId);
        if (!existsSync(image)) {
          const source = paths.snapshotImage(snapshotId);
          if (!existsSync(source)) throw new BerthError('not_found', 'There is no such snapshot.', { inside: source });
          ensureFolders();
          refuseWhenFull();
          await cloneVolume(source, image);
        }
        const { size: present } = statSync(image);
        return { sizeBytes: present === imageBytes(size.bytes) ? size.bytes : present };
      }),

    mount: (volumeId) =>
      inTurn(volumeId, async () => {
        const image = existing(volumeId);
        const target = paths.mountPoint(volumeId);
        await ensureMountRoot(config.agentDir);
        if (!isMounted(target)) await mountImage(image, target, false);
        return target;
      }),

    unmount: (volumeId) =>
      inTurn(volumeId, async () => {
        const target = paths.mountPoint(volumeId);
        await unmountPatiently('VOLUME:UNMOUNT', target);
        removeDirectory('VOLUME:MOUNT-POINT-GONE', target);
      }),

    delete: async (volumeId) => {
      await volumes.unmount(volumeId);
      await inTurn(volumeId, async () => {
        const image = paths.image(volumeId);
        for (const path of [image, `${image}.new`, `${image}.resize`]) remove('VOLUME:DELETE', path);
      });
    },

    resize: (volumeId, size) =>
      inTurn(volumeId, async () => {
        const image = existing(volumeId);
        const bytes = imageBytes(size.bytes);
        const device = findLoop(image);
        if (device !== null) return resizeMounted(image, device, paths.mountPoint(volumeId), bytes);
        await resizeUnmounted(image, bytes, config.poolReserveBytes);
        return true;
      }),

    listVolumes: () => idsOfImages(readdirSync(paths.volumes)),
    listMounted: () => mountsBelow(paths.mountRoot).map((m) => basename(m.target)),
    listSnapshots: () => idsOfImages(readdirSync(paths.snapshots)),

    usage(volumeId) {
      const target = paths.mountPoint(volumeId);
      if (!isMounted(target)) return null;
      const s = statfsSync(target);
      return { bytes: (s.blocks - s.bfree) * s.bsize, inodes: s.files - s.ffree };
    },

    allocatedBytes(volumeId) {
      try {
        return allocated(paths.image(volumeId));
      } catch {
        return 0;
      }
    },

    snapshot: (volumeId, snapshotId) =>
      inTurn(volumeId, async () => {
        const image = existing(volumeId);
        const target = paths.snapshotImage(snapshotId);
        if (existsSync(target)) return { freezeMs: 0, bytes: allocated(target) };
        refuseWhenFull();
        let freezeMs = 0;
        if (isMounted(paths.mountPoint(volumeId)))
          freezeMs = await cloneFrozen(paths.mountPoint(volumeId), image, target);
        else await cloneUnmounted(image, target);
        return { freezeMs, bytes: allocated(target) };
      }),

    mountSnapshot: (snapshotId, containerId) =>
      inTurn(`snapshot of ${containerId}`, async () => {
        const image = paths.snapshotImage(snapshotId);
        if (!existsSync(image)) throw new BerthError('not_found', 'There is no such snapshot.', { inside: image });
        const target = paths.snapshotMountPoint(containerId);
        await ensureMountRoot(config.agentDir);
        const device = findLoop(image);
        const mounted = mountsBelow(paths.snapshotMountRoot).find((m) => m.target === target);
        if (mounted !== undefined && mounted.source === device) return target;
        if (mounted !== undefined) await unmountSnapshotAt(target);
        await mountImage(image, target, true);
        return target;
      }),

    unmountSnapshot: (containerId) =>
      inTurn(`snapshot of ${containerId}`, async () => {
        const target = paths.snapshotMountPoint(containerId);
        await unmountSnapshotAt(target);
        removeDirectory('SNAPSHOT:MOUNT-POINT-GONE', target);
      }),

    async deleteSnapshot(snapshotId) {
      const image = paths.snapshotImage(snapshotId);
      const device = findLoop(image);
      for (const m of mountsBelow(paths.snapshotMountRoot)) {
        if (device !== null && m.source === device)
          await volumes.unmountSnapshot(m.target.slice(paths.snapshotMountRoot.length + 1));
      }
      for (const path of [image, `${image}.new`]) remove('SNAPSHOT:DELETE', path);
    },

    // Not in turn: whoever is at work on the volume may be what waits for it to thaw.
    thaw(volumeId) {
      const target = paths.mountPoint(volumeId);
      return isMounted(target) && thaw('VOLUME:THAW', target);
    },

    pool() {
      const s = statfsSync(config.poolPath);
      const reserved = volumes.listVolumes().reduce((sum, id) => {
        const stat = statSync(paths.image(id), { throwIfNoEntry: false });
        return sum + (stat?.size ?? 0);
      }, 0);
      return {
        driver: 'image',
        path: config.poolPath,
        sizeBytes: s.blocks * s.bsize,
        usedBytes: (s.blocks - s.bavail) * s.bsize,
        reservedBytes: reserved,
        keptFreeBytes: config.poolReserveBytes,
        reflinks: reflinks ?? false,
      };
    },

    async recover(keepMounted) {
      await probed;
      await ensureMountRoot(config.agentDir);
      ensureFolders();
      const left = [paths.volumes, paths.snapshots].flatMap((folder) =>
        leftovers(readdirSync(folder)).map((name) => `${folder}/${name}`),
      );
      return [
        ...(await eachOrTold(left, (path) => remove('VOLUME:LEFTOVER', path))),
        ...(await eachOrTold(mountsBelow(paths.mountRoot), (m) => thaw('VOLUME:THAW', m.target))),
        ...(await unmountOthers(volumes, paths, keepMounted)),
      ];
    },
  };
  return volumes;
}
