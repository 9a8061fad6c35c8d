/** Loop devices, without the cost of a mount(8) or losetup(8) process. */
import * as fs from 'node:fs';
import { effectSync } from './fault.ts';
import { KernelError, raw } from './kernel.ts';

const LOOP_CONFIGURE = 0x4c0a;
const LOOP_SET_CAPACITY = 0x4c07;
const LOOP_CTL_GET_FREE = 0x4c82;
const LO_FLAGS_READ_ONLY = 1;
const LO_FLAGS_AUTOCLEAR = 4;

/** The device that has `file` behind it, if there is one. */
export function findLoop(file: string): string | null {
  for (const name of fs.readdirSync('/sys/block')) {
    if (!name.startsWith('loop')) continue;
    try {
      if (fs.readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trimEnd() === file) return `/dev/${name}`;
    } catch {
      // not in use, or gone since readdir
    }
  }
  return null;
}

/**
 * Puts `file` behind a loop device that frees itself when its last user is gone. Returns an open descriptor: while it is open
 * the device stays, so close it after mounting. A device that has the file already is used again: the same block device
 * mounted twice is one file system, the same file behind two devices would be two that destroy each other.
 */
export function attachLoop(label: string, file: string, readOnly: boolean): { device: string; fd: number } {
  return effectSync(label, () => {
    const existing = findLoop(file);
    if (existing !== null) {
      const fd = fs.openSync(existing, 'r');
      if (findLoop(file) === existing) return { device: existing, fd };
      fs.closeSync(fd); // freed itself between the two looks
    }
    const backing = fs.openSync(file, readOnly ? 'r' : 'r+');
    try {
      return configureFree(file, backing, readOnly);
    } finally {
      fs.closeSync(backing);
    }
  });
}

function configureFree(file: string, backing: number, readOnly: boolean): { device: string; fd: number } {
  const control = fs.openSync('/dev/loop-control', 'r+');
  try {
    for (let attempt = 0; ; attempt += 1) {
      const device = `/dev/loop${raw.check('loop: get free', raw.ioctlNumber(control, LOOP_CTL_GET_FREE, 0))}`;
      const fd = fs.openSync(device, readOnly ? 'r' : 'r+');
      const config = Buffer.alloc(304); // struct loop_config: u32 fd, u32 block_size, loop_info64 (232 bytes), u64 reserved[8]
      config.writeUInt32LE(backing, 0);
      config.writeUInt32LE(LO_FLAGS_AUTOCLEAR | (readOnly ? LO_FLAGS_READ_ONLY : 0), 8 + 52); // info.lo_flags
      config.write(file.slice(-63), 8 + 56, 63, 'utf8'); // info.lo_file_name, for losetup(8) to show
      try {
        raw.check(`loop: configure ${device}`, raw.ioctlPointer(fd, LOOP_CONFIGURE, config));
        return { device, fd };
      } catch (error) {
        fs.closeSync(fd);
        // somebody else took the free device first
        if (!(error instanceof KernelError && error.code === 'EBUSY' && attempt < 50)) throw error;
      }
    }
  } finally {
    fs.closeSync(control);
  }
}

/** Tells the device that its file has another size now. */
export function refreshLoopSize(label: string, device: string): void {
  effectSync(label, () => {
    const fd = fs.openSync(device, 'r');
    try {
      raw.check(`loop: size of ${device}`, raw.ioctlNumber(fd, LOOP_SET_CAPACITY, 0));
    } finally {
      fs.closeSync(fd);
    }
  });
}
