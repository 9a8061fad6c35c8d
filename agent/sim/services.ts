import { createHash, randomBytes } from 'node:crypto';
import { BerthError } from '#lib/contract/errors.ts';
import type { Backups, Metrics, Network, Repository, Templates } from '../adapters.ts';
import { digestOf } from './storage.ts';
import { bytesOf, type World } from './world.ts';

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function simNetwork(subnet: string): Network {
  const [base = '10.0.0.0', width = '24'] = subnet.split('/');
  const first = numberOf(base) - (numberOf(base) % 2 ** (32 - Number(width)));
  const size = 2 ** (32 - Number(width));
  const interfaceName = (containerId: string) =>
    `berth${createHash('sha256').update(containerId).digest('hex').slice(0, 8)}`;
  return {
    async ensureHost() {},
    allocate(taken) {
      for (let offset = 2; offset < size - 1; offset += 1) {
        const number = first + offset;
        const address = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
        if (!taken.has(address)) return address;
      }
      throw new BerthError('no_space', 'No address is free on this server.');
    },
    hook: () => ({ hookPath: '/bin/true', hookArgs: [], resolvConf: '/etc/resolv.conf' }),
    async apply() {},
    stands: async () => true,
    async detach() {},
    listInterfaces: () => [],
    interfaceName,
    async tearDown() {},
  };
}

export function simMetrics(world: World): Metrics {
  const startedAt = Date.now();
  return {
    cpuSeconds: () => 0,
    sample: (containers) =>
      new Map(
        containers.map(({ containerId, volumeId, pid }) => {
          const seconds = (Date.now() - startedAt) / 1000;
          const wave = 0.15 + 0.1 * Math.sin(seconds / 20 + (pid ?? 0));
          const files = world.disk.volumes[volumeId]?.files ?? {};
          return [
            containerId,
            {
              cpuSeconds: seconds * 0.15,
              cpuCores: wave,
              memoryBytes: Math.round(48 * 1024 ** 2 * (1 + wave)),
              pids: 12,
              diskBytes: bytesOf(files),
              inodes: Object.keys(files).length + 3,
              receivedBytes: Math.round(seconds * 900),
              sentBytes: Math.round(seconds * 300),
            },
          ];
        }),
      ),
  };
}

