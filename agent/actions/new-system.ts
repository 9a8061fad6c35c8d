/** A system that is being made ready beside a container's own, before it may start. */
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { ContainerPlan } from '../adapters.ts';
import type { Core } from '../core.ts';
import { planOf } from '../reconcile/converge.ts';
import { clearUp, dismantle } from '../reconcile/garbage.ts';
import type { ContainerRecord } from '../store/containers.ts';

export type System = { volumeId: string; template: TemplateRef };

/** Does something in the new root, kept under the volume's id, if wanted with the old tree at /old; leaves nothing mounted. */
export async function inNew<T>(
  core: Core,
  record: ContainerRecord,
  { volumeId, template, withOld }: System & { withOld: boolean },
  run: (plan: ContainerPlan) => Promise<T>,
): Promise<T> {
  const { layers, volumes, roots } = core.adapters;
  const mountAll = async (digests: readonly string[]) => {
    const paths: string[] = [];
    for (const digest of digests) paths.push(await layers.mount(digest));
    return paths;
  };
  const { idBase } = record;
  const mountOld = async () => {
    const volume = await volumes.mount(record.volumeId);
    const oldLayers = await mountAll(record.template.layers);
    return await roots.mountReadOnly({ containerId: volumeId, idBase, layers: oldLayers, volume }, 'old');
  };
  try {
    const old = withOld ? await mountOld() : null;
    const volume = await volumes.mount(volumeId);
    const root = await roots.mount({ containerId: volumeId, idBase, layers: await mountAll(template.layers), volume });
    return await run({ ...planOf(core, { ...record, template }, root, old), containerId: volumeId });
  } finally {
    await clearUp([
      () => dismantle(core, volumeId),
      () => volumes.unmount(volumeId),
      () => volumes.unmount(record.volumeId),
    ]);
  }
}
