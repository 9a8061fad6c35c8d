import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import type { DemoName } from '#server/setup/demo-names.ts';
import { demoToken } from '#server/setup/seed.ts';

/** Prints a bearer token, and nothing else, for use in scripts. */
export async function token(who: DemoName): Promise<void> {
  const stateDir = defaultStateDir();
  console.log(await demoToken(setupContext(readConfig(stateDir), stateDir), who));
}
