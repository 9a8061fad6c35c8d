import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectory } from '../sys/files.ts';
import { execArgs } from './exec.ts';
import type { Runc } from './runc.ts';

/** Constant: the login shell the template has, at home if there is one. Nothing of a tenant's is ever part of it. */
const loginShell = 'cd 2>/dev/null; if [ -x /bin/bash ]; then exec /bin/bash -l; fi; exec /bin/sh -l';

/** What runs on a console's terminal: the runtime, copying between it and a second terminal inside the container. */
export function consoleCommand(runc: Runc, directory: string, containerId: string) {
  makeDirectory('RUNTIME:EXEC-DIRECTORY', directory);
  const pidFile = join(directory, `${randomUUID()}.pid`);
  const args = execArgs(pidFile, { terminal: true });
  return { argv: runc.argv(...args, containerId, '/bin/sh', '-c', loginShell), pidFile };
}
