/** Project quotas of ext4 and XFS: which project a directory belongs to, and what the project may use (quotactl_fd, since Linux 5.14). */
import * as fs from 'node:fs';
import koffi from 'koffi';
import { effectSync } from './fault.ts';
import { raw } from './kernel.ts';

const FS_IOC_FSGETXATTR = 0x801c581f;
const FS_IOC_FSSETXATTR = 0x401c5820;
const FS_XFLAG_PROJINHERIT = 0x200;
const PRJQUOTA = 2;
const [Q_GETQUOTA, Q_SETQUOTA] = [0x800007, 0x800008];
const SYS_quotactl_fd = 443;
const [QIF_BLIMITS, QIF_ILIMITS] = [1, 4];
const syscall = koffi.load('libc.so.6').func('long syscall(long, int, uint, uint, void*)') as unknown as (
  ...args: (number | Buffer)[]
) => number;

function withOpen<T>(path: string, work: (fd: number) => T): T {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    return work(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** struct fsxattr: u32 xflags, extsize, nextents, projid, cowextsize, 8 bytes of padding. */
function attributesOf(fd: number): Buffer {
  const attributes = Buffer.alloc(28);
  raw.check('project of a directory', raw.ioctlPointer(fd, FS_IOC_FSGETXATTR, attributes));
  return attributes;
}

/** The project a file or directory belongs to; 0 is none. */
export function projectOf(path: string): number {
  return withOpen(path, (fd) => attributesOf(fd).readUInt32LE(12));
}

/** Makes an empty directory, and all that will be made in it, belong to a project. */
export function setProject(label: string, path: string, project: number): void {
  effectSync(label, () =>
    withOpen(path, (fd) => {
      const attributes = attributesOf(fd);
      attributes.writeUInt32LE((attributes.readUInt32LE(0) | FS_XFLAG_PROJINHERIT) >>> 0, 0);
      attributes.writeUInt32LE(project, 12);
      raw.check(`project of ${path}`, raw.ioctlPointer(fd, FS_IOC_FSSETXATTR, attributes));
    }),
  );
}

/** `bytes` and `inodes` are in use; the limits are 0 where there is none. */
export type ProjectQuota = { bytes: number; inodes: number; bytesLimit: number; inodesLimit: number };

function control(path: string, command: number, project: number, block: Buffer): void {
  withOpen(path, (fd) =>
    raw.check(`quota at ${path}`, syscall(SYS_quotactl_fd, fd, ((command << 8) | PRJQUOTA) >>> 0, project, block)),
  );
}

/** struct if_dqblk: u64 hard and soft limit in KiB, bytes in use, inodes hard, soft, in use, two times; u32 what is valid. */
export function quotaOf(path: string, project: number): ProjectQuota {
  const block = Buffer.alloc(72);
  control(path, Q_GETQUOTA, project, block);
  const at = (index: number) => Number(block.readBigUInt64LE(index * 8));
  return { bytesLimit: at(0) * 1024, bytes: at(2), inodesLimit: at(3), inodes: at(5) };
}

/** Hard limits of a project, at once; 0 lifts one. What is not given stays. */
export function limitProject(
  label: string,
  path: string,
  project: number,
  limits: { bytes?: number; inodes?: number },
): void {
  effectSync(label, () => {
    const block = Buffer.alloc(72);
    if (limits.bytes !== undefined)
      for (const i of [0, 8]) block.writeBigUInt64LE(BigInt(Math.floor(limits.bytes / 1024)), i);
    if (limits.inodes !== undefined) for (const i of [24, 32]) block.writeBigUInt64LE(BigInt(limits.inodes), i);
    const valid = (limits.bytes === undefined ? 0 : QIF_BLIMITS) | (limits.inodes === undefined ? 0 : QIF_ILIMITS);
    block.writeUInt32LE(valid, 64);
    control(path, Q_SETQUOTA, project, block);
  });
}
