/**
 * The `project-quota` driver of volumes: one directory per container on an ext4 or XFS pool mounted with `prjquota`. Bytes and inodes
 * are limits of the directory's project, `df` inside shows them, growing and shrinking happen at once. A snapshot is a copy of the
 * tree, by reflinks where there are any; the container's processes stand still meanwhile, for there is no file system of its own
 * to freeze. That takes as long as it has files, so the `image` driver is the default.
 */
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Volumes } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import type { Writers } from '#agent/parts.ts';
import { makeDirectory, removeDirectory, rename } from '#agent/sys/files.ts';
import { MS, syncFileSystem } from '#agent/sys/kernel.ts';
import { isMounted, mountsBelow } from '#agent/sys/mountinfo.ts';
import { bindDirectory, ensureMountRoot } from '#agent/sys/mounts.ts';
import { run } from '#agent/sys/process.ts';
import { limitProject, projectOf, quotaOf, setProject } from '#agent/sys/quota.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { eachOrTold, unmountOthers, unmountPatiently, unmountSnapshotAt } from './mounting.ts';
import { freeProject, volumePaths } from './plan.ts';
import { enforcesProjectQuota } from './probe.ts';

/** Made half, or half gone. */
const unfinished = /\.(new|gone)$/;
/** A bind mount shows the very directory, under the same numbers. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}
const long = { timeoutMs: 3_600_000 };

export function createQuotaVolumes(config: AgentConfig, writers: Writers): Volumes {
  const paths = volumePaths(config.poolPath, config.agentDir);
  const directory = (volumeId: string) => `${paths.volumes}/${volumeId}`;
  const snapshotDirectory = (snapshotId: string) => `${paths.snapshots}/${snapshotId}`;
  for (const path of [paths.volumes, paths.snapshots]) makeDirectory('VOLUME:DIRECTORY', path);
  let reflinks = false;

  async function probe(): Promise<void> {
    const found = await enforcesProjectQuota(paths.volumes);
    reflinks = found.reflinks;
    if (found.fault === null) return;
    throw new BerthError('state', 'The storage pool of the server has no working project quotas.', {
      inside: `${config.poolPath}: ${found.fault}`,
      remedy: 'Mount the pool (ext4 or XFS) with the option prjquota, or use the image driver.',
    });
  }
  const probed = probe();
  probed.catch(() => {}); // every method says it

  const queues = new Map<string, Promise<unknown>>();
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = queues.get(key) ?? Promise.resolve();
    const next = before.then(
      () => probed.then(work),
      () => probed.then(work),
    );
    const settled = next.catch(() => {});
    queues.set(key, settled);
    void settled.then(() => {
      if (queues.get(key) === settled) queues.delete(key);
    });
    return next;
  }

  function existing(path: string, what: string): string {
    if (!existsSync(path)) throw new BerthError('not_found', `There is no such ${what}.`, { inside: path });
    return path;
  }

  function refuseWhenFull(): void {
    const s = statfsSync(config.poolPath);
    const free = s.bavail * s.bsize;
    if (free >= config.poolReserveBytes) return;
    throw new BerthError('no_space', 'The storage pool of the server is almost full.', {
      inside: `${free} bytes free in ${config.poolPath}, reserve ${config.poolReserveBytes}`,
    });
  }

  /** An empty directory with a project of its own. Between choosing the number and taking it nobody else gets a turn. */
  function newProject(label: string, path: string): number {
    const all = [paths.volumes, paths.snapshots].flatMap((folder) =>
      readdirSync(folder).map((name) => `${folder}/${name}`),
    );
    const project = freeProject(all.map(projectOf));
    makeDirectory(label, path);
    setProject(label, path, project);
    return project;
  }

  /** Removes a tree so that an interruption leaves a name that {@link Volumes.recover} clears. */
  async function discard(label: string, path: string): Promise<void> {
    const gone = unfinished.test(path) ? path : `${path}.gone`;
    if (gone !== path && existsSync(path)) rename(label, path, gone);
    if (!existsSync(gone)) return;
    const project = projectOf(gone);
    await run(label, ['rm', '-rf', '--one-file-system', '--', gone], long);
    if (project !== 0) limitProject(label, config.poolPath, project, { bytes: 0, inodes: 0 });
  }

  async function bind(source: string, target: string, flags: number): Promise<void> {
    if (!isMounted(target)) makeDirectory('VOLUME:MOUNT-POINT', target);
    await bindDirectory({ bind: 'VOLUME:BIND', flags: 'VOLUME:BIND-FLAGS' }, { source, target, flags });
  }

  async function copyTree(label: string, from: string, to: string): Promise<void> {
    const how = `--reflink=${reflinks ? 'always' : 'never'}`;
    await run(label, ['cp', '-a', how, '--sparse=auto', '--', `${from}/.`, to], long);
    syncFileSystem(to);
  }

  const inUse = (path: string) => {
    const { bytes, inodes } = quotaOf(path, projectOf(path));
    return { bytes, inodes };
  };
  const finished = (folder: string) =>
    readdirSync(folder).filter((name) => !unfinished.test(name) && !name.startsWith('.'));

  const volumes: Volumes = {
    create: (volumeId, size) =>
      inTurn(volumeId, async () => {
        const path = directory(volumeId);
        if (existsSync(path)) return;
        refuseWhenFull();
        await discard('VOLUME:DISCARD', `${path}.new`);
        const project = newProject('VOLUME:PROJECT', `${path}.new`);
        limitProject('VOLUME:LIMIT', config.poolPath, project, size);
        for (const name of ['upper', 'work']) makeDirectory('VOLUME:DIRECTORY', `${path}.new/${name}`, 0o755);
        syncFileSystem(`${path}.new`);
        rename('VOLUME:COMMIT', `${path}.new`, path);
      }),

    createFrom: (volumeId, snapshotId, size) =>
      inTurn(volumeId, async () => {
        const path = directory(volumeId);
        if (existsSync(path)) return { sizeBytes: size.bytes };
        const source = existing(snapshotDirectory(snapshotId), 'snapshot');
        refuseWhenFull();
        await discard('VOLUME:DISCARD', `${path}.new`);
        const project = newProject('VOLUME:PROJECT', `${path}.new`);
        limitProject('VOLUME:LIMIT', config.poolPath, project, size);
        await copyTree('VOLUME:COPY', source, `${path}.new`);
        rename('VOLUME:COMMIT', `${path}.new`, path);
        return { sizeBytes: size.bytes };
      }),

    mount: (volumeId) =>
      inTurn(volumeId, async () => {
        const path = existing(directory(volumeId), 'volume');
        const target = paths.mountPoint(volumeId);
        await ensureMountRoot(config.agentDir);
        await bind(path, target, MS.NOSUID | MS.NODEV);
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
        for (const path of [directory(volumeId), `${directory(volumeId)}.new`]) await discard('VOLUME:DELETE', path);
      });
    },

    resize: (volumeId, size) =>
      inTurn(volumeId, async () => {
        const path = existing(directory(volumeId), 'volume');
        if (inUse(path).bytes > size.bytes)
          throw new BerthError('no_space', 'More is stored on the disk than the new size can hold.', { inside: path });
        limitProject('VOLUME:LIMIT', config.poolPath, projectOf(path), { bytes: size.bytes });
        return true;
      }),

    listMounted: () => mountsBelow(paths.mountRoot).map((m) => basename(m.target)),
    listVolumes: () =>
      readdirSync(paths.volumes)
        .filter((name) => !name.startsWith('.'))
        .map((name) => name.replace(unfinished, ''))
        .sort(),
    listSnapshots: () => finished(paths.snapshots).sort(),

    usage(volumeId) {
      return isMounted(paths.mountPoint(volumeId)) ? inUse(directory(volumeId)) : null;
    },

    allocatedBytes(volumeId) {
      try {
        return inUse(directory(volumeId)).bytes;
      } catch {
        return 0;
      }
    },

    snapshot: (volumeId, snapshotId) =>
      inTurn(volumeId, async () => {
        const path = existing(directory(volumeId), 'volume');
        const target = snapshotDirectory(snapshotId);
        if (existsSync(target)) return { freezeMs: 0, bytes: inUse(target).bytes };
        refuseWhenFull();
        await discard('SNAPSHOT:DISCARD', `${target}.new`);
        newProject('SNAPSHOT:PROJECT', `${target}.new`);
        const mounted = isMounted(paths.mountPoint(volumeId));
        const resume = mounted ? await writers.pause(paths.mountPoint(volumeId)) : undefined;
        const began = performance.now();
        try {
          await copyTree('SNAPSHOT:COPY', path, `${target}.new`);
        } finally {
          resume?.();
        }
        const freezeMs = mounted ? Math.round(performance.now() - began) : 0;
        rename('SNAPSHOT:COMMIT', `${target}.new`, target);
        return { freezeMs, bytes: inUse(target).bytes };
      }),

    mountSnapshot: (snapshotId, containerId) =>
      inTurn(`snapshot of ${containerId}`, async () => {
        const path = existing(snapshotDirectory(snapshotId), 'snapshot');
        const target = paths.snapshotMountPoint(containerId);
        await ensureMountRoot(config.agentDir);
        if (!isMounted(target) || !isSame(path, target)) await unmountSnapshotAt(target);
        await bind(path, target, MS.NOSUID | MS.NODEV | MS.RDONLY);
        return target;
      }),

    unmountSnapshot: (containerId) =>
      inTurn(`snapshot of ${containerId}`, async () => {
        const target = paths.snapshotMountPoint(containerId);
        await unmountSnapshotAt(target);
        removeDirectory('SNAPSHOT:MOUNT-POINT-GONE', target);
      }),

    async deleteSnapshot(snapshotId) {
      const target = snapshotDirectory(snapshotId);
      for (const m of mountsBelow(paths.snapshotMountRoot)) {
        if (existsSync(target) && isSame(target, m.target))
          await volumes.unmountSnapshot(m.target.slice(paths.snapshotMountRoot.length + 1));
      }
      for (const path of [target, `${target}.new`]) await discard('SNAPSHOT:DELETE', path);
    },

    thaw: (volumeId) => writers.resume(paths.mountPoint(volumeId)),

    pool() {
      const s = statfsSync(config.poolPath);
      const limit = (id: string) => quotaOf(config.poolPath, projectOf(directory(id))).bytesLimit;
      return {
        driver: 'project-quota',
        path: config.poolPath,
        sizeBytes: s.blocks * s.bsize,
        usedBytes: (s.blocks - s.bavail) * s.bsize,
        reservedBytes: finished(paths.volumes).reduce((sum, id) => sum + limit(id), 0),
        keptFreeBytes: config.poolReserveBytes,
        reflinks,
      };
    },

    async recover(keepMounted) {
      writers.resumeAll();
      await probed;
      await ensureMountRoot(config.agentDir);
      const left = [paths.volumes, paths.snapshots].flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => unfinished.test(name))
          .map((name) => `${folder}/${name}`),
      );
      return [
        ...(await eachOrTold(left, (path) => discard('VOLUME:LEFTOVER', path))),
        ...(await unmountOthers(volumes, paths, keepMounted)),
      ];
    },
  };
  return volumes;
}
