import { repoDir } from '#server/setup/context.ts';
import { thisTree } from '#server/setup/release.ts';
import { versionWords } from '#server/setup/versions.ts';

/** Prints the version of this checkout, whether it is installed or not. */
export async function version(): Promise<void> {
  console.log(versionWords(await thisTree({ repoDir })));
}
