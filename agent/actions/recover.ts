import { BerthError } from '#lib/contract/errors.ts';
import { type FileChange, FileChanged } from '#lib/contract/files.ts';
import type { Tree } from '../adapters.ts';
import type { Core } from '../core.ts';
import { bringDown, mountOwnForRepair, mountRoot } from '../reconcile/converge.ts';
import { withParts } from '../reconcile/loans.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { defineAction, present } from './definition.ts';

type Recovered = { changed: number };
/** So many things come back between two looks at whether it is still wanted. */
const atOnce = 100;

/** prepare: what the template has is put back, piece by piece; each file is as it was or as it is there, and a repeat finds what is done */
export const recoverFiles = defineAction<'files.recover', Recovered, Recovered>({
  verb: 'files.recover',
  cancellable: true,
  async prepare({ core, containerId, args, progress, signal }) {
    const record = present(core, containerId);
    const running = core.adapters.runtime.state(containerId).running;
    try {
      const tree = await ownTree(core, record, running);
      progress('Comparing with the template', null);
      const whole = args.allSystemFiles === true ? await differing(core, tree, signal) : null;
      let changed = 0;
      for (;;) {
        signal.throwIfAborted();
        const change = { action: 'recover', ...args, most: atOnce } as const satisfies FileChange;
        const { answer, body } = await core.adapters.files.call(
          tree,
          { op: 'change', order: { change } },
          null,
          signal,
        );
        await body.next();
        const count = FileChanged.parse(answer).changed;
        changed += count;
        if (whole !== null)
          progress('Putting files back', Math.min(99, Math.round((changed / Math.max(1, whole)) * 100)));
        // Whoever changes them again and again inside does not keep us for ever.
        if (count < atOnce || (whole !== null && changed > 2 * whole + atOnce)) return { changed };
      }
    } finally {
      if (!running && record.repair === null) await bringDown(core, containerId, { timeoutMs: 0 });
    }
  },
  commit: (_context, recovered) => recovered,
  finish: async (_context, recovered) => recovered,
});

/** The container's own files, with what they are made of; in repair those that its rescue system has at /repair. */
async function ownTree(core: Core, record: ContainerRecord, running: boolean): Promise<Tree> {
  const { id: containerId, idBase, repair } = record;
  if (repair?.readOnly === true) {
    throw new BerthError('state', 'In this repair the files can be read, not changed.');
  }
  if (repair !== null && !running) throw new BerthError('state', 'The rescue system does not run.');
  const root = repair === null ? await mountRoot(core, record) : await mountOwnForRepair(core, record, repair);
  return await withParts(core, record, { containerId, idBase, root });
}

/** How many files of the system differ, as far as can be looked through. */
async function differing(core: Core, tree: Tree, signal: AbortSignal): Promise<number> {
  const order = { path: Buffer.from('/').toString('base64'), system: true };
  const { answer, body } = await core.adapters.files.call(tree, { op: 'changes', order }, null, signal);
  await body.next();
  return (answer as { items: unknown[] }).items.length;
}
