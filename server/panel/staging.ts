import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A new directory, root's alone, for what a backup is made of or was opened into: every secret of the installation, in plain. Those of
 * processes that were killed over theirs are removed first.
 */
export async function stagingDirectory(parent: string, prefix: 'panel-' | '.panel-'): Promise<string> {
  for (const name of await readdir(parent)) {
    const [, pid] = /^\.?panel-(\d+)-\w{6}$/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      await rm(join(parent, name), { recursive: true, force: true });
  }
  return await mkdtemp(join(parent, `${prefix}${process.pid}-`));
}
