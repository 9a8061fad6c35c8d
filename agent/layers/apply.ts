/**
 * Layers: erofs images named by their digest, mounted once per host and shared by all containers. A kernel that cannot mount
 * erofs (or a test that says so) gets the directory driver: the image is unpacked beside itself and bound instead.
 */
import { closeSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Layers } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import { makeDirectory, remove, removeDirectory, rename, touch, writeDurably } from '#agent/sys/files.ts';
import { KernelError, MS, mount, unmount } from '#agent/sys/kernel.ts';
import { attachLoop } from '#agent/sys/loop.ts';
import { isMounted } from '#agent/sys/mountinfo.ts';
import { bindDirectory, ensureMountRoot, hasFlags } from '#agent/sys/mounts.ts';
import { run } from '#agent/sys/process.ts';
import { bootId } from '#agent/sys/stat.ts';
import { copySparse, hashFile, syncFile } from '#agent/sys/tree.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Digest } from '#lib/contract/ids.ts';
import { digestsOf, layerPaths, mkfsArgv, mkfsEnv, stillVerified, type Verification } from './plan.ts';

const flags = MS.RDONLY | MS.NOSUID | MS.NODEV;

function facts(image: string): Verification {
  const s = statSync(image, { bigint: true });
  return { bootId, inode: `${s.ino}`, size: `${s.size}`, mtimeNs: `${s.mtimeNs}`, ctimeNs: `${s.ctimeNs}` };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

export type LayerDriver = 'erofs' | 'directory';

export function createLayers(config: AgentConfig, driver: LayerDriver = 'erofs'): Layers {
  const paths = layerPaths(config.poolPath, config.agentDir);
  const busy = new Map<Digest, Promise<unknown>>();
  let temporaries = 0;
  for (const path of [paths.layers, paths.verifiedFolder]) {
    if (!existsSync(path)) makeDirectory('LAYER:DIRECTORY', path);
  }

  // What builds and copies of a dead agent left; a living process's names carry its id.
  for (const name of readdirSync(paths.layers)) {
    const pid = /^\.new-(\d+)-\d+$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove('LAYER:LEFTOVER', `${paths.layers}/${name}`);
  }

  /** One thing at a time with one layer; containers start side by side and want the same ones. */
  function inTurn<T>(digest: Digest, work: () => Promise<T>): Promise<T> {
    const next = (busy.get(digest) ?? Promise.resolve()).then(work, work);
    const settled = next.catch(() => {});
    busy.set(digest, settled);
    void settled.then(() => {
      if (busy.get(digest) === settled) busy.delete(digest);
    });
    return next;
  }

  function temporary(): string {
    temporaries += 1;
    return `${paths.layers}/.new-${process.pid}-${temporaries}`;
  }

  function existing(digest: Digest): string {
    const image = paths.image(digest);
    if (!existsSync(image)) throw new BerthError('not_found', 'The host does not hold this layer.', { inside: image });
    return image;
  }

  /** Takes a finished temporary image in under its name. One that is there already is as young as it would be. */
  async function take(image: string, digest: Digest): Promise<void> {
    await inTurn(digest, async () => {
      const there = paths.image(digest);
      if (existsSync(there)) {
        remove('LAYER:DUPLICATE', image);
        const known = verified(digest);
        touch('LAYER:WANTED-AGAIN', there);
        if (known) remember(digest);
        return;
      }
      await syncFile('LAYER:SYNC', image);
      rename('LAYER:COMMIT', image, paths.image(digest));
      remember(digest);
    });
  }

  function remember(digest: Digest): void {
    writeDurably('LAYER:VERIFIED', paths.verified(digest), JSON.stringify(facts(paths.image(digest))));
  }

  const verified = (digest: Digest) => stillVerified(readJson(paths.verified(digest)), facts(paths.image(digest)));

  async function verify(digest: Digest): Promise<void> {
    const image = existing(digest);
    if (verified(digest)) return;
    const actual = `sha256:${await hashFile(image)}`;
    if (actual !== digest) {
      throw new BerthError('conflict', 'A layer on this host is damaged and was not mounted.', {
        inside: `${image} has digest ${actual}`,
        remedy: 'Remove the layer and fetch it again from a backup location, or build the template again.',
      });
    }
    remember(digest);
  }

  /** File-backed where the kernel can (6.12), else over a loop device; false when it has no erofs at all. */
  async function mountErofs(image: string, target: string): Promise<boolean> {
    try {
      await mount('LAYER:MOUNT', { source: image, target, type: 'erofs', flags });
      return true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (error.code === 'ENODEV') return false;
      if (error.code !== 'ENOTBLK' && error.code !== 'EINVAL') throw error;
    }
    const loop = attachLoop('LAYER:LOOP', image, true);
    try {
      await mount('LAYER:MOUNT', { source: loop.device, target, type: 'erofs', flags });
      return true;
    } catch (error) {
      // a feature of the image that this kernel cannot read (EINVAL, EOPNOTSUPP): the unpacking tool can
      if (error instanceof KernelError && ['EINVAL', 'EOPNOTSUPP'].includes(error.code)) return false;
      throw error;
    } finally {
      closeSync(loop.fd);
    }
  }

  async function mountDirectory(digest: Digest, target: string): Promise<void> {
    const directory = paths.directory(digest);
    if (!existsSync(directory)) {
      const unpacked = temporary();
      await run('LAYER:UNPACK', ['fsck.erofs', '--preserve', `--extract=${unpacked}`, paths.image(digest)]);
      rename('LAYER:UNPACKED', unpacked, directory);
    }
    await bindDirectory({ bind: 'LAYER:BIND', flags: 'LAYER:READ-ONLY' }, { source: directory, target, flags });
  }

  async function unmountLayer(digest: Digest): Promise<void> {
    const target = paths.mountPoint(digest);
    while (isMounted(target)) await unmount('LAYER:UNMOUNT', target);
    removeDirectory('LAYER:MOUNT-POINT-GONE', target);
  }

  const layers: Layers = {
    list: () =>
      digestsOf(readdirSync(paths.layers), '.erofs').map((digest) => ({
        digest,
        bytes: statSync(paths.image(digest)).size,
      })),

    has: (digest) => existsSync(paths.image(digest)),
    file: existing,

    async importTree(directory) {
      const image = temporary();
      try {
        await run('LAYER:MKFS', mkfsArgv(image, directory), { env: mkfsEnv, timeoutMs: 1_800_000 });
        const digest: Digest = `sha256:${await hashFile(image)}`;
        const bytes = statSync(image).size;
        await take(image, digest);
        return { digest, bytes };
      } finally {
        remove('LAYER:DISCARD', image);
      }
    },

    async importFile(file, digest) {
      if (layers.has(digest)) return;
      const image = temporary();
      try {
        await copySparse('LAYER:COPY', file, image);
        const actual = `sha256:${await hashFile(image)}`;
        if (actual !== digest) {
          throw new BerthError('conflict', 'The copy of a layer does not have the content its digest names.', {
            inside: `${file} has digest ${actual}, expected ${digest}`,
          });
        }
        await take(image, digest);
      } finally {
        remove('LAYER:DISCARD', image);
      }
    },

    mount: (digest) =>
      inTurn(digest, async () => {
        const target = paths.mountPoint(digest);
        await ensureMountRoot(config.agentDir);
        if (hasFlags(target, flags)) return target;
        await verify(digest);
        // A directory that was bound and no more: it goes on from there.
        const begun = isMounted(target);
        if (!begun) makeDirectory('LAYER:MOUNT-POINT', target);
        const mounted = !begun && driver === 'erofs' && (await mountErofs(paths.image(digest), target));
        if (!mounted) await mountDirectory(digest, target);
        return target;
      }),

    async unmountExcept(keep) {
      if (!existsSync(paths.mountRoot)) return;
      for (const digest of digestsOf(readdirSync(paths.mountRoot), '')) {
        if (!keep.has(digest)) await inTurn(digest, () => unmountLayer(digest));
      }
    },

    remove: (digest, stays = () => false) =>
      inTurn(digest, async () => {
        const image = statSync(paths.image(digest), { throwIfNoEntry: false });
        const since = image?.mtime ?? new Date(0);
        if (stays(since)) return null;
        await unmountLayer(digest);
        // Somebody may have come for it meanwhile. From here on nobody does: nothing is waited for.
        if (stays(since)) return null;
        for (const path of [paths.image(digest), paths.directory(digest), paths.verified(digest)]) {
          remove('LAYER:DELETE', path);
        }
        return image?.size ?? 0;
      }),
  };
  return layers;
}
