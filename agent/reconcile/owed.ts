/**
 * Commands that run inside a container around something done to it. The second is owed from before the first begins, and written down:
 * whatever ends in between, it is run, by whoever comes next. It may run twice (killed in its middle), never not at all while its
 * container goes on.
 */
import { type CommandOutcome, type InsideCommand, keptOutputBytes } from '#lib/contract/integrity.ts';
import type { Core } from '../core.ts';

const keyOf = (containerId: string) => `owed:${containerId}`;

/** Runs a command of the tenant's to its end, or to its time-out; never throws for what the command does. */
export async function runInside(core: Core, containerId: string, command: InsideCommand): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const { exitCode, timedOut, stdout, stderr } = await core.adapters.runtime
    .exec(containerId, command.argv, { timeoutMs: command.timeoutMs, maxBytes: keptOutputBytes })
    .catch((error: unknown) => {
      core.log.warn({ err: error, containerId }, 'a command inside could not be run');
      return { exitCode: null, timedOut: false, stdout: '', stderr: 'It could not be run.' };
    });
  const output = `${stdout}${stderr}`.slice(-keptOutputBytes);
  return { exitCode, timedOut, output, tookMs: Math.round(performance.now() - startedAt) };
}

/** Runs what is owed to a container, if anything is. Null: nothing was, or the run that it belonged to is over. */
export async function payOwed(core: Core, containerId: string): Promise<CommandOutcome | null> {
  return await core.locks.run(keyOf(containerId), { cancellable: false }, async () => {
    const command = core.store.owed.find(containerId);
    if (command === undefined) return null;
    const still = core.adapters.runtime.state(containerId).running && bootOf(core, containerId) === command.bootId;
    const outcome = still ? await runInside(core, containerId, command) : null;
    core.store.write('STORE:PAID', () => core.store.owed.remove(containerId));
    return outcome;
  });
}

export function bootOf(core: Core, containerId: string): string | null {
  return core.store.containers.find(containerId)?.bootId ?? null;
}

/** Takes up what actions left that are over: an agent was killed, or whoever ordered them wants them no more. Waits for none. */
export function payAllOwed(core: Core): void {
  for (const { containerId, actionId } of core.store.owed.list()) {
    if (core.store.ledger.runs(actionId) || core.locks.busy(keyOf(containerId))) continue;
    core.log.warn({ containerId, actionId }, 'running the command that was left over after another');
    payOwed(core, containerId).catch((error: unknown) =>
      core.log.error({ err: error, containerId }, 'a command that is owed; tried again'),
    );
  }
}
