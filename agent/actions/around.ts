import type { ActionArgs, ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { CommandOutcome } from '#lib/contract/integrity.ts';
import type { Core } from '../core.ts';
import { bootOf, payAllOwed, payOwed, runInside } from '../reconcile/owed.ts';
import { UndoneError } from './definition.ts';

type Commands = NonNullable<ActionArgs<'snapshot.create'>['commands']>;
type Outcomes = NonNullable<ActionResult<'snapshot.create'>['commands']>;
type Around = { core: Core; containerId: string; actionId: string; signal: AbortSignal };

/** So much of what a command printed is told with its failure. */
const toldBytes = 400;

/**
 * Does `work` between two commands inside a container that runs. When the first fails, `work` is not begun, unless it is to go on then.
 * The second is run whatever happens, also when `work` fails; when somebody wants all of it no more, it is run without
 * being waited for.
 */
export async function between<T>(
  { core, containerId, actionId, signal }: Around,
  commands: Commands | undefined,
  work: () => Promise<T>,
): Promise<{ done: T; commands: Outcomes | undefined }> {
  const nothing = commands === undefined || (commands.before === null && commands.after === null);
  if (nothing || !core.adapters.runtime.state(containerId).running) return { done: await work(), commands: undefined };
  await payOwed(core, containerId); // of an attempt that was cut off
  const outcomes: Outcomes = { before: null, after: null };
  const { before, after } = commands;
  if (after !== null) {
    const bootId = bootOf(core, containerId);
    core.store.write('STORE:OWED', () => core.store.owed.put({ containerId, actionId, bootId, ...after }));
  }
  let done: T;
  try {
    if (before !== null) {
      outcomes.before = await orAborted(runInside(core, containerId, before), signal);
      if (outcomes.before.exitCode !== 0 && commands.ifBeforeFails === 'fail') throw refusal(outcomes.before);
    }
    signal.throwIfAborted();
    done = await work();
  } catch (error) {
    if (!signal.aborted) await payOwed(core, containerId);
    else setTimeout(() => payAllOwed(core), 1000).unref(); // once the ledger knows that this is over
    throw error;
  }
  outcomes.after = await payOwed(core, containerId);
  return { done, commands: outcomes };
}

function refusal({ exitCode, timedOut, output }: CommandOutcome): UndoneError {
  const how = timedOut
    ? 'did not end in time'
    : exitCode === null
      ? 'could not be run'
      : `ended with exit code ${exitCode}`;
  const said = output.trim().slice(-toldBytes);
  const detail = `The command before the backup ${how}, so nothing was backed up.${said === '' ? '' : ` It printed: ${said}`}`;
  return new UndoneError('action_failed', detail, { retryable: false });
}

/** The command itself goes on to its end or time-out; nobody waits for it. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const give = () => reject(new BerthError('cancelled'));
  signal.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}
