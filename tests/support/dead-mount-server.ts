/**
 * A file system whose server takes every request and never answers: `node dead-mount-server.ts DIRECTORY`. As on a network disk whose server is gone, whoever
 * touches it stands still in the kernel, beyond SIGKILL. Says `mounted`; unmounts, and lets everybody go, when its input ends.
 */
import * as fs from 'node:fs';
import { raw } from '#agent/sys/kernel.ts';

const mount = raw.bind('int mount(str, str, str, ulong, str)');
const umount = raw.bind('int umount2(str, int)');
const [MNT_FORCE, MNT_DETACH] = [1, 2];

const target = process.argv[2];
if (target === undefined) throw new Error('usage: dead-mount-server.ts DIRECTORY');
const device = fs.openSync('/dev/fuse', 'r+');
raw.check('mount', mount('dead', target, 'fuse', 0, `fd=${device},rootmode=40000,user_id=0,group_id=0`));
process.stdin.resume().once('end', () => {
  umount(target, MNT_FORCE | MNT_DETACH);
  process.exit(0);
});

// FUSE_INIT is the only request that is answered (include/uapi/linux/fuse.h): version 7.31, nothing offered.
const request = Buffer.alloc(128 * 1024);
fs.readSync(device, request);
const answer = Buffer.alloc(16 + 64);
answer.writeUInt32LE(answer.length, 0);
answer.writeBigUInt64LE(request.readBigUInt64LE(8), 8);
answer.writeUInt32LE(7, 16);
answer.writeUInt32LE(31, 20);
answer.writeUInt32LE(16 * 1024, 36);
answer.writeUInt32LE(1, 40);
fs.writeSync(device, answer);
process.stdout.write('mounted\n');

const swallow = () => fs.read(device, request, 0, request.length, null, (error) => error === null && swallow());
swallow();
