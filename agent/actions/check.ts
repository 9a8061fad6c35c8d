import type { ActionResult } from '#lib/contract/agent.ts';
import { toldFindings } from '#lib/contract/integrity.ts';
import { repositoryKey, repositoryOf } from './backup.ts';
import { defineAction } from './definition.ts';

type Checked = ActionResult<'backup.check'>;

/** prepare: a part read, what can be put back is; asking again finds what there is to find then · commit: the answer */
export const check = defineAction<'backup.check', Checked, Checked>({
  verb: 'backup.check',
  lock: ({ args }) => `check:${args.repository.location.id}:${args.repository.tenantId}`,
  cancellable: true,
  async prepare({ core, repositories, args, progress, signal }, secrets) {
    const { backups, layers } = core.adapters;
    const repository = repositoryOf(core, args.repository, secrets);
    const order = {
      part: args.part,
      snapshots: args.snapshots,
      others: args.others,
      layers: args.layers.map(({ digest, always }) => ({
        digest,
        file: layers.has(digest) ? layers.file(digest) : null,
        always,
      })),
    };
    return await repositories.shared(repositoryKey(repository), async () => {
      const { found, damaged, layersLost } = await backups.check(repository, order, progress, signal);
      const short = damaged.map((one) => ({ ...one, missing: one.missing.map((name) => name.slice(0, 1000)) }));
      return {
        checkedAt: new Date().toISOString(),
        found: found.slice(0, toldFindings),
        damaged: short,
        layersLost,
      };
    });
  },
  commit: (_context, checked) => checked,
  finish: async (_context, checked) => checked,
});
