import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { readMaster } from '#server/setup/secrets.ts';

/** The password that opens every repository of this installation besides its own. For a safe place elsewhere. */
export async function recoveryKey(): Promise<void> {
  const stateDir = defaultStateDir();
  const master = await readMaster(setupContext(readConfig(stateDir), stateDir));
  console.log(master.recoveryPassword);
}
