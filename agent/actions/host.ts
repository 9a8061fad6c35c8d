import type { ActionResult } from '#lib/contract/agent.ts';
import type { Digest } from '#lib/contract/ids.ts';
import type { Core } from '../core.ts';
import { defineAction } from './definition.ts';

type Built = ActionResult<'template.build'>;

/** prepare: built and imported; the layer is named by its content, so a repeat gives the same · commit: the answer */
export const buildTemplate = defineAction<'template.build', Built, Built>({
  verb: 'template.build',
  lock: () => 'layers',
  prepare: ({ core, args, progress }) => core.adapters.templates.build(args.name, core.adapters.layers, progress),
  commit: (_context, built) => built,
  finish: async (_context, built) => built,
});

/** Layers that anything on this host refers to. */
export function layersInUse(core: Core): Set<Digest> {
  const { containers, volumes } = core.store;
  return new Set([
    ...containers.list().flatMap((record) => [...record.template.layers, ...(record.old?.template.layers ?? [])]),
    ...volumes.list().flatMap((volume) => volume.layers),
    ...volumes.listSnapshots().flatMap((snapshot) => snapshot.template.layers),
  ]);
}

type Collected = ActionResult<'layers.collect'>;

/**
 * prepare: each layer removed that `keep` does not name, that this host's records do not, and that is not younger than `keepYoungerThanMs`, asked
 * again right before its file goes · commit: the answer
 */
export const collectLayers = defineAction<'layers.collect', Collected, Collected>({
  verb: 'layers.collect',
  lock: () => 'layers',
  async prepare({ core, args }) {
    const { layers } = core.adapters;
    const kept = new Set(args.keep);
    const removed: Digest[] = [];
    let freedBytes = 0;
    for (const { digest } of layers.list()) {
      const bytes = await layers.remove(
        digest,
        (since) =>
          kept.has(digest) || Date.now() - since.getTime() < args.keepYoungerThanMs || layersInUse(core).has(digest),
      );
      if (bytes === null) continue;
      freedBytes += bytes;
      removed.push(digest);
    }
    return { removed, freedBytes };
  },
  commit: (_context, collected) => collected,
  finish: async (_context, collected) => collected,
});