export function simBackups(world: World): Backups {
  const keyOf = ({ location, tenantId }: Repository) => `${location.id}:${tenantId}`;
  const check = (repository: Repository) => {
    const hash = createHash('sha256').update(repository.password).digest('hex');
    const known = world.disk.repositories[keyOf(repository)];
    if (known !== hash) throw new BerthError('forbidden', 'The repository does not open with this password.');
  };
  const forgetBackup = (key: string, backupId: string) => {
    for (const [id, backup] of Object.entries(world.disk.backups)) {
      if (backup.repository === key && backup.backupId === backupId) delete world.disk.backups[id];
    }
  };
  const find = (repository: Repository, id: string) => {
    check(repository);
    const backup = world.disk.backups[id];
    if (backup?.repository !== keyOf(repository)) throw new BerthError('not_found', 'The location has no such backup.');
    return backup;
  };
  return {
    async ensureRepository(repository) {
      world.disk.repositories[keyOf(repository)] ??= createHash('sha256').update(repository.password).digest('hex');
      check(repository);
      world.save();
    },
    async upload(repository, source, progress, signal) {
      check(repository);
      const snapshot = world.disk.snapshots[world.snapshotMounts.get(source.containerId) ?? ''];
      if (snapshot === undefined) throw new Error('no snapshot is mounted there');
      for (const percent of [20, 60, 100]) {
        await world.delay(150, signal);
        progress('Uploading', percent);
      }
      forgetBackup(keyOf(repository), source.backupId);
      const resticSnapshotId = randomBytes(32).toString('hex');
      const files = structuredClone(snapshot.files);
      world.disk.backups[resticSnapshotId] = {
        repository: keyOf(repository),
        backupId: source.backupId,
        files,
        layers: [],
      };
      world.save();
      const bytes = bytesOf(files);
      return {
        resticSnapshotId,
        files: Object.keys(files).length,
        bytesTotal: bytes,
        bytesAdded: bytes,
        sameServer: repository.location.kind === 'directory',
      };
    },
    async storeLayer(repository, digest) {
      const stored = new Set(world.disk.storedLayers[repository.location.id]).add(digest);
      world.disk.storedLayers[repository.location.id] = [...stored];
      world.save();
    },
    async verify(repository, resticSnapshotId, layers, progress, signal) {
      find(repository, resticSnapshotId);
      const stored = world.disk.storedLayers[repository.location.id] ?? [];
      if (layers.some((digest) => !stored.includes(digest))) {
        throw new BerthError('action_failed', 'The location does not hold every layer.');
      }
      await world.delay(100, signal);
      progress('Reading back', 100);
    },
    async restore(repository, resticSnapshotId, target, progress, signal) {
      const { files } = find(repository, resticSnapshotId);
      for (const percent of [30, 100]) {
        await world.delay(150, signal);
        progress('Restoring', percent);
      }
      world.volume(target).files = structuredClone(files);
      world.save();
      return { files: Object.keys(files).length, bytes: bytesOf(files) };
    },
    async measure(repository, resticSnapshotIds) {
      check(repository);
      // As restic stores it: the same content once.
      const stored: Record<string, string | null> = {};
      for (const id of resticSnapshotIds) {
        const backup = world.disk.backups[id];
        if (backup?.repository !== keyOf(repository)) continue;
        for (const [path, content] of Object.entries(backup.files)) stored[`${path}\0${content}`] = content;
      }
      return Object.keys(stored).length === 0 ? 0 : bytesOf(stored);
    },
    async check(repository, order, progress, signal) {
      check(repository);
      for (const percent of [30, 100]) {
        await world.delay(100, signal);
        progress('Reading a part of the data back', percent);
      }
      const gone = order.snapshots.filter(
        ({ resticSnapshotId: id }) => world.disk.backups[id]?.repository !== keyOf(repository),
      );
      return {
        found: gone.map(({ resticSnapshotId: name }) => ({ what: 'snapshot', name, healed: 'no' })),
        damaged: gone.map(({ resticSnapshotId }) => ({ resticSnapshotId, missing: ['/'] })),
        layersLost: [],
      };
    },
    async open(repository, backupId, resticSnapshotId) {
      find(repository, resticSnapshotId);
      await world.delay(300);
      world.opened.set(backupId, resticSnapshotId);
      return `/sim/opened/${backupId}`;
    },
    isOpen: (backupId) => world.opened.has(backupId),
    async close(backupId) {
      world.opened.delete(backupId);
    },
    listOpen: () => [...world.opened.keys()],
    withLayer: ({ location }, digest, use) => use(`/sim/location/${location.id}/${digest}`),
    async forget(repository, resticSnapshotId, backupId) {
      const { location } = repository;
      if (location.kind !== 'directory' && location.appendOnly) return false;
      const named = resticSnapshotId ?? '';
      if (world.disk.backups[named]?.repository === keyOf(repository)) delete world.disk.backups[named];
      if (backupId !== undefined) forgetBackup(keyOf(repository), backupId);
      world.save();
      await world.delay(50);
      return true;
    },
  };
}

const definitions = {
  tiny: { title: 'Tiny (busybox)', version: '1', init: 'busybox', bytes: 2 * 1024 ** 2, sshServer: false },
  'debian-12': { title: 'Debian 12', version: '12', init: 'systemd', bytes: 100 * 1024 ** 2, sshServer: true },
} as const;

export function simTemplates(world: World): Templates {
  return {
    async build(name, _layers, progress) {
      const definition = Object.entries(definitions).find(([known]) => known === name)?.[1];
      if (definition === undefined) throw new BerthError('not_found', 'There is no such template definition.');
      for (const percent of [10, 50, 90]) {
        await world.delay(100);
        progress('Building', percent);
      }
      const digest = digestOf(`template ${name}`);
      world.disk.layers[digest] = { bytes: definition.bytes, template: name, since: Date.now() };
      world.save();
      const { title, version, init, bytes, sshServer } = definition;
      return { template: { name, version, layers: [digest], init }, title, bytes, sshServer };
    },
    async empty() {
      const digest = digestOf('empty');
      world.disk.layers[digest] = { bytes: 4096, template: 'empty', since: Date.now() };
      world.save();
      return digest;
    },
    definitions: () => Object.keys(definitions),
  };
}
