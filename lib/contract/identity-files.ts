/**
 * Files that say who a system is and who may log in. Putting back what the template has must not take users, passwords, host name
 * and ssh keys away: of a folder that is recovered these stay as they are, of "all system files" too; each comes back only by its own
 * name. Paths are absolute, one character (0–255) for each byte.
 */
const named = new Set(
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
/** What lets people in besides: the ssh server's settings. Naming the folder, or what is in it, names them. */
const server = '/etc/ssh';
/** Keys: the server's own, and what users have in their .ssh. */
const keys = /^\/etc\/ssh\/ssh_host_|\/\.ssh(\/|$)/;

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Whether a recovery of `folder` leaves `path`, which lies in it or is it, as it is. */
export function leftAlone(path: string, folder: string): boolean {
  if (named.has(path) || keys.test(path)) return path !== folder;
  return within(path, server) && !within(folder, server);
}

/** Whether recovering this very path changes who the system is or who may log in. */
export const identityFile = (path: string): boolean => leftAlone(path, '/');
