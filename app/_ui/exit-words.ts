import type { Container } from '#lib/contract/containers.ts';
import type { Exit, RestartPolicy, Restarts } from '#lib/contract/restarts.ts';
import { type Text, t } from '#lib/language/text.ts';
import { duration } from './format.ts';

type Cause = Exit['cause'];

/** Why it ended, in a few words. */
export const exitWords = {
  stopped: 'Stopped from the panel',
  killed: 'Killed from the panel',
  poweroff: 'Shut down from inside',
  reboot: 'Rebooted from inside',
  crash: 'Its first process crashed',
  oom: 'Ran out of memory',
  host: 'Its server went down',
  unseen: 'Ended for an unknown reason',
} as const satisfies Record<Cause, string>;

/** The same within a sentence, for those that have no more to say. */
const sentences = {
  stopped: 'stopped from the panel',
  killed: 'killed from the panel',
  poweroff: 'shut down from inside',
  reboot: 'rebooted from inside',
  host: 'its server went down',
} as const satisfies Partial<Record<Cause, string>>;

const signals: Record<number, Text> = {
  4: 'illegal instruction',
  6: 'it gave up by itself',
  7: 'bus error',
  8: 'arithmetic error',
  9: 'killed from outside',
  11: 'memory fault',
  15: 'told to end',
};

/** `code 3`, or `signal 11, memory fault`: what the status of a first process says. */
export function statusWords(status: number): string {
  if (status <= 128) return t('code {status}', { status });
  const signal = status - 128;
  const meaning = signals[signal];
  if (meaning === undefined) return t('signal {signal}', { signal });
  return t('signal {signal}, {meaning}', { signal, meaning: t(meaning) });
}

/** A whole sentence without its full stop: what happened. */
export function exitSentence(exit: Pick<Exit, 'cause' | 'status'>): string {
  switch (exit.cause) {
    case 'oom':
      return t('the kernel ended its first process because memory ran out');
    case 'crash':
      return t('its first process ended by itself ({status})', { status: statusWords(exit.status) });
    case 'unseen':
      return t('it ended, and nobody saw how');
    default:
      return t(sentences[exit.cause]);
  }
}

/** The same where a line begins with it. */
export function exitLine(exit: Pick<Exit, 'cause' | 'status'>): string {
  const text = exitSentence(exit);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Ends that a reader should hear of before anything else. */
export const alarming: ReadonlySet<Cause> = new Set(['crash', 'oom', 'host', 'unseen']);

/** What a person can do about it. */
export function exitAdvice(cause: Cause): string {
  switch (cause) {
    case 'oom':
      return t('Let its programs use less memory, or ask for a plan with more.');
    case 'host':
      return t('It was not stopped by anything inside it; its files are as they were.');
    default:
      return t('Its files are as they were. If it does not stay up, look at Fix it.');
  }
}

/** What its server does about a container that ended by itself, or why nothing. */
export function comebackWords(container: Pick<Container, 'restarts' | 'restartPolicy'>): string {
  const { restarts, restartPolicy } = container;
  if (restarts?.gaveUp === true) return gaveUpWords(restarts);
  if (restarts?.nextAt != null) {
    const { counted, limit } = restarts;
    return t('Its server starts it again by itself (try {counted} of {limit}).', { counted, limit });
  }
  if (restartPolicy === 'never') return t('It stays down, as its restart policy says. Start it when you are ready.');
  return t('Start it again first.');
}

function gaveUpWords({ counted, windowMs }: Restarts): string {
  return t(
    'It ended {counted} times within {time}, so its server no longer starts it by itself. Start it when what is wrong is mended.',
    { counted, time: duration(windowMs) },
  );
}

export const policyWords = {
  never: { label: 'Leave it down', hint: 'It stays down until somebody starts it. A reboot from inside still works.' },
  'on-failure': {
    label: 'Start it again after a failure',
    hint: 'After a crash, or when memory ran out. When it is shut down from inside, it stays down.',
  },
  always: { label: 'Always start it again', hint: 'Also when it is shut down from inside.' },
} as const satisfies Record<RestartPolicy, { label: string; hint: string }>;
