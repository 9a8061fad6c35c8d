import type { z } from 'zod';
import type { ActionSecrets } from '#lib/contract/agent.ts';
import type { BackupRef } from '#lib/contract/agent-backups.ts';
import { FilesRestored, type RestoreOrder } from '#lib/contract/files.ts';
import type { Progress, Tree } from '../adapters.ts';
import type { Core } from '../core.ts';
import { bringDown, mountLayers, mountRoot } from '../reconcile/converge.ts';
import type { SharedLocks } from '../reconcile/locks.ts';
import { repositoryKey, repositoryOf } from './backup.ts';
import { defineAction, fetchLayers, present, refuseInRepair } from './definition.ts';

type Restored = z.infer<typeof FilesRestored>;
type Opening = {
  core: Core;
  repositories: SharedLocks;
  containerId: string;
  args: BackupRef;
  progress: Progress;
};

/** Opens the backup of an order unless it is open. */
async function open(
  { core, repositories, containerId, args, progress }: Opening,
  secrets: ActionSecrets<'backup.open'>,
): Promise<void> {
  const { backups } = core.adapters;
  const repository = repositoryOf(core, args.repository, secrets);
  await fetchLayers(core, repository, args.layers, progress);
  const layers = await mountLayers(core, args.layers);
  progress('Opening the backup', null);
  await repositories.shared(repositoryKey(repository), async () => {
    await backups.ensureRepository(repository);
    const { backupId, resticSnapshotId } = args;
    await core.opened.open({ backupId, containerId, repository, resticSnapshotId, layers });
  });
}

/** prepare: it is open, for a while, whether its container is there or not; nothing is kept of that */
export const openBackup = defineAction<'backup.open'>({
  verb: 'backup.open',
  lock: ({ args }) => `open:${args.backupId}`,
  async prepare(context, secrets) {
    await open(context, secrets);
    return undefined;
  },
  commit: () => ({}),
  finish: async () => ({}),
});

/** prepare: the files are put back; each is there as it was or as it is in the backup, and a repeat finds what is done */
export const restoreFiles = defineAction<'files.restore', Restored, Restored>({
  verb: 'files.restore',
  cancellable: true,
  async prepare(context, secrets) {
    const { core, containerId, args, progress, signal } = context;
    const record = present(core, containerId);
    refuseInRepair(record);
    const running = core.adapters.runtime.state(containerId).running;
    try {
      const tree = { containerId, idBase: record.idBase, root: await mountRoot(core, record) };
      const opening = open(context, secrets).then(() => core.opened.lend(containerId, args.backupId));
      try {
        return await copy(core, { opening, tree, args, progress, signal });
      } finally {
        await opening.then(({ release }) => release()).catch(() => {}); // told by copy, if it has failed
      }
    } finally {
      if (!running) await bringDown(core, containerId, { timeoutMs: 0 });
    }
  },
  commit: (_context, restored) => restored,
  finish: async (_context, restored) => restored,
});

type Copying = {
  /** The backup, when it is open. */
  opening: Promise<{ tree: Tree }>;
  tree: Tree;
  args: { order: RestoreOrder };
  progress: Progress;
  signal: AbortSignal;
};

/**
 * What is there is looked at, what is wanted read from the backup, and that put in its place: three helpers. Those of the container start
 * while the backup is being opened, which takes longest; the third needs the others.
 */
async function copy(core: Core, { opening, tree, args, progress, signal }: Copying): Promise<Restored> {
  const { files } = core.adapters;
  const { order } = args;
  const giveUp = new AbortController();
  const either = AbortSignal.any([signal, giveUp.signal]);
  const surveying = files.call(tree, { op: 'survey', order: { paths: placesOf(order) } }, null, either);
  const sending = Promise.all([opening, surveying]).then(([backup, there]) => {
    progress('Comparing', null);
    return files.call(backup.tree, { op: 'send', order }, there.body, either);
  });
  const told = (bytes: number) => progress(`Putting files back: ${Math.round(bytes / 1e6)} MB`, null);
  async function* content(): AsyncGenerator<Uint8Array> {
    const { body } = await sending;
    progress('Putting files back', null);
    yield* counted(body, told);
  }
  const placing = files.call(tree, { op: 'place', order: { mode: order.mode } }, content(), either);
  try {
    // Whichever fails first says why: the others then fail for its sake.
    const [{ answer, body }] = await Promise.all([placing, sending]);
    await body.next(); // its end: everything is written
    return FilesRestored.parse(answer);
  } catch (error) {
    giveUp.abort(error);
    const [, there, sent] = await Promise.allSettled([opening, surveying, sending, placing]);
    // One that is refused leaves those before it waiting to be read.
    for (const one of [there, sent]) if (one.status === 'fulfilled') await one.value.body.return(undefined);
    throw error;
  }
}

/** Where each path of a backup would be in the container. */
export function placesOf({ paths, target }: Pick<RestoreOrder, 'paths' | 'target'>): string[] {
  if (target === undefined) return paths;
  return paths.map((path) => {
    const name = Buffer.from(path, 'base64').toString('latin1').split('/').filter(Boolean).at(-1) ?? '';
    const folder = Buffer.from(target, 'base64').toString('latin1');
    return Buffer.from(`${folder}/${name}`, 'latin1').toString('base64');
  });
}

const tellEveryMs = 2_000;

async function* counted(body: AsyncGenerator<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let [bytes, toldAt] = [0, Date.now()];
  for await (const chunk of body) {
    bytes += chunk.length;
    if (Date.now() - toldAt > tellEveryMs) {
      toldAt = Date.now();
      tell(bytes);
    }
    yield chunk;
  }
}
