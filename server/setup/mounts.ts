import { mkdir } from 'node:fs/promises';
import type { SetupContext } from './context.ts';
import { mountPool, mountsBelow } from './pool.ts';
import { run } from './run.ts';

/**
 * What must be mounted before our processes start, also after a reboot: the pool, and the checkout where the portal's
 * users can reach it. Idempotent.
 */
export async function ensureMounts({ paths, repoDir }: SetupContext): Promise<void> {
  await mountPool(paths);
  await mkdir(paths.app, { recursive: true });
  if ((await mountsBelow(paths.app)).includes(paths.app)) return;
  await run('mount', ['--bind', '--', repoDir, paths.app]);
  await run('mount', ['-o', 'remount,bind,ro,nosuid,nodev', '--', paths.app]);
}
