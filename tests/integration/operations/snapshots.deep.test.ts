/** Snapshots by people's verbs, over the simulator and over a real host. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import type { BerthError } from '#lib/contract/errors.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { listSnapshots } from '#lib/snapshots/list.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';

const timeoutMs = 5_000;
let bench: Bench;
let id: string;

describe.each(['sim', 'real'] as const)('snapshots on a host (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  const sh = (script: string) => execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs });
  const write = (text: string) => sh(`echo ${text} > /root/file`);
  const read = async () => (await sh('cat /root/file')).stdout.trim();
  const names = async () => (await listSnapshots(bench.owner, id, {})).items.map((one) => one.name);

  it('are taken while it runs and rolled back to, with a snapshot of the present first, and undone', async () => {
    const { owner } = bench;
    await write('good');
    const taken = await succeeded(owner, await createSnapshot(owner, id, { name: 'before the upgrade' }));
    expect(taken.result.freezeMs).toEqual(expect.any(Number));
    await write('bad');
    const [snapshot] = (await listSnapshots(owner, id, {})).items;
    expect(snapshot).toMatchObject({ name: 'before the upgrade', kind: 'manual', state: 'present' });

    const rolled = await succeeded(owner, await rollBack(owner, snapshot?.id ?? ''));
    expect(rolled.steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'done']);
    expect(rolled.can.undo).toBe(true);
    expect(await read()).toBe('good');
    const shown = await getContainer(owner, id);
    expect(shown.state).toBe('running');
    expect(shown.retained).toMatchObject([{ reason: 'rollback' }]);
    const [automatic] = (await listSnapshots(owner, id, {})).items;
    expect(automatic).toMatchObject({ kind: 'automatic', name: 'Before rolling back to “before the upgrade”' });

    await succeeded(owner, await undoOperation(owner, rolled.id));
    expect(await read()).toBe('bad');
    await write('worse');
    await succeeded(owner, await rollBack(owner, automatic?.id ?? ''));
    expect(await read()).toBe('bad');
  });

  it('taken by the panel itself are kept once: that of the latest roll-back, and the one it went back to', async () => {
    const before = (await listSnapshots(bench.owner, id, {})).items;
    expect(before.filter((one) => one.kind === 'automatic')).toHaveLength(2);
    const manual = before.find((one) => one.kind === 'manual');
    await succeeded(bench.owner, await rollBack(bench.owner, manual?.id ?? ''));
    const after = (await listSnapshots(bench.owner, id, {})).items;
    expect(after.filter((one) => one.kind === 'automatic')).toHaveLength(1);
    expect(after.filter((one) => one.kind === 'manual')).toHaveLength(1);
  });

  it('are as many as the plan says, also when all ask at once, and those of the panel do not count', async () => {
    const { owner } = bench;
    const { max } = await listSnapshots(owner, id, {});
    expect(max).toBe(3);
    let refused = 0;
    for (let n = 0; n < 3; n += 1) {
      const asked = await Promise.allSettled([1, 2, 3].map(() => createSnapshot(owner, id, { name: `n${n}` })));
      for (const one of asked) {
        if (one.status === 'fulfilled') await succeeded(owner, one.value);
        else {
          expect(['already', 'plan_limit']).toContain((one.reason as BerthError).code);
          refused += 1;
        }
      }
    }
    expect(refused).toBe(7);
    await expect(createSnapshot(owner, id, { name: '' })).rejects.toMatchObject({ code: 'plan_limit' });
    expect((await listSnapshots(owner, id, {})).items.filter((one) => one.kind === 'manual')).toHaveLength(3);
  });

  it('are deleted, and are not there any more', async () => {
    const { owner, admin } = bench;
    const { items } = await listSnapshots(owner, id, {});
    await expect(removeSnapshot(admin, items[0]?.id ?? '')).rejects.toMatchObject({ code: 'forbidden' });
    for (const one of items) await succeeded(owner, await removeSnapshot(owner, one.id));
    expect(await names()).toEqual([]);
    await expect(rollBack(owner, items[0]?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(removeSnapshot(owner, items[0]?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });
});
