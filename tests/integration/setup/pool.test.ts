import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensurePool, isPoolMounted, mountPool, mountsBelow } from '#server/setup/pool.ts';

let paths: { poolImage: string; pool: string };
let elsewhere: ChildProcess | undefined;
const sh = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });
const loops = () => sh('losetup', '--noheadings', '-O', 'NAME', '-j', paths.poolImage).trim();
const unmount = async () => {
  for (const path of await mountsBelow(paths.pool)) sh('umount', '--', path);
};

beforeEach(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-pool-'));
  paths = { poolImage: join(directory, 'pool.img'), pool: join(directory, 'pool') };
  sh('fallocate', '--length', '512M', '--', paths.poolImage);
  sh('mkfs.xfs', '-q', '-m', 'reflink=1', paths.poolImage);
});
afterEach(async () => {
  elsewhere?.kill('SIGKILL');
  await unmount();
  rmSync(join(paths.pool, '..'), { recursive: true, force: true });
});

it('is mounted once, however often it is asked for, and again after half of it was undone', async () => {
  expect(await isPoolMounted(paths.pool)).toBe(false);
  expect(await ensurePool(paths, undefined)).toBe('image');
  await mountPool(paths);
  const mounted = await mountsBelow(paths.pool);
  expect(await isPoolMounted(paths.pool)).toBe(true);
  sh('umount', '--', paths.pool);
  expect(await isPoolMounted(paths.pool)).toBe(false);
  await mountPool(paths);
  expect(await mountsBelow(paths.pool)).toEqual(mounted);
  expect(statSync(paths.pool).mode & 0o777).toBe(0o700);
});

it('lets go of its loop device though somebody made a mount namespace of their own meanwhile', async () => {
  await mountPool(paths);
  const ours = readlinkSync('/proc/self/ns/mnt');
  elsewhere = spawn('unshare', ['--mount', '--propagation', 'slave', '--', 'sleep', '600']);
  const program = () => sh('ps', '-o', 'comm=', '-p', String(elsewhere?.pid)).trim();
  await expect.poll(program).toBe('sleep');
  expect(readlinkSync(`/proc/${elsewhere.pid}/ns/mnt`)).not.toBe(ours);
  expect(loops()).not.toBe('');
  await unmount();
  await expect.poll(loops).toBe('');
  expect(elsewhere.exitCode).toBeNull();
});
