/** Waits of the agent end when their time is over, whatever is done to the clock and whoever holds what is waited for. */
import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Core } from '#agent/core.ts';
import { bringDown } from '#agent/reconcile/converge.ts';
import { Locks } from '#agent/reconcile/locks.ts';
import { panelsWord } from '#agent/reconcile/panel-word.ts';
import { startInTurn } from '#agent/reconcile/start-queue.ts';
import type { ContainerRecord } from '#agent/store/containers.ts';

const hourMs = 3_600_000;
const log = { warn: () => {}, info: () => {}, error: () => {} };
const coreOf = (parts: object) => ({ log, phases: new Map(), ...parts }) as unknown as Core;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});
/** The clock is set; time itself goes on. */
const setClock = (byMs: number) => vi.setSystemTime(Date.now() + byMs);

it('the panel is waited for a minute after a long silence, also when the clock is set back meanwhile', async () => {
  const before = new Date(Date.now() - hourMs).toISOString();
  const heard = { portalAt: null, settled: false };
  const core = coreOf({ heard, startedAt: new Date(), store: { setting: () => before } });
  const waiting = panelsWord(core, new AbortController().signal);
  setClock(-hourMs);
  vi.advanceTimersByTime(61_000);
  await waiting;
}, 5_000);

it('a system that shuts down has all its time, also when the clock is set forward meanwhile', async () => {
  let looks = 0;
  const kill = vi.fn(async () => {});
  const runtime = {
    state: () => ({ running: looks === 0, pid: null, startedAt: null, exit: null }),
    askToStop: async () => {},
    waitStopped: async () => {
      looks += 1;
      setClock(hourMs);
      return looks > 1;
    },
    kill,
    listRuns: () => [],
  };
  const nothing = async () => {};
  const roots = { unmount: nothing, listMounted: () => [] };
  const adapters = { runtime, roots, network: { detach: nothing }, files: { close: nothing }, volumes: {} };
  const containers = { find: () => ({ state: 'preparing', template: { init: 'busybox' } }) };
  const core = coreOf({ adapters, store: { containers, volumes: { ofContainer: () => [], list: () => [] } } });
  expect(await bringDown(core, 'one', { timeoutMs: 30_000 })).toBe('clean');
  expect(kill).not.toHaveBeenCalled();
}, 5_000);

it('containers that an action holds keep no others from being started after a boot', async () => {
  const locks = new Locks();
  const never = new Promise<void>(() => {});
  const held = Array.from({ length: availableParallelism() }, (_, n) => `a${n}`);
  for (const id of held) void locks.run(id, { cancellable: false }, () => never);
  const looked: string[] = [];
  const find = (id: string) => void looked.push(id);
  const core = coreOf({ locks, queued: new Set(), store: { containers: { find } } });
  const records = [...held, 'b'].map((id) => ({ id, startPriority: 1 }) as ContainerRecord);
  await startInTurn(core, records);
  expect(looked).toEqual(['b']);
  expect(core.queued.size).toBe(0);
}, 5_000);
