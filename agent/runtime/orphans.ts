import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signal } from '../sys/process.ts';
import { readPidFile } from './exec.ts';

const readOrNothing = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
};

/** Processes that this one has started, by any of its threads. */
function childrenOf(pid: string): number[] {
  const threads = existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`) : [];
  return threads.flatMap((thread) =>
    readOrNothing(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/**
 * Ends commands and consoles that a dead agent had started in containers: nobody keeps their time any more or hears what they
 * say. `directory` holds their pid files; a process counts only while it is in the control group of one of `containerIds`, for its
 * id may be somebody else's by now.
 */
export function endOrphans(directory: string, containerIds: readonly string[]): void {
  const programs = new Set<number>();
  const runtimes = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && readOrNothing(`/proc/${pid}/cmdline`).includes(`--pid-file\0${directory}/`),
  );
  for (const pid of runtimes) {
    for (const child of childrenOf(pid)) programs.add(child);
    signal('RUNTIME:EXEC-KILL', Number(pid), 'SIGKILL'); // before its program, or it could still be starting one
  }
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const pid = readPidFile(join(directory, name));
    if (pid !== null) programs.add(pid);
  }
  for (const pid of programs) {
    const group = readOrNothing(`/proc/${pid}/cgroup`);
    if (!containerIds.some((id) => group.includes(`/${id}/`))) continue;
    if (!signal('RUNTIME:EXEC-KILL', -pid, 'SIGKILL')) signal('RUNTIME:EXEC-KILL', pid, 'SIGKILL');
  }
}
