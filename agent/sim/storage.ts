import { createHash } from 'node:crypto';
import { BerthError } from '#lib/contract/errors.ts';
import type { Layers, Roots, Volumes } from '../adapters.ts';
import { bytesOf, type World } from './world.ts';

const poolBytes = 64 * 1024 ** 3;

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

export function simLayers(world: World): Layers {
  const { layers } = world.disk;
  return {
    list: () => Object.entries(layers).map(([digest, { bytes }]) => ({ digest, bytes })),
    has: (digest) => layers[digest] !== undefined,
    file: (digest) => `/sim/layers/${digest}`,
    async importTree(directory) {
      const digest = digestOf(directory);
      layers[digest] = { bytes: 4 * 1024 * 1024, template: directory, since: Date.now() };
      world.save();
      return { digest, bytes: 4 * 1024 * 1024 };
    },
    async importFile(file, digest) {
      const [, , , location = '', stored] = file.split('/');
      if (stored !== digest || world.disk.storedLayers[location]?.includes(digest) !== true) {
        throw new BerthError('not_found', 'The location does not hold this layer.');
      }
      layers[digest] = { bytes: 4 * 1024 * 1024, template: 'tiny', since: Date.now() };
      world.save();
    },
    async mount(digest) {
      if (layers[digest] === undefined) throw new Error(`no layer ${digest}`);
      world.mountedLayers.add(digest);
      return digest;
    },
    async unmountExcept(keep) {
      for (const digest of world.mountedLayers) if (!keep.has(digest)) world.mountedLayers.delete(digest);
    },
    async remove(digest, stays = () => false) {
      const { bytes = 0, since = 0 } = layers[digest] ?? {};
      if (stays(new Date(since))) return null;
      world.mountedLayers.delete(digest);
      delete layers[digest];
      world.save();
      return bytes;
    },
  };
}

export function simVolumes(world: World): Volumes {
  const { volumes, snapshots } = world.disk;
  return {
    async create(volumeId, size) {
      await world.delay(30);
      volumes[volumeId] = { files: {}, ...size };
      world.save();
    },
    async createFrom(volumeId, snapshotId, size) {
      await world.delay(30);
      const snapshot = snapshots[snapshotId];
      if (snapshot === undefined) throw new BerthError('not_found', 'There is no such snapshot.');
      volumes[volumeId] ??= { ...structuredClone(snapshot), ...size };
      world.save();
      return { sizeBytes: size.bytes };
    },
    async mount(volumeId) {
      world.volume(volumeId);
      world.mountedVolumes.add(volumeId);
      return volumeId;
    },
    async unmount(volumeId) {
      const holder = [...world.roots.values()].some(
        (root) => root.volume === volumeId || root.old === volumeId || root.repair?.volume === volumeId,
      );
      if (holder) throw new Error('EBUSY');
      world.mountedVolumes.delete(volumeId);
    },
    async delete(volumeId) {
      delete volumes[volumeId];
      world.save();
    },
    async resize(volumeId, { bytes }) {
      if (world.mountedVolumes.has(volumeId)) return false;
      world.volume(volumeId).bytes = bytes;
      world.save();
      return true;
    },
    listVolumes: () => Object.keys(volumes),
    listMounted: () => [...world.mountedVolumes],
    listSnapshots: () => Object.keys(snapshots),
    usage(volumeId) {
      const volume = volumes[volumeId];
      return volume === undefined
        ? null
        : { bytes: bytesOf(volume.files), inodes: Object.keys(volume.files).length + 3 };
    },
    allocatedBytes: (volumeId) => bytesOf(world.volume(volumeId).files),
    async snapshot(volumeId, snapshotId) {
      snapshots[snapshotId] = structuredClone(world.volume(volumeId));
      world.save();
      await world.delay(20);
      return { freezeMs: 12, bytes: bytesOf(world.volume(volumeId).files) };
    },
    async mountSnapshot(snapshotId, containerId) {
      if (snapshots[snapshotId] === undefined) throw new Error(`no snapshot ${snapshotId}`);
      world.snapshotMounts.set(containerId, snapshotId);
      return `/sim/snapshots/${containerId}`;
    },
    async unmountSnapshot(containerId) {
      world.snapshotMounts.delete(containerId);
    },
    async deleteSnapshot(snapshotId) {
      for (const [containerId, mounted] of world.snapshotMounts)
        if (mounted === snapshotId) world.snapshotMounts.delete(containerId);
      delete snapshots[snapshotId];
      world.save();
    },
    thaw: () => false,
    pool: () => ({
      driver: 'simulated',
      path: '/sim',
      sizeBytes: poolBytes,
      usedBytes: Object.values(volumes).reduce((sum, volume) => sum + bytesOf(volume.files), 0),
      reservedBytes: 0,
      keptFreeBytes: 0,
      reflinks: true,
    }),
    async recover() {
      world.snapshotMounts.clear();
      return [];
    },
  };
}

type Root = World['roots'] extends Map<string, infer R> ? R : never;

export function simRoots(world: World): Roots {
  const put = (containerId: string, change: Partial<Root>) => {
    const known = world.roots.get(containerId) ?? { volume: '', layers: [], old: null, repair: null };
    world.roots.set(containerId, { ...known, ...change });
  };
  return {
    async mount(plan) {
      const taken = [...world.roots].find(([id, root]) => root.volume === plan.volume && id !== plan.containerId);
      if (taken !== undefined) throw new Error(`volume ${plan.volume} is mounted for ${taken[0]}`);
      put(plan.containerId, { volume: plan.volume, layers: plan.layers });
      return `/sim/roots/${plan.containerId}`;
    },
    async mountReadOnly(plan) {
      put(plan.containerId, { old: plan.volume });
      return `/sim/old/${plan.containerId}`;
    },
    async mountRepair(plan, { readOnly }) {
      put(plan.containerId, { repair: { volume: plan.volume, readOnly } });
      return `/sim/repair/${plan.containerId}`;
    },
    mountBackup: async ({ backupId }) => `/sim/backups/${backupId}`,
    async unmountBackup() {},
    listBackups: () => [],
    async unmount(containerId) {
      world.roots.delete(containerId);
    },
    listMounted: () => [...world.roots.keys()],
  };
}
