/**
 * How a helper process shuts itself into one container's tree. Only for processes started by {@link startConfined}
 * (agent/sys/confined.ts): in namespaces of their own (user, mount, network, ipc), whose ids are the container's.
 */
import * as fs from 'node:fs';
import { raw } from './kernel.ts';

const { bind, check } = raw;
const calls = {
  open_tree: bind('int open_tree(int dfd, str path, uint flags)'),
  move_mount: bind('int move_mount(int, str, int, str, uint)'),
  syscall: bind('long syscall(long, str, str)'),
  umount2: bind('int umount2(str target, int flags)'),
  prctl: bind('int prctl(int, ulong, ulong, ulong, ulong)'),
  capset: bind('int capset(void* hdr, void* data)'),
};

const AT_FDCWD = -100;
const OPEN_TREE_CLONE = 1;
const O_CLOEXEC = 0x80000;
const MOVE_EMPTY_PATH = 4;
const MNT_DETACH = 2;
const PIVOT_ROOT = { x64: 155, arm64: 41 } as Partial<Record<NodeJS.Architecture, number>>;
const PR_SET_PDEATHSIG = 1;
const PR_SET_KEEPCAPS = 8;
const PR_SET_NO_NEW_PRIVS = 38;
const SIGKILL = 9;
/** CHOWN, DAC_OVERRIDE, FOWNER, FSETID, SETFCAP: what root needs to keep files in order, and nothing else. */
const kept = (1 << 0) | (1 << 1) | (1 << 3) | (1 << 4) | (1 << 31);

/** DAC_READ_SEARCH: to read what anybody owns. */
const keptByReader = 1 << 2;
/** Whom a reader of backups is towards the host, should it be taken over: nobody who owns a file or runs a program. */
const readerId = 65_533;

/**
 * From here on `/` is the tree at `root` and nothing else is mounted: no link, no `..` and no race leads to the host, because for
 * this process there is none. Then it becomes the container's root, keeps only what that needs towards files, and dies with the agent.
 */
export function confine(root: string): void {
  shutInto(root);
  become(0, kept);
}

/** The same for a backup, whose ids are those of the host's first 65,536: it becomes somebody without any right but to read. */
export function confineReader(root: string): void {
  shutInto(root);
  become(readerId, keptByReader);
}

function shutInto(root: string): void {
  const tree = check('open_tree', calls.open_tree(AT_FDCWD, root, OPEN_TREE_CLONE | O_CLOEXEC));
  check('move_mount', calls.move_mount(tree, '', AT_FDCWD, root, MOVE_EMPTY_PATH));
  fs.closeSync(tree);
  process.chdir(root);
  const pivotRoot = PIVOT_ROOT[process.arch];
  if (pivotRoot === undefined) throw new Error(`no number of pivot_root for ${process.arch}`);
  check('pivot_root', calls.syscall(pivotRoot, '.', '.'));
  check('umount of the host', calls.umount2('.', MNT_DETACH));
  process.chdir('/');
}

function become(id: number, capabilitiesKept: number): void {
  check('keepcaps', calls.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)); // else they go with user 0
  process.setgroups?.([]);
  process.setgid?.(id);
  process.setuid?.(id);
  process.umask(0o022);
  check('no_new_privs', calls.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  check('pdeathsig', calls.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)); // after setuid, which clears it
  const [header, capabilities] = [Buffer.alloc(8), Buffer.alloc(24)];
  header.writeUInt32LE(0x20080522, 0); // _LINUX_CAPABILITY_VERSION_3
  capabilities.writeUInt32LE(capabilitiesKept >>> 0, 0);
  capabilities.writeUInt32LE(capabilitiesKept >>> 0, 4);
  check('capset', calls.capset(header, capabilities));
}
