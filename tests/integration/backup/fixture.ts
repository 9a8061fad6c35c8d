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

/** A private area's upper directory with one of everything a container can leave in it. */
export async function makeDifficultTree(upper: string): Promise<void> {
  fs.mkdirSync(`${upper}/etc/deep/er`, { recursive: true });
  fs.writeFileSync(`${upper}/etc/shadow`, 'secret', { mode: 0o600 });
  fs.chownSync(`${upper}/etc/shadow`, 0, 42);
  fs.writeFileSync(`${upper}/etc/largest-id`, 'x');
  fs.chownSync(`${upper}/etc/largest-id`, 65535, 65535);
  fs.writeFileSync(`${upper}/etc/setuid`, '#!/bin/true');
  fs.chownSync(`${upper}/etc/setuid`, 1000, 1000);
  fs.chmodSync(`${upper}/etc/setuid`, 0o6755);
  fs.mkdirSync(`${upper}/tmp`);
  fs.chmodSync(`${upper}/tmp`, 0o1777);
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

  // names: not UTF-8, a line break, a leading dash, spaces, the longest there is
  fs.writeFileSync(bytes(upper, [0xff, 0xfe, 0x80]), 'a');
  fs.writeFileSync(bytes(upper, [0xff, 0xfe, 0x81]), 'b');
  fs.mkdirSync(bytes(upper, [0xc3, 0x28]));
  fs.writeFileSync(bytes(upper, [0xc3, 0x28, 0x2f, 0xe2, 0x82]), 'c');
  fs.writeFileSync(`${upper}/line\nbreak`, 'd');
  fs.writeFileSync(`${upper}/-rf *`, 'e');
  fs.writeFileSync(`${upper}/${'n'.repeat(255)}`, 'f');

  // device nodes, an overlay's whiteout, a pipe, a socket (which is the known gap)
  run('mknod', `${upper}/whiteout`, 'c', '0', '0');
  fs.linkSync(`${upper}/whiteout`, `${upper}/whiteout-linked`); // as the kernel makes them: one node for many names
  run('mknod', `${upper}/null`, 'c', '1', '3');
  run('mknod', `${upper}/loop`, 'b', '7', '200');
  run('mknod', `${upper}/pipe`, 'p');
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
  // user 1000 may read and write; for the directory also by default for what is made in it
  run('setfacl', '-m', 'u:1000:rw,g:77:r', `${upper}/etc/large`);
  run('setfacl', '-m', 'u:1000:rwx,d:u:1000:rwx,d:g:88:rx', `${upper}/etc/deep/er`);

  // a gibibyte of hole with a byte at each end
  const sparse = fs.openSync(`${upper}/sparse`, 'w');
  fs.writeSync(sparse, 'x', 0);
  fs.writeSync(sparse, 'x', 2 ** 30);
  fs.closeSync(sparse);

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
  fs.chmodSync(upper, 0o751);
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
