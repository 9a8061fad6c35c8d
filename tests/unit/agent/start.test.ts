/** What one container, or one order of an agent before, can do to the start of the agent: nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Runner } from '#agent/actions/runner.ts';
import type { AgentConfig } from '#agent/config.ts';
import type { Core } from '#agent/core.ts';
import { mountRoot } from '#agent/reconcile/converge.ts';
import { Loans } from '#agent/reconcile/loans.ts';
import { Locks } from '#agent/reconcile/locks.ts';
import { OpenedBackups } from '#agent/reconcile/opened.ts';
import { hostBootId, reconcileAtStart } from '#agent/reconcile/reconcile.ts';
import { Alarms } from '#agent/reconcile/restarts.ts';
import { createSimulator } from '#agent/sim/simulator.ts';
import type { ContainerRecord } from '#agent/store/containers.ts';
import { openStore } from '#agent/store/store.ts';
import { resources } from '../../support/agent.ts';

let directory: string;
let core: Core;
beforeEach(() => {
  directory = mkdtempSync('/tmp/berth-start-');
  const config = { agentDir: directory, subnet: '10.1.2.0/24' } as AgentConfig;
  const adapters = createSimulator(config, 0);
  core = {
    ...{ config, adapters, simulated: true, startedAt: new Date(), log: pino({ level: 'silent' }) },
    ...{ locks: new Locks(), loans: new Loans(), alarms: new Alarms(), opened: new OpenedBackups(adapters) },
    store: openStore(join(directory, 'agent.db')),
    ...{ queued: new Set(), phases: new Map(), heard: { portalAt: null, settled: false } },
  };
});
afterEach(() => {
  core.store.close();
  rmSync(directory, { recursive: true });
});

it('a container that cannot be cleared after a boot of the host, and an order that this version cannot read', async () => {
  const { store, adapters } = core;
  const [first, second] = [uuidv7(), uuidv7()];
  const template = { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' as const };
  store.write('STORE:TEST', () => {
    store.setSetting('host-boot-id', 'another');
    for (const [n, id] of [first, second].entries()) {
      const name = { tenantId: uuidv7(), name: `web-${n}`, hostname: `web-${n}`, volumeId: uuidv7() };
      const place = { idBase: 1_879_048_192 + n * 65_536, address: `10.1.2.${n + 2}` };
      store.containers.insertPreparing({ id, ...name, ...place, template, resources, ownerAction: 'some.1.action' });
      store.containers.markPresent(id);
    }
  });
  const id = `${uuidv7()}.1.stop`;
  const order = { id, verb: 'container.stop' as const, containerId: second, generation: 1, fence: 0, actor: 'nobody' };
  store.ledger.begin({ ...order, args: { timeoutMs: 'soon' }, bodyHash: 'x' });
  store.ledger.commit(id, () => ({ askedAt: new Date().toISOString() }));
  const cleared: string[] = [];
  adapters.runtime.cleanUp = async (containerId) => {
    if (containerId === first) throw new Error('its groups are busy');
    cleared.push(containerId);
  };
  await reconcileAtStart(core, new Runner(core));
  expect(cleared).toEqual([second]);
  expect(store.setting('host-boot-id')).toBe(hostBootId());
  // Nobody has said how it ended: who ordered it may ask again.
  expect(store.ledger.runs(id)).toBe(true);
});

it('a disk that cannot be given the size that waits for it keeps its container from nothing', async () => {
  const row = { id: 'v', appliedBytes: 2, quotaBytes: 1 };
  const resize = async () => {
    throw new Error('more lies on it');
  };
  const volumes = { ...core.adapters.volumes, resize, mount: async () => '/v' };
  const roots = { ...core.adapters.roots, mount: async ({ volume }: { volume: string }) => `${volume}/root` };
  const adapters = { ...core.adapters, volumes, roots };
  const store = { ...core.store, volumes: { find: () => row } } as unknown as Core['store'];
  const record = { id: 'c', idBase: 1, volumeId: 'v', template: { layers: [] as string[] } } as ContainerRecord;
  expect(await mountRoot({ ...core, adapters, store }, record)).toBe('/v/root');
});
