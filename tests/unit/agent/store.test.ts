import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '#agent/store/store.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources } from '../../support/agent.ts';

let directory: string;
let store: Store;
beforeEach(() => {
  directory = mkdtempSync('/tmp/berth-store-');
  store = openStore(join(directory, 'agent.db'));
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

const template: TemplateRef = { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' };
const room = { promisableBytes: 1000 };

function insertContainer(change: { id?: string; idBase?: number; address?: string } = {}): string {
  const id = change.id ?? uuidv7();
  store.write('STORE:TEST', () =>
    store.containers.insertPreparing({
      id,
      tenantId: uuidv7(),
      name: 'web-1',
      hostname: 'web-1',
      idBase: change.idBase ?? store.containers.freeIdBase(1_879_048_192),
      address: change.address ?? `10.0.0.${store.containers.list().length + 2}`,
      volumeId: uuidv7(),
      template,
      resources,
      ownerAction: 'some.1.action',
    }),
  );
  return id;
}

const insertVolume = (containerId: string, bytes: number, id = uuidv7()) => {
  store.write('STORE:TEST', () =>
    store.volumes.insertPreparing(
      { id, containerId, ownerAction: 'some.1.action', bytes, inodes: 1024, layers: [] },
      room,
    ),
  );
  return id;
};

const order = (
  change: {
    id?: string;
    containerId?: string;
    generation?: number;
    fence?: number;
    verb?: 'container.start' | 'backup.upload';
  } = {},
) => ({
  id: change.id ?? `${uuidv7()}.1.step`,
  verb: change.verb ?? ('container.start' as const),
  containerId: change.containerId ?? uuidv7(),
  generation: change.generation ?? 1,
  fence: change.fence ?? 1,
  actor: 'system',
  args: {},
  bodyHash: 'hash',
});

describe('records', () => {
  it('are readable by root alone and by one agent at a time', () => {
    expect(statSync(join(directory, 'agent.db')).mode & 0o077).toBe(0);
    expect(() => openStore(join(directory, 'agent.db'))).toThrow(/locked/);
  });

  it('survive being closed and opened', () => {
    const id = insertContainer();
    store.close();
    store = openStore(join(directory, 'agent.db'));
    expect(store.containers.find(id)).toMatchObject({ state: 'preparing', template, resources });
  });

  it('give no range of ids and no address twice', () => {
    insertContainer({ idBase: 1_879_048_192, address: '10.0.0.2' });
    expect(() => insertContainer({ idBase: 1_879_048_192, address: '10.0.0.3' })).toThrow(/id_base/);
    expect(() => insertContainer({ address: '10.0.0.2' })).toThrow(/address/);
    expect(store.containers.freeIdBase(1_879_048_192)).toBe(1_879_048_192 + 65_536);
    expect(store.containers.list()).toHaveLength(1);
  });

  it('change only in a named transaction, which is all or nothing', () => {
    const id = insertContainer();
    expect(() => store.containers.setDesired(id, 'running')).toThrow(/transaction/);
    expect(() =>
      store.write('STORE:TEST', () => {
        store.containers.markPresent(id);
        throw new Error('in the middle');
      }),
    ).toThrow('in the middle');
    expect(store.containers.find(id)?.state).toBe('preparing');
  });

  it('allow one current volume a container', () => {
    const id = insertContainer();
    const [one, two] = [insertVolume(id, 1), insertVolume(id, 1)];
    store.write('STORE:TEST', () => store.volumes.setState(one, 'current'));
    expect(() => store.write('STORE:TEST', () => store.volumes.setState(two, 'current'))).toThrow(/UNIQUE/);
  });

  it('give a host port to one container, per protocol', () => {
    const [one, two] = [insertContainer(), insertContainer()];
    const forward = { protocol: 'tcp' as const, hostPort: 2000, containerPort: 22 };
    const set = (id: string, forwards: Parameters<Store['forwards']['replace']>[1]) =>
      store.write('STORE:TEST', () => store.forwards.replace(id, forwards));
    set(one, [forward]);
    expect(() => set(two, [forward])).toThrow('in use');
    set(two, [{ ...forward, protocol: 'udp' }]);
    set(one, [{ ...forward, containerPort: 80 }]);
    store.write('STORE:TEST', () => store.containers.remove(one));
    expect([...store.forwards.byContainer().keys()]).toEqual([two]);
  });

  it('owe a boot from the wish until the boot', () => {
    const id = insertContainer();
    const owed = () => {
      const record = store.containers.find(id);
      return (record?.bootsWanted ?? 0) > (record?.bootsDone ?? 0);
    };
    store.write('STORE:TEST', () => store.containers.wantBoot(id));
    expect(owed()).toBe(true);
    store.write('STORE:TEST', () => store.containers.wantBoot(id));
    store.write('STORE:TEST', () => store.containers.beginBoot(id, uuidv7()));
    expect(owed()).toBe(false);
  });
});

describe('the pool', () => {
  it('is never promised beyond its size, whatever the order of asking and giving back', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ bytes: fc.nat(600), give: fc.boolean() }), { maxLength: 12 }), (steps) => {
        const container = uuidv7();
        const held: string[] = [];
        for (const { bytes, give } of steps) {
          const known = held.length;
          const before = store.volumes.reservedBytes();
          if (give && known > 0) store.write('STORE:TEST', () => store.volumes.remove(held.pop() ?? ''));
          else if (before + bytes <= room.promisableBytes) held.push(insertVolume(container, bytes));
          else expect(() => insertVolume(container, bytes)).toThrow('free storage');
          expect(store.volumes.reservedBytes()).toBeLessThanOrEqual(room.promisableBytes);
          expect(store.volumes.list()).toHaveLength(held.length);
        }
        store.write('STORE:TEST', () => {
          for (const id of held) store.volumes.remove(id);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('the ledger', () => {
  it('refuses an older generation, also after the container is gone, but not to what works beside', () => {
    const containerId = uuidv7();
    store.ledger.begin(order({ containerId, generation: 5 }));
    expect(() => store.ledger.begin(order({ containerId, generation: 4 }))).toThrow('moved on');
    store.ledger.begin(order({ containerId, generation: 4, verb: 'backup.upload' }));
    expect(store.ledger.generation(containerId)).toBe(5);
  });

  it('keeps the highest fence of each operation, also over a restart, until it is long ago', () => {
    const [one, other] = [uuidv7(), uuidv7()];
    const check = (id: string, fence: number, note = false) => store.ledger.checkFence({ id, fence }, { note });
    store.ledger.begin(order({ id: `${one}.1.prepare`, fence: 3 }));
    expect(() => check(`${one}.1.start`, 2)).toThrow('taken this operation over');
    check(`${one}.1.prepare`, 5);
    expect(store.ledger.fence(`${one}.1.start`)).toBe(3);
    check(`${one}.1.prepare`, 5, true);
    store.close();
    store = openStore(join(directory, 'agent.db'));
    expect(() => check(`${one}.2.prepare.undo`, 4)).toThrow('taken this operation over');
    check(`${other}.1.prepare`, 1, true);
    store.ledger.prune(new Date(Date.now() + 60_000));
    expect(store.ledger.fence(`${one}.1.start`)).toBe(0);
  });

  it('keeps what was committed and cuts off what was not', () => {
    const [cut, done] = [order(), order()];
    store.ledger.begin(cut);
    store.ledger.begin(done);
    store.ledger.commit(done.id, () => ({ kept: 1 }));
    expect(store.ledger.markInterrupted()).toBe(1);
    expect(store.ledger.find(cut.id)).toMatchObject({ state: 'interrupted', outcome: { error: { retryable: true } } });
    expect(store.ledger.running()).toMatchObject([{ id: done.id, committed: { kept: 1 } }]);
  });

  it('commits records and mark together or not at all', () => {
    const one = order();
    store.ledger.begin(one);
    const id = insertContainer();
    expect(() =>
      store.ledger.commit(one.id, () => {
        store.containers.markPresent(id);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.ledger.find(one.id)?.committed).toBeNull();
    expect(store.containers.find(id)?.state).toBe('preparing');
  });

  it('forgets only what ended long ago', () => {
    const [ended, running] = [order(), order()];
    store.ledger.begin(ended);
    store.ledger.begin(running);
    store.ledger.end(ended.id, { ok: true, result: {} });
    store.ledger.prune(new Date(Date.now() - 60_000));
    expect(store.ledger.find(ended.id)).toBeDefined();
    store.ledger.prune(new Date(Date.now() + 60_000));
    expect(store.ledger.find(ended.id)).toBeUndefined();
    expect(store.ledger.find(running.id)).toBeDefined();
  });

  it('hashes bodies with a key of its own, in the same way after a restart', () => {
    const body = { secrets: { rootPassword: 'x' } };
    const hash = store.ledger.hashBody(body);
    store.close();
    store = openStore(join(directory, 'agent.db'));
    expect(store.ledger.hashBody(body)).toBe(hash);
    expect(store.ledger.hashBody({ secrets: { rootPassword: 'y' } })).not.toBe(hash);
  });
});

describe('what was ordered on the host itself', () => {
  it('is told until it is taken, and outlives the pruning of the ledger until then', () => {
    const local = { ...order(), actor: 'host root', local: true };
    store.ledger.begin({ ...local, bodyHash: 'x' });
    expect(store.ledger.untold(10)).toEqual([]); // it has not ended
    store.ledger.end(local.id, { ok: false, error: { code: 'state', detail: 'why', retryable: false } });
    const granted = order();
    store.ledger.begin({ ...granted, bodyHash: 'y' });
    store.ledger.end(granted.id, { ok: true, result: {} });
    const later = new Date(Date.now() + 1000);
    store.ledger.prune(later);
    expect(store.ledger.find(granted.id)).toBeUndefined();
    expect(store.ledger.untold(10)).toMatchObject([
      { actionId: local.id, actor: 'host root', outcome: 'failed', error: 'why', containerId: local.containerId },
    ]);
    for (let time = 0; time < 2; time += 1) {
      store.write('STORE:TEST', () => store.ledger.markTold([local.id, 'unknown']));
      expect(store.ledger.untold(10)).toEqual([]);
    }
    store.ledger.prune(later);
    expect(store.ledger.find(local.id)).toBeUndefined();
  });
});
