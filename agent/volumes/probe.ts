/** What a pool really can do, by trying: what a file system is called, and how it was mounted, says nothing certain. */
import { existsSync, readdirSync } from 'node:fs';
import { makeDirectory, remove, writeDurably } from '#agent/sys/files.ts';
import { cloneFile } from '#agent/sys/kernel.ts';
import { CommandError, run } from '#agent/sys/process.ts';
import { limitProject, projectOf, quotaOf, setProject } from '#agent/sys/quota.ts';
import { freeProject } from './plan.ts';

export type QuotaProbe = {
  /** Why limits of projects do not hold here; null when they do. */
  fault: string | null;
  reflinks: boolean;
};

/** The kernel lets the host's root pass the limits of ext4: whoever has CAP_SYS_RESOURCE. Containers have not. */
const asContainer = ['setpriv', '--inh-caps=-all', '--bounding-set=-sys_resource', '--'];
const limitBytes = 64 * 1024;

/** Gives a directory a limit and tries to go beyond it. Leaves nothing behind. */
export async function enforcesProjectQuota(folder: string): Promise<QuotaProbe> {
  const path = `${folder}/.probe-quota`;
  let project = 0;
  let reflinks = false;
  remove('POOL:PROBE', path);
  try {
    project = freeProject(readdirSync(folder).map((name) => projectOf(`${folder}/${name}`)));
    makeDirectory('POOL:PROBE', path);
    setProject('POOL:PROBE', path, project);
    limitProject('POOL:PROBE', folder, project, { bytes: limitBytes, inodes: 100 });
    const data = `${path}/data`;
    const argv = ['dd', 'if=/dev/zero', `of=${data}`, 'bs=4k', 'count=64', 'conv=fsync', 'status=none'];
    const refusal = await run('POOL:PROBE', [...asContainer, ...argv], { env: { LC_ALL: 'C' } }).then(
      () => 'a project wrote more than its limit',
      (error: unknown) => (error instanceof CommandError ? error.stderr : String(error)),
    );
    if (!/Disk quota exceeded|No space left/.test(refusal)) return { fault: refusal.trim(), reflinks };
    if (quotaOf(folder, project).bytes > limitBytes) return { fault: 'a project holds more than its limit', reflinks };
    remove('POOL:PROBE', data);
    reflinks = await canShare(path);
    return { fault: null, reflinks };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error), reflinks };
  } finally {
    if (existsSync(path)) remove('POOL:PROBE-END', path);
    if (project !== 0) lift(folder, project);
  }
}

async function canShare(path: string): Promise<boolean> {
  try {
    writeDurably('POOL:PROBE', `${path}/share`, Buffer.alloc(4096, 1));
    await cloneFile('POOL:PROBE', `${path}/share`, `${path}/shared`);
    return true;
  } catch {
    return false;
  }
}

function lift(folder: string, project: number): void {
  try {
    limitProject('POOL:PROBE-END', folder, project, { bytes: 0, inodes: 0 });
  } catch {
    // there are no quotas here
  }
}
