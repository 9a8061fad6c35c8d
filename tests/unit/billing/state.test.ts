import { describe, expect, it } from 'vitest';
import { refuseUnlessPermitted, type ServiceFacts, serviceState } from '#lib/billing/state.ts';
import { ServiceState, servicePermits } from '#lib/contract/billing.ts';

const future = new Date(Date.now() + 3_600_000);
const past = new Date(0);
const there = { state: 'running', deleted: null, holds: [] } as const;
const sold = { terminatedAt: null, removeAfter: null };
const gone = { ...there, state: 'deleted' } as const;
const facts = (more: Partial<ServiceFacts>): ServiceFacts => ({
  ...{ service: sold, container: { ...there, holds: [] }, made: 'succeeded', held: false },
  ...more,
});
const abuse = { ...there, holds: [{ reason: 'abuse', message: null }] };

describe('the state of a service', () => {
  it.each([
    ['nothing accepted yet', { container: null, made: null }, 'failed', /Ask for it again/],
    ['being made', { made: 'running' }, 'creating', /being made/],
    ['being undone', { made: 'undoing' }, 'creating', /being made/],
    ['stuck', { made: 'stuck' }, 'failed', /somebody has to look/],
    ['never made', { container: gone, made: 'failed' }, 'failed', /Ask for it again/],
    ['cancelled', { container: gone, made: 'cancelled' }, 'failed', /Ask for it again/],
    ['there', {}, 'active', /Nothing to do/],
    ['held by billing', { held: true }, 'suspended', /paid/],
    ['held by somebody else', { container: abuse }, 'active', /abuse/],
    ['deleted in the panel', { container: gone }, 'terminated', /in the panel/],
    ['ending, in its days of grace', { service: { terminatedAt: past, removeAfter: future } }, 'terminating', /grace/],
    ['ending now', { service: { terminatedAt: past, removeAfter: past } }, 'terminating', /being deleted/],
    [
      'ending, held by somebody else',
      { service: { terminatedAt: past, removeAfter: past }, container: abuse },
      'terminating',
      /not held any more \(abuse\)/,
    ],
    ['ended', { service: { terminatedAt: past, removeAfter: past }, container: gone }, 'terminated', /cannot be had/],
    [
      'ended before it was made',
      { service: { terminatedAt: past, removeAfter: past }, container: null },
      'terminated',
      /nothing left/,
    ],
  ] as [string, Partial<ServiceFacts>, ServiceState, RegExp][])('%s', (_what, more, state, next) => {
    const told = serviceState(facts(more));
    expect(told).toEqual({ state, next: expect.stringMatching(next) });
  });

  it('says what is permitted, and otherwise what to do', () => {
    for (const state of ServiceState.options) {
      for (const verb of servicePermits.active) {
        const permitted: readonly string[] = servicePermits[state];
        const ask = () => refuseUnlessPermitted(verb, { state });
        if (permitted.includes(verb)) expect(ask).not.toThrow();
        else expect(ask).toThrow(expect.objectContaining({ code: 'state', outside: { remedy: expect.any(String) } }));
      }
    }
  });
});
