import { v7 as uuidv7 } from 'uuid';
import type { ActionCall } from '#lib/agent-client/actions.ts';
import type { ActionVerb, TemplateRef } from '#lib/contract/agent.ts';
import { resources, type TestAgent } from '../../support/agent.ts';
import type { Scenario, Seen } from './harness.ts';

type Place = { containerId: string; volumeId: string; tenantId: string };
const call = (value: unknown) => value as ActionCall<ActionVerb>;

/** All rounds of one agent use one container; a round that failed has deleted it, so it is made again on demand. */
export function scenarios(template: TemplateRef) {
  let place: Place | undefined;
  const container = async (agent: TestAgent, power: 'running' | 'stopped') => {
    if (place === undefined || (await agent.item(place.containerId)) === undefined) {
      place = await agent.container(template);
      await agent.act('container.start', { containerId: place.containerId });
      await agent.sh(place.containerId, 'echo kept > /root/note');
    }
    const { containerId } = place;
    const item = await agent.item(containerId);
    if (item?.power !== power) {
      if (power === 'running') await agent.act('container.start', { containerId });
      else await agent.act('container.kill', { containerId });
    }
    return place;
  };
  const power = async (agent: TestAgent, id: string) => (await agent.item(id))?.power;
  const byPower = async (agent: TestAgent, id: string, old: string, now: string): Promise<Seen> => {
    const seen = await power(agent, id);
    return seen === old ? 'old' : seen === now ? 'new' : 'between';
  };
  const hasNote = async (agent: TestAgent, id: string, note = 'kept') => {
    const read = await agent.sh(id, 'cat /root/note');
    if (read !== note) throw new Error(`the file says ${read}`);
  };
  const works = async (agent: TestAgent, { containerId }: Place) => {
    if ((await power(agent, containerId)) !== 'running') await agent.act('container.start', { containerId });
    await hasNote(agent, containerId);
  };
  const kill = (agent: TestAgent, containerId: string) =>
    agent.act('container.kill', { containerId }).then(() => undefined);

  const create: Scenario<{ call: ActionCall<'container.create'>; containerId: string }> = {
    name: 'container.create',
    async before(agent) {
      // A layer that nothing has mounted yet, so that its mount is part of every round.
      await agent.act('layers.collect', { args: { keep: [] } });
      await agent.template();
      const containerId = uuidv7();
      const base = { tenantId: uuidv7(), name: 'new', hostname: 'new', volumeId: uuidv7(), template, resources };
      const sshKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE'];
      const secrets = { rootPassword: 'a root password' };
      return {
        containerId,
        call: agent.call('container.create', { containerId, args: { ...base, sshKeys }, secrets }),
      };
    },
    order: (_agent, x) => call(x.call),
    observe: async (agent, x) => ((await agent.item(x.containerId)) === undefined ? 'old' : 'new'),
    async usable(agent, { containerId }) {
      await agent.act('container.start', { containerId });
      await agent.sh(containerId, 'test -s /root/.ssh/authorized_keys');
    },
    reset: (agent, { containerId }) => agent.act('container.delete', { containerId }).then(() => undefined),
  };

  const start: Scenario<Place> = {
    name: 'container.start',
    before: (agent) => container(agent, 'stopped'),
    order: (agent, { containerId }) => call(agent.call('container.start', { containerId })),
    observe: (agent, { containerId }) => byPower(agent, containerId, 'stopped', 'running'),
    usable: works,
    reset: (agent, { containerId }) => kill(agent, containerId),
  };

  const stop: Scenario<Place> = {
    name: 'container.stop',
    before: (agent) => container(agent, 'running'),
    order: (agent, { containerId }) => call(agent.call('container.stop', { containerId, args: { timeoutMs: 20_000 } })),
    observe: (agent, { containerId }) => byPower(agent, containerId, 'running', 'stopped'),
    usable: works,
    reset: async () => undefined,
  };

  type Booted = Place & { bootId: string | null };
  const restart: Scenario<Booted> = {
    name: 'container.restart',
    async before(agent) {
      const here = await container(agent, 'running');
      return { ...here, bootId: (await agent.item(here.containerId))?.bootId ?? null };
    },
    order: (agent, { containerId }) =>
      call(agent.call('container.restart', { containerId, args: { timeoutMs: 20_000 } })),
    async observe(agent, { containerId, bootId }) {
      const item = await agent.item(containerId);
      if (item?.power !== 'running') return 'between';
      return item.bootId === bootId ? 'old' : 'new';
    },
    usable: works,
    reset: async () => undefined,
  };

  const remove: Scenario<Place> = {
    name: 'container.delete',
    async before(agent) {
      const here = await agent.container(template);
      await agent.act('container.start', { containerId: here.containerId });
      await agent.act('snapshot.create', { containerId: here.containerId, args: { snapshotId: uuidv7() } });
      return here;
    },
    order: (agent, { containerId }) => call(agent.call('container.delete', { containerId })),
    async observe(agent, { containerId }) {
      const { reservedBytes } = (await agent.host()).pool;
      if ((await agent.item(containerId)) !== undefined) return 'old';
      return reservedBytes === 0 ? 'new' : 'between';
    },
    usable: async () => undefined,
    reset: async () => undefined,
  };

  const snapshot: Scenario<Place & { snapshotId: string; before: number }> = {
    name: 'snapshot.create',
    async before(agent) {
      const here = await container(agent, 'running');
      return { ...here, snapshotId: uuidv7(), before: (await agent.host()).pool.reservedBytes };
    },
    order: (agent, { containerId, snapshotId }) =>
      call(agent.call('snapshot.create', { containerId, args: { snapshotId } })),
    observe: async (agent, x) => ((await agent.host()).pool.reservedBytes === x.before ? 'old' : 'new'),
    usable: works,
    reset: (agent, { containerId, snapshotId }) =>
      agent.act('snapshot.delete', { containerId, args: { snapshotId } }).then(() => undefined),
  };

  const takeSnapshot = async (agent: TestAgent) => {
    const here = await container(agent, 'running');
    const snapshotId = uuidv7();
    await agent.act('snapshot.create', { containerId: here.containerId, args: { snapshotId } });
    return { ...here, snapshotId };
  };
  const dropSnapshot = async (agent: TestAgent, x: { containerId: string; snapshotId: string }) => {
    await agent.act('snapshot.delete', { containerId: x.containerId, args: { snapshotId: x.snapshotId } });
  };

  /** A location of its own each time, so that every round makes the repository and stores the layers anew. */
  const freshRepository = (agent: TestAgent, { tenantId, snapshotId }: { tenantId: string; snapshotId: string }) => {
    const { args, secrets } = agent.repository(tenantId);
    const location = { ...args.location, path: `${args.location.path}-${snapshotId}` };
    return { repository: { ...args, location }, secrets };
  };

  type Uploading = Place & { snapshotId: string; call: ActionCall<'backup.upload'> };
  const upload: Scenario<Uploading> = {
    name: 'backup.upload',
    async before(agent) {
      const here = await takeSnapshot(agent);
      const { repository, secrets } = freshRepository(agent, here);
      const args = { backupId: uuidv7(), snapshotId: here.snapshotId, repository };
      return { ...here, call: agent.call('backup.upload', { containerId: here.containerId, args, secrets }) };
    },
    order: (_agent, x) => call(x.call),
    // Nothing of the container changes: both states look alike from outside.
    observe: async (agent, x) => ((await power(agent, x.containerId)) === 'running' ? 'new' : 'between'),
    usable: works,
    reset: dropSnapshot,
  };

  type Restored = Place & { restored: string; call: ActionCall<'volume.restore'>; before: number };
  let backup: { containerId: string; resticSnapshotId: string } | undefined;
  const restore: Scenario<Restored> = {
    name: 'volume.restore',
    async before(agent) {
      const here = await container(agent, 'running');
      const { args: repository, secrets } = agent.repository(here.tenantId);
      if (backup?.containerId !== here.containerId) {
        const { snapshotId, containerId } = await takeSnapshot(agent);
        const args = { backupId: uuidv7(), snapshotId, repository };
        const { resticSnapshotId } = await agent.act('backup.upload', { containerId, args, secrets });
        await dropSnapshot(agent, { containerId, snapshotId });
        backup = { containerId, resticSnapshotId };
      }
      const { containerId, resticSnapshotId } = backup;
      const restored = uuidv7();
      const args = { volumeId: restored, repository, resticSnapshotId, layers: template.layers };
      const before = (await agent.host()).pool.reservedBytes;
      return { ...here, restored, before, call: agent.call('volume.restore', { containerId, args, secrets }) };
    },
    order: (_agent, x) => call(x.call),
    observe: async (agent, x) => ((await agent.host()).pool.reservedBytes === x.before ? 'old' : 'new'),
    usable: works,
    reset: (agent, { containerId, restored }) =>
      agent.act('volume.delete', { containerId, args: { volumeId: restored } }).then(() => undefined),
  };

  type Verified = Place & { call: ActionCall<'backup.verify'>; resticSnapshotId: string };
  const verify: Scenario<Verified> = {
    name: 'backup.verify',
    async before(agent) {
      const here = await takeSnapshot(agent);
      const { containerId, snapshotId } = here;
      const { repository, secrets } = freshRepository(agent, here);
      const backupId = uuidv7();
      const uploadArgs = { backupId, snapshotId, repository };
      const { resticSnapshotId } = await agent.act('backup.upload', { containerId, args: uploadArgs, secrets });
      await dropSnapshot(agent, here);
      const verifyArgs = { backupId, repository, resticSnapshotId, layers: template.layers };
      return {
        ...here,
        resticSnapshotId,
        call: agent.call('backup.verify', { containerId, args: verifyArgs, secrets }),
      };
    },
    order: (_agent, x) => call(x.call),
    observe: async (agent, x) => ((await power(agent, x.containerId)) === 'running' ? 'new' : 'between'),
    usable: works,
    async reset(agent, { call: { args, secrets }, resticSnapshotId }) {
      await agent.act('backup.delete', { args: { repository: args.repository, resticSnapshotId }, secrets });
    },
  };

  const grow: Scenario<Place> = {
    name: 'container.configure',
    async before(agent) {
      const here = await container(agent, 'running');
      return here;
    },
    order(agent, { containerId }) {
      const bigger = { ...resources, diskBytes: resources.diskBytes * 2, pids: 100 };
      return call(agent.call('container.configure', { containerId, args: { resources: bigger } }));
    },
    observe: async (agent) => ((await agent.host()).pool.reservedBytes < resources.diskBytes * 2 ? 'old' : 'new'),
    async usable(agent, { containerId }) {
      await agent.act('container.restart', { containerId, args: { timeoutMs: 0 } });
      const kib = Number(await agent.sh(containerId, "df -k / | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"));
      if (kib * 1024 < resources.diskBytes * 1.5) throw new Error(`the disk has ${kib} KiB`);
    },
    async reset(agent, { containerId }) {
      await agent.act('container.delete', { containerId });
      await container(agent, 'running');
    },
  };

  type Swapped = Place & { fresh: string };
  const swap: Scenario<Swapped> = {
    name: 'container.swap',
    async before(agent) {
      const here = await container(agent, 'running');
      const fresh = uuidv7();
      await agent.act('volume.create', { containerId: here.containerId, args: { volumeId: fresh } });
      return { ...here, fresh };
    },
    order(agent, { containerId, fresh }) {
      const args = { volumeId: fresh, template, carryIdentity: true, oldAt: '/old' as const, stopTimeoutMs: 20_000 };
      return call(agent.call('container.swap', { containerId, args }));
    },
    async observe(agent, { containerId }) {
      if ((await power(agent, containerId)) !== 'running') return 'between';
      const { exitCode } = await agent.exec(containerId, ['test', '-e', '/root/note']);
      return exitCode === 0 ? 'old' : 'new';
    },
    async usable(agent, { containerId }) {
      if ((await agent.sh(containerId, 'cat /old/root/note')) !== 'kept') throw new Error('/old is not the old system');
    },
    async reset(agent, { containerId, volumeId, fresh }) {
      const args = { volumeId, template, carryIdentity: false, oldAt: null, stopTimeoutMs: 0 };
      await agent.act('container.swap', { containerId, args });
      await hasNote(agent, containerId);
      await agent.act('volume.delete', { containerId, args: { volumeId: fresh } });
    },
  };

  return { create, start, stop, restart, remove, snapshot, upload, verify, restore, swap, grow };
}
