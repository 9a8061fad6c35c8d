import { describe, expect, it } from 'vitest';
import { usualRestarts } from '#agent/config.ts';
import { causeOf } from '#agent/reconcile/exit-word.ts';
import { comesBack, dueInMs, restartsOf } from '#agent/reconcile/restarts.ts';
import { startOrder } from '#agent/reconcile/start-queue.ts';
import type { ContainerRecord } from '#agent/store/containers.ts';
import { type Exit, ExitCause, type RestartPolicy } from '#lib/contract/restarts.ts';

const now = Date.parse('2026-11-22T14:00:00Z');
/** An end so many seconds ago, of a run of an hour unless said. */
const exit = (cause: Exit['cause'], secondsAgo: number, ranSeconds = 3600): Exit => ({
  cause,
  status: 1,
  at: new Date(now - secondsAgo * 1000).toISOString(),
  ranSince: new Date(now - (secondsAgo + ranSeconds) * 1000).toISOString(),
});
const facts = (exits: Exit[], restartPolicy: RestartPolicy = 'on-failure', weighing = exits.length) => ({
  exits,
  restartPolicy,
  weighing,
});

it('an end that nobody asked for is told apart by status, kernel counter and our own hand', () => {
  const word = { status: 137, oom: false, killed: false };
  expect(causeOf({ ...word, status: 129 })).toBe('reboot');
  expect(causeOf({ ...word, status: 130 })).toBe('poweroff');
  expect(causeOf({ ...word, status: 0 })).toBe('poweroff');
  expect(causeOf({ ...word, status: 139 })).toBe('crash');
  expect(causeOf(word)).toBe('crash');
  expect(causeOf({ ...word, oom: true })).toBe('oom');
  expect(causeOf({ ...word, killed: true })).toBe('killed');
  expect(causeOf({ ...word, status: null })).toBe('unseen');
});

it('what each policy brings back', () => {
  const back = (policy: RestartPolicy) => ExitCause.options.filter((cause) => comesBack(policy, cause));
  const always = ['stopped', 'killed', 'reboot', 'host'];
  expect(back('never')).toEqual(ExitCause.options.filter((cause) => always.includes(cause)));
  expect(back('on-failure')).toEqual(ExitCause.options.filter((cause) => cause !== 'poweroff'));
  expect(back('always')).toEqual(ExitCause.options);
});

describe('back-off', () => {
  const crashes = (count: number) => Array.from({ length: count }, (_, index) => exit('crash', index));
  const due = (count: number) => dueInMs(facts(crashes(count)), usualRestarts, now);

  it('doubles from one second to five minutes, and after ten ends it stays down', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(due)).toEqual([
      ...[1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000],
      null,
    ]);
    expect(restartsOf(facts(crashes(11)), usualRestarts, now)).toMatchObject({
      gaveUp: true,
      nextAt: null,
      counted: 11,
    });
    expect(restartsOf(facts(crashes(3)), usualRestarts, now)).toEqual({
      counted: 3,
      limit: 10,
      windowMs: 1_800_000,
      nextAt: new Date(now + 4000).toISOString(),
      gaveUp: false,
    });
  });

  it('counts what failed within the window and since a person acted, and nothing else', () => {
    const count = (exits: Exit[], weighing?: number) =>
      restartsOf(facts(exits, 'on-failure', weighing), usualRestarts, now)?.counted ?? 0;
    expect(count([exit('oom', 1), exit('crash', 1801)])).toBe(1);
    expect(count([exit('oom', 1), exit('crash', 2)], 1)).toBe(1);
    expect(count([exit('crash', 1)], 0)).toBe(0);
    expect(count([exit('reboot', 1), exit('stopped', 2), exit('killed', 3, 1), exit('host', 4, 1)])).toBe(0);
    expect(count([exit('unseen', 1)])).toBe(1);
  });

  it('a container that reboots as soon as it is up waits like one that crashes; one that ran does not', () => {
    expect(dueInMs(facts([exit('reboot', 0, 2), exit('reboot', 3, 2)]), usualRestarts, now)).toBe(2000);
    expect(dueInMs(facts([exit('reboot', 0, 20), exit('reboot', 30, 2)]), usualRestarts, now)).toBe(0);
  });

  it('is no longer than itself when the clock was set back', () => {
    expect(dueInMs(facts([exit('crash', -3600)]), usualRestarts, now)).toBe(1000);
  });

  it('a policy of never, or a shutdown from inside, leaves nothing to wait for', () => {
    expect(dueInMs(facts([exit('crash', 0)], 'never'), usualRestarts, now)).toBeNull();
    expect(dueInMs(facts([exit('poweroff', 0)]), usualRestarts, now)).toBeNull();
    expect(dueInMs(facts([exit('poweroff', 0)], 'always'), usualRestarts, now)).toBe(0);
    expect(dueInMs(facts([exit('host', 0)], 'never'), usualRestarts, now)).toBe(0);
  });
});

it('starts by priority, the older first among equals', () => {
  const record = (id: string, startPriority: number) => ({ id, startPriority }) as ContainerRecord;
  const order = startOrder([record('c', 50), record('a', 10), record('b', 50), record('d', 90)]);
  expect(order.map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
});
