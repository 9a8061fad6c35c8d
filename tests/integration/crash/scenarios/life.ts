/** A container is made, gets another system, goes; its disk changes. */
import { v7 as uuidv7 } from 'uuid';
import type { ActionCall } from '#lib/agent-client/actions.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, type TestAgent } from '../../../support/agent.ts';
import { type Scenario, sending } from '../harness.ts';
import { type Ground, hasNote, inside, type Place, powerOf, reserved, takeSnapshot } from './place.ts';

export function lifeScenarios({ container, template }: Ground) {
  const create: Scenario<{ call: ActionCall<'container.create'>; containerId: string }> = {
    name: 'container.create',
    async before(agent) {
      // A layer that nothing has mounted yet, so that its mount is part of every round.
      await agent.act('layers.collect', { args: { keep: [] } });
      const containerId = uuidv7();
      const name = { tenantId: uuidv7(), name: 'new', hostname: 'new', volumeId: uuidv7() };
      const sshKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE'];
      const args = { ...name, template: await template(agent), resources, sshKeys };
      const secrets = { rootPassword: 'a root password' };
      return { containerId, call: agent.call('container.create', { containerId, args, secrets }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: async (agent, x) => ((await agent.item(x.containerId)) === undefined ? 'old' : 'new'),
    async usable(agent, { containerId }) {
      await agent.act('container.start', { containerId });
      await inside(agent, containerId, 'test -s /root/.ssh/authorized_keys');
    },
    reset: async (agent, { containerId }) => void (await agent.act('container.delete', { containerId })),
  };

  type Copied = { call: ActionCall<'container.clone'>; containerId: string };
  const clone: Scenario<Copied> = {
    name: 'container.clone',
    async before(agent) {
      const { containerId: sourceId, tenantId } = await container(agent, 'running');
      const containerId = uuidv7();
      const names = { sourceId, snapshotId: uuidv7(), tenantId, name: 'copy', hostname: 'copy', volumeId: uuidv7() };
      return { containerId, call: agent.call('container.clone', { containerId, args: { ...names, resources } }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: async (agent, x) => ((await agent.item(x.containerId)) === undefined ? 'old' : 'new'),
    async usable(agent, { containerId }) {
      await agent.act('container.start', { containerId });
      await hasNote(agent, containerId);
      if ((await inside(agent, containerId, 'hostname')) !== 'copy') throw new Error('it has the name of another');
    },
    reset: async (agent, { containerId }) => void (await agent.act('container.delete', { containerId })),
  };

  const remove: Scenario<Place> = {
    name: 'container.delete',
    async before(agent) {
      const here = await agent.container(await template(agent));
      await agent.act('container.start', { containerId: here.containerId });
      await takeSnapshot(agent, here.containerId);
      return here;
    },
    order: (agent, { containerId }) => sending(agent, agent.call('container.delete', { containerId })),
    async observe(agent, { containerId }) {
      if ((await agent.item(containerId)) !== undefined) return 'old';
      return (await reserved(agent)) === 0 ? 'new' : 'between';
    },
    usable: async () => undefined,
    reset: async () => undefined,
  };

  /** A size of the disk that takes hold when the container starts (or at once when it is stopped), and back by making it anew. */
  const resize = (name: string, power: 'running' | 'stopped', factor: number): Scenario<Place> => {
    const diskBytes = resources.diskBytes * factor;
    return {
      name,
      before: (agent) => container(agent, power),
      order(agent, { containerId }) {
        const args = { resources: { ...resources, diskBytes, pids: 100 } };
        return sending(agent, agent.call('container.configure', { containerId, args }));
      },
      observe: async (agent) => ((await reserved(agent)) === diskBytes ? 'new' : 'old'),
      async usable(agent, { containerId }) {
        await agent.act('container.restart', { containerId, args: { timeoutMs: 0 } });
        const kib = Number(await inside(agent, containerId, "df -k / | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"));
        if (Math.abs(kib * 1024 - diskBytes) > diskBytes / 4) throw new Error(`the disk has ${kib} KiB`);
        await hasNote(agent, containerId);
      },
      async reset(agent, { containerId }) {
        await agent.act('container.delete', { containerId });
        await container(agent, power);
      },
    };
  };

  type Swapped = Place & { fresh: string; next: TemplateRef };
  const swap: Scenario<Swapped> = {
    name: 'container.swap',
    async before(agent) {
      const here = await container(agent, 'running');
      const fresh = uuidv7();
      await agent.act('volume.create', { containerId: here.containerId, args: { volumeId: fresh } });
      return { ...here, fresh, next: await template(agent) };
    },
    order(agent, { containerId, fresh, next }) {
      let call: ActionCall<'container.swap'> | undefined;
      return async () => {
        const access = { hostname: 'carried', sshKeys: [], removedSshKeys: [] };
        const system = { volumeId: fresh, template: next, carryIdentity: true, access, oldAt: '/old' as const };
        call ??= agent.call('container.swap', { containerId, args: { ...system, stopTimeoutMs: 20_000 } });
        return sending(agent, call)();
      };
    },
    async observe(agent, { containerId }) {
      if ((await powerOf(agent, containerId)) !== 'running') return 'between';
      return (await inside(agent, containerId, 'test ! -e /root/note || echo there')) === 'there' ? 'old' : 'new';
    },
    async usable(agent, { containerId }) {
      if ((await inside(agent, containerId, 'cat /old/root/note')) !== 'kept')
        throw new Error('/old is not the old system');
      if ((await inside(agent, containerId, 'cat /etc/hostname')) !== 'carried')
        throw new Error('host name and keys did not come along');
    },
    async reset(agent, { containerId, volumeId, fresh }) {
      const args = { volumeId, template: await template(agent), carryIdentity: false, oldAt: null, stopTimeoutMs: 0 };
      await agent.act('container.swap', { containerId, args });
      await hasNote(agent, containerId);
      await agent.act('volume.delete', { containerId, args: { volumeId: fresh } });
    },
  };

  return {
    create,
    clone,
    remove,
    swap,
    grow: resize('container.configure, more disk while it runs', 'running', 2),
    growStopped: resize('container.configure, more disk while it is stopped', 'stopped', 2),
    shrink: resize('container.configure, less disk while it is stopped', 'stopped', 0.5),
  };
}

/** What is reserved tells whether a volume or snapshot is there. */
export async function byReserved(agent: TestAgent, before: number): Promise<'old' | 'new'> {
  return (await reserved(agent)) === before ? 'old' : 'new';
}
