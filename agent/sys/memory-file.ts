/** Files that exist in memory alone: how a program is handed a secret that neither arguments nor environment may show. */
import { closeSync, writeSync } from 'node:fs';
import { effectSync } from './fault.ts';
import { raw } from './kernel.ts';

const MFD_CLOEXEC = 1;
const memfdCreate = raw.bind('int memfd_create(str name, uint flags)');

/**
 * Runs `work` with the path of a file that holds `content` and goes when `work` ends, or with this process. Only root of this
 * host can open it, through this process's descriptors; no child inherits it.
 */
export async function withMemoryFile<T>(
  label: string,
  content: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const fd = effectSync(label, () => raw.check('memfd_create', memfdCreate('berth', MFD_CLOEXEC)));
  try {
    writeSync(fd, content);
    return await work(`/proc/${process.pid}/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}
