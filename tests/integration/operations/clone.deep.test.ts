/** Clones by people's verbs, over the simulator and over a real host. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { cloneContainer } from '#lib/containers/clone.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { repairContainer } from '#lib/containers/repair.ts';
import { withActor } from '#lib/db/client.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';

let bench: Bench;
let id: string;
let copyId: string;

describe.each(['sim', 'real'] as const)('clones on a host (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  const sh = async (containerId: string, script: string) => {
    const argv = ['/bin/sh', '-c', script];
    return (await execInContainer(bench.owner, containerId, { argv, timeoutMs: 5_000 })).stdout.trim();
  };
  const limit = (maxContainers: number | null) =>
    withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx.update(plans).set({ maxContainers }).where(eq(plans.id, bench.world.ids.plan)),
    );

  it('have the same files and an identity of their own, while the first goes on', async () => {
    const { owner, admin } = bench;
    await sh(id, 'echo shared > /root/file');
    const source = await getContainer(owner, id);
    await expect(cloneContainer(admin, id, { name: 'copy', start: true })).rejects.toMatchObject({ code: 'forbidden' });
    const done = await succeeded(owner, await cloneContainer(owner, id, { name: 'copy', start: true }));
    expect(done.steps.map((step) => step.state)).toEqual(['done', 'done']);
    copyId = done.containerId ?? '';
    expect(copyId).not.toBe(id);
    const copy = await getContainer(owner, copyId);
    const { planId, template, resources, sshKeys, restartPolicy } = source;
    expect(copy).toMatchObject({ name: 'copy', hostname: 'copy', planId, template, resources, sshKeys, restartPolicy });
    expect(copy.state).toBe('running');
    expect(copy.addresses).not.toEqual(source.addresses);
    expect(await sh(copyId, 'cat /root/file')).toBe('shared');
    expect(await sh(copyId, 'hostname')).toBe('copy');
    await sh(copyId, 'echo own > /root/file');
    expect(await sh(id, 'cat /root/file')).toBe('shared');
    expect((await getContainer(owner, id)).since).toBe(source.since);
  });

  it('need a name of their own and a place within the plan, and are not made of what is in repair', async () => {
    const { owner } = bench;
    await expect(cloneContainer(owner, id, { name: 'copy', start: false })).rejects.toMatchObject({ code: 'conflict' });
    await limit(2);
    await expect(cloneContainer(owner, id, { name: 'more', start: false })).rejects.toMatchObject({
      code: 'plan_limit',
    });
    await limit(null);
    // Of the tests' small pool a rescue system takes what the copy has.
    await succeeded(bench.admin, await removeContainer(bench.admin, copyId));
    await succeeded(owner, await repairContainer(owner, id, { readOnly: true, access: 'password', hours: 1 }));
    await expect(cloneContainer(owner, id, { name: 'more', start: false })).rejects.toMatchObject({ code: 'state' });
  });
});
