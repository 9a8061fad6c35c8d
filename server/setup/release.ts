import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { contractVersion } from '#lib/contract/agent.ts';
import type { SetupContext } from './context.ts';
import { writeFileDurably } from './files.ts';
import { commitOf, productVersion } from './versions.ts';

/** `commit`: where it is a repository. */
const Tree = z.object({
  repoDir: z.string(),
  version: z.string(),
  commit: z.string().optional(),
  contract: z.int(),
});
export type Tree = z.infer<typeof Tree>;
const Release = Tree.extend({
  /** Set while an upgrade is under way: what it goes back to. */
  from: Tree.optional(),
});
export type Release = z.infer<typeof Release>;

const fileOf = (stateDir: string) => join(stateDir, 'release.json');

/** From which checkout an installation's processes are started; undefined before its first `up` has finished. */
export function readRelease(stateDir: string): Release | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(stateDir), 'utf8');
  } catch {
    return undefined;
  }
  return Release.parse(JSON.parse(text));
}

export async function writeRelease(stateDir: string, release: Release): Promise<void> {
  await writeFileDurably(fileOf(stateDir), `${JSON.stringify(release, null, 2)}\n`, { mode: 0o644 });
}

/** The checkout that this code is of. */
export async function thisTree({ repoDir }: Pick<SetupContext, 'repoDir'>): Promise<Tree> {
  const [version, commit] = [await productVersion(repoDir), await commitOf(repoDir)];
  return { repoDir, version, ...(commit === undefined ? {} : { commit }), contract: contractVersion };
}

/** Throws unless the installation is run from this checkout, or is on its way from it to another. */
export function refuseOtherTree({ repoDir, stateDir }: Pick<SetupContext, 'repoDir' | 'stateDir'>): void {
  const release = readRelease(stateDir);
  if (release === undefined || release.repoDir === repoDir || release.from?.repoDir === repoDir) return;
  throw new Error(
    `This installation is version ${release.version}, run from ${release.repoDir}. To run it from here: ./berth upgrade`,
  );
}
