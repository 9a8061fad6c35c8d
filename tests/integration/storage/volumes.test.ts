import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aloneArgv } from '#agent/sys/process.ts';
import { createVolumes } from '#agent/volumes/apply.ts';
import { resizeUnmounted } from '#agent/volumes/resize.ts';
import { makeStorage, type Storage } from '../../support/make-root.ts';
import { slow } from '../../support/pace.ts';
import { volumeSuite } from './volume-suite.ts';

const MiB = 1024 * 1024;
const size = { bytes: 128 * MiB, inodes: 32_768 };
let storage: Storage;

beforeAll(async () => {
  storage = await makeStorage();
});
afterAll(() => storage?.cleanUp());

/** CAP_SYS_RESOURCE, bit 24 of the effective set. */
const mayResizeMounted = () => {
  const [, effective = '0'] = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (BigInt(`0x${effective}`) & (1n << 24n)) !== 0n;
};
const totalBytes = (path: string) => {
  const s = statfsSync(path);
  return s.blocks * s.bsize;
};

async function volume(): Promise<{ id: string; path: string }> {
  const id = uuidv7();
  await storage.volumes.create(id, size);
  return { id, path: await storage.volumes.mount(id) };
}

volumeSuite('image', () => makeStorage());

describe('an image', () => {
  it('is never behind two devices at once', async () => {
    const { id, path } = await volume();
    const holder = spawn('unshare', ['-m', 'sh', '-c', 'echo; read _'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    writeFileSync(`${path}/upper/file`, 'before');
    await storage.volumes.unmount(id); // the other namespace still has it mounted
    await storage.volumes.mount(id);
    expect(readFileSync(`${path}/upper/file`, 'utf8')).toBe('before');
    const devices = execFileSync(
      'losetup',
      ['-j', `${storage.config.poolPath}/volumes/${id}.img`, '-n', '-O', 'NAME'],
      { encoding: 'utf8' },
    );
    expect(devices.trim().split('\n')).toHaveLength(1);
    holder.stdin.end('x\n');
    await new Promise((resolve) => holder.once('exit', resolve));
    await storage.volumes.delete(id);
  });

  it('goes from the view that a template build has of the host, and leaves no device', async () => {
    const { id } = await volume();
    const [program = '', ...view] = aloneArgv;
    const holder = spawn(program, [...view, 'sh', '-c', 'echo; read _'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await storage.volumes.unmount(id);
    const image = `${storage.config.poolPath}/volumes/${id}.img`;
    expect(execFileSync('losetup', ['-j', image], { encoding: 'utf8' })).toBe('');
    holder.stdin.end('x\n');
    await new Promise((resolve) => holder.once('exit', resolve));
    await storage.volumes.delete(id);
  });

  it('grows and shrinks while unmounted, keeps its files, and refuses to lose any', async () => {
    const { id, path } = await volume();
    writeFileSync(`${path}/upper/file`, Buffer.alloc(40 * MiB, 7));
    expect(await storage.volumes.resize(id, { bytes: 64 * MiB })).toBe(false); // shrinking waits
    // the kernel resizes what is mounted for whoever has CAP_SYS_RESOURCE
    expect(await storage.volumes.resize(id, { bytes: 256 * MiB })).toBe(mayResizeMounted());
    if (mayResizeMounted()) expect(totalBytes(path)).toBeGreaterThan(220 * MiB);
    await storage.volumes.unmount(id);
    expect(await storage.volumes.resize(id, { bytes: 256 * MiB })).toBe(true);
    await storage.volumes.mount(id);
    expect(totalBytes(path)).toBeGreaterThan(220 * MiB);
    await storage.volumes.unmount(id);
    expect(await storage.volumes.resize(id, { bytes: 96 * MiB })).toBe(true);
    await expect(storage.volumes.resize(id, { bytes: 24 * MiB })).rejects.toMatchObject({ code: 'no_space' });
    await storage.volumes.mount(id);
    expect(statSync(`${storage.config.poolPath}/volumes/${id}.img`).size).toBe(96 * MiB);
    expect(readFileSync(`${path}/upper/file`).equals(Buffer.alloc(40 * MiB, 7))).toBe(true);
    await storage.volumes.delete(id);
  });

  it('that is copied to be resized fills no pool, and leaves nothing of a copy that did not fit', async () => {
    const pool = `${storage.config.agentDir}/small-pool`;
    mkdirSync(pool);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'pool', pool]); // without reflinks
    try {
      const image = `${pool}/one.img`;
      writeFileSync(image, Buffer.alloc(40 * MiB, 1));
      await expect(resizeUnmounted(image, 80 * MiB, 0)).rejects.toMatchObject({ code: 'no_space' });
      await expect(resizeUnmounted(image, 80 * MiB, -64 * MiB)).rejects.toThrow(/No space left/);
      expect(readdirSync(pool)).toEqual(['one.img']);
    } finally {
      execFileSync('umount', [pool]);
    }
  });
});

describe('a snapshot of an image', () => {
  it('of a volume whose host crashed shows what its journal holds', async () => {
    const { id, path } = await volume();
    writeFileSync(`${path}/upper/before`, 'x');
    execFileSync('sync', ['-f', path]);
    writeFileSync(`${path}/upper/journalled`, 'y');
    execFileSync('sync', [`${path}/upper/journalled`]);
    // the image as a crash would leave it: a copy taken without freezing
    const crashed = uuidv7();
    execFileSync('cp', [
      '--reflink=always',
      `${storage.config.poolPath}/volumes/${id}.img`,
      `${storage.config.poolPath}/volumes/${crashed}.img`,
    ]);
    await storage.volumes.delete(id);
    const snapshotId = uuidv7();
    expect((await storage.volumes.snapshot(crashed, snapshotId)).freezeMs).toBe(0);
    const mounted = await storage.volumes.mountSnapshot(snapshotId, crashed);
    expect(readdirSync(`${mounted}/upper`).sort()).toEqual(['before', 'journalled']);
    await storage.volumes.deleteSnapshot(snapshotId);
    await storage.volumes.delete(crashed);
  });

  it('stops writers for a moment only, with 20,000 files', async () => {
    const { id, path } = await volume();
    execFileSync('sh', [
      '-c',
      `cd ${path}/upper && for d in $(seq 200); do mkdir $d; (cd $d && seq -f f%g 100 | xargs touch); done`,
    ]);
    const times: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      writeFileSync(`${path}/upper/dirty${i}`, Buffer.alloc(MiB, i));
      const snapshotId = uuidv7();
      times.push((await storage.volumes.snapshot(id, snapshotId)).freezeMs);
      await storage.volumes.deleteSnapshot(snapshotId);
    }
    times.sort((a, b) => a - b);
    console.log(`freeze with 20,000 files: median ${times[3]} ms of a target of 150, all ${times.join(' ')}`);
    expect(times[3]).toBeLessThan(1000); // far below the helper's own limit of two seconds
    await storage.volumes.delete(id);
  });
});

describe('an agent killed while a volume is frozen', () => {
  const soonMs = 1500 * slow;
  async function writesWithin(path: string, ms: number): Promise<boolean> {
    const child = spawn('timeout', [String(ms / 1000), 'sh', '-c', `echo x > ${path}/upper/after`]);
    return (await new Promise((resolve) => child.once('exit', resolve))) === 0;
  }

  it('leaves it thawed, by the helper, at once', async () => {
    const { id, path } = await volume();
    const script = `
      const { createVolumes } = await import(${JSON.stringify(new URL('../../../agent/volumes/apply.ts', import.meta.url).href)});
      await createVolumes(${JSON.stringify(storage.config)}).snapshot(${JSON.stringify(id)}, 'killed');`;
    const env = { ...process.env, BERTH_FAULT: 'SNAPSHOT:CLONE@before=kill' };
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'inherit' });
    const signal = await new Promise((resolve) => node.once('exit', (_, how) => resolve(how)));
    expect(signal).toBe('SIGKILL');
    const began = performance.now();
    expect(await writesWithin(path, soonMs)).toBe(true);
    expect(performance.now() - began).toBeLessThan(soonMs);
    expect(storage.volumes.listSnapshots()).toEqual([]);
    await storage.volumes.delete(id);
  });

  it('and its helper killed too: recover thaws it and clears what was mounted', async () => {
    const { id, path } = await volume();
    const kept = await volume();
    execFileSync('fsfreeze', ['-f', path]);
    const fresh = createVolumes(storage.config);
    expect(await fresh.recover(new Set([kept.id]))).toEqual([]);
    expect(storage.volumes.usage(id)).toBeNull();
    expect(storage.volumes.usage(kept.id)).not.toBeNull();
    await storage.volumes.mount(id);
    expect(await writesWithin(path, soonMs)).toBe(true);
    for (const v of [id, kept.id]) await storage.volumes.delete(v);
  });
});

it('the pool says what it really can do', () => {
  expect(storage.volumes.pool()).toMatchObject({ driver: 'image', path: storage.config.poolPath, reflinks: true });
});
