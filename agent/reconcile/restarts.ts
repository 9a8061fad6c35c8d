/**
 * Whether and when a container that ended by itself is started again. Decided from its record alone (policy and latest ends), so that another agent, an hour later, decides the same.
 */
import type { Exit, RestartPolicy, Restarts } from '#lib/contract/restarts.ts';
import type { ContainerRecord } from '../store/containers.ts';

export type RestartRules = {
  /** Delay after the first end that counts; doubles with each further one up to `longestDelayMs`. */
  firstDelayMs: number;
  longestDelayMs: number;
  /** Ends older than this no longer count. */
  windowMs: number;
  /** With more counted ends than this in the window the container stays down. */
  most: number;
};

type Facts = Pick<ContainerRecord, 'exits' | 'weighing' | 'restartPolicy'>;

/** A run shorter than this counts like a failure however it ended: a container that reboots all the time is broken too. */
const shortRunMs = 10_000;

const failures: ReadonlySet<Exit['cause']> = new Set(['crash', 'oom', 'unseen']);
/** Ends that say nothing against the container. */
const innocent: ReadonlySet<Exit['cause']> = new Set(['stopped', 'killed', 'host']);

/** Whether a container that is wanted running comes up again after such an end. */
export function comesBack(policy: RestartPolicy, cause: Exit['cause']): boolean {
  if (cause === 'poweroff') return policy === 'always';
  return failures.has(cause) ? policy !== 'never' : true;
}

function counts(exit: Exit): boolean {
  if (failures.has(exit.cause)) return true;
  if (innocent.has(exit.cause) || exit.ranSince === null) return false;
  return Date.parse(exit.at) - Date.parse(exit.ranSince) < shortRunMs;
}

/** What weighs against the container, and when it is due again; null while nothing does. */
export function restartsOf(record: Facts, rules: RestartRules, nowMs: number): Restarts | null {
  const recent = record.exits.slice(0, record.weighing).filter((exit) => nowMs - Date.parse(exit.at) < rules.windowMs);
  const [last] = recent;
  const counted = recent.filter(counts).length;
  if (last === undefined || counted === 0) return null;
  const about = { counted, limit: rules.most, windowMs: rules.windowMs };
  if (!counts(last) || !comesBack(record.restartPolicy, last.cause)) return { ...about, nextAt: null, gaveUp: false };
  if (counted > rules.most) return { ...about, nextAt: null, gaveUp: true };
  const delayMs = Math.min(rules.longestDelayMs, rules.firstDelayMs * 2 ** (counted - 1));
  // Should the host's clock have been set back, nobody waits for longer than the delay.
  const nextMs = Math.min(Date.parse(last.at), nowMs) + delayMs;
  return { ...about, nextAt: new Date(nextMs).toISOString(), gaveUp: false };
}

/** In how many milliseconds a container that is down and wanted running is to be started; null: not by itself. */
export function dueInMs(record: Facts, rules: RestartRules, nowMs: number): number | null {
  const last = record.exits.slice(0, record.weighing)[0];
  if (last === undefined) return 0;
  if (!comesBack(record.restartPolicy, last.cause)) return null;
  const restarts = restartsOf(record, rules, nowMs);
  if (restarts?.gaveUp === true) return null;
  return restarts?.nextAt == null ? 0 : Math.max(0, Date.parse(restarts.nextAt) - nowMs);
}

/** One alarm a container; a later one takes the place of the earlier. They keep no process alive. */
export class Alarms {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  set(containerId: string, inMs: number, ring: () => void): void {
    this.clear(containerId);
    const timer = setTimeout(() => {
      this.#timers.delete(containerId);
      ring();
    }, inMs);
    timer.unref();
    this.#timers.set(containerId, timer);
  }

  clear(containerId: string): void {
    clearTimeout(this.#timers.get(containerId));
    this.#timers.delete(containerId);
  }
}
