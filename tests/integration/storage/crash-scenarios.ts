/**
 * What storage does in the course of actions, each as one run from nothing to nothing. Run by crash.deep.test.ts in its own process,
 * and as `node crash-scenarios.ts <config as JSON> <scenario>` in one that is killed half-way.
 */
import type { AgentConfig } from '#agent/config.ts';
import { createLayers } from '#agent/layers/apply.ts';
import { createRoots } from '#agent/rootfs/apply.ts';
import { createVolumes } from '#agent/volumes/apply.ts';

const MiB = 1024 * 1024;
export const ids = { container: 'c-1', volume: 'v-1', old: 'v-old', kept: 'v-kept', snapshot: 's-1' } as const;

export const scenarios: Record<string, (config: AgentConfig, baseLayer: string) => Promise<void>> = {
  async volume(config) {
    const volumes = createVolumes(config);
    await volumes.recover(new Set());
    await volumes.create(ids.volume, { bytes: 64 * MiB, inodes: 1024 });
    await volumes.mount(ids.volume);
    await volumes.unmount(ids.volume);
    await volumes.resize(ids.volume, { bytes: 96 * MiB });
    await volumes.resize(ids.volume, { bytes: 80 * MiB });
    await volumes.delete(ids.volume);
  },
  async snapshot(config) {
    const volumes = createVolumes(config);
    await volumes.mount(ids.kept);
    await volumes.snapshot(ids.kept, ids.snapshot);
    await volumes.mountSnapshot(ids.snapshot, ids.container);
    await volumes.unmountSnapshot(ids.container);
    await volumes.deleteSnapshot(ids.snapshot);
    await volumes.unmount(ids.kept);
  },
  async layer(config) {
    const layers = createLayers(config);
    const { digest } = await layers.importTree(`${config.agentDir}/tree`);
    await layers.mount(digest);
    await layers.unmountExcept(new Set());
    await layers.remove(digest);
  },
  async root(config, baseLayer) {
    const [volumes, layers, roots] = [createVolumes(config), createLayers(config), createRoots(config)];
    await volumes.create(ids.old, { bytes: 64 * MiB, inodes: 1024 });
    const plan = { containerId: ids.container, idBase: config.idBase, layers: [await layers.mount(baseLayer)] };
    await roots.mount({ ...plan, volume: await volumes.mount(ids.kept) });
    await roots.mountReadOnly({ ...plan, volume: await volumes.mount(ids.old) }, 'old');
    await roots.unmount(ids.container);
    await volumes.unmount(ids.kept);
    await volumes.delete(ids.old);
    await layers.unmountExcept(new Set());
  },
};

const [config, name, baseLayer] = process.argv.slice(2);
if (import.meta.main && config !== undefined && name !== undefined) {
  await scenarios[name]?.(JSON.parse(config) as AgentConfig, baseLayer ?? '');
}
