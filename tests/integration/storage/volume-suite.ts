/** What every driver of volumes promises: one suite, run by each (`volumes.test.ts`, `quota.test.ts`). */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BerthError } from '#lib/contract/errors.ts';
import type { Storage } from '../../support/make-root.ts';

const MiB = 1024 * 1024;
const size = { bytes: 128 * MiB, inodes: 4096 };

/** `started` hears of every process that writes while a snapshot is taken. */
export function volumeSuite(
  driver: string,
  make: () => Promise<Storage>,
  started: (pid: number) => void = () => {},
): void {
  describe(`a volume (${driver})`, () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await make();
    });
    afterAll(() => storage?.cleanUp());

    async function volume(): Promise<{ id: string; path: string }> {
      const id = uuidv7();
      await storage.volumes.create(id, size);
      return { id, path: await storage.volumes.mount(id) };
    }
    /** As a container's root writes: without the host root's right to pass limits. */
    const fill = (file: string, bytes: number) => {
      const argv = ['--inh-caps=-all', '--bounding-set=-sys_resource', '--', 'dd', 'if=/dev/zero', `of=${file}`];
      const sizes = ['bs=1M', `count=${Math.ceil(bytes / MiB)}`, 'conv=fsync', 'status=none'];
      execFileSync('setpriv', [...argv, ...sizes], { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } });
    };

    it('is made, mounted, unmounted and deleted, each as often as one likes', async () => {
      const { id, path } = await volume();
      await storage.volumes.create(id, size);
      expect(await storage.volumes.mount(id)).toBe(path);
      expect(
        readdirSync(path)
          .filter((name) => name !== 'lost+found')
          .sort(),
      ).toEqual(['upper', 'work']);
      expect(storage.volumes.listVolumes()).toContain(id);
      expect(storage.volumes.usage(id)).toMatchObject({ inodes: expect.any(Number) });
      expect(storage.volumes.allocatedBytes(id)).toBeLessThan(16 * MiB);
      for (let i = 0; i < 2; i += 1) await storage.volumes.unmount(id);
      expect(storage.volumes.usage(id)).toBeNull();
      for (let i = 0; i < 2; i += 1) await storage.volumes.delete(id);
      expect(storage.volumes.listVolumes()).not.toContain(id);
      await expect(storage.volumes.mount(id)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('holds no more bytes and no more files than it may, shows that to df, and leaves its neighbour alone', async () => {
      const [one, other] = [await volume(), await volume()];
      expect(() => fill(`${one.path}/upper/big`, 200 * MiB)).toThrow(/No space left|Disk quota exceeded/);
      expect(storage.volumes.usage(one.id)?.bytes).toBeLessThanOrEqual(size.bytes);
      const { blocks, bsize } = statfsSync(one.path);
      expect(blocks * bsize).toBeLessThanOrEqual(size.bytes);
      expect(blocks * bsize).toBeGreaterThan(size.bytes * 0.8);
      fill(`${other.path}/upper/file`, 50 * MiB);
      // as a container's processes: files of a user of their own, in a directory that is theirs
      chmodSync(`${other.path}/upper`, 0o777);
      const script = `cd ${other.path}/upper && i=0; while [ $i -lt 6000 ] && : > f$i; do i=$((i+1)); done; echo $i`;
      const argv = [
        '--reuid=1879048192',
        '--regid=1879048192',
        '--clear-groups',
        '--bounding-set=-all',
        '--',
        'sh',
        '-c',
        script,
      ];
      const made = Number(
        execFileSync('setpriv', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) || 0,
      );
      expect(made).toBeLessThan(size.inodes * 1.1);
      for (const { id } of [one, other]) await storage.volumes.delete(id);
    });

    it('grows and refuses to lose what it holds when it is to shrink', async () => {
      const { id, path } = await volume();
      writeFileSync(`${path}/upper/file`, Buffer.alloc(60 * MiB, 7));
      await storage.volumes.unmount(id);
      expect(await storage.volumes.resize(id, { bytes: 256 * MiB })).toBe(true);
      await storage.volumes.mount(id);
      fill(`${path}/upper/more`, 140 * MiB);
      await storage.volumes.unmount(id);
      await expect(storage.volumes.resize(id, { bytes: 32 * MiB })).rejects.toSatisfy(
        (error) => error instanceof BerthError && error.code === 'no_space',
      );
      await storage.volumes.mount(id);
      expect(readFileSync(`${path}/upper/file`).equals(Buffer.alloc(60 * MiB, 7))).toBe(true);
      await storage.volumes.delete(id);
    });

    it('is held by a snapshot as it was at one instant, while it is being written', async () => {
      const { id, path } = await volume();
      // the writer makes pairs: at no instant are there more b than a, nor two fewer
      const script = `i=0; echo; while [ $i -lt 1500 ]; do i=$((i+1)); : > ${path}/upper/a$i; : > ${path}/upper/b$i; done`;
      const writer = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      started(writer.pid ?? 0);
      const ended = new Promise((resolve) => writer.once('exit', resolve));
      await new Promise((resolve) => writer.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 30));
      const snapshotId = uuidv7();
      const { freezeMs, bytes } = await storage.volumes.snapshot(id, snapshotId);
      expect(freezeMs).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(0);
      await ended;
      writeFileSync(`${path}/upper/later`, '');
      const containerId = uuidv7();
      const mounted = await storage.volumes.mountSnapshot(snapshotId, containerId);
      expect(await storage.volumes.mountSnapshot(snapshotId, containerId)).toBe(mounted);
      const names = readdirSync(`${mounted}/upper`);
      const count = (letter: string) => names.filter((name) => name.startsWith(letter)).length;
      expect(count('a') - count('b')).toBeGreaterThanOrEqual(0);
      expect(count('a') - count('b')).toBeLessThanOrEqual(1);
      expect(names).not.toContain('later');
      expect(() => writeFileSync(`${mounted}/upper/x`, '')).toThrow(/EROFS/);
      // another snapshot takes the same place
      const second = uuidv7();
      await storage.volumes.snapshot(id, second);
      expect(await storage.volumes.mountSnapshot(second, containerId)).toBe(mounted);
      expect(readdirSync(`${mounted}/upper`)).toContain('later');
      for (const s of [snapshotId, second]) await storage.volumes.deleteSnapshot(s);
      expect(storage.volumes.listSnapshots()).toEqual([]);
      expect(existsSync(mounted)).toBe(false);
      await storage.volumes.delete(id);
    });

    it('is made anew from a snapshot, as it was then, and lives by itself', async () => {
      const { id, path } = await volume();
      writeFileSync(`${path}/upper/file`, 'then');
      const [snapshotId, copy] = [uuidv7(), uuidv7()];
      await storage.volumes.snapshot(id, snapshotId);
      writeFileSync(`${path}/upper/file`, 'now');
      expect(await storage.volumes.createFrom(copy, snapshotId, size)).toEqual({ sizeBytes: size.bytes });
      expect(await storage.volumes.createFrom(copy, snapshotId, size)).toEqual({ sizeBytes: size.bytes });
      const copied = await storage.volumes.mount(copy);
      expect(readFileSync(`${copied}/upper/file`, 'utf8')).toBe('then');
      writeFileSync(`${copied}/upper/file`, 'its own');
      const again = uuidv7();
      await storage.volumes.createFrom(again, snapshotId, size);
      expect(readFileSync(`${await storage.volumes.mount(again)}/upper/file`, 'utf8')).toBe('then');
      expect(readFileSync(`${path}/upper/file`, 'utf8')).toBe('now');
      expect(() => fill(`${copied}/upper/big`, 200 * MiB)).toThrow(/No space left|Disk quota exceeded/);
      await expect(storage.volumes.createFrom(uuidv7(), uuidv7(), size)).rejects.toMatchObject({ code: 'not_found' });
      await storage.volumes.deleteSnapshot(snapshotId);
      for (const one of [id, copy, again]) await storage.volumes.delete(one);
    });

    it('of a dead agent is unmounted unless it is wanted, and what is half made is cleared', async () => {
      const [kept, busy, left] = [await volume(), await volume(), await volume()];
      const stands = spawn('sh', ['-c', 'echo; read _'], { cwd: busy.path, stdio: ['pipe', 'pipe', 'inherit'] });
      await new Promise((resolve) => stands.stdout.once('data', resolve));
      const resisted = await storage.volumes.recover(new Set([kept.id]));
      expect(resisted).toMatchObject([{ code: 'state', inside: busy.path }]);
      expect(storage.volumes.usage(left.id)).toBeNull();
      expect(storage.volumes.usage(kept.id)).not.toBeNull();
      stands.stdin.end('x\n');
      await new Promise((resolve) => stands.once('exit', resolve));
      expect(await storage.volumes.recover(new Set([kept.id]))).toEqual([]);
      for (const { id } of [kept, busy, left]) await storage.volumes.delete(id);
      expect(readdirSync(`${storage.config.poolPath}/volumes`)).toEqual([]);
    });
  });
}
