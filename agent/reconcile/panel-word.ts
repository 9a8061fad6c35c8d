/**
 * A host that has been away for long may have been written off meanwhile, and what it has of its containers may run elsewhere by now. So
 * an agent that has not heard of the panel for long waits for its word before it starts anything by itself: the panel orders that such
 * containers stay stopped, and says when there are none (left). Where nobody answers, they start after a while all the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../core.ts';

/** A boot of the host, and a pause of the panel, take less. */
const longMs = 10 * 60_000;
const patienceMs = 60_000;
const lookEveryMs = 100;
const rememberEveryMs = 5 * 60_000;
export const panelHeardAt = 'panel-heard-at';

/** Writes down when the panel was last heard, now and then. */
export function rememberPanel({ heard, store }: Core): void {
  if (heard.portalAt === null) return;
  const known = Date.parse(store.setting(panelHeardAt) ?? '') || 0;
  const at = heard.portalAt;
  if (Math.abs(at.getTime() - known) < rememberEveryMs) return;
  store.write('STORE:PANEL-HEARD', () => store.setSetting(panelHeardAt, at.toISOString()));
}

/** Resolves at once but after a long silence; then when the panel has said so, or nobody has for a minute, or the signal fires. */
export async function panelsWord(core: Core, signal: AbortSignal): Promise<void> {
  const { heard, startedAt, store, log } = core;
  const before = store.setting(panelHeardAt);
  if (before === undefined || startedAt.getTime() - Date.parse(before) < longMs) return;
  log.warn({ heardAt: before }, 'the panel has not been heard for long: nothing is started before its word');
  // Not by the clock: after a boot it is often set.
  const until = performance.now() + patienceMs;
  while (!heard.settled && performance.now() < until && !signal.aborted) await sleep(lookEveryMs);
  if (!heard.settled) log.warn({}, 'the panel does not answer; starting what was running');
}
