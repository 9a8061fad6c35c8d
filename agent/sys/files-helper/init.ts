import * as fs from 'node:fs';
import type { InitKind } from '#lib/contract/transfers.ts';
import { isErrno, Refusal } from './refusal.ts';

const known = 'A container needs systemd, busybox init or sysvinit as /sbin/init.';

/** Which init the system in this tree has, by what /sbin/init leads to. Throws when a container could not be started with it. */
export function initOf(): InitKind {
  const path = where('/sbin/init');
  if (path === null) throw new Refusal('invalid', `There is no /sbin/init in the archive. ${known}`);
  const stat = fs.statSync(path);
  if (!stat.isFile() || (stat.mode & 0o111) === 0) {
    throw new Refusal('invalid', `What /sbin/init leads to in the archive is no program. ${known}`);
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'systemd') return 'systemd';
  if (name === 'busybox' || name.startsWith('busybox.')) return 'busybox';
  const telinit = where('/sbin/telinit') ?? where('/usr/sbin/telinit');
  if (name === 'init' && telinit !== null && fs.lstatSync('/etc/inittab', { throwIfNoEntry: false })?.isFile()) {
    return 'sysvinit';
  }
  throw new Refusal(
    'invalid',
    `The archive has an init that we do not know (${JSON.stringify(name.slice(0, 40))}). ${known}`,
  );
}

/** Where a path leads, within this tree; null when it leads nowhere. */
function where(path: string): string | null {
  try {
    return fs.realpathSync.native(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return null;
    throw error;
  }
}
