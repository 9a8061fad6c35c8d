/** User namespaces that live only in a descriptor, for idmapped mounts. */
import * as fs from 'node:fs';
import { effect } from './fault.ts';
import { start } from './process.ts';

const rangeSize = 65_536;
/** One per container range; a descriptor costs nothing to keep and 15 ms to make. */
const mostCached = 256;
const cached = new Map<number, number>();

/**
 * A descriptor of a user namespace that maps 0–65535 to `idBase` and up. Owned by this module: do not close it, use it at
 * once. One line of map only: a second one for the host's root would leave its id on disk.
 */
export async function idmapNamespace(label: string, idBase: number): Promise<number> {
  const known = cached.get(idBase);
  if (known !== undefined) return known;
  const fd = await effect(label, () => make(label, idBase));
  const raced = cached.get(idBase);
  if (raced !== undefined) {
    fs.closeSync(fd);
    return raced;
  }
  cached.set(idBase, fd);
  for (const [oldest, oldFd] of cached) {
    if (cached.size <= mostCached) break;
    cached.delete(oldest);
    fs.closeSync(oldFd);
  }
  return fd;
}

async function make(label: string, idBase: number): Promise<number> {
  // `cat` copies the line that tells the namespace is there, then waits for us; it ends with us
  const child = start(label, ['unshare', '-U', 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const { stdin, stdout, pid } = child;
  if (stdin === null || stdout === null) throw new Error('unshare has no pipes');
  stdin.on('error', () => {}); // it ended early; told below
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  try {
    const ready = new Promise<void>((resolve, reject) => {
      stdout.once('data', () => resolve());
      child.once('error', reject);
      child.once('exit', () => reject(new Error('unshare -U ended early: no user namespaces on this host?')));
    });
    stdin.write('ready\n');
    await ready;
    for (const map of ['uid_map', 'gid_map']) fs.writeFileSync(`/proc/${pid}/${map}`, `0 ${idBase} ${rangeSize}\n`);
    return fs.openSync(`/proc/${pid}/ns/user`, 'r');
  } finally {
    stdin.end();
    if (pid !== undefined) await closed;
  }
}
