/** The project-quota driver on XFS and ext4, where the kernel has quotas for projects; where it has none, the test says so. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { Writers } from '#agent/parts.ts';
import { enforcesProjectQuota } from '#agent/volumes/probe.ts';
import { makeStorage, mountTestPool, type PoolKind } from '../../support/make-root.ts';
import { volumeSuite } from './volume-suite.ts';

/** Writers of the suite are plain processes: they are stopped as a terminal would. */
function signalled(): Writers & { pids: Set<number> } {
  const pids = new Set<number>();
  const send = (signal: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        pids.delete(pid);
      }
    }
  };
  const stopped = (pid: number) => /^State:\s+[TZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    pids,
    async pause() {
      send('SIGSTOP');
      while (![...pids].every(stopped)) await sleep(2);
      return () => send('SIGCONT');
    },
    resume: () => false,
    resumeAll: () => send('SIGCONT'),
  };
}

/** What the kernel has against such a pool; undefined when it mounts one. */
function objection(kind: PoolKind): string | undefined {
  const directory = mkdtempSync('/tmp/berth-quota-');
  const point = `${directory}/pool`;
  mkdirSync(point);
  try {
    mountTestPool(kind, `${directory}/image`, point, 512 * 1024 ** 2);
    execFileSync('umount', ['--', point]);
    return undefined;
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr ?? error)
      .trim()
      .split('\n')[0];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe.each(['xfs-quota', 'ext4-quota'] as const)('%s', (pool) => {
  const reason = objection(pool);
  if (reason !== undefined) {
    it.skip(`not run: this kernel does not mount such a pool: ${reason}`, () => {});
    return;
  }
  const writers = signalled();
  volumeSuite(
    `project quota, ${pool}`,
    () => makeStorage({ pool, writers }),
    (pid) => writers.pids.add(pid),
  );

  it('grows and shrinks while it is mounted', async () => {
    const storage = await makeStorage({ pool, writers });
    try {
      const id = uuidv7();
      await storage.volumes.create(id, { bytes: 64 * 1024 ** 2, inodes: 1000 });
      const path = await storage.volumes.mount(id);
      writeFileSync(`${path}/upper/file`, Buffer.alloc(8 * 1024 ** 2, 1));
      expect(await storage.volumes.resize(id, { bytes: 128 * 1024 ** 2 })).toBe(true);
      expect(await storage.volumes.resize(id, { bytes: 16 * 1024 ** 2 })).toBe(true);
      await expect(storage.volumes.resize(id, { bytes: 1024 ** 2 })).rejects.toMatchObject({ code: 'no_space' });
      expect(storage.volumes.pool()).toMatchObject({
        driver: 'project-quota',
        reservedBytes: 16 * 1024 ** 2,
        reflinks: pool === 'xfs-quota',
      });
      await storage.volumes.delete(id);
      expect(readdirSync(`${storage.config.poolPath}/volumes`)).toEqual([]);
    } finally {
      await storage.cleanUp();
    }
  });
});

it('a pool without project quotas is found out by trying, and refused with what to do', async () => {
  const storage = await makeStorage({ pool: 'xfs', writers: signalled() });
  try {
    expect((await enforcesProjectQuota(storage.config.poolPath)).fault).not.toBeNull();
    await expect(storage.volumes.create(uuidv7(), { bytes: 1024 ** 2, inodes: 10 })).rejects.toMatchObject({
      code: 'state',
      outside: { remedy: expect.stringContaining('prjquota') },
    });
  } finally {
    await storage.cleanUp();
  }
});
