/** A system that is being made ready beside a container's own, before it may start. */
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { ContainerPlan } from '../adapters.ts';
import type { Core } from '../core.ts';
import { mountLayers, planOf } from '../reconcile/converge.ts';
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
  const { volumes, roots } = core.adapters;
  const { idBase } = record;
  const mountOld = async () => {
    const volume = await volumes.mount(record.volumeId);
    const oldLayers = await mountLayers(core, record.template.layers);
    return await roots.mountReadOnly({ containerId: volumeId, idBase, layers: oldLayers, volume }, 'old');
  };
  try {
    const old = withOld ? await mountOld() : null;
    const volume = await volumes.mount(volumeId);
    const layers = await mountLayers(core, template.layers);
    const root = await roots.mount({ containerId: volumeId, idBase, layers, volume });
    return await run({ ...planOf(core, { ...record, template }, root, old), containerId: volumeId });
  } finally {
    await clearUp([
      () => dismantle(core, volumeId),
      () => volumes.unmount(volumeId),
      () => volumes.unmount(record.volumeId),
    ]);
  }
}
