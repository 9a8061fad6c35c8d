import { lstatSync, realpathSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/berth-error.ts';

type Directory = Pick<BackupLocation & { kind: 'directory' }, 'path'>;

/** Where things lie in a location. The names are a format: what is written today must be found in years. */
export type Places = {
  layers: string;
  tenants: string;
  repository: string;
  /** Copies of what a repository cannot be opened without: one damaged byte in any key file, and restic refuses all of it. */
  keyCopies: string;
};

export function placesOf(location: Directory, tenantId: string): Places {
  const tenants = join(location.path, 'tenants');
  return {
    layers: join(location.path, 'layers'),
    tenants,
    repository: join(tenants, tenantId),
    keyCopies: join(tenants, `${tenantId}.keys`),
  };
}

export function layerPath(location: Directory, digest: string): string {
  return join(location.path, 'layers', `${digest.replace('sha256:', '')}.erofs`);
}

function lstatOrNothing(path: string) {
  try {
    return lstatSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const refusal = (why: string) => new BerthError('invalid', `The backup location cannot be used: ${why}.`);
const plainRoot = (backupRoot: string) => normalize(backupRoot).replace(/\/$/, '');

/** Refuses (`invalid`) a path that is not written plainly or does not lie below `backupRoot`; looks at the words alone. */
export function checkPath({ path }: Directory, backupRoot: string): void {
  const root = plainRoot(backupRoot);
  if (normalize(path).replace(/\/$/, '') !== path) throw refusal('its path is not in plain form');
  if (path !== root && !path.startsWith(`${root}/`))
    throw refusal('it does not lie in the directory this server keeps backups in');
}

/**
 * Refuses (`invalid`) a location outside `backupRoot`: beside {@link checkPath}, no directory of it below the root may be a symbolic link. The root
 * itself may be one, it is the operator's.
 */
export function checkLocation(location: Directory, backupRoot: string): void {
  checkPath(location, backupRoot);
  const root = plainRoot(backupRoot);
  let path = realpathSync(root);
  for (const name of relative(root, location.path).split('/').filter(Boolean)) {
    path = join(path, name);
    const found = lstatOrNothing(path);
    if (found === undefined) return;
    if (!found.isDirectory()) throw refusal('part of its path is not a directory');
  }
}
