import { identityFile } from '#lib/contract/identity-files.ts';

/**
 * What belongs to the system and not to the people who use it, by the Filesystem Hierarchy Standard. Of /etc: not who the system
 * is and who may log in.
 */
export const systemFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/usr', '/etc', '/boot'];
const others = ['/usr/local', '/usr/src'];

export function systemFile(path: Buffer): boolean {
  const text = path.toString('latin1');
  const within = (folder: string) => text === folder || text.startsWith(`${folder}/`);
  return systemFolders.some(within) && !others.some(within) && !identityFile(text);
}
