import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { engineDir } from '../../support/engine.ts';

/** The bundle's directory; made by set-up, named by BERTH_ENGINE where it is elsewhere. */
export { engineDir };

const bytes = (path: string, tail: readonly number[]) => Buffer.concat([Buffer.from(`${path}/`), Buffer.from(tail)]);
const run = (...argv: string[]) => {
  const [program = '', ...args] = argv;
  execFileSync(program, args);
};

/** The one name whose flag no backup keeps; its content must come back all the same. */
export const immutable = 'etc/immutable';

/** What a round trip through restic changes: files alone stay hard-linked (docs/backup.md has the reasons). */
export const knownGaps = [
  'pipe: sameAs etc/pipe-linked → pipe',
  'tmp/absolute-linked: sameAs absolute → tmp/absolute-linked',
  'whiteout-linked: sameAs whiteout → whiteout-linked',
];

/** Takes the flag off, so that the tree can be removed. */
export const makeRemovable = (upper: string) => run('chattr', '-i', `${upper}/${immutable}`);

/** Absolute paths end at 4,095 bytes; this leaves some hundreds for where a volume or a backup is mounted. */
const deepest = Array.from({ length: 240 }, (_, level) => `level-${level}`.padEnd(14, '.')).join('/');

/**
 * A private area's upper directory with one of everything that may lie in a container's files, also what only its host could have put
 * there. `sparseBytes` is where the second byte of a file of holes lies. To remove the tree, {@link makeRemovable} first.
 */
