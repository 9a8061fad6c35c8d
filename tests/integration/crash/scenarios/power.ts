/** Start, stop, restart, kill, and what changes nothing but the way in. */
import { execFileSync } from 'node:child_process';
import { v7 as uuidv7 } from 'uuid';
import { tableOf } from '#agent/network/plan.ts';
import { readRecords } from '#lib/agent-client/reads.ts';
import { actionId } from '#lib/contract/ids.ts';
import { type Scenario, sending } from '../harness.ts';
import { byPower, type Ground, inside, type Place, works } from './place.ts';

export function powerScenarios({ container }: Ground) {
  const start: Scenario<Place> = {
    name: 'container.start',
    before: (agent) => container(agent, 'stopped'),
    order: (agent, { containerId }) => sending(agent, agent.call('container.start', { containerId })),
    observe: (agent, { containerId }) => byPower(agent, containerId, 'stopped', 'running'),
    usable: works,
    reset: async (agent, { containerId }) => void (await agent.act('container.kill', { containerId })),
  };

  const stop: Scenario<Place> = {
    name: 'container.stop',
    before: (agent) => container(agent, 'running'),
    order: (agent, { containerId }) =>
      sending(agent, agent.call('container.stop', { containerId, args: { timeoutMs: 20_000 } })),
    observe: (agent, { containerId }) => byPower(agent, containerId, 'running', 'stopped'),
    usable: works,
    reset: async () => undefined,
  };

  const kill: Scenario<Place> = {
    name: 'container.kill',
    before: (agent) => container(agent, 'running'),
    order: (agent, { containerId }) => sending(agent, agent.call('container.kill', { containerId })),
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
      sending(agent, agent.call('container.restart', { containerId, args: { timeoutMs: 20_000 } })),
    async observe(agent, { containerId, bootId }) {
      const item = await agent.item(containerId);
      if (item?.power !== 'running') return 'between';
      return item.bootId === bootId ? 'old' : 'new';
    },
    usable: works,
    reset: async () => undefined,
  };

  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE';
  /** The record does not show what is in the container: both states look alike from outside. */
  const access: Scenario<Place> = {
    name: 'container.access',
    before: (agent) => container(agent, 'stopped'),
    order(agent, { containerId }) {
      const args = { hostname: 'renamed', sshKeys: [key] };
      const secrets = { rootPassword: 'another password' };
      return sending(agent, agent.call('container.access', { containerId, args, secrets }));
    },
    observe: (agent, { containerId }) => byPower(agent, containerId, 'never', 'stopped'),
    async usable(agent, here) {
      await works(agent, here);
      const said = await inside(agent, here.containerId, 'hostname; cat /root/.ssh/authorized_keys; ls /root/.ssh');
      if (said !== `renamed\n${key}\nauthorized_keys`) throw new Error(`access says ${said}`);
    },
    async reset(agent, { containerId }) {
      await inside(agent, containerId, 'rm -r /root/.ssh');
      await agent.act('container.kill', { containerId });
    },
  };

  const forwards: Scenario<Place> = {
    name: 'container.forwards',
    before: (agent) => container(agent, 'running'),
    order(agent, { containerId }) {
      const { first } = agent.config.forwardPorts;
      const forward = { protocol: 'tcp' as const, hostPort: first, containerPort: 80 };
      return sending(agent, agent.call('container.forwards', { containerId, args: { forwards: [forward] } }));
    },
    async observe(agent) {
      const map = ['list', 'map', 'inet', tableOf(agent.config.instance), 'forwards'];
      return execFileSync('nft', map).toString().includes(` ${agent.config.forwardPorts.first} `) ? 'new' : 'old';
    },
    usable: works,
    reset: async (agent, { containerId }) =>
      void (await agent.act('container.forwards', { containerId, args: { forwards: [] } })),
  };

  /** Whose it is decides whom it meets: in the rules that is the map of tenants, and before those the record. */
  const handOver: Scenario<Place> = {
    name: 'container.handover',
    before: (agent) => container(agent, 'running'),
    order(agent, { containerId }) {
      const args = { tenantId: uuidv7(), name: 'theirs' };
      return sending(agent, agent.call('container.handover', { containerId, args }));
    },
    async observe(agent, { containerId, tenantId }) {
      const { containers } = await readRecords(agent.connection('web'), agent.made.signers.web, 5_000);
      return containers.find((one) => one.containerId === containerId)?.tenantId === tenantId ? 'old' : 'new';
    },
    usable: works,
    reset: async (agent, { containerId, tenantId }) =>
      void (await agent.act('container.handover', { containerId, args: { tenantId, name: 'web-1' } })),
  };

  /** Nothing is frozen: what it leaves is what it found. */
  const thaw: Scenario<Place> = {
    name: 'container.thaw',
    before: (agent) => container(agent, 'running'),
    order: (agent, { containerId }) => sending(agent, agent.call('container.thaw', { containerId })),
    observe: (agent, { containerId }) => byPower(agent, containerId, 'never', 'running'),
    usable: works,
    reset: async () => undefined,
  };

  const told: Scenario<Place> = {
    name: 'local.told',
    before: (agent) => container(agent, 'running'),
    order: (agent) =>
      sending(agent, agent.call('local.told', { args: { actionIds: [actionId(uuidv7(), 1, 'start')] } })),
    observe: (agent, { containerId }) => byPower(agent, containerId, 'never', 'running'),
    usable: works,
    reset: async () => undefined,
  };

  return { start, stop, kill, restart, access, forwards, handOver, thaw, told };
}
