import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Begin, Ending, Saga, StepOutcome } from '#lib/workflows/saga.ts';
import { type Once, runSaga } from '#lib/workflows/saga.ts';

type Fate = 'ok' | 'fails' | 'uncertain' | 'cancel' | 'gives up';
type Plan = {
  steps: { fate: Fate; undoable: boolean; lenient: boolean; undoFails: boolean }[];
  begin?: Begin;
  /** After how many stored answers the process dies; it is then started again with what was stored. */
  dies?: number[];
};

class Died extends Error {}

/** A world with one effect per step, and a journal that outlives crashes. */
function world(plan: Plan) {
  const effects = new Set<number>();
  const performed: number[] = [];
  const endings: Ending[] = [];
  const undoing: boolean[] = [];
  const saga: Saga = {
    steps: plan.steps.map((step, i) => ({ name: `s${i}`, undoable: step.undoable, lenient: step.lenient })),
    begin: async () => plan.begin ?? { kind: 'go', leftovers: [], undoOnly: false },
    perform: async (i): Promise<StepOutcome> => {
      performed.push(i);
      const fate = plan.steps[i]?.fate ?? 'ok';
      const trouble = { code: 'action_failed', detail: 'broken', selfUndo: fate === 'uncertain' };
      if (fate === 'cancel' && !saga.steps[i]?.lenient) return { ok: false, cancelled: true, begun: false };
      if (fate === 'gives up') {
        effects.add(i);
        return { ok: false, cancelled: true, begun: true };
      }
      if (fate === 'ok' || fate === 'cancel' || fate === 'uncertain') effects.add(i);
      return fate === 'ok' || fate === 'cancel' ? { ok: true } : { ok: false, cancelled: false, trouble };
    },
    undoing: async () => {
      undoing.push(true);
    },
    renew: async () => undefined,
    compensate: async (i) => {
      if (plan.steps[i]?.undoFails) {
        return { ok: false, trouble: { code: 'action_failed', detail: 'cannot', selfUndo: false } };
      }
      effects.delete(i);
      return { ok: true };
    },
    finish: async (ending) => {
      endings.push(ending);
    },
  };
  return { saga, effects, performed, endings, undoing };
}

async function run(plan: Plan) {
  const made = world(plan);
  const journal = new Map<string, unknown>();
  const dies = [...(plan.dies ?? [])];
  for (;;) {
    let answered = 0;
    const once: Once = async <T>(name: string, work: () => Promise<T>) => {
      if (journal.has(name)) return journal.get(name) as T;
      const answer = await work();
      // Dies after the effect and before the answer is stored: the worst moment.
      if (dies[0] === answered) {
        dies.shift();
        throw new Died();
      }
      answered += 1;
      journal.set(name, answer);
      return answer;
    };
    try {
      return { ...made, state: await runSaga(made.saga, once) };
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }
}

const step = (fate: Fate = 'ok', change: Partial<Plan['steps'][number]> = {}) => ({
  fate,
  undoable: true,
  lenient: false,
  undoFails: false,
  ...change,
});

describe('a saga', () => {
  it('does its steps in order and succeeds', async () => {
    const { state, performed, endings, undoing } = await run({ steps: [step(), step(), step()] });
    expect(state).toBe('succeeded');
    expect(performed).toEqual([0, 1, 2]);
    expect(endings).toEqual([{ state: 'succeeded' }]);
    expect(undoing).toEqual([]);
  });

  it.each([0, 1, 2])('undoes everything when step %i fails', async (failing) => {
    const steps = [0, 1, 2].map((i) => step(i === failing ? 'fails' : 'ok'));
    const { state, effects, endings } = await run({ steps });
    expect(state).toBe('failed');
    expect([...effects]).toEqual([]);
    expect(endings).toMatchObject([{ state: 'failed', step: failing, trouble: { code: 'action_failed' } }]);
  });

  it('undoes a step too of which nobody knows whether it happened', async () => {
    const { state, effects } = await run({ steps: [step(), step('uncertain')] });
    expect(state).toBe('failed');
    expect([...effects]).toEqual([]);
  });

  it('is stuck, with both troubles, when an undo fails', async () => {
    const { state, endings } = await run({ steps: [step('ok', { undoFails: true }), step('fails')] });
    expect(state).toBe('stuck');
    expect(endings).toMatchObject([
      { state: 'stuck', trouble: { detail: 'broken' }, undo: { step: 0, trouble: { detail: 'cannot' } } },
    ]);
  });

  it('a cancel between steps undoes what is done', async () => {
    const { state, effects, performed } = await run({ steps: [step(), step('cancel'), step()] });
    expect(state).toBe('cancelled');
    expect([...effects]).toEqual([]);
    expect(performed).toEqual([0, 1]);
  });

  it('a cancel within a step undoes that step, too', async () => {
    const { state, effects, endings } = await run({ steps: [step(), step('gives up'), step()] });
    expect(state).toBe('cancelled');
    expect([...effects]).toEqual([]);
    expect(endings).toEqual([{ state: 'cancelled' }]);
  });

  it('a lenient step neither fails nor cancels anything', async () => {
    const { state, effects } = await run({
      steps: [step(), step('fails', { lenient: true }), step('cancel', { lenient: true })],
    });
    expect(state).toBe('succeeded');
    expect(effects.has(0)).toBe(true);
  });

  it('takes back what an attempt before left, and then begins', async () => {
    const begin: Begin = { kind: 'go', leftovers: [0, 1], undoOnly: false };
    const { state, performed } = await run({ steps: [step(), step()], begin });
    expect(state).toBe('succeeded');
    expect(performed).toEqual([0, 1]);
    const only = await run({ steps: [step(), step()], begin: { ...begin, undoOnly: true } });
    expect(only.state).toBe('cancelled');
    expect(only.performed).toEqual([]);
  });

  it('does nothing when it is not its turn', async () => {
    const { state, endings } = await run({ steps: [step()], begin: { kind: 'skip' } });
    expect(state).toBe('skipped');
    expect(endings).toEqual([]);
  });

  it('ends old or new, once, whatever fails and whenever the process dies', async () => {
    const fate = fc.constantFrom<Fate>('ok', 'ok', 'ok', 'fails', 'uncertain', 'cancel', 'gives up');
    const one = fc.record({ fate, undoable: fc.constant(true), lenient: fc.constant(false), undoFails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 5 }), fc.array(fc.nat(6), { maxLength: 4 }), async (steps, dies) => {
        const calm = await run({ steps });
        const rough = await run({ steps, dies });
        expect(rough.state).toBe(calm.state);
        expect([...rough.effects].sort()).toEqual([...calm.effects].sort());
        const all = steps.map((_, i) => i);
        if (rough.state === 'succeeded') expect([...rough.effects].sort()).toEqual(all);
        else if (rough.state !== 'stuck') expect([...rough.effects]).toEqual([]);
        else expect(steps.some((s) => s.undoFails)).toBe(true);
        expect(new Set(rough.endings.map((ending) => ending.state)).size).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});
