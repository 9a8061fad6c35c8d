/**
 * A pool, the tiny template, a volume and a mounted root for tests on the real kernel. Everything lies in one directory of its
 * own below /tmp and is gone after `cleanUp`, also when the test failed.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import type { Layers, Roots, Templates, Volumes } from '#agent/adapters.ts';
import { type AgentConfig, usualRestarts } from '#agent/config.ts';
import { createLayers } from '#agent/layers/apply.ts';
import type { Writers } from '#agent/parts.ts';
import { createRoots } from '#agent/rootfs/apply.ts';
import { createTemplates } from '#agent/templates/apply.ts';
import { createVolumes } from '#agent/volumes/apply.ts';
import { createQuotaVolumes } from '#agent/volumes/project-quota.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { engineDir } from './engine.ts';

export type Storage = {
  config: AgentConfig;
  layers: Layers;
  volumes: Volumes;
  roots: Roots;
  templates: Templates;
  cleanUp: () => Promise<void>;
};
export type TestRoot = Storage & {
  template: TemplateRef;
  containerId: string;
  volumeId: string;
  idBase: number;
  root: string;
};

const MiB = 1024 * 1024;

/** How the file system of a pool is made and mounted. `quota`: with limits for projects. */
const pools = {
  xfs: { mkfs: ['mkfs.xfs', '-q', '-m', 'reflink=1'], options: '' },
  'xfs-quota': { mkfs: ['mkfs.xfs', '-q', '-m', 'reflink=1'], options: ',prjquota' },
  'ext4-quota': { mkfs: ['mkfs.ext4', '-q', '-O', 'project,quota', '-E', 'quotatype=prjquota'], options: ',prjquota' },
} as const;
export type PoolKind = keyof typeof pools;

/** Makes a pool of that kind, mounted at `poolPath`; throws what the kernel has against it. */
export function mountTestPool(kind: PoolKind, image: string, poolPath: string, bytes: number): void {
  execFileSync('truncate', ['-s', String(bytes), image]);
  const [program, ...args] = pools[kind].mkfs;
  execFileSync(program, [...args, image], { stdio: 'pipe' });
  execFileSync('mount', ['-o', `loop,nosuid,nodev,discard${pools[kind].options}`, image, poolPath], { stdio: 'pipe' });
}

/** A fresh state directory with a mounted pool (sparse, `poolBytes`; XFS unless said) and the four storage adapters on it. */
export async function makeStorage(
  options: { instance?: string; poolBytes?: number; pool?: PoolKind; writers?: Writers } = {},
): Promise<Storage> {
  const directory = mkdtempSync('/tmp/berth-test-');
  chmodSync(directory, 0o711); // a container's root must be able to reach its root directory
  const [agentDir, poolPath, image] = [`${directory}/agent`, `${directory}/pool`, `${directory}/pool.img`];
  for (const path of [agentDir, poolPath]) mkdirSync(path, { mode: 0o711 });
  chmodSync(agentDir, 0o711);
  try {
    mountTestPool(options.pool ?? 'xfs', image, poolPath, options.poolBytes ?? 2048 * MiB);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  const config: AgentConfig = {
    instance: options.instance ?? 'ts0',
    agentDir,
    poolPath,
    poolReserveBytes: 64 * MiB,
    engineDir,
    listen: { host: '127.0.0.1', port: 0 },
    subnet: '10.211.0.0/24',
    idBase: 1_879_048_192,
    forwardAddress: '127.0.0.1',
    forwardPorts: { first: 20_000, last: 20_099 },
    backupRoot: `${directory}/backups`,
    backupNetworks: [],
    hostId: uuidv7(),
    identity: { certificate: '', key: '', ca: '' },
    grantKeys: { web: '', worker: '' },
    restarts: usualRestarts,
  };
  const cleanUp = async () => {
    for (let pass = 0; pass < 400; pass += 1) {
      const targets = readFileSync('/proc/self/mountinfo', 'utf8')
        .split('\n')
        .map((line) => line.split(' ')[4] ?? '')
        .filter((target) => target.startsWith(`${directory}/`));
      if (targets.length === 0) break;
      for (const target of targets.reverse()) {
        try {
          execFileSync('umount', ['--', target], { stdio: 'ignore' });
        } catch {
          // its last user may still be ending
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    }
    rmSync(directory, { recursive: true, force: true });
    if (existsSync(directory)) throw new Error(`${directory} could not be removed`);
  };
  try {
    return {
      config,
      layers: createLayers(config),
      volumes: options.writers === undefined ? createVolumes(config) : createQuotaVolumes(config, options.writers),
      roots: createRoots(config),
      templates: createTemplates(config),
      cleanUp,
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** Adds a container's volume and mounted root, made from `template`. */
export async function addRoot(
  storage: Storage,
  template: TemplateRef,
  options: { idBase?: number; bytes?: number; inodes?: number } = {},
): Promise<{ containerId: string; volumeId: string; idBase: number; root: string }> {
  const [containerId, volumeId] = [uuidv7(), uuidv7()];
  const idBase = options.idBase ?? storage.config.idBase;
  await storage.volumes.create(volumeId, { bytes: options.bytes ?? 256 * MiB, inodes: options.inodes ?? 16_384 });
  const volume = await storage.volumes.mount(volumeId);
  const layers = await Promise.all(template.layers.map((digest) => storage.layers.mount(digest)));
  const root = await storage.roots.mount({ containerId, idBase, layers, volume });
  return { containerId, volumeId, idBase, root };
}

/** Pool, template (default `tiny`), volume and mounted root in one go. */
export async function makeRoot(
  options: { template?: string; instance?: string; idBase?: number; bytes?: number; inodes?: number } = {},
): Promise<TestRoot> {
  const storage = await makeStorage(options.instance === undefined ? {} : { instance: options.instance });
  try {
    const { template } = await storage.templates.build(options.template ?? 'tiny', storage.layers, () => {});
    return { ...storage, template, ...(await addRoot(storage, template, options)) };
  } catch (error) {
    await storage.cleanUp();
    throw error;
  }
}
