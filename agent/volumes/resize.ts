/** Growing and shrinking a volume's image. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { remove, rename } from '#agent/sys/files.ts';
import { cloneFile, KernelError } from '#agent/sys/kernel.ts';
import { refreshLoopSize } from '#agent/sys/loop.ts';
import { CommandError, run } from '#agent/sys/process.ts';
import { copySparse, syncFile, truncate } from '#agent/sys/tree.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { allocated } from './snapshot.ts';

/**
 * Grows a mounted volume where the kernel lets us (CAP_SYS_RESOURCE); false when it has to wait until it is not mounted.
 * Shrinking always has to wait.
 */
export async function resizeMounted(
  image: string,
  device: string,
  mountPoint: string,
  bytes: number,
): Promise<boolean> {
  const present = statSync(image).size;
  if (bytes < present) return false;
  if (bytes > present) truncate('VOLUME:GROW', image, bytes);
  refreshLoopSize('VOLUME:GROW-DEVICE', device);
  try {
    await run('VOLUME:RESIZE', ['resize2fs', device], { cwd: mountPoint });
    return true;
  } catch (error) {
    // A larger image below an unchanged file system is harmless; the next resize while unmounted finishes it.
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/**
 * Resizes on a copy that replaces the image at the end, so that a crash leaves the old volume whole. Refuses (`no_space`) to
 * shrink below what is used, and where there are no reflinks to take more of the pool for the copy than leaves `reserveBytes` free.
 */
export async function resizeUnmounted(image: string, bytes: number, reserveBytes: number): Promise<void> {
  const copy = `${image}.resize`;
  if (existsSync(copy)) remove('VOLUME:RESIZE-DISCARD', copy);
  try {
    await cloneFile('VOLUME:RESIZE-COPY', image, copy).catch(async (error: unknown) => {
      if (!(error instanceof KernelError)) throw error;
      refuseToFill(image, reserveBytes);
      await copySparse('VOLUME:RESIZE-COPY', image, copy);
    });
    if (bytes > statSync(copy).size) truncate('VOLUME:GROW', copy, bytes);
    // 1: mistakes found and corrected
    await run('VOLUME:CHECK', ['e2fsck', '-f', '-p', copy], { okCodes: [0, 1], timeoutMs: 3_600_000 });
    await run('VOLUME:RESIZE', ['resize2fs', copy, `${bytes / 1024}K`], { timeoutMs: 3_600_000 }).catch(inWords);
    if (bytes < statSync(copy).size) truncate('VOLUME:SHRINK', copy, bytes);
    await syncFile('VOLUME:SYNC', copy);
  } catch (error) {
    remove('VOLUME:RESIZE-DISCARD', copy);
    throw error;
  }
  rename('VOLUME:RESIZE-COMMIT', copy, image);
}

function inWords(error: unknown): never {
  if (error instanceof CommandError && /smaller than minimum|No space left/.test(error.stderr)) {
    throw new BerthError('no_space', 'More is stored on the disk than the new size can hold.', { cause: error });
  }
  throw error;
}

/** The copy is promised to nobody, and a pool that is full damages all that lies on it. */
function refuseToFill(image: string, reserveBytes: number): void {
  const { bavail, bsize } = statfsSync(dirname(image));
  const [freeBytes, copyBytes] = [bavail * bsize, allocated(image)];
  if (freeBytes - copyBytes >= reserveBytes) return;
  throw new BerthError('no_space', 'The server has not enough free storage for this.', {
    inside: `a copy of ${image} takes ${copyBytes} of ${freeBytes} bytes, reserve ${reserveBytes}`,
  });
}
