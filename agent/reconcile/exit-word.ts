import type { ExitWord } from '../adapters.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord, LastExit } from '../store/containers.ts';

/**
 * What an exit status says when nobody asked for the end: the kernel's answer to reboot(2) in a PID namespace is death by
 * SIGHUP (129) for a restart and by SIGINT (130) for a halt or power-off; 137 is SIGKILL, by the kernel when memory ran out.
 */
export function causeOf(exit: ExitWord): LastExit['cause'] {
  if (exit.oom) return 'oom';
  if (exit.status === 129) return 'reboot';
  if (exit.status === 130) return 'poweroff';
  return exit.status === 137 ? 'killed' : 'crash';
}

/** The exit of a run that is over and has not been written down yet. */
export function unnotedExit(core: Core, record: ContainerRecord): ExitWord | null {
  const state = core.adapters.runtime.state(record.id);
  if (state.running || state.exit === null) return null;
  return record.lastExit?.at === state.exit.at.toISOString() ? null : state.exit;
}

/** Writes down how the last run ended, once; `asked` when it was we who ended it. */
export function noteExit(core: Core, containerId: string, asked?: 'stopped' | 'killed' | 'host'): void {
  const record = core.store.containers.find(containerId);
  if (record?.state !== 'present') return;
  const exit = unnotedExit(core, record);
  if (exit === null && asked === undefined) return;
  core.store.write('STORE:EXIT', () =>
    core.store.containers.setLastExit(containerId, {
      cause: asked ?? (exit === null ? 'crash' : causeOf(exit)),
      status: exit?.status ?? 0,
      at: (exit?.at ?? new Date()).toISOString(),
    }),
  );
}
