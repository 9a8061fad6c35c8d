import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, chown, type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Without root (development) everything belongs to whoever runs it. */
export const isRoot = () => process.getuid?.() === 0;

/** A user with a group of the same number, or both. */
export type Owner = number | { uid: number; gid: number };
const ids = (owner: Owner): [number, number] => (typeof owner === 'number' ? [owner, owner] : [owner.uid, owner.gid]);

/** Older than this, one that does not say whose it is has no living writer. */
const oldMs = 86_400_000;

/** Temporary files of writers that were killed: theirs say whose they are, but for those of earlier releases. */
async function sweepTemporaries(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder)) {
    const match = name.startsWith(start) ? /^(?:(\d+)-)?[0-9a-f]{8}\.tmp$/.exec(name.slice(start.length)) : null;
    if (match === null) continue;
    const [, pid] = match;
    const left = join(folder, name);
    const written = await stat(left).catch(() => undefined);
    if (pid === undefined ? Date.now() - (written?.mtimeMs ?? 0) > oldMs : !existsSync(`/proc/${pid}`))
      await rm(left, { force: true });
  }
}

/**
 * Replaces a file durably: new content is on disk before the old name points to it. A writer that is killed over it leaves a temporary file beside it, which
 * goes with the next writing of the same file.
 */
export async function writeFileDurably(
  path: string,
  content: string,
  options: { mode: number; owner?: Owner },
): Promise<void> {
  await sweepTemporaries(path);
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'wx', options.mode);
    await file.writeFile(content);
    // The mode given to open is cut by the umask.
    await file.chmod(options.mode);
    if (options.owner !== undefined && isRoot()) await file.chown(...ids(options.owner));
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, path);
  } catch (error) {
    await file?.close();
    await rm(temporary, { force: true });
    throw error;
  }
  const directory = await open(dirname(path), 'r');
  await directory.sync();
  await directory.close();
}

/** Makes a directory with exactly this mode and owner, also when it is there already. */
export async function ensureDirectory(path: string, mode: number, owner: Owner = 0): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
  if (isRoot()) await chown(path, ...ids(owner));
}

export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** A file's text, or undefined when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
