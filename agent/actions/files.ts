import type { z } from 'zod';
import type { ActionSecrets, BackupRef } from '#lib/contract/agent.ts';
import { FilesRestored, type RestoreOrder } from '#lib/contract/files.ts';
import type { FilesAnswer, Progress, Tree } from '../adapters.ts';
import type { Core } from '../core.ts';
import { bringDown, mountRoot } from '../reconcile/converge.ts';
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
  const { backups, layers } = core.adapters;
  const repository = repositoryOf(core, args.repository, secrets);
  await fetchLayers(core, repository, args.layers, progress);
  const mounted: string[] = [];
  for (const digest of args.layers) mounted.push(await layers.mount(digest));
  progress('Opening the backup', null);
  await repositories.shared(repositoryKey(repository), async () => {
    await backups.ensureRepository(repository);
    const { backupId, resticSnapshotId } = args;
    await core.opened.open({ backupId, containerId, repository, resticSnapshotId, layers: mounted });
  });
}

/** prepare: it is open, for a while; nothing is kept of that */
export const openBackup = defineAction<'backup.open'>({
  verb: 'backup.open',
  lock: ({ args }) => `open:${args.backupId}`,
  async prepare(context, secrets) {
    present(context.core, context.containerId);
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
    await open(context, secrets);
    const { tree: backup, release } = await core.opened.lend(core, containerId, args.backupId);
    const running = core.adapters.runtime.state(containerId).running;
    try {
      const tree = { containerId, idBase: record.idBase, root: await mountRoot(core, record) };
      return await copy(core, { backup, tree, args, progress, signal });
    } finally {
      release();
      if (!running) await bringDown(core, containerId, { timeoutMs: 0 });
    }
  },
  commit: (_context, restored) => restored,
  finish: async (_context, restored) => restored,
});

type Copying = {
  backup: Tree;
  tree: Tree;
  args: { order: RestoreOrder };
  progress: Progress;
  signal: AbortSignal;
};

/** What is there is looked at, what is wanted read from the backup, and that put in its place: three helpers in a row. */
async function copy(core: Core, { backup, tree, args, progress, signal }: Copying): Promise<Restored> {
  const { files } = core.adapters;
  const { order } = args;
  progress('Comparing', null);
  const there = await files.call(tree, { op: 'survey', order: { paths: placesOf(order) } }, null, signal);
  let sent: FilesAnswer | undefined;
  try {
    sent = await files.call(backup, { op: 'send', order }, there.body, signal);
    progress('Putting files back', null);
    const content = counted(sent.body, (bytes) => progress(`Putting files back: ${Math.round(bytes / 1e6)} MB`, null));
    const { answer, body } = await files.call(tree, { op: 'place', order: { mode: order.mode } }, content, signal);
    await body.next(); // its end: everything is written
    return FilesRestored.parse(answer);
  } finally {
    // One that is refused leaves those before it waiting to be read.
    await Promise.all([there.body.return(undefined), sent?.body.return(undefined)]);
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
