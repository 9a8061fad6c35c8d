import type { Exit } from '#lib/contract/restarts.ts';
import type { ExitWord } from '../adapters.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord } from '../store/containers.ts';

/**
 * What an exit status says when nobody asked for the end: the kernel's answer to reboot(2) in a PID namespace is death by
 * SIGHUP (129) for a restart and by SIGINT (130) for a halt or power-off. An init that returns 0 has shut down in its way.
 */
export function causeOf(exit: Pick<ExitWord, 'status' | 'oom' | 'killed'>): Exit['cause'] {
  if (exit.oom) return 'oom';
  if (exit.killed) return 'killed';
  if (exit.status === null) return 'unseen';
  if (exit.status === 129) return 'reboot';
  return exit.status === 130 || exit.status === 0 ? 'poweroff' : 'crash';
}

/** The exit of a run that is over and has not been written down yet. */
export function unnotedExit(core: Core, record: ContainerRecord): ExitWord | null {
  const state = core.adapters.runtime.state(record.id);
  if (state.running || state.exit === null || isNoted(record, state.exit)) return null;
  return state.exit;
}

const isNoted = (record: ContainerRecord, exit: ExitWord) => record.exits[0]?.at === exit.at.toISOString();

/** Writes down how the last run ended, once; `asked` when it was we who ended it. Returns what was written. */
export function noteExit(core: Core, containerId: string, asked?: 'stopped' | 'killed' | 'host'): Exit | null {
  const record = core.store.containers.find(containerId);
  if (record?.state !== 'present') return null;
  const word = core.adapters.runtime.state(containerId).exit;
  const exit = unnotedExit(core, record);
  if (exit === null && (asked === undefined || (word !== null && isNoted(record, word)))) return null;
  const noted: Exit = {
    cause: asked ?? (exit === null ? 'unseen' : causeOf(exit)),
    status: exit?.status ?? 0,
    at: (exit?.at ?? new Date()).toISOString(),
    ranSince: exit?.ranSince?.toISOString() ?? null,
  };
  core.store.write('STORE:EXIT', () => core.store.containers.addExit(containerId, noted));
  return noted;
}
