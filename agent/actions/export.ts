import type { ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { Packed } from '#lib/contract/transfers.ts';
import type { Progress } from '../adapters.ts';
import type { Core } from '../core.ts';
import { mountLayers } from '../reconcile/converge.ts';
import { clearUp, dismantle } from '../reconcile/garbage.ts';
import { transferShare } from '../store/transfers.ts';
import { uploadLock } from './backup.ts';
import { type ActionContext, capacity, defineAction, present } from './definition.ts';

type Made = ActionResult<'container.export'>;

/** Compressed, a system is smaller than what it takes on disk; headers of many small files may make up for that. */
const slackBytes = 64 * 1024 * 1024;

/**
 * prepare: room reserved; the snapshot and its layers put together, packed by the helper, compressed, written · commit: it may be
 * fetched, and earlier ones of the container are forgotten · finish: their files go
 */
export const exportContainer = defineAction<'container.export', Made, Made & { earlier: string[] }>({
  verb: 'container.export',
  lock: ({ containerId }) => uploadLock(containerId),
  cancellable: true,
  async prepare(context) {
    const { core, containerId, actionId, args, progress } = context;
    const snapshot = core.store.volumes.findSnapshot(args.snapshotId);
    if (snapshot?.containerId !== containerId || snapshot.state !== 'present') {
      throw new BerthError('not_found', 'The container has no such snapshot.');
    }
    const { idBase } = present(core, containerId);
    const layers = core.adapters.layers.list().filter(({ digest }) => snapshot.template.layers.includes(digest));
    const reservedBytes = layers.reduce((sum, { bytes }) => sum + bytes, snapshot.reservedBytes + slackBytes);
    const room = capacity(core);
    const row = { id: args.exportId, kind: 'export' as const, containerId, ownerAction: actionId, reservedBytes };
    core.store.write('STORE:RESERVE', () => {
      core.store.transfers.insert({ ...row, expiresAt: new Date(args.expiresAt) }, transferShare(room));
      core.store.volumes.check(room);
    });
    progress('Putting the system together', null);
    try {
      const { template, resources, hostname } = snapshot;
      const held = { containerId, idBase, snapshotId: snapshot.id, digests: template.layers };
      const root = await mountSnapshotRoot(core, held);
      const system = { template: { name: template.name, version: template.version }, init: template.init };
      const { name, product, exportedAt } = args;
      const made = product === undefined ? {} : { product };
      const manifest = { format: 1, ...made, name, hostname, ...system, resources, exportedAt };
      return await packed(context, { containerId: snapshot.id, idBase, root }, manifest, reservedBytes);
    } finally {
      await clearUp([() => dismantle(core, snapshot.id), () => core.adapters.volumes.unmountSnapshot(containerId)]);
    }
  },
  commit({ core, containerId, args }, made) {
    const { transfers } = core.store;
    const earlier = transfers.list().filter((one) => one.containerId === containerId && one.id !== args.exportId);
    for (const { id } of earlier) transfers.remove(id);
    transfers.markPresent(args.exportId, made.bytes);
    return { ...made, earlier: earlier.map(({ id }) => id) };
  },
  async finish({ core }, { earlier, ...made }) {
    for (const id of earlier) core.adapters.transfers.remove(id);
    return made;
  },
});

/** commit: nothing names the archive, exported or uploaded · finish: its file goes */
export const forgetArchive = defineAction<'archive.forget'>({
  verb: 'archive.forget',
  lock: ({ containerId }) => uploadLock(containerId),
  commit({ core, containerId, args }) {
    const { transfers } = core.store;
    const archive = transfers.find(args.archiveId);
    if (archive === undefined) return {};
    if (archive.containerId !== null && archive.containerId !== containerId) {
      throw new BerthError('not_found', 'The server has no such archive.');
    }
    transfers.remove(args.archiveId);
    return {};
  },
  async finish({ core, args }) {
    core.adapters.transfers.remove(args.archiveId);
    return {};
  },
});

type Held = { containerId: string; idBase: number; snapshotId: string; digests: readonly string[] };

/** Read-only, under the snapshot's own id: the container goes on with its own root. */
async function mountSnapshotRoot(core: Core, { containerId, idBase, snapshotId, digests }: Held): Promise<string> {
  const layers = await mountLayers(core, digests);
  const volume = await core.adapters.volumes.mountSnapshot(snapshotId, containerId);
  return core.adapters.roots.mountReadOnly({ containerId: snapshotId, idBase, layers, volume }, 'old');
}

async function packed(
  { core, args, progress, signal }: ActionContext<'container.export'>,
  tree: { containerId: string; idBase: number; root: string },
  manifest: Record<string, unknown>,
  mostBytes: number,
): Promise<Made> {
  const { answer, body } = await core.adapters.files.call(tree, { op: 'pack', order: { manifest } }, null, signal);
  const { entries, bytes: contentBytes, sockets, devices } = Packed.parse(answer);
  const bytes = await core.adapters.transfers.pack(args.exportId, told(body, contentBytes, progress), mostBytes);
  return { bytes, entries, contentBytes, sockets, devices };
}

/** Says how far it is by what has passed. */
export async function* told(
  body: AsyncIterable<Uint8Array>,
  wholeBytes: number,
  progress: Progress,
  message = 'Packing',
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of body) {
    passed += chunk.length;
    progress(message, wholeBytes === 0 ? null : Math.min(99, (passed / wholeBytes) * 100));
    yield chunk;
  }
}
