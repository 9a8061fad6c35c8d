import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NetworkMember } from '#agent/adapters.ts';
import { type SimHost, startSimHost } from '../../support/sim-host.ts';

let host: SimHost;
let stands = true;
const done: (string | readonly NetworkMember[])[] = [];

beforeAll(async () => {
  host = await startSimHost((adapters) => ({
    ...adapters,
    network: {
      ...adapters.network,
      stands: async () => stands,
      ensureHost: async () => void done.push('host'),
      apply: async (members) => void done.push(members),
    },
  }));
  done.length = 0;
});
afterAll(() => host.stop());

it('what somebody took away of the network is there again after the next look, and a look at a whole one changes nothing', async () => {
  await host.settle();
  expect(done).toEqual([]);
  stands = false;
  await host.settle();
  expect(done).toEqual(['host', []]);
});
