/** Uploads that were cut off, so that asking again goes on with them. Kept where this user's caches lie; nothing secret. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Kept = { upload: string; offset: number };

/** `key`: all that makes it the same upload: the panel, the place, the file as it is. */
function fileOf(key: string): string {
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(caches, 'berth', `upload-${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
}

export function keptUpload(key: string): Kept | undefined {
  try {
    const { upload, offset } = JSON.parse(readFileSync(fileOf(key), 'utf8')) as Partial<Kept>;
    if (typeof upload === 'string' && typeof offset === 'number') return { upload, offset };
  } catch {
    // Not begun, or not to be read: from the start, then.
  }
  return undefined;
}

export function keepUpload(key: string, kept: Kept): void {
  const file = fileOf(key);
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
}

export function forgetUpload(key: string): void {
  rmSync(fileOf(key), { force: true });
}
