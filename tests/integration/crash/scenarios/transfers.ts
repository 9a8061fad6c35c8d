/** Containers out as one file, and in again. */
import { v7 as uuidv7 } from 'uuid';
import type { ActionCall } from '#lib/agent-client/actions.ts';
import { resources } from '../../../support/agent.ts';
import { exportContainer, fetchExport, importArchive, upload } from '../../transfers/place.ts';
import { type Scenario, sending } from '../harness.ts';
import { dropSnapshot, type Ground, inside, type Place, reserved, takeSnapshot, works } from './place.ts';

export function transferScenarios({ container }: Ground) {
  type Exporting = Place & { snapshotId: string; call: ActionCall<'container.export'>; before: number };
  const out: Scenario<Exporting> = {
    name: 'container.export',
    async before(agent) {
      const here = await container(agent, 'running');
      const { containerId } = here;
      // One before it, which goes when it is made.
      await exportContainer(agent, containerId);
      const snapshotId = await takeSnapshot(agent, containerId);
      const before = await reserved(agent);
      const now = Date.now();
      const times = { exportedAt: new Date(now).toISOString(), expiresAt: new Date(now + 3_600_000).toISOString() };
      const args = { exportId: uuidv7(), snapshotId, name: 'web-1', ...times };
      return { ...here, snapshotId, before, call: agent.call('container.export', { containerId, args }) };
    },
    order: (agent, x) => sending(agent, x.call),
    async observe(agent, { containerId, call }) {
      const there = await fetchExport(agent, containerId, call.args.exportId).catch(() => null);
      return there === null ? 'old' : 'new';
    },
    async usable(agent, x) {
      await works(agent, x);
      const file = await fetchExport(agent, x.containerId, x.call.args.exportId);
      if (file.length < 1000) throw new Error(`the file has ${file.length} bytes`);
    },
    reset: (agent, { containerId, snapshotId }) => dropSnapshot(agent, containerId, snapshotId),
  };

  type Importing = { containerId: string; call: ActionCall<'container.import'> };
  let file: Buffer | undefined;
  const back: Scenario<Importing> = {
    name: 'container.import',
    async before(agent) {
      if (file === undefined) {
        const { containerId } = await container(agent, 'running');
        const { exportId } = await exportContainer(agent, containerId);
        file = await fetchExport(agent, containerId, exportId);
        await agent.act('container.delete', { containerId });
        // The layer without anything in it is made by the first one and stays, as those of templates.
        const uploadId = await upload(agent, file);
        const { containerId: first } = await importArchive(agent, uploadId);
        await agent.act('archive.forget', { containerId: first, args: { archiveId: uploadId } });
        await agent.act('container.delete', { containerId: first });
      }
      const containerId = uuidv7();
      const names = { tenantId: uuidv7(), name: 'back', hostname: 'back', volumeId: uuidv7() };
      const args = { uploadId: await upload(agent, file), ...names, resources };
      return { containerId, call: agent.call('container.import', { containerId, args }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: async (agent, x) => ((await agent.item(x.containerId)) === undefined ? 'old' : 'new'),
    async usable(agent, { containerId }) {
      await agent.act('container.start', { containerId });
      await inside(agent, containerId, 'cat /root/note');
    },
    async reset(agent, { containerId, call }) {
      await agent.act('archive.forget', { containerId, args: { archiveId: call.args.uploadId } });
      await agent.act('container.delete', { containerId });
    },
  };

  type Forgetting = Place & { archiveId: string; before: number };
  const forgotten: Scenario<Forgetting> = {
    name: 'archive.forget',
    async before(agent) {
      const here = await container(agent, 'running');
      return { ...here, archiveId: await upload(agent, Buffer.alloc(4096, 'x')), before: await reserved(agent) };
    },
    order: (agent, { containerId, archiveId }) =>
      sending(agent, agent.call('archive.forget', { containerId, args: { archiveId } })),
    observe: async (agent, { before }) => ((await reserved(agent)) === before ? 'old' : 'new'),
    usable: works,
    reset: async () => undefined,
  };

  return { out, back, forgotten };
}
