/** Why a step did not come to a good end. `selfUndo`: it may have had effects, so its own undo is due too. */
export type Trouble = { code: string; detail: string; selfUndo: boolean };

export type StepOutcome =
  | { ok: true }
  /** `begun`: given up within the step, which may have had effects, so its own undo is due too. */
  | { ok: false; cancelled: true; begun: boolean }
  | { ok: false; cancelled: false; trouble: Trouble };

export type Begin =
  /** Somebody else's, of an older attempt, or over already: nothing to do. */
  | { kind: 'skip' }
  | { kind: 'cancelled' }
  | { kind: 'refused'; trouble: Trouble }
  /** `leftovers`: steps of the attempt before whose effects are still there; they are undone first. */
  | { kind: 'go'; leftovers: readonly number[]; undoOnly: boolean };

export type Ending =
  | { state: 'succeeded' }
  | { state: 'cancelled' }
  | { state: 'failed'; step: number | null; trouble: Trouble }
  | { state: 'stuck'; step: number | null; trouble: Trouble; undo: { step: number; trouble: Trouble } };

/** One attempt of an operation, as the runner sees it. Every method is repeated harmlessly. */
export type Saga = {
  /** `undoable`: has effects that an undo takes back. `lenient`: its failure does not matter and nothing cancels it. */
  steps: readonly { name: string; undoable: boolean; lenient: boolean }[];
  begin(): Promise<Begin>;
  /** Looks at the cancel flag, then does the step; an agent that can give up is asked to when the flag comes later. Throws {@link SupersededError} alone, not what the step itself meets. */
  perform(step: number): Promise<StepOutcome>;
  undoing(trouble: Trouble | null): Promise<void>;
  /** After what was left of the attempt before is undone: everything is pending again, under new names. */
  renew(): Promise<void>;
  /** `before`: of the attempt before this one, which ended stuck; the two are different actions on the host. */
  compensate(step: number, when: 'before' | 'after'): Promise<{ ok: true } | { ok: false; trouble: Trouble }>;
  finish(ending: Ending): Promise<void>;
};

/** Another worker has taken the operation over. Whoever meets this has to leave everything as it is. */
export class SupersededError extends Error {
  constructor(operationId: string) {
    super(`operation ${operationId} is in other hands`);
    this.name = 'SupersededError';
  }
}

/** Runs a piece of work once: when the program is run again after a crash, its stored answer is taken instead. */
export type Once = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * Performs the steps in order. When one fails, or the flag says cancel, those before it are undone in reverse, and itself
 * too if it may have had effects. An undo that fails ends as `stuck`: a person must look. Always calls `finish` exactly
 * once, except when there was nothing to do.
 */
export async function runSaga(saga: Saga, once: Once): Promise<Ending['state'] | 'skipped'> {
  const begun = await once('begin', () => saga.begin());
  if (begun.kind === 'skip') return 'skipped';
  if (begun.kind === 'cancelled') return await end({ state: 'cancelled' });
  if (begun.kind === 'refused') return await end({ state: 'failed', step: null, trouble: begun.trouble });

  if (begun.leftovers.length > 0) {
    const stuck = await takeBack(begun.leftovers, null, 'before');
    if (stuck !== null) return stuck;
  }
  if (begun.undoOnly) return await end({ state: 'cancelled' });
  if (begun.leftovers.length > 0) {
    await once('renew', async () => {
      await saga.renew();
      return null;
    });
  }

  const done: number[] = [];
  for (const [index, step] of saga.steps.entries()) {
    const outcome = await once(step.name, () => saga.perform(index));
    if (outcome.ok) {
      done.push(index);
      continue;
    }
    if (step.lenient) continue;
    const trouble = outcome.cancelled ? null : outcome.trouble;
    if (outcome.cancelled ? outcome.begun : outcome.trouble.selfUndo) done.push(index);
    const stuck = await takeBack(done, trouble, 'after');
    if (stuck !== null) return stuck;
    return await end(trouble === null ? { state: 'cancelled' } : { state: 'failed', step: index, trouble });
  }
  return await end({ state: 'succeeded' });

  /** Undoes in reverse. Ends the saga as stuck, and says so, when one undo fails. */
  async function takeBack(
    steps: readonly number[],
    why: Trouble | null,
    label: 'before' | 'after',
  ): Promise<'stuck' | null> {
    const due = steps.filter((index) => saga.steps[index]?.undoable === true).reverse();
    if (due.length === 0) return null;
    await once(`undoing.${label}`, async () => {
      await saga.undoing(why);
      return null;
    });
    for (const index of due) {
      const outcome = await once(`undo.${label}.${saga.steps[index]?.name}`, () => saga.compensate(index, label));
      if (outcome.ok) continue;
      const trouble = why ?? outcome.trouble;
      await end({ state: 'stuck', step: null, trouble, undo: { step: index, trouble: outcome.trouble } });
      return 'stuck';
    }
    return null;
  }

  async function end(ending: Ending): Promise<Ending['state']> {
    await once('finish', async () => {
      await saga.finish(ending);
      return null;
    });
    return ending.state;
  }
}
