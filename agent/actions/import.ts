import type { ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { ImportReport, importedTemplate } from '#lib/contract/transfers.ts';
import type { Core } from '../core.ts';
import { applyNetwork, mountRoot } from '../reconcile/converge.ts';
import { dismantle } from '../reconcile/garbage.ts';
import { applyAccess } from './access.ts';
import { type ActionContext, defineAction } from './definition.ts';
import { told } from './export.ts';
import { placeIsTaken, reserved, reservePlace } from './place.ts';

/** Inodes that a volume has of itself: whoever brings more than the rest hears of the plan, and not of a disk that is full. */
const ownInodes = 64;

type Imported = ActionResult<'container.import'>;
type Prepared = Pick<Imported, 'template' | 'report'>;

/**
 * prepare: id range, address and pool share reserved; the archive unpacked by the helper into a volume over a layer without anything
 * in it · commit: the container is present · finish: network rules know the container
 */
export const importContainer = defineAction<'container.import', Prepared, Imported>({
  verb: 'container.import',
  cancellable: true,
  async prepare(context, { rootPassword }) {
    const { core, containerId, actionId, args, progress } = context;
    const { store, adapters } = core;
    if (store.containers.find(containerId) !== undefined) {
      throw new BerthError('conflict', 'The server has this container already.');
    }
    const sizeBytes = completeUpload(core, args.uploadId);
    const layers = [await adapters.templates.empty(adapters.layers)];
    // Which init it has is known when it is unpacked.
    const template: TemplateRef = { name: importedTemplate, version: 'unpacking', layers, init: 'busybox' };
    progress('Reserving storage and an address', null);
    const place = { ...args, template };
    reservePlace(core, { containerId, actionId, args: place, addressOf: (taken) => adapters.network.allocate(taken) });
    const { diskBytes, inodes } = args.resources;
    await adapters.volumes.create(args.volumeId, { bytes: diskBytes, inodes });
    const record = reserved(core, containerId);
    try {
      const root = await mountRoot(core, record);
      const report = await unpacked(context, { containerId, idBase: record.idBase, root }, sizeBytes);
      const { sshKeys } = args;
      if (sshKeys.length > 0 || rootPassword !== undefined) {
        progress('Setting access', null);
        await applyAccess(core, { record, root }, { sshKeys, rootPassword });
      }
      const version = `${report.init}-${layers[0]?.slice(7, 15)}`;
      return { report, template: { ...template, version, init: report.init } };
    } finally {
      await dismantle(core, containerId);
      await adapters.volumes.unmount(args.volumeId);
    }
  },
  commit({ core, containerId, args }, { report, template }) {
    core.store.containers.setSystem(containerId, args.volumeId, template, null);
    return { ...placeIsTaken(core, containerId, args.volumeId), template, report };
  },
  async finish({ core }, committed) {
    await applyNetwork(core);
    return committed;
  },
});

/** Its size; refused unless all of it has come. */
function completeUpload(core: Core, uploadId: string): number {
  const upload = core.store.transfers.find(uploadId);
  if (upload?.kind !== 'upload') throw new BerthError('not_found', 'The archive is not on the server any more.');
  const size = core.adapters.transfers.size(uploadId) ?? 0;
  if (size !== upload.reservedBytes) throw new BerthError('state', 'The archive has not come in full.');
  return size;
}

async function unpacked(
  { core, args, progress, signal }: ActionContext<'container.import'>,
  tree: { containerId: string; idBase: number; root: string },
  sizeBytes: number,
): Promise<ImportReport> {
  const { diskBytes: mostBytes, inodes } = args.resources;
  const mostEntries = Math.max(1, inodes - ownInodes);
  const archive = told(core.adapters.transfers.read(args.uploadId, 0), sizeBytes, progress, 'Unpacking');
  const call = { op: 'unpack', order: { mostBytes, mostEntries } } as const;
  const { answer, body } = await core.adapters.files.call(tree, call, archive, signal);
  await body.next(); // its end: everything is written
  const report = ImportReport.safeParse(answer);
  if (report.success) return report.data;
  throw new BerthError('invalid', 'What the archive says of itself cannot be.', { cause: report.error });
}
