/** Root file systems: overlays whose layers and upper are idmapped, so that what is on disk keeps the container's own ids. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { RootPlan, Roots } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import { changeOwner, makeDirectory, remove, removeDirectory, writeDurably } from '#agent/sys/files.ts';
import { unmount } from '#agent/sys/kernel.ts';
import { isMounted, mountsBelow } from '#agent/sys/mountinfo.ts';
import { ensureMountRoot } from '#agent/sys/mounts.ts';
import {
  asContainerRoot,
  type Branch,
  clearStaging,
  closeAll,
  idmappedTree,
  type LayersBy,
  mountOverlay,
  type Overlay,
  probeWritable,
} from '#agent/sys/overlay.ts';
import { bootId } from '#agent/sys/stat.ts';
import { idmapNamespace } from '#agent/sys/user-namespace.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { createBackupViews } from './backup-view.ts';
import {
  containerOfTarget,
  judge,
  type MountRecord,
  overlayOptions,
  overlaySources,
  type Purpose,
  purposes,
  recordName,
  rootPaths,
} from './plan.ts';

/** `layersBy` is for tests of how kernels before 6.13 are served; by itself the adapter tries. */
export function createRoots(config: AgentConfig, layersBy?: LayersBy): Roots {
  const paths = rootPaths(config.agentDir);
  if (!existsSync(paths.records)) makeDirectory('ROOT:DIRECTORY', paths.records);
  if (existsSync(paths.staging)) clearStaging(paths.staging);

  // A crash before or after a mount leaves its record and its empty directories; an agent starts without them.
  for (const purpose of purposes) {
    const folder = paths.folder(purpose);
    for (const containerId of existsSync(folder) ? readdirSync(folder) : []) {
      if (!isMounted(paths.target(containerId, purpose))) forget(containerId, purpose);
    }
  }
  for (const name of readdirSync(paths.records)) {
    const known = recordName(name);
    if (known === null) continue;
    if (name.endsWith('.new') || !isMounted(paths.target(known.containerId, known.purpose))) {
      remove('ROOT:RECORD-GONE', `${paths.records}/${name}`);
    }
  }

  function forget(containerId: string, purpose: Purpose): void {
    remove('ROOT:RECORD-GONE', paths.record(containerId, purpose));
    removeDirectory('ROOT:MOUNT-POINT-GONE', paths.target(containerId, purpose));
    removeDirectory('ROOT:CLOSED-DIRECTORY-GONE', paths.closed(containerId, purpose));
  }

  /** Records whose mount is really there. */
  function mounted(): MountRecord[] {
    const targets = new Set(mountsBelow(`${config.agentDir}/mnt`).map((m) => m.target));
    return readdirSync(paths.records).flatMap((name) => {
      if (!name.endsWith('.json')) return [];
      const record = JSON.parse(readFileSync(`${paths.records}/${name}`, 'utf8')) as MountRecord;
      const there = record.bootId === bootId && targets.has(paths.target(record.containerId, record.purpose));
      return there ? [record] : [];
    });
  }

  function assemble(
    plan: RootPlan & { purpose: Purpose; readOnly: boolean },
    target: string,
    userNamespace: number,
  ): void {
    const open: number[] = [];
    const keep = (fd: number) => {
      open.push(fd);
      return fd;
    };
    try {
      const sources = overlaySources(plan, plan.readOnly);
      const volume = keep(idmappedTree('ROOT:IDMAP', plan.volume, userNamespace));
      const lowers: Branch[] = sources.upperAsLayer ? [{ tree: volume, below: 'upper' }] : [];
      for (const layer of sources.layers) lowers.push({ tree: keep(idmappedTree('ROOT:IDMAP', layer, userNamespace)) });
      // A root is mounted without nosuid: su and sudo must work inside, and a container's mount namespace inherits the flag
      // locked. What keeps the host's users from its set-user-id files is the closed directory above (and they would run as the
      // container's ids, not the host's).
      const overlay: Overlay = {
        lowers,
        upper: sources.upperAsLayer ? null : volume,
        options: overlayOptions,
        readOnly: plan.readOnly,
        nosuid: plan.purpose !== 'root',
      };
      asContainerRoot(plan.idBase, () => mountOverlay('ROOT:MOUNT', target, overlay, paths.staging, layersBy));
    } finally {
      closeAll(open);
    }
  }

  async function mountAs(purpose: Purpose, given: RootPlan, readOnly: boolean): Promise<string> {
    const { containerId, idBase, layers, volume } = given;
    const plan = { containerId, idBase, layers, volume, purpose, readOnly };
    await ensureMountRoot(config.agentDir);
    const userNamespace = await idmapNamespace('ROOT:USER-NAMESPACE', idBase);
    // From here to the end without a pause: between the verdict and the mount nobody else gets a turn.
    const target = paths.target(containerId, purpose);
    const verdict = judge(plan, mounted());
    if (verdict === 'same') return target;
    if (verdict !== 'free') {
      throw new BerthError('conflict', 'The disk is already in use as a root file system.', {
        inside: `${volume} for ${containerId} (${purpose}): ${JSON.stringify(verdict)}`,
      });
    }
    if (isMounted(target)) {
      throw new BerthError('conflict', 'Something unknown is mounted where the root file system belongs.', {
        inside: target,
      });
    }
    const closed = paths.closed(containerId, purpose);
    makeDirectory('ROOT:CLOSED-DIRECTORY', closed);
    changeOwner('ROOT:CLOSED-DIRECTORY-OWNER', closed, idBase, idBase);
    makeDirectory('ROOT:MOUNT-POINT', target, 0o755);
    const record: MountRecord = { ...plan, bootId };
    writeDurably('ROOT:RECORD', paths.record(containerId, purpose), JSON.stringify(record));
    assemble(plan, target, userNamespace);
    if (!readOnly) {
      try {
        asContainerRoot(idBase, () => probeWritable('ROOT:PROBE', target));
      } catch (error) {
        await unmountAs(containerId, purpose);
        throw error;
      }
    }
    return target;
  }

  async function unmountAs(containerId: string, purpose: Purpose): Promise<void> {
    const target = paths.target(containerId, purpose);
    for (let attempt = 0; isMounted(target); attempt += 1) {
      try {
        await unmount('ROOT:UNMOUNT', target);
      } catch (error) {
        // the last processes of a stopped container may take a moment to let go
        if (attempt >= 40)
          throw new BerthError('state', 'The root file system is still in use.', { cause: error, inside: target });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    forget(containerId, purpose);
  }

  return {
    ...createBackupViews(config, paths.staging, layersBy),
    mount: (plan) => mountAs('root', plan, false),
    mountReadOnly: (plan, purpose) => mountAs(purpose, plan, true),
    mountRepair: (plan, { readOnly }) => mountAs('repair', plan, readOnly),
    async unmount(containerId) {
      await unmountAs(containerId, 'repair');
      await unmountAs(containerId, 'old');
      await unmountAs(containerId, 'root');
    },
    listMounted() {
      const found = mountsBelow(`${config.agentDir}/mnt`).flatMap(
        (m) => containerOfTarget(config.agentDir, m.target)?.containerId ?? [],
      );
      return [...new Set(found)].sort();
    },
  };
}
