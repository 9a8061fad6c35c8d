import { z } from 'zod';
import { BerthError, ErrorCode } from '#lib/contract/errors.ts';
import type { FileChanged, FilesRecovered, Recover } from '#lib/contract/files.ts';
import { linesOf } from '#lib/contract/framed.ts';
import type { Files, Progress, Tree } from '../adapters.ts';
import type { Core } from '../core.ts';
import { bringDown, mountOwnForRepair, mountRoot } from '../reconcile/converge.ts';
import { withParts } from '../reconcile/loans.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { defineAction, present } from './definition.ts';

type Recovered = z.infer<typeof FilesRecovered>;

/** prepare: what the template has is put back, piece by piece; each file is as it was or as it is there, and a repeat finds what is done */
export const recoverFiles = defineAction<'files.recover', Recovered, Recovered>({
  verb: 'files.recover',
  cancellable: true,
  async prepare({ core, containerId, args, progress, signal }) {
    const record = present(core, containerId);
    const running = core.adapters.runtime.state(containerId).running;
    try {
      const tree = await ownTree(core, record, running);
      const { changed } = await putBack(core.adapters.files, tree, args, progress, signal);
      // Instants are of milliseconds, times of files finer: a later one, so that nothing that came back counts as written since.
      return { changed, at: new Date(Date.now() + 1).toISOString() };
    } finally {
      if (!running && record.repair === null) await bringDown(core, containerId, { timeoutMs: 0 });
    }
  },
  commit: (_context, recovered) => recovered,
  finish: async (_context, recovered) => recovered,
});

const Told = z.object({ found: z.int().nonnegative() });
/** As the helper says it, which has read a tenant's files. */
const Line = z.object({
  changed: z.int().nonnegative(),
  ended: z.literal(true).optional(),
  refusal: z.object({ code: ErrorCode, detail: z.string().max(300) }).optional(),
});

/** In one call, however much there is. What came back before something was in its way stays. */
export async function putBack(
  files: Files,
  tree: Tree,
  order: z.output<typeof Recover>,
  progress: Progress,
  signal: AbortSignal,
): Promise<z.infer<typeof FileChanged>> {
  progress('Comparing with the template', null);
  const { answer, body } = await files.call(tree, { op: 'recover', order }, null, signal);
  const { found } = Told.parse(answer);
  for await (const text of linesOf(body)) {
    const { changed, ended, refusal } = Line.parse(JSON.parse(text));
    progress('Putting files back', Math.min(99, Math.round((changed / Math.max(1, found)) * 100)));
    if (ended !== true) continue;
    if (refusal === undefined) return { changed };
    if (refusal.code !== 'internal') throw new BerthError(refusal.code, refusal.detail);
    throw new BerthError('action_failed', 'The server could not do this with the files.', { inside: refusal.detail });
  }
  throw new BerthError('action_failed', 'The files could not be put back.', { inside: 'the helper ended early' });
}

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
