/** Idmapped mounts and overlays made of them, by the mount system calls that work on descriptors. */
import * as fs from 'node:fs';
import { effectSync } from './fault.ts';
import { KernelError, raw } from './kernel.ts';

const { bind, check } = raw;
const calls = {
  open_tree: bind('int open_tree(int dfd, str path, uint flags)'),
  move_mount: bind('int move_mount(int, str, int, str, uint)'),
  fsopen: bind('int fsopen(str, uint)'),
  fsconfig: bind('int fsconfig(int fd, uint cmd, str key, str value, int aux)'),
  fsmount: bind('int fsmount(int, uint, uint)'),
  mount_setattr: bind('int mount_setattr(int dfd, str path, uint flags, void* attr, size_t size)'),
  openat: bind('int openat(int dfd, str path, int flags)'),
  setfsuid: bind('int setfsuid(uint)'),
  setfsgid: bind('int setfsgid(uint)'),
  capget: bind('int capget(void* hdr, void* data)'),
  capset: bind('int capset(void* hdr, void* data)'),
};

const AT_FDCWD = -100;
const O_CLOEXEC = 0x80000;
const O_PATH = 0x200000;
const O_DIRECTORY = 0x10000;
const AT_EMPTY_PATH = 0x1000;
const OPEN_TREE_CLONE = 1;
const MOUNT_ATTR_IDMAP = 0x100000;

/** Closes many; used in finally blocks, where one failing close must not hide the others. */
export function closeAll(fds: readonly number[]): void {
  for (const fd of fds) {
    try {
      fs.closeSync(fd);
    } catch {
      // a descriptor that cannot be closed is closed already
    }
  }
}

/** A detached, idmapped copy of the mount at `path`; the caller closes it. `userNamespace` is a descriptor of /proc/PID/ns/user. */
export function idmappedTree(label: string, path: string, userNamespace: number): number {
  return effectSync(label, () => {
    const fd = check(`open_tree ${path}`, calls.open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | O_CLOEXEC));
    try {
      const attributes = Buffer.alloc(32); // struct mount_attr: attr_set, attr_clr, propagation, userns_fd
      attributes.writeBigUInt64LE(BigInt(MOUNT_ATTR_IDMAP), 0);
      attributes.writeBigUInt64LE(BigInt(userNamespace), 24);
      check(`mount_setattr ${path}`, calls.mount_setattr(fd, '', AT_EMPTY_PATH, attributes, attributes.length));
      return fd;
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  });
}

/** A directory inside a detached tree. */
export function openBelow(tree: number, path: string): number {
  return check(`openat ${path}`, calls.openat(tree, path, O_PATH | O_CLOEXEC | O_DIRECTORY));
}

/**
 * Runs `work` as the container's root towards file systems. An unmapped mounter makes an overlay silently read-only; a mapped
 * extra id would leave whiteouts owned by 65536 on disk. setfsuid drops the file capabilities, so they are raised again. File
 * system ids belong to a thread: `work` must be synchronous, and nothing else runs meanwhile.
 */
export function asContainerRoot<T>(idBase: number, work: () => T): T {
  const header = Buffer.alloc(8);
  const capabilities = Buffer.alloc(24);
  header.writeUInt32LE(0x20080522, 0); // _LINUX_CAPABILITY_VERSION_3
  calls.setfsgid(idBase);
  calls.setfsuid(idBase);
  try {
    check('capget', calls.capget(header, capabilities));
    capabilities.writeUInt32LE(capabilities.readUInt32LE(4), 0); // effective := permitted, both halves
    capabilities.writeUInt32LE(capabilities.readUInt32LE(16), 12);
    check('capset', calls.capset(header, capabilities));
    return work();
  } finally {
    calls.setfsuid(0); // back to 0 raises the file capabilities by itself
    calls.setfsgid(0);
  }
}

export type Overlay = {
  /** Descriptors of directories, topmost first. */
  lowers: readonly number[];
  /** Descriptors of two directories in the same tree; null for a read-only overlay. */
  upper: { upper: number; work: number } | null;
  options: Readonly<Record<string, string>>;
  readOnly: boolean;
  nosuid: boolean;
};

/**
 * Mounts an overlay, nodev, at `target`. Layers as descriptors need kernel 6.13; older ones get the descriptors' names in
 * /proc, which lead to the same detached trees (`by: 'path'`, chosen by itself).
 */
export function mountOverlay(
  label: string,
  target: string,
  overlay: Overlay,
  by: 'descriptor' | 'path' = 'descriptor',
): void {
  effectSync(label, () => {
    try {
      createOverlay(target, overlay, by);
    } catch (error) {
      if (by === 'path' || !(error instanceof KernelError && error.code === 'EINVAL')) throw error;
      createOverlay(target, overlay, 'path');
    }
  });
}

function createOverlay(target: string, overlay: Overlay, by: 'descriptor' | 'path'): void {
  const SET_STRING = 1;
  const SET_FD = 5;
  const CREATE = 6;
  const MOVE_EMPTY_PATH = 4;
  const [RDONLY, NOSUID, NODEV] = [1, 2, 4];
  const open: number[] = [];
  try {
    const context = check('fsopen overlay', calls.fsopen('overlay', 1));
    open.push(context);
    const string = (key: string, value: string) =>
      check(`overlay ${key}`, calls.fsconfig(context, SET_STRING, key, value, 0));
    const directory = (key: string, fd: number) =>
      by === 'path'
        ? string(key, `/proc/self/fd/${fd}`)
        : check(`overlay ${key}`, calls.fsconfig(context, SET_FD, key, null, fd));
    string('source', 'berth');
    if (by === 'path') string('lowerdir', overlay.lowers.map((fd) => `/proc/self/fd/${fd}`).join(':'));
    else for (const fd of overlay.lowers) directory('lowerdir+', fd);
    if (overlay.upper !== null) {
      directory('upperdir', overlay.upper.upper);
      directory('workdir', overlay.upper.work);
    }
    for (const [key, value] of Object.entries(overlay.options)) string(key, value);
    check('overlay create', calls.fsconfig(context, CREATE, null, null, 0));
    const flags = NODEV | (overlay.readOnly ? RDONLY : 0) | (overlay.nosuid ? NOSUID : 0);
    const mounted = check('fsmount', calls.fsmount(context, 1, flags));
    open.push(mounted);
    check(`move_mount to ${target}`, calls.move_mount(mounted, '', AT_FDCWD, target, MOVE_EMPTY_PATH));
  } finally {
    closeAll(open);
  }
}

/**
 * Opens an unnamed file in `directory` for writing, which an overlay that became read-only silently refuses (EROFS), as does one
 * whose mounter was not mapped. Leaves no trace, not even a modification time. A full file system is writable all the same.
 */
export function probeWritable(label: string, directory: string): void {
  const O_TMPFILE = 0o20000000 | O_DIRECTORY;
  effectSync(label, () => {
    try {
      fs.closeSync(fs.openSync(directory, O_TMPFILE | fs.constants.O_RDWR, 0o600));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EDQUOT') return;
      if (code !== 'EOPNOTSUPP') throw error;
      fs.accessSync(directory, fs.constants.W_OK); // overlay before 6.1 has no unnamed files
    }
  });
}
