import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { ensureRecoveryKey } from '#server/panel/key.ts';
import { repoDir, setupContext } from '#server/setup/context.ts';
import { readRelease, thisTree } from '#server/setup/release.ts';
import { versionWords } from '#server/setup/versions.ts';
import { upgradeInstallation } from '#server/upgrade/upgrade.ts';
import { tellRecoveryKey } from './panel.ts';

/** Makes the installation run from this checkout, or leaves it as it was. */
export async function upgrade(): Promise<void> {
  const stateDir = defaultStateDir();
  const context = setupContext(readConfig(stateDir), stateDir);
  const recoveryKey = await ensureRecoveryKey(context);
  if (recoveryKey !== undefined) tellRecoveryKey(recoveryKey);
  const present = readRelease(stateDir);
  if (present?.repoDir === repoDir) {
    console.log(
      'The installation runs from this very directory: what fails cannot go back by itself. docs/operating.md says how.',
    );
  }
  await upgradeInstallation(context, (line) => console.log(line));
  console.log(`\nBerth is version ${versionWords(await thisTree(context))}, run from ${repoDir}.`);
}
