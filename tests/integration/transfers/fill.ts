/** `fill.ts ROOT ID`: puts into a container's tree whatever a file system can hold. Run as its root: see round-trip.test.ts. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const setAttribute = (path: string, name: string, hex: string) =>
  execFileSync('setfattr', ['-h', '-n', name, '-v', `0x${hex}`, '--', path]);
/** As a little-endian number of four bytes, in hexadecimal. */
const le = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes.toString('hex');
};

/** Everything that a file system can hold and a container's root can make, as the container's own ids. */
function fill(root: string, idBase: number): void {
  const at = (name: string) => join(root, 'srv', name);
  mkdirSync(at('.'), { recursive: true });
  const own = (name: string, uid: number, gid: number) => lchownSync(at(name), idBase + uid, idBase + gid);
  writeFileSync(at('plain'), 'content');
  own('plain', 1234, 65_534);
  execFileSync('chmod', ['4751', at('plain')]);
  utimesSync(at('plain'), 1, 1);
  execFileSync('touch', ['-h', '-d', '2001-02-03 04:05:06.123456789', at('plain')]);
  linkSync(at('plain'), at('other-name'));
  mkdirSync(at('deep/er'), { recursive: true });
  linkSync(at('plain'), at('deep/er/third-name'));
  symlinkSync('../nowhere/at all', at('dead-link'));
  own('dead-link', 7, 8);
  execFileSync('mkfifo', [at('pipe')]);
  mkdirSync(at('sticky'));
  execFileSync('chmod', ['1777', at('sticky')]);
  execFileSync('touch', ['-d', '1969-12-31 23:59:58.5', at('sticky')]);
  writeFileSync(at('empty'), '');
  const odd = Buffer.concat([Buffer.from(`${at('')}/`), Buffer.from([0x66, 0xff, 0x0a, 0x20, 0xc3, 0x28])]);
  writeFileSync(odd, 'bytes in its name');
  writeFileSync(at('n'.repeat(250)), 'a long name');
  const folders = Array.from({ length: 12 }, (_, i) => `${'d'.repeat(40)}${i}`);
  mkdirSync(at(join(...folders)), { recursive: true });
  writeFileSync(at(join(...folders, 'far-down')), 'far down');
  setAttribute(at('plain'), 'user.mark', '00ff0a3d');
  // With the root it is for: a plain one is the host's, which has no place in that tree.
  setAttribute(at('empty'), 'security.capability', `0100000300040000${'0'.repeat(24)}${le(idBase)}`);
  const acl = [
    `01000600${le(0xffffffff)}`,
    `02000400${le(idBase + 42)}`,
    `04000400${le(0xffffffff)}`,
    `10000600${le(0xffffffff)}`,
    `20000000${le(0xffffffff)}`,
  ];
  setAttribute(at('sticky'), 'system.posix_acl_default', `02000000${acl.join('')}`);
  setAttribute(at('deep/er'), 'system.posix_acl_access', `02000000${acl.join('')}`);
  // Five gigabytes with three pieces in them.
  const fd = openSync(at('sparse'), 'w');
  for (const offset of [0, 1 << 30, 5 * 1024 ** 3 - 3]) writeSync(fd, 'abc', offset);
  ftruncateSync(fd, 5 * 1024 ** 3 + 70_000);
  closeSync(fd);
  writeFileSync(at('hole-only'), '');
  truncateSync(at('hole-only'), 1 << 22);
  execFileSync('touch', ['-d', '2010-01-01 00:00:00.000000001', at('deep'), at('deep/er')]);
}

fill(process.argv[2] ?? '', Number(process.argv[3]));
