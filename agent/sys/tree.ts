/** Making, copying and measuring files and trees, beyond the single writes of files.ts. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { effect, effectSync } from './fault.ts';
import { run } from './process.ts';

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** An empty sparse file of exactly `bytes`; replaces what was there. */
export function makeSparse(label: string, path: string, bytes: number): void {
  effectSync(label, () => {
    fs.rmSync(path, { force: true });
    const fd = fs.openSync(path, 'wx', 0o600);
    try {
      fs.ftruncateSync(fd, bytes);
    } finally {
      fs.closeSync(fd);
    }
  });
}

/** Sets a file's size; new bytes are holes. */
export function truncate(label: string, path: string, bytes: number): void {
  effectSync(label, () => fs.truncateSync(path, bytes));
}

/** Waits until a file's content is on the disk. */
export async function syncFile(label: string, path: string): Promise<void> {
  await effect(label, async () => {
    const file = await fs.promises.open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** Copies a file with its holes; shares blocks where the file system can. Not durable by itself. */
export async function copySparse(
  label: string,
  from: string,
  to: string,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  await run(label, ['cp', '--reflink=auto', '--sparse=always', '--', from, to], { timeoutMs: 3_600_000, ...options });
}

/** Writes what comes into a new file; `through` sees it pass, and may break it off. Not durable by itself. */
export async function writeStream(label: string, path: string, from: Readable, through: Transform): Promise<void> {
  await effect(label, () => pipeline(from, through, fs.createWriteStream(path, { mode: 0o600 })));
}

export type TreeEntry =
  | { path: string; kind: 'directory'; mode?: number }
  | { path: string; kind: 'file'; content: string; mode?: number; gid?: number }
  | { path: string; kind: 'copy'; from: string; mode: number }
  | { path: string; kind: 'link'; target: string }
  | { path: string; kind: 'hardlink'; target: string };

/** Writes entries below `root`, parents first; modes do not depend on the umask. */
export function writeTree(label: string, root: string, entries: readonly TreeEntry[]): void {
  effectSync(label, () => {
    for (const entry of entries) {
      const path = `${root}/${entry.path}`;
      switch (entry.kind) {
        case 'directory':
          fs.mkdirSync(path, { recursive: true });
          fs.chmodSync(path, entry.mode ?? 0o755);
          break;
        case 'file':
          fs.rmSync(path, { force: true });
          fs.writeFileSync(path, entry.content);
          if (entry.gid !== undefined) fs.chownSync(path, 0, entry.gid);
          fs.chmodSync(path, entry.mode ?? 0o644);
          break;
        case 'copy':
          fs.copyFileSync(entry.from, path);
          fs.chmodSync(path, entry.mode);
          break;
        case 'link':
          fs.rmSync(path, { force: true });
          fs.symlinkSync(entry.target, path);
          break;
        case 'hardlink':
          fs.linkSync(`${root}/${entry.target}`, path);
          break;
      }
    }
  });
}

/** Sets the modification time of everything at and below `root` that is newer than `seconds` to `seconds`, so that a build leaves no trace of when it ran. */
export function clampTimes(label: string, root: string, seconds: number): void {
  const clamp = (path: string) => {
    const stat = fs.lstatSync(path);
    if (stat.isDirectory()) for (const name of fs.readdirSync(path)) clamp(`${path}/${name}`);
    if (stat.mtimeMs > seconds * 1000) fs.lutimesSync(path, seconds, seconds);
  };
  effectSync(label, () => clamp(root));
}
