/** The one table of states: what it says when it refuses, for every verb in every state. */
import { expect, it } from 'vitest';
import { stateFacts } from '#lib/containers/facts.ts';
import { ContainerState, ContainerVerb, containerState, permits, permitted } from '#lib/contract/states.ts';

const reasons = (wanted: (verb: ContainerVerb, state: ContainerState) => boolean) =>
  ContainerVerb.options.flatMap((verb) =>
    ContainerState.options
      .filter((state) => wanted(verb, state))
      .flatMap((state) => {
        const verdict = permitted(verb, { state, holds: [], templateName: 'debian-12' });
        return verdict.allowed ? [] : [{ verb, state, reason: verdict.reason }];
      }),
  );
const allows = (verb: ContainerVerb, state: ContainerState) =>
  (permits[verb].in as readonly ContainerState[]).includes(state);

it('advises nothing after which the verb would still be refused', () => {
  const after: [RegExp, ...ContainerState[]][] = [
    [/Stop it first/, 'stopped'],
    [/Start it first/, 'running'],
    [/Finish the repair first/, 'running', 'stopped'],
  ];
  const wrong = reasons(() => true).filter(({ verb, reason }) =>
    after.some(([advice, ...states]) => advice.test(reason) && !states.some((state) => allows(verb, state))),
  );
  expect(wrong).toEqual([]);
});

it('tells nobody to wait for what has ended for good', () => {
  expect(reasons((_, state) => state === 'deleted').filter(({ reason }) => /Wait/.test(reason))).toEqual([]);
});

it('shows a container as it was seen while an operation on it is stuck: nothing happens to it', () => {
  const now = Date.now();
  const seen = { createdOnHostAt: new Date(now), observedPower: 'running' as const, observedAt: new Date(now) };
  const container = { ...seen, deletedAt: null, repairUntil: null };
  const shown = (state: 'running' | 'undoing' | 'stuck') =>
    containerState(stateFacts(container, [], [{ id: '1', kind: 'restore', lock: 'exclusive', state }]), now);
  expect([shown('running'), shown('undoing'), shown('stuck')]).toEqual(['restoring', 'restoring', 'running']);
});
