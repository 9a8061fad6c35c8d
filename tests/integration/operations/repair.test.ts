/** Repair by people's verbs, over the simulator and over a real host. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { extendRepair, finishRepair, repairContainer } from '#lib/containers/repair.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { longestRepairHours } from '#lib/contract/containers.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { brands } from '#lib/db/schema/brands.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations, sealedValues } from '#lib/db/schema/operations.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';

const timeoutMs = 5_000;
const hourMs = 3_600_000;
const choice = { readOnly: false, access: 'password', hours: 2 } as const;
let bench: Bench;
let id: string;

describe.each(['sim', 'real'] as const)('repair on a host (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  const sh = (script: string) => execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs });
  const now = () => getContainer(bench.owner, id);
  const asTest = systemActor('test');

  it('boots a rescue system under the same address, with the files at /repair and a password told once', async () => {
    const { owner, admin } = bench;
    await sh('echo broken > /root/file');
    const { addresses, hostname } = await now();
    await expect(repairContainer(admin, id, choice)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(repairContainer(owner, id, { ...choice, access: 'keys' })).rejects.toMatchObject({ code: 'invalid' });
    await withActor(bench.portal.super, asTest, (tx) =>
      tx.insert(brands).values({ resellerId: bench.world.ids.reseller, productName: 'Quay' }),
    );
    const asked = await repairContainer(owner, id, choice);
    expect(asked.rootPassword?.length).toBeGreaterThan(15);
    const done = await succeeded(owner, asked);
    expect(done).not.toHaveProperty('rootPassword');
    const shown = await now();
    expect(shown).toMatchObject({ state: 'repairing', addresses, hostname, repair: { readOnly: false } });
    const leftMs = Date.parse(shown.repair?.until ?? '') - Date.now();
    expect(leftMs).toBeGreaterThan(1.9 * hourMs);
    expect(leftMs).toBeLessThan(2.1 * hourMs);
    expect((await sh('cat /repair/root/file')).stdout).toBe('broken\n');
    expect((await sh('cat /root/file')).exitCode).not.toBe(0);
    expect((await sh('hostname')).stdout.trim()).toBe(hostname);
    expect((await sh('cat /etc/motd')).stdout).toMatch(/^Quay: rescue system\..* \/repair; /);
    expect((await sh('cat /etc/shadow')).stdout).toMatch(/^root:\$/m);
    await withActor(bench.portal.super, asTest, async (tx) => {
      expect(await tx.select().from(sealedValues)).toEqual([]);
      const rows = [await tx.select().from(operations), await tx.select().from(auditLog)];
      expect(JSON.stringify(rows)).not.toContain(asked.rootPassword);
    });
  });

  it('lets nothing else happen meanwhile, and says what would', async () => {
    const { owner, admin } = bench;
    const blocked = { code: 'state', message: expect.stringContaining('Finish the repair first') };
    await expect(createBackup(owner, id, { note: '' })).rejects.toMatchObject(blocked);
    await expect(createSnapshot(owner, id, { name: '' })).rejects.toMatchObject(blocked);
    await expect(restartContainer(owner, id, { timeoutMs })).rejects.toMatchObject(blocked);
    await expect(reinstallContainer(owner, id, { keepOld: true, reset: false })).rejects.toMatchObject(blocked);
    await expect(repairContainer(owner, id, choice)).rejects.toMatchObject(blocked);
    await expect(removeContainer(admin, id)).rejects.toMatchObject(blocked);
    const { can } = await now();
    expect(can.backup).toEqual({ allowed: false, reason: expect.stringContaining('it is in repair') });
    expect(can['repair-finish']).toMatchObject({ allowed: true });
    expect(can.console).toMatchObject({ allowed: true });
  });

  it('is given more time, but not without end', async () => {
    const before = Date.parse((await now()).repair?.until ?? '');
    const extended = async (by: { hours: number; onTop?: boolean }) =>
      Date.parse((await extendRepair(bench.owner, id, by)).repair?.until ?? '');
    // On top of what is left, however much that is.
    expect((await extended({ hours: 4, onTop: true })) - before).toBe(4 * hourMs);
    const after = await extended({ hours: 24 });
    expect(after).toBeGreaterThan(before + 4 * hourMs);
    expect((await extended({ hours: 4, onTop: true })) - after).toBe(4 * hourMs);
    await extended({ hours: 24, onTop: true });
    const longest = await extended({ hours: 24, onTop: true });
    expect(longest - before).toBe((longestRepairHours - choice.hours) * hourMs);
    await expect(extendRepair(bench.owner, id, { hours: 4, onTop: true })).rejects.toMatchObject({
      detail: `A repair lasts ${longestRepairHours} hours at most.`,
    });
    await expect(extendRepair(bench.owner, id, { hours: 1 })).rejects.toMatchObject({ code: 'state' });
    await expect(extendRepair(bench.admin, id, { hours: 24 })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is finished: its own system runs with what was mended, and nothing of the rescue system is left', async () => {
    const { owner } = bench;
    await sh('echo mended > /repair/root/file; echo trace > /root/trace');
    const done = await succeeded(owner, await finishRepair(owner, id));
    expect(done.result).toEqual({ running: true });
    expect(await now()).toMatchObject({ state: 'running', repair: null });
    expect((await sh('cat /root/file')).stdout).toBe('mended\n');
    expect((await sh('cat /root/trace')).exitCode).not.toBe(0);
    await expect(finishRepair(owner, id)).rejects.toMatchObject({ code: 'state' });
    await expect(extendRepair(owner, id, { hours: 1 })).rejects.toMatchObject({ code: 'state' });
  });

  it('read-only leaves the files alone; a stopped container is stopped again afterwards', async () => {
    const { owner } = bench;
    await succeeded(owner, await killContainer(owner, id));
    await succeeded(owner, await repairContainer(owner, id, { ...choice, readOnly: true }));
    expect((await sh('echo no > /repair/root/file')).stderr).toMatch(/Read-only/);
    await succeeded(owner, await killContainer(owner, id));
    expect((await now()).state).toBe('repairing');
    expect((await succeeded(owner, await finishRepair(owner, id))).result).toEqual({ running: false });
    expect((await now()).state).toBe('stopped');
  });

  it('ends by itself when its time is over', async () => {
    const { owner } = bench;
    await succeeded(owner, await repairContainer(owner, id, choice));
    await withActor(bench.portal.super, asTest, (tx) =>
      tx
        .update(containers)
        .set({ repairUntil: new Date(Date.now() - 1000) })
        .where(eq(containers.id, id)),
    );
    await expect.poll(now, { timeout: 60_000 }).toMatchObject({ state: 'stopped', repair: null });
  });
});
