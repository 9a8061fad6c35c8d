import { existsSync } from 'node:fs';
import { defaultStateDir, readConfig, statePaths } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { confirmPurge, purgeSteps } from '#server/setup/purge.ts';
import { servicesOf } from '#server/setup/services.ts';
import { runSteps } from '#server/setup/steps.ts';

/** Stops portal and agent; containers keep running. With `purge` nothing of the installation is left on this machine. */
export async function down(options: { purge?: boolean; name?: string }): Promise<void> {
  const stateDir = defaultStateDir();
  if (!existsSync(statePaths(stateDir).config)) {
    console.log(`There is no installation at ${stateDir}.`);
    return;
  }
  const context = setupContext(readConfig(stateDir), stateDir);
  if (options.purge !== true) {
    await servicesOf(context).shutDown();
    console.log('Stopped. Containers keep running; "./berth up" starts the portal and the agent again.');
    return;
  }
  await confirmPurge(context, options.name);
  await runSteps(purgeSteps, context, console.log);
  const database = context.externalDatabaseUrl === undefined ? '' : ' The database on its own server was left alone.';
  console.log(`Nothing of the installation "${context.config.name}" is left.${database}`);
}
