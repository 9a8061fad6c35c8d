/** Volumes, snapshots, layers. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { TestAgent } from '../../../support/agent.ts';
import { type Scenario, sending } from '../harness.ts';
import { byReserved } from './life.ts';
import { dropSnapshot, type Ground, type Place, reserved, takeSnapshot, works } from './place.ts';

type Extra = Place & { extra: string; before: number };

/** The agent died inside the freeze: writes go on without waiting for another. */
async function canWrite(agent: TestAgent, volumeId: string): Promise<void> {
  const upper = join(agent.config.agentDir, 'mnt/volumes', volumeId, 'upper');
  const write = async () => {
    const directory = await mkdtemp(join(upper, 'written-'));
    await writeFile(join(directory, 'file'), 'written', { flush: true });
    await rm(directory, { recursive: true });
    return true;
  };
  if (!(await Promise.race([write(), sleep(60_000, false)]))) throw new Error('the disk is still frozen');
}

export function storageScenarios({ container, template }: Ground) {
  const snapshot: Scenario<Extra> = {
    name: 'snapshot.create',
    async before(agent) {
      return { ...(await container(agent, 'running')), extra: uuidv7(), before: await reserved(agent) };
    },
    order: (agent, { containerId, extra }) =>
      sending(agent, agent.call('snapshot.create', { containerId, args: { snapshotId: extra } })),
    observe: (agent, x) => byReserved(agent, x.before),
    meanwhile: (agent, { volumeId }) => canWrite(agent, volumeId),
    usable: works,
    reset: (agent, { containerId, extra }) => dropSnapshot(agent, containerId, extra),
  };

  const snapshotGone: Scenario<Extra> = {
    name: 'snapshot.delete',
    async before(agent) {
      const here = await container(agent, 'running');
      const extra = await takeSnapshot(agent, here.containerId);
      return { ...here, extra, before: await reserved(agent) };
    },
    order: (agent, { containerId, extra }) =>
      sending(agent, agent.call('snapshot.delete', { containerId, args: { snapshotId: extra } })),
    observe: (agent, x) => byReserved(agent, x.before),
    usable: works,
    reset: async () => undefined,
  };

  const volume: Scenario<Extra> = {
    name: 'volume.create',
    async before(agent) {
      return { ...(await container(agent, 'running')), extra: uuidv7(), before: await reserved(agent) };
    },
    order: (agent, { containerId, extra }) =>
      sending(agent, agent.call('volume.create', { containerId, args: { volumeId: extra } })),
    observe: (agent, x) => byReserved(agent, x.before),
    usable: works,
    reset: async (agent, { containerId, extra }) =>
      void (await agent.act('volume.delete', { containerId, args: { volumeId: extra } })),
  };

  const copy: Scenario<Extra & { snapshotId: string }> = {
    name: 'volume.copy',
    async before(agent) {
      const here = await container(agent, 'running');
      const snapshotId = await takeSnapshot(agent, here.containerId);
      return { ...here, snapshotId, extra: uuidv7(), before: await reserved(agent) };
    },
    order: (agent, { containerId, extra, snapshotId }) =>
      sending(agent, agent.call('volume.copy', { containerId, args: { volumeId: extra, snapshotId } })),
    observe: (agent, x) => byReserved(agent, x.before),
    usable: works,
    async reset(agent, { containerId, extra, snapshotId }) {
      await agent.act('volume.delete', { containerId, args: { volumeId: extra } });
      await dropSnapshot(agent, containerId, snapshotId);
    },
  };

  const volumeGone: Scenario<Extra> = {
    name: 'volume.delete',
    async before(agent) {
      const here = await container(agent, 'running');
      const extra = uuidv7();
      await agent.act('volume.create', { containerId: here.containerId, args: { volumeId: extra } });
      return { ...here, extra, before: await reserved(agent) };
    },
    order: (agent, { containerId, extra }) =>
      sending(agent, agent.call('volume.delete', { containerId, args: { volumeId: extra } })),
    observe: (agent, x) => byReserved(agent, x.before),
    usable: works,
    reset: async () => undefined,
  };

  const layers = async (agent: TestAgent) => (await agent.host()).layers.length;
  /** A host without any container, for a layer in use is not collected. */
  const bare = async (agent: TestAgent) => {
    for (const { containerId } of await agent.inventory()) await agent.act('container.delete', { containerId });
    await agent.act('layers.collect', { args: { keep: [] } });
    return null;
  };
  /** A container on the layer starts. */
  const serves = async (agent: TestAgent) => {
    const { containerId } = await agent.container(await template(agent));
    await agent.act('container.start', { containerId });
    await agent.act('container.delete', { containerId });
  };

  const build: Scenario<null> = {
    name: 'template.build',
    before: bare,
    order: (agent) => sending(agent, agent.call('template.build', { args: { name: 'tiny' } })),
    observe: async (agent) => ((await layers(agent)) === 0 ? 'old' : 'new'),
    // That it was verified is noted after it is there; who died in between verifies it once more before it is mounted.
    fleeting: /run\/verified\/DIGEST\.json$/,
    usable: serves,
    reset: async (agent) => void (await agent.act('layers.collect', { args: { keep: [] } })),
  };

  const rebuild: Scenario<Place> = {
    name: 'template.build, of a layer that is there',
    before: (agent) => container(agent, 'running'),
    order: (agent) => sending(agent, agent.call('template.build', { args: { name: 'tiny' } })),
    observe: async (agent) => ((await layers(agent)) === 1 ? 'new' : 'between'),
    usable: works,
    reset: async () => undefined,
  };

  const collect: Scenario<null> = {
    name: 'layers.collect',
    async before(agent) {
      await bare(agent);
      await serves(agent); // so that the layer is mounted
      return null;
    },
    order: (agent) => sending(agent, agent.call('layers.collect', { args: { keep: [] } })),
    observe: async (agent) => ((await layers(agent)) === 0 ? 'new' : 'old'),
    async usable(agent) {
      await serves(agent);
      await bare(agent);
    },
    reset: async () => undefined,
  };

  return { snapshot, snapshotGone, volume, copy, volumeGone, build, rebuild, collect };
}
