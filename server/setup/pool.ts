import { chmod, mkdir, open, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, tryRun } from './run.ts';

const GiB = 1024 ** 3;
const smallestBytes = 4 * GiB;
const largestBytes = 64 * GiB;
/** Never taken from the disk the pool lies on. */
const leftOverBytes = 2 * GiB;

/** `8G`, `512M`, `10737418240` → bytes. Throws a sentence. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  if (match === null) throw new Error(`"${text}" is no size. Write for example 20G.`);
  const power = ['', 'K', 'M', 'G', 'T'].indexOf((match[2] ?? '').toUpperCase());
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** How big the pool image becomes: what was asked for, else 40 % of the free space between 4 and 64 GiB. Throws a sentence. */
export function poolSize(freeBytes: number, asked: string | undefined): number {
  const wish = asked === undefined || asked === '' ? freeBytes * 0.4 : parseSize(asked);
  const bytes = asked === undefined || asked === '' ? Math.min(Math.max(wish, smallestBytes), largestBytes) : wish;
  // XFS refuses to be smaller than 300 MiB.
  if (bytes < 512 * 1024 ** 2) throw new Error('The pool needs at least 512M. Set BERTH_POOL_SIZE.');
  if (bytes + leftOverBytes > freeBytes) {
    const free = (freeBytes / GiB).toFixed(1);
    throw new Error(
      `The pool would take ${(bytes / GiB).toFixed(1)} GiB, but only ${free} GiB are free. Free some space or set BERTH_POOL_SIZE.`,
    );
  }
  return Math.floor(bytes / 1024 ** 2) * 1024 ** 2;
}

/** Whether files can share blocks here: tried for real with one file. */
export async function hasReflinks(directory: string): Promise<boolean> {
  const [from, to] = [join(directory, '.berth-reflink-a'), join(directory, '.berth-reflink-b')];
  try {
    const file = await open(from, 'w');
    await file.writeFile(Buffer.alloc(64 * 1024, 1));
    await file.sync();
    await file.close();
    return (await tryRun('cp', ['--reflink=always', '--', from, to])).code === 0;
  } finally {
    await rm(from, { force: true });
    await rm(to, { force: true });
  }
}

/** Mount points at or below a directory, deepest first. */
export async function mountsBelow(directory: string): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const points = lines.flatMap((line) => {
    const point = line
      .split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    return point !== undefined && (point === directory || point.startsWith(`${directory}/`)) ? [point] : [];
  });
  return points.reverse();
}

const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;

/** Whether the pool's own file system is mounted: what lies there is on another device than the directory around it. */
export async function isPoolMounted(pool: string): Promise<boolean> {
  const [inside, around] = [await stat(pool).catch(() => undefined), await stat(dirname(pool))];
  return inside !== undefined && inside.dev !== around.dev;
}

/**
 * Mounts an existing pool image. Nothing to do when it is mounted or when the pool is a plain directory; also the first
 * thing after a reboot of the host. Between the two lies a mount that is shared: whoever makes a mount namespace of their own
 * while the pool is mounted holds a copy of it, and only below a shared mount does its removal reach the copies.
 */
export async function mountPool({ poolImage, pool }: { poolImage: string; pool: string }): Promise<void> {
  if (!(await exists(poolImage))) return;
  await mkdir(pool, { recursive: true });
  if (await isPoolMounted(pool)) return;
  if (!(await mountsBelow(pool)).includes(pool)) await run('mount', ['--bind', '--', pool, pool]);
  for (const how of ['--make-private', '--make-shared']) await run('mount', [how, '--', pool]);
  // No discard: the image must stay allocated, or a disk that fills up damages every container in it.
  await run('mount', ['-t', 'xfs', '-o', 'loop,nosuid,nodev,noatime', '--', poolImage, pool]);
}

/**
 * A directory for layers and volumes on which snapshots are instant. The state directory's own file system when it has
 * reflinks; else an allocated XFS image of our own. Idempotent; an image that was interrupted half-way is made anew.
 */
export async function ensurePool(
  paths: { poolImage: string; pool: string },
  asked: string | undefined,
): Promise<'directory' | 'image'> {
  const parent = dirname(paths.pool);
  if (!(await exists(paths.poolImage))) {
    if (await hasReflinks(parent)) {
      await mkdir(paths.pool, { recursive: true, mode: 0o700 });
      return 'directory';
    }
    const { bavail, bsize } = await statfs(parent);
    const bytes = poolSize(bavail * bsize, asked);
    const making = `${paths.poolImage}.new`;
    await rm(making, { force: true });
    await run('fallocate', ['--length', String(bytes), '--', making]);
    // -K: mkfs would otherwise punch the allocated blocks out again.
    await run('mkfs.xfs', ['-q', '-K', '-m', 'reflink=1', '-L', 'berth', making]);
    await rename(making, paths.poolImage);
  }
  await mountPool(paths);
  // Containers' set-user-id files are real files in here.
  await chmod(paths.pool, 0o700);
  if (!(await hasReflinks(paths.pool))) throw new Error(`${paths.pool} is mounted but cannot share blocks (reflink).`);
  return 'image';
}
