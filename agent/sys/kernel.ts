/**
 * System calls that Node lacks: mounting, freezing, reflinks. Every function throws
 * {@link KernelError} with the errno's name. What may block (mounting, unmounting, cloning) runs on a thread of the pool.
 */
import * as fs from 'node:fs';
import koffi from 'koffi';
import { effect, effectSync } from './fault.ts';

type Argument = string | number | Buffer | null;
type Call = ((...args: Argument[]) => number) & {
  async(...args: [...Argument[], (error: Error | null, result: number) => void]): void;
};
const libc = koffi.load('libc.so.6');
const bind = (prototype: string): Call => libc.func(prototype) as unknown as Call;
const calls = {
  mount: bind('int mount(str source, str target, str type, ulong flags, str data)'),
  umount2: bind('int umount2(str target, int flags)'),
  syncfs: bind('int syncfs(int)'),
};
/** The third argument of ioctl is a number or a pointer: two prototypes of one function. */
const ioctlNumber = libc.func('ioctl', 'int', ['int', 'ulong', 'long']) as unknown as Call;
const ioctlPointer = libc.func('ioctl', 'int', ['int', 'ulong', 'void*']) as unknown as Call;

const errnoName = new Map(Object.entries(koffi.os.errno as Record<string, number>).map(([name, n]) => [n, name]));

/** A system call failed; `code` is the errno's name, e.g. `EBUSY`. */
export class KernelError extends Error {
  readonly code: string;
  constructor(what: string, errno: number) {
    const code = errnoName.get(errno) ?? String(errno);
    super(`${what}: ${code}`);
    this.name = 'KernelError';
    this.code = code;
  }
}

function check(what: string, result: number): number {
  if (result < 0) throw new KernelError(what, koffi.errno());
  return result;
}

function later(what: string, call: Call, ...args: Argument[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error, result) => {
      // koffi carries the thread's errno over to this callback
      const errno = koffi.errno();
      if (error !== null) reject(error);
      else if (result < 0) reject(new KernelError(what, errno));
      else resolve(result);
    });
  });
}

/** mount(2) flags. */
export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  REMOUNT: 32,
  BIND: 4096,
  PRIVATE: 1 << 18,
  SHARED: 1 << 20,
} as const;
export type MountCall = { source: string; target: string; type: string; flags: number; data?: string };

export async function mount(label: string, m: MountCall): Promise<void> {
  await effect(label, () =>
    later(`mount ${m.source} at ${m.target}`, calls.mount, m.source, m.target, m.type, m.flags, m.data ?? ''),
  );
}

/** Unmounts the topmost mount at `target`; not mounted (EINVAL) or absent is fine. EBUSY is thrown. */
export async function unmount(label: string, target: string): Promise<void> {
  const UMOUNT_NOFOLLOW = 8;
  await effect(label, async () => {
    try {
      await later(`umount ${target}`, calls.umount2, target, UMOUNT_NOFOLLOW);
    } catch (error) {
      if (!(error instanceof KernelError && ['EINVAL', 'ENOENT'].includes(error.code))) throw error;
    }
  });
}

/**
 * Takes the topmost mount at `target` out of sight at once, busy or dead; it goes when nobody holds it any more. `abort`: whoever waits for an answer of
 * the program behind it (FUSE) gets an error, though that program hangs.
 */
export async function detach(label: string, target: string, { abort = false } = {}): Promise<void> {
  const [MNT_FORCE, MNT_DETACH, UMOUNT_NOFOLLOW] = [1, 2, 8];
  const flags = MNT_DETACH | UMOUNT_NOFOLLOW | (abort ? MNT_FORCE : 0);
  await effect(label, () => later(`detach ${target}`, calls.umount2, target, flags));
}

const FICLONE = 0x40049409;
const FIFREEZE = 0xc0045877;
const FITHAW = 0xc0045878;

/** Makes `to` (created, emptied) share all blocks of `from`. EOPNOTSUPP, EXDEV or EINVAL: this file system has no reflinks. */
export async function cloneFile(label: string, from: string, to: string): Promise<void> {
  await effect(label, async () => {
    const source = await fs.promises.open(from, 'r');
    try {
      const target = await fs.promises.open(to, 'w', 0o600);
      try {
        await later(`reflink ${from}`, ioctlNumber, target.fd, FICLONE, source.fd);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  });
}

function withDirectory<T>(path: string, work: (fd: number) => T): T {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    return work(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes everything of the file system at `path` to its device. */
export function syncFileSystem(path: string): void {
  withDirectory(path, (fd) => check(`syncfs ${path}`, calls.syncfs(fd)));
}

/** Stops all writes to the file system mounted at `path`. Only for a helper process: whoever writes to it blocks, beyond SIGKILL. */
export function freeze(path: string): void {
  withDirectory(path, (fd) => check(`freeze ${path}`, ioctlNumber(fd, FIFREEZE, 0)));
}

/** True when it was frozen, false when not (EINVAL). */
export function thaw(label: string, path: string): boolean {
  return effectSync(label, () =>
    withDirectory(path, (fd) => {
      if (ioctlNumber(fd, FITHAW, 0) >= 0) return true;
      if (koffi.errno() === koffi.os.errno.EINVAL) return false;
      throw new KernelError(`thaw ${path}`, koffi.errno());
    }),
  );
}

/** For other files of this folder. */
export const raw = { bind, check, ioctlNumber, ioctlPointer };
