/**
 * What belongs to the system and not to the people who use it, by the Filesystem Hierarchy Standard. Of /etc: not who the system
 * is and who may log in.
 */
export const systemFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/usr', '/etc', '/boot'];
const others = ['/usr/local', '/usr/src', '/etc/ssh'];
const identity = new Set(
  [
    'passwd',
    'group',
    'shadow',
    'gshadow',
    'subuid',
    'subgid',
    'hostname',
    'hosts',
    'machine-id',
    'resolv.conf',
    'fstab',
  ]
    .flatMap((name) => [name, `${name}-`])
    .map((name) => `/etc/${name}`),
);

export function systemFile(path: Buffer): boolean {
  const text = path.toString('latin1');
  const within = (folder: string) => text === folder || text.startsWith(`${folder}/`);
  return systemFolders.some(within) && !others.some(within) && !identity.has(text);
}
