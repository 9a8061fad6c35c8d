/** A real pool that runs out: what is refused and in which words, what works all the same, and what the file systems are like after it. */
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';

const MiB = 1024 * 1024;
const refusal = { code: 'no_space', retryable: false, message: expect.stringContaining('enough free storage') };

describe('a pool that runs out', () => {
  let agent: TestAgent;
  let template: TemplateRef;
  beforeAll(async () => {
    agent = await startTestAgent('real');
    template = await agent.template();
  });
  afterAll(async () => {
    await agent?.cleanUp();
  });

  const free = () => {
    const { bavail, bsize } = statfsSync(agent.config.poolPath);
    return bavail * bsize;
  };

  it('refuses what is new below its reserve, lets stop, undo and delete, and takes all again when there is room', async () => {
    const one = await agent.container(template);
    const { containerId } = one;
    await agent.act('container.start', { containerId });
    await agent.sh(containerId, 'echo old > /root/note; sync');
    const [spare, other] = [uuidv7(), uuidv7()];
    for (const volumeId of [spare, other]) await agent.act('volume.create', { containerId, args: { volumeId } });
    const swapTo = (volumeId: string) =>
      agent.act('container.swap', {
        containerId,
        args: { volumeId, template, carryIdentity: false, oldAt: null, stopTimeoutMs: 10_000 },
      });
    await swapTo(other);
    // More than the files it replaced: taking it back promises more than before.
    await agent.sh(
      containerId,
      'echo new > /root/note; dd if=/dev/zero of=/root/more bs=1M count=32 2>/dev/null; sync',
    );
    const filler = join(agent.config.poolPath, 'filler');
    execFileSync('fallocate', ['-l', String(free() - agent.config.poolReserveBytes + 8 * MiB), filler]);
    expect(free()).toBeLessThan(agent.config.poolReserveBytes);

    await expect(agent.container(template)).rejects.toMatchObject(refusal);
    const snapshot = { containerId, args: { snapshotId: uuidv7() } };
    await expect(agent.act('snapshot.create', snapshot)).rejects.toMatchObject(refusal);
    const volume = { containerId, args: { volumeId: uuidv7() } };
    await expect(agent.act('volume.create', volume)).rejects.toMatchObject(refusal);
    const more = { resources: { ...resources, diskBytes: 2 * resources.diskBytes } };
    await expect(agent.act('container.configure', { containerId, args: more })).rejects.toMatchObject(refusal);

    await agent.act('container.stop', { containerId, args: { timeoutMs: 10_000 } });
    await agent.act('container.start', { containerId });
    for (const [volumeId, note] of [
      [one.volumeId, 'old'],
      [other, 'new'],
      [one.volumeId, 'old'],
    ] as const) {
      await swapTo(volumeId);
      expect(await agent.sh(containerId, 'cat /root/note')).toBe(note);
    }
    await agent.act('volume.delete', { containerId, args: { volumeId: spare } });
    await agent.act('container.delete', { containerId });
    expect(await agent.inventory()).toEqual([]);

    rmSync(filler);
    const again = await agent.container(template);
    await agent.act('container.delete', { containerId: again.containerId });
  });

  it('takes an undo on when everything is promised, and promises nothing until that is paid back', async () => {
    const { containerId, volumeId } = await agent.container(template);
    await agent.act('container.start', { containerId });
    const other = uuidv7();
    await agent.act('volume.create', { containerId, args: { volumeId: other } });
    const swapTo = (to: string) => {
      const args = { volumeId: to, template, carryIdentity: false, oldAt: null, stopTimeoutMs: 10_000 };
      return agent.act('container.swap', { containerId, args });
    };
    await swapTo(other);
    await agent.sh(containerId, 'dd if=/dev/urandom of=/root/more bs=1M count=48 2>/dev/null; sync');
    const { pool, layers } = await agent.host();
    const promisable = pool.sizeBytes - pool.keptFreeBytes - layers.reduce((sum, { bytes }) => sum + bytes, 0);
    const room = promisable - pool.reservedBytes - MiB;
    const filling = await agent.container(template, { resources: { ...resources, diskBytes: room } });

    const { retainedBytes } = await swapTo(volumeId);
    expect(retainedBytes).toBeGreaterThan(48 * MiB);
    expect((await agent.host()).pool.reservedBytes).toBeGreaterThan(promisable);
    await expect(agent.container(template, { resources: { ...resources, diskBytes: 64 * MiB } })).rejects.toMatchObject(
      refusal,
    );
    await swapTo(other);
    await swapTo(volumeId);
    await agent.act('volume.delete', { containerId, args: { volumeId: other } });
    expect((await agent.host()).pool.reservedBytes).toBeLessThan(promisable);
    for (const id of [containerId, filling.containerId]) await agent.act('container.delete', { containerId: id });
  });

  it('keeps both file systems whole when two writers fill all they may', async () => {
    const { sizeBytes, usedBytes } = (await agent.host()).pool;
    const room = sizeBytes - usedBytes - agent.config.poolReserveBytes;
    const diskBytes = Math.floor(room / 2 / MiB) * MiB - 16 * MiB;
    const both = [];
    for (const name of ['one', 'two']) {
      const made = await agent.container(template, { name, resources: { ...resources, diskBytes } });
      await agent.act('container.start', { containerId: made.containerId });
      both.push(made);
    }
    const write =
      'dd if=/dev/urandom of=/root/fill bs=1M 2>/dev/null; sync; echo still here > /root/note; cat /root/note';
    const fill = async (containerId: string) => {
      const result = await agent.exec(containerId, ['/bin/sh', '-c', write], { timeoutMs: 120_000 });
      // Full of its own quota: the note may not fit, but the file system must still be writable after a file goes.
      expect(result.timedOut).toBe(false);
      return await agent.sh(containerId, 'rm /root/fill && echo written > /root/note && sync && cat /root/note');
    };
    let least = free();
    const watch = setInterval(() => {
      least = Math.min(least, free());
    }, 20);
    const said = await Promise.all(both.map((one) => fill(one.containerId)));
    clearInterval(watch);
    expect(said).toEqual(['written', 'written']);
    console.log(
      `pool: at least ${Math.round(least / MiB)} MiB stayed free of ${Math.round(sizeBytes / MiB)} while two writers filled it`,
    );
    expect(least).toBeGreaterThan(0);
    for (const { containerId, volumeId } of both) {
      await agent.act('container.stop', { containerId, args: { timeoutMs: 10_000 } });
      const image = join(agent.config.poolPath, 'volumes', `${volumeId}.img`);
      execFileSync('e2fsck', ['-f', '-n', image], { stdio: 'pipe' });
      await agent.act('container.delete', { containerId });
    }
  });
});
