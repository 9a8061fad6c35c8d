/** Idmapped mounts and overlays made of them, by the mount system calls that work on descriptors. */
import * as fs from 'node:fs';
import { effectSync } from './fault.ts';
import { KernelError, MS, raw } from './kernel.ts';

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
  mount: bind('int mount(str source, str target, str type, ulong flags, str data)'),
  umount2: bind('int umount2(str target, int flags)'),
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

/** A detached copy of the mount at `path` as it is; the caller closes it. */
export function clonedTree(label: string, path: string): number {
  return effectSync(label, () =>
    check(`open_tree ${path}`, calls.open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | O_CLOEXEC)),
  );
}

/** A directory inside a detached tree. */
function openBelow(tree: number, path: string): number {
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

/** A directory of a detached tree; without `below` the tree's own root. */
export type Branch = { tree: number; below?: string };
export type Overlay = {
  /** Topmost first. */
  lowers: readonly Branch[];
  /** A tree with the directories `upper` and `work`; null for a read-only overlay. */
  upper: number | null;
  options: Readonly<Record<string, string>>;
  readOnly: boolean;
  nosuid: boolean;
};

/** How the kernel is told the layers: as descriptors, or, before Linux 6.13, as paths of mounts. */
export type LayersBy = 'descriptor' | 'path';

/**
 * Mounts an overlay, nodev, at `target`. Kernels before 6.13 take no descriptors and refuse detached trees: for them the trees are
 * attached below `staging` (a directory of ours, used by one overlay at a time) while the overlay is made, which keeps its own
 * copies of them. `by` is chosen by trying when it is not said.
 */
export function mountOverlay(label: string, target: string, overlay: Overlay, staging: string, by?: LayersBy): void {
  effectSync(label, () => {
    if (by === 'path') return mountByPaths(target, overlay, staging);
    try {
      mountByDescriptors(target, overlay);
    } catch (error) {
      const unknown = error instanceof KernelError && ['EINVAL', 'EOPNOTSUPP'].includes(error.code);
      if (by === 'descriptor' || !unknown) throw error;
      mountByPaths(target, overlay, staging);
    }
  });
}

const attributesOf = (overlay: Overlay) =>
  MS.NODEV | (overlay.readOnly ? MS.RDONLY : 0) | (overlay.nosuid ? MS.NOSUID : 0);

function mountByDescriptors(target: string, overlay: Overlay): void {
  const SET_STRING = 1;
  const SET_FD = 5;
  const CREATE = 6;
  const open: number[] = [];
  const below = (tree: number, path: string) => {
    const fd = openBelow(tree, path);
    open.push(fd);
    return fd;
  };
  try {
    const context = check('fsopen overlay', calls.fsopen('overlay', 1));
    open.push(context);
    const string = (key: string, value: string) =>
      check(`overlay ${key}`, calls.fsconfig(context, SET_STRING, key, value, 0));
    const directory = (key: string, fd: number) =>
      check(`overlay ${key}`, calls.fsconfig(context, SET_FD, key, null, fd));
    string('source', 'berth');
    for (const { tree, below: path } of overlay.lowers)
      directory('lowerdir+', path === undefined ? tree : below(tree, path));
    if (overlay.upper !== null) {
      directory('upperdir', below(overlay.upper, 'upper'));
      directory('workdir', below(overlay.upper, 'work'));
    }
    for (const [key, value] of Object.entries(overlay.options)) string(key, value);
    check('overlay create', calls.fsconfig(context, CREATE, null, null, 0));
    // the first three bits of MOUNT_ATTR_* are those of MS_*
    const mounted = check('fsmount', calls.fsmount(context, 1, attributesOf(overlay)));
    open.push(mounted);
    attach(mounted, target);
  } finally {
    closeAll(open);
  }
}

function attach(tree: number, target: string): void {
  const MOVE_EMPTY_PATH = 4;
  check(`move_mount to ${target}`, calls.move_mount(tree, '', AT_FDCWD, target, MOVE_EMPTY_PATH));
}

/** mount(2) takes a page of options and cuts off the rest without a word. */
const mostOptionBytes = 4095;

function mountByPaths(target: string, overlay: Overlay, staging: string): void {
  clearStaging(staging);
  const places = new Map<number, string>();
  const place = ({ tree, below }: Branch) => {
    const known = places.get(tree);
    const path = known ?? `${staging}/${places.size}`;
    if (known === undefined) {
      fs.mkdirSync(path, { mode: 0o700 });
      places.set(tree, path);
      attach(tree, path);
    }
    return below === undefined ? path : `${path}/${below}`;
  };
  try {
    const options: Record<string, string> = { lowerdir: overlay.lowers.map(place).join(':'), ...overlay.options };
    if (overlay.upper !== null) {
      options.upperdir = place({ tree: overlay.upper, below: 'upper' });
      options.workdir = place({ tree: overlay.upper, below: 'work' });
    }
    const data = Object.entries(options)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    if (Buffer.byteLength(data) > mostOptionBytes) throw new Error(`too many layers for this kernel: ${places.size}`);
    check(`mount overlay at ${target}`, calls.mount('berth', target, 'overlay', attributesOf(overlay), data));
  } finally {
    clearStaging(staging);
  }
}

/** Leaves an empty staging directory, whatever an agent that died in the middle left there. */
export function clearStaging(staging: string): void {
  const MNT_DETACH = 2;
  fs.mkdirSync(staging, { recursive: true, mode: 0o700 });
  for (const name of fs.readdirSync(staging)) {
    // EINVAL: nothing is mounted there (any more)
    while (calls.umount2(`${staging}/${name}`, MNT_DETACH) === 0);
    fs.rmdirSync(`${staging}/${name}`);
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
      // one number, two names: libuv says ENOTSUP
      if (code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
      fs.accessSync(directory, fs.constants.W_OK); // overlay before Linux 6.3 has no unnamed files
    }
  });
}