export async function makeDifficultTree(upper: string, { sparseBytes = 2 ** 30 } = {}): Promise<void> {
  fs.mkdirSync(`${upper}/etc/deep/er`, { recursive: true });
  fs.writeFileSync(`${upper}/etc/shadow`, 'secret', { mode: 0o600 });
  fs.chownSync(`${upper}/etc/shadow`, 0, 42);
  fs.writeFileSync(`${upper}/etc/largest-id`, 'x');
  fs.chownSync(`${upper}/etc/largest-id`, 65535, 65535);
  fs.writeFileSync(`${upper}/etc/setuid`, '#!/bin/true');
  fs.chownSync(`${upper}/etc/setuid`, 1000, 1000);
  fs.chmodSync(`${upper}/etc/setuid`, 0o6755);
  // set-group-id alone on a program and on a folder, sticky on a file, nobody's, no permission for anybody
  for (const [name, mode, owner] of [
    ['setgid', 0o2755, 1000],
    ['sticky', 0o1644, 65534],
    ['setuid-only', 0o4711, 0],
  ] as const) {
    fs.writeFileSync(`${upper}/etc/${name}`, name);
    fs.chownSync(`${upper}/etc/${name}`, owner, owner);
    fs.chmodSync(`${upper}/etc/${name}`, mode);
  }
  fs.mkdirSync(`${upper}/etc/shared`);
  fs.chownSync(`${upper}/etc/shared`, 0, 50);
  fs.chmodSync(`${upper}/etc/shared`, 0o2775);
  fs.mkdirSync(`${upper}/etc/closed`, { mode: 0o000 });
  fs.chmodSync(`${upper}/etc/closed`, 0o000);
  fs.writeFileSync(`${upper}/${immutable}`, 'not to be changed');
  fs.mkdirSync(`${upper}/tmp`);
  fs.chmodSync(`${upper}/tmp`, 0o1777);
  fs.writeFileSync(`${upper}/etc/large-id-cap`, 'x', { mode: 0o755 });
  fs.writeFileSync(`${upper}/etc/unreadable`, 'nobody', { mode: 0o000 });
  fs.writeFileSync(`${upper}/etc/empty`, '');
  fs.writeFileSync(`${upper}/etc/large`, randomBytes(9_000_000));

  // hard links, also across directories
  for (const name of ['one', 'deep/two', 'deep/er/three']) {
    if (name !== 'one') fs.linkSync(`${upper}/etc/one`, `${upper}/etc/${name}`);
    else fs.writeFileSync(`${upper}/etc/one`, 'linked');
  }
  fs.symlinkSync('/nowhere/at all', `${upper}/dangling`);
  fs.symlinkSync('../etc', `${upper}/tmp/up`);
  fs.symlinkSync('/etc/passwd', `${upper}/absolute`);
  fs.symlinkSync(`/${'long/'.repeat(818)}end`, `${upper}/long-link`); // 4,094 bytes, the longest ext4 takes
  fs.symlinkSync(Buffer.from([0x2f, 0xff, 0xfe]), `${upper}/bytes-link`);
  fs.symlinkSync('.', `${upper}/circle`);
  fs.linkSync(`${upper}/absolute`, `${upper}/tmp/absolute-linked`);

  // names: not UTF-8, a line break, a leading dash, spaces, the longest there is
  fs.writeFileSync(bytes(upper, [0xff, 0xfe, 0x80]), 'a');
  fs.writeFileSync(bytes(upper, [0xff, 0xfe, 0x81]), 'b');
  fs.mkdirSync(bytes(upper, [0xc3, 0x28]));
  fs.writeFileSync(bytes(upper, [0xc3, 0x28, 0x2f, 0xe2, 0x82]), 'c');
  fs.writeFileSync(`${upper}/line\nbreak`, 'd');
  fs.writeFileSync(`${upper}/-rf *`, 'e');
  fs.writeFileSync(`${upper}/${'n'.repeat(255)}`, 'f');
  fs.writeFileSync(bytes(upper, Array(255).fill(0xfd)), 'g');
  fs.mkdirSync(`${upper}/${deepest}`, { recursive: true });
  fs.writeFileSync(`${upper}/${deepest}/bottom`, 'h');

  // device nodes, an overlay's whiteout, a pipe, a socket (which is the known gap)
  run('mknod', `${upper}/whiteout`, 'c', '0', '0');
  fs.linkSync(`${upper}/whiteout`, `${upper}/whiteout-linked`); // as the kernel makes them: one node for many names
  run('mknod', `${upper}/null`, 'c', '1', '3');
  run('mknod', `${upper}/loop`, 'b', '7', '200');
  run('mknod', `${upper}/pipe`, 'p');
  fs.linkSync(`${upper}/pipe`, `${upper}/etc/pipe-linked`);
  run('mknod', `${upper}/large-numbers`, 'c', '4095', '1048575');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${upper}/tmp/socket`, resolve));
  fs.linkSync(`${upper}/tmp/socket`, `${upper}/tmp/left-over`); // closing removes the first name only
  await new Promise((resolve) => server.close(resolve));

  // extended attributes, overlay marks, file capabilities, ACLs
  run('setfattr', '-n', 'trusted.overlay.opaque', '-v', 'y', `${upper}/etc/deep`);
  run('setfattr', '-n', 'trusted.overlay.origin', '-v', '0x00fb2100', `${upper}/etc/deep`);
  run('setfattr', '-n', 'user.bytes', '-v', '0x00ff0a', `${upper}/etc/one`);
  run('setfattr', '-n', 'user.empty', `${upper}/etc/empty`);
  // VFS_CAP_REVISION_2, effective, permitted: CAP_NET_RAW
  const netRaw = '0x0100000200200000000000000000000000000000';
  run('setfattr', '-n', 'security.capability', '-v', netRaw, `${upper}/etc/setuid`);
  run('setfattr', '-h', '-n', 'trusted.of-link', '-v', '1', `${upper}/dangling`);
  // VFS_CAP_REVISION_3, as a container's root makes them: the same for the root whose id is 0 on this file system
  run(
    'setfattr',
    '-n',
    'security.capability',
    '-v',
    `0x01000003${netRaw.slice(10)}00000000`,
    `${upper}/etc/large-id-cap`,
  );
  run('setfattr', '-n', 'user.large', '-v', `0x${'5a'.repeat(3000)}`, `${upper}/etc/setgid`);
  run('setfattr', '-n', 'user.of-folder', '-v', 'yes', `${upper}/etc/shared`);
  // user 1000 may read and write; for the directory also by default for what is made in it
  run('setfacl', '-m', 'u:1000:rw,g:77:r', `${upper}/etc/large`);
  run('setfacl', '-m', 'u:1000:rwx,d:u:1000:rwx,d:g:88:rx', `${upper}/etc/deep/er`);

  // a hole with a byte at each end; nothing but a hole; blocks that are allocated and not written
  const sparse = fs.openSync(`${upper}/sparse`, 'w');
  fs.writeSync(sparse, 'x', 0);
  fs.writeSync(sparse, 'x', sparseBytes);
  fs.closeSync(sparse);
  fs.writeFileSync(`${upper}/hole`, '');
  fs.truncateSync(`${upper}/hole`, 50_000_001);
  run('fallocate', '-l', '300000', `${upper}/allocated`);

  // many small ones of all sizes and ages
  for (let i = 0; i < 300; i += 1) {
    const directory = `${upper}/many/${i % 7}/${i % 3}`;
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(`${directory}/${i}`, randomBytes((i * i) % 3000));
    fs.chownSync(`${directory}/${i}`, i * 200, 65535 - i);
    fs.chmodSync(`${directory}/${i}`, (i * 37) & 0o777);
  }
  // times before 1970, beyond 2038, and with nanoseconds (by touch: Node's are floats)
  run('touch', '-h', '-d', '1965-03-04T05:06:07.123456789Z', `${upper}/etc/one`);
  run('touch', '-h', '-d', '2061-07-28T00:00:00.000000001Z', `${upper}/etc/large`);
  run('touch', '-h', '-d', '2001-02-03T04:05:06.987654321Z', `${upper}/dangling`, `${upper}/whiteout`, `${upper}/pipe`);
  run('touch', '-h', '-d', '2002-02-03T04:05:06.555555555Z', `${upper}/many/3`, `${upper}/etc/deep`, `${upper}/tmp`);
  run('touch', '-d', '2003-02-03T04:05:06.111111111Z', upper);
  run('touch', '-h', '-d', '1970-01-01T00:00:00Z', `${upper}/etc/empty`, `${upper}/etc/closed`);
  fs.chmodSync(upper, 0o751);
  run('chattr', '+i', `${upper}/${immutable}`);
}

/** Flips one byte in the middle of a file. */
export function flipByte(path: string): void {
  fs.chmodSync(path, 0o600);
  const content = fs.readFileSync(path);
  const at = content.length >> 1;
  content[at] = (content[at] ?? 0) ^ 0xff;
  fs.writeFileSync(path, content);
}

export function filesBelow(directory: string): string[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
