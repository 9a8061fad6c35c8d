import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SetupContext } from '../context.ts';
import { tryRun } from '../run.ts';
import { type Check, fine, wrong } from './check.ts';

const about = {
  id: 'own-figures',
  why: 'Without lxcfs containers run, but see the memory, processors and uptime of this host instead of their own.',
};

/**
 * Whether containers see their own figures: lxcfs is installed, the kernel has FUSE, and the agent's lxcfs answers. One that died
 * is replaced by the agent at the next start of a container; those that ran before have to be restarted.
 */
export function figures({ paths }: SetupContext): Promise<Check> {
  return inspectFigures(paths.agentDir);
}

export async function inspectFigures(agentDir: string, program = '/usr/bin/lxcfs'): Promise<Check> {
  if (!existsSync(program)) return wrong(about, 'lxcfs is missing', 'Run "./berth up": it installs the packages.');
  if (!existsSync('/dev/fuse'))
    return wrong(about, 'there is no /dev/fuse', 'The kernel must have FUSE (module fuse).');
  const mountPoint = join(agentDir, 'lxcfs');
  const mounted = (await readFile('/proc/self/mountinfo', 'utf8')).includes(` ${mountPoint} `);
  if (!mounted) return wrong(about, 'lxcfs does not run', 'Restart the agent; it starts one.');
  const said = await tryRun('cat', ['--', join(mountPoint, 'proc/uptime')], { timeoutMs: 3000 }).catch(() => undefined);
  if (said?.code === 0) return fine(about, 'lxcfs answers');
  const mend =
    'Start or restart a container: that replaces it. Restart those that ran before, for they get errors from /proc.';
  return wrong(about, 'lxcfs died or hangs', mend);
}
