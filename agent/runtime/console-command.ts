import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { ConsoleCommand } from '../parts.ts';
import { makeDirectory } from '../sys/files.ts';
import { signalExactly } from '../sys/pidfd.ts';
import { execArgs, isElsewhere } from './exec.ts';
import { isAlive, markProcess } from './process.ts';
import type { Runc } from './runc.ts';

/** Constant: the login shell the template has, at home if there is one. Nothing of a tenant's is ever part of it. */
const loginShell = 'cd 2>/dev/null; if [ -x /bin/bash ]; then exec /bin/bash -l; fi; exec /bin/sh -l';

/** What runs on a console's terminal: the runtime, copying between it and a second terminal inside the container. */
export function consoleCommand(runc: Runc, directory: string, containerId: string): ConsoleCommand {
  makeDirectory('RUNTIME:EXEC-DIRECTORY', directory);
  const pidFile = join(directory, `${randomUUID()}.pid`);
  const args = execArgs(pidFile, { terminal: true });
  return {
    argv: runc.argv(...args, containerId, '/bin/sh', '-c', loginShell),
    pidFile,
    shell() {
      const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) : 0;
      const mark = pid > 1 ? markProcess(pid) : null;
      if (mark === null || isElsewhere(pid, containerId)) return null;
      const alive = () => isAlive(mark);
      return { isAlive: alive, kill: () => void signalExactly('CONSOLE:KILL', pid, constants.signals.SIGKILL, alive) };
    },
  };
}
