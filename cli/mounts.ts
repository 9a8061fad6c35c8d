import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { raiseLimits } from '#server/setup/limits.ts';
import { ensureMounts } from '#server/setup/mounts.ts';

/** After a reboot, before the services: limits and mounts. */
export async function mounts(): Promise<void> {
  const context = setupContext(readConfig(defaultStateDir()));
  await raiseLimits(context.stateDir);
  await ensureMounts(context);
}
