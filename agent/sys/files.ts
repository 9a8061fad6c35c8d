import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { effectSync } from './fault.ts';
import { mountsBelow } from './mountinfo.ts';

function syncDirectory(path: string): void {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Replaces a file so that after a crash either the old or the new content is there: temporary file, fsync, rename, fsync of the directory. */
export function writeDurably(label: string, path: string, content: string | Uint8Array, mode = 0o600): void {
  effectSync(label, () => {
    const temporary = `${path}.new`;
    const fd = fs.openSync(temporary, 'w', mode);
    try {
      fs.writeFileSync(fd, content);
      fs.fchmodSync(fd, mode);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, path);
    syncDirectory(dirname(path));
  });
}

/** Writes a small file unless it is there already: of several writers the first wins, whoever else writes at the same moment. */
export function writeOnce(label: string, path: string, content: string, mode = 0o600): void {
  effectSync(label, () => {
    try {
      fs.writeFileSync(path, content, { flag: 'wx', mode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  });
}

/** Replaces a file that nobody reads after a crash: what the disk has of it does not matter. */
export function writePassing(label: string, path: string, content: string, mode = 0o600): void {
  effectSync(label, () => {
    fs.rmSync(path, { force: true });
    fs.writeFileSync(path, content, { flag: 'wx', mode });
  });
}

/** Writes a kernel control file (cgroupfs, procfs): one write, no rename. */
export function writeControl(label: string, path: string, content: string): void {
  effectSync(label, () => fs.writeFileSync(path, content));
}

export function makeDirectory(label: string, path: string, mode = 0o700): void {
  effectSync(label, () => {
    fs.mkdirSync(path, { recursive: true, mode });
    fs.chmodSync(path, mode);
  });
}

/** Removes a file or tree; absent is fine. Never follows symbolic links; throws EBUSY, and removes nothing, when something is mounted below. */
export function remove(label: string, path: string): void {
  effectSync(label, () => {
    const folder = fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const [mounted] = folder ? mountsBelow(path) : [];
    if (mounted !== undefined)
      throw Object.assign(new Error(`${mounted.target} is mounted`), { code: 'EBUSY', syscall: 'rm', path });
    fs.rmSync(path, { recursive: true, force: true });
  });
}

/** Makes a file's times those of now. */
export function touch(label: string, path: string): void {
  effectSync(label, () => {
    const now = new Date();
    fs.utimesSync(path, now, now);
  });
}

/** Removes an empty directory (a cgroup, a mount point); absent is fine. */
export function removeDirectory(label: string, path: string): void {
  effectSync(label, () => {
    try {
      fs.rmdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  });
}

/** Renames durably within one file system. */
export function rename(label: string, from: string, to: string): void {
  effectSync(label, () => {
    fs.renameSync(from, to);
    syncDirectory(dirname(to));
  });
}

export function changeOwner(label: string, path: string, uid: number, gid: number): void {
  effectSync(label, () => fs.chownSync(path, uid, gid));
}

export function changeMode(label: string, path: string, mode: number): void {
  effectSync(label, () => fs.chmodSync(path, mode));
}
