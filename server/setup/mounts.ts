import { mkdir, stat } from 'node:fs/promises';
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
  if ((await mountsBelow(paths.app)).includes(paths.app)) {
    if (await isSame(paths.app, repoDir)) return;
    // Processes of the tree before keep it until they end.
    await run('umount', ['--lazy', '--', paths.app]);
  }
  await run('mount', ['--bind', '--', repoDir, paths.app]);
  await run('mount', ['-o', 'remount,bind,ro,nosuid,nodev', '--', paths.app]);
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a), stat(b)]);
  return one.dev === other.dev && one.ino === other.ino;
}
