import { defineAction, present } from './definition.ts';

/**
 * An emergency's verb: beside whatever holds the container, for that may be what waits for the thaw. A snapshot being taken at
 * that moment notices and is thrown away.
 */
export const thaw = defineAction<'container.thaw'>({
  verb: 'container.thaw',
  lock: 'none',
  commit({ core, containerId }) {
    present(core, containerId);
    return {};
  },
  async finish({ core, containerId }) {
    const volumes = core.store.volumes.ofContainer(containerId);
    return { thawed: volumes.filter(({ id }) => core.adapters.volumes.thaw(id)).length };
  },
});

/** commit: the deeds are marked as taken; those that are not known any more were taken before. */
export const told = defineAction<'local.told'>({
  verb: 'local.told',
  lock: 'none',
  commit({ core, args }) {
    core.store.ledger.markTold(args.actionIds);
    return {};
  },
  finish: async () => ({}),
});
