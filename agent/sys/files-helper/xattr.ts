/** What Node does not do to files: extended attributes (ACLs, file capabilities, a user's own), times in nanoseconds. */
import { raw } from '../kernel.ts';

const { bind } = raw;
const calls = {
  llistxattr: bind('long llistxattr(void* path, void* list, size_t size)'),
  lgetxattr: bind('long lgetxattr(void* path, void* name, void* value, size_t size)'),
  lsetxattr: bind('int lsetxattr(void* path, void* name, void* value, size_t size, int flags)'),
  utimensat: bind('int utimensat(int, void* path, void* times, int flags)'),
};
const mostBytes = 64 * 1024; // the kernel's own limit, of list and of value
const zero = Buffer.from([0]);
const room = Buffer.alloc(mostBytes);

/** All that the container's root may see of a path; a link's own. */
export function attributesOf(path: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const pathZ = Buffer.concat([path, zero]);
  const length = Number(calls.llistxattr(pathZ, room, mostBytes));
  if (length <= 0) return found; // none, or a file system without any
  const names = room.subarray(0, length).toString('latin1').split('\0').filter(Boolean);
  for (const name of names) {
    const bytes = Number(calls.lgetxattr(pathZ, Buffer.from(`${name}\0`, 'latin1'), room, mostBytes));
    if (bytes >= 0) found.set(name, Buffer.from(room.subarray(0, bytes)));
  }
  return found;
}

/** Sets them; throws at the first that the file system does not take. */
export function setAttributes(path: Buffer, attributes: ReadonlyMap<string, Buffer>): void {
  const pathZ = Buffer.concat([path, zero]);
  for (const [name, value] of attributes) {
    const result = calls.lsetxattr(pathZ, Buffer.from(`${name}\0`, 'latin1'), value, value.length, 0);
    if (result < 0) raw.check(`setxattr ${name}`, result);
  }
}

/** Times of the path itself, if it is a link. */
export function setTimes(path: Buffer, accessedNs: bigint, modifiedNs: bigint): void {
  const [AT_FDCWD, AT_SYMLINK_NOFOLLOW] = [-100, 0x100];
  const times = Buffer.alloc(32); // struct timespec[2]
  const second = 1_000_000_000n;
  [accessedNs, modifiedNs].forEach((ns, i) => {
    const within = ((ns % second) + second) % second;
    times.writeBigInt64LE((ns - within) / second, i * 16);
    times.writeBigInt64LE(within, i * 16 + 8);
  });
  raw.check('utimensat', calls.utimensat(AT_FDCWD, Buffer.concat([path, zero]), times, AT_SYMLINK_NOFOLLOW));
}
