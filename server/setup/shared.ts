import { rm } from 'node:fs/promises';
import { otherInstallations } from './limits.ts';

/**
 * What the launcher and the engine leave outside of any state directory, for all installations of a machine. A cache that BERTH_CACHE names
 * is whoever's that named it.
 */
const sharedFiles = () => [
  '/etc/postgresql-common/createcluster.d/berth.conf',
  ...(process.env.BERTH_CACHE ? [] : ['/var/cache/berth']),
];

/**
 * Removes it unless another installation of this machine lives. One that has not been started since the machine was is not known, and gets
 * what it needs anew.
 */
export async function removeSharedFiles(
  stateDir: string,
  place: { record?: string; files?: readonly string[] } = {},
): Promise<void> {
  const { record, files = sharedFiles() } = place;
  if ((await otherInstallations(stateDir, record)).length > 0) return;
  for (const file of files) await rm(file, { recursive: true, force: true });
}
