/** Point-in-time copies: freeze, reflink, thaw. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { faultEnvironment } from '#agent/sys/fault.ts';
import { remove, rename } from '#agent/sys/files.ts';
import { cloneFile, KernelError, thaw } from '#agent/sys/kernel.ts';
import { start } from '#agent/sys/process.ts';
import { copySparse, syncFile } from '#agent/sys/tree.ts';
import { BerthError } from '#lib/contract/errors.ts';

/** Among the sources, or beside the bundle. */
const helperPath = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../sys/freeze-helper.ts' : './freeze-helper.mjs', import.meta.url),
);

const noReflinks = (error: unknown) =>
  error instanceof KernelError && ['EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOTTY'].includes(error.code);

/**
 * Copies the image of a mounted volume at one instant. Returns how long its writers stood still. A copy that outlasted the
 * helper's two seconds is thrown away (`timeout`): it might hold two instants.
 */
export async function cloneFrozen(mountPoint: string, image: string, target: string): Promise<number> {
  const temporary = `${target}.new`;
  const helper = start('SNAPSHOT:FREEZE', [process.execPath, helperPath, mountPoint, image], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: faultEnvironment,
  });
  const { stdin, stdout, stderr } = helper;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the freeze helper has no pipes');
  stdin.on('error', () => {}); // it ended first; its last line tells how
  let said = '';
  let complaint = '';
  stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const closed = new Promise<void>((resolve, reject) => {
    helper.on('error', reject);
    helper.on('close', () => resolve());
  });
  const frozen = new Promise<void>((resolve) => {
    stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('frozen\n')) resolve();
    });
  });
  await Promise.race([frozen, closed]);
  try {
    if (!said.includes('frozen\n')) throw new Error(`the freeze helper failed: ${complaint.trim().slice(-2000)}`);
    await cloneFile('SNAPSHOT:CLONE', image, temporary);
  } catch (error) {
    remove('SNAPSHOT:DISCARD', temporary);
    if (noReflinks(error)) {
      throw new BerthError(
        'state',
        'The pool cannot copy the disk of a running container: its file system has no reflinks.',
        {
          cause: error,
          remedy: 'Stop the container first, or move the pool to XFS or btrfs.',
        },
      );
    }
    throw error;
  } finally {
    stdin.end();
    await closed;
    if (!said.includes('thawed')) thaw('VOLUME:THAW', mountPoint); // the helper may have been killed before it could
  }
  const thawed = /thawed ([\d.]+)\n/.exec(said)?.[1];
  if (thawed === undefined) {
    remove('SNAPSHOT:DISCARD', temporary);
    throw new BerthError('timeout', 'Copying the disk took longer than writes may stand still.', { inside: said });
  }
  rename('SNAPSHOT:COMMIT', temporary, target);
  return Number(thawed);
}

/** Copies the image of a volume that is not mounted: a reflink, or all of its data where there are none. */
export async function cloneUnmounted(image: string, target: string): Promise<void> {
  const temporary = `${target}.new`;
  try {
    await cloneFile('SNAPSHOT:CLONE', image, temporary);
  } catch (error) {
    if (!noReflinks(error)) throw error;
    await copySparse('SNAPSHOT:COPY', image, temporary);
  }
  rename('SNAPSHOT:COMMIT', temporary, target);
}

/** The other way: a volume's image from a snapshot's. On disk before it has its name, for it may soon be all there is. */
export async function cloneVolume(snapshot: string, image: string): Promise<void> {
  const temporary = `${image}.new`;
  try {
    await cloneFile('VOLUME:CLONE', snapshot, temporary);
  } catch (error) {
    if (!noReflinks(error)) throw error;
    await copySparse('VOLUME:COPY', snapshot, temporary);
  }
  await syncFile('VOLUME:SYNC', temporary);
  rename('VOLUME:COMMIT', temporary, image);
}

/** Bytes really allocated to a file. */
export function allocated(path: string): number {
  return statSync(path).blocks * 512;
}
