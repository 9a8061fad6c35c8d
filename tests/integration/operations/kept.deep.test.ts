/** What replaced files are kept, which of them go, and what is said of /old. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';

let bench: Bench;
let id: string;

describe.each(['sim', 'real'] as const)('replaced files on a host (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  const kept = async () => (await getContainer(bench.owner, id)).retained;
  const sh = (script: string) =>
    execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs: 5_000 });

  it('of a reinstall are at /old, and one click removes them', async () => {
    const { owner } = bench;
    await sh('echo mine > /root/file; echo somebody > /root/.ssh-note');
    const done = await succeeded(owner, await reinstallContainer(owner, id, { keepOld: true, reset: false }));
    expect(await kept()).toMatchObject([{ reason: 'reinstall', shownAt: '/old', operationId: done.id }]);
    expect((await sh('cat /old/root/file')).stdout).toBe('mine\n');
    await succeeded(owner, await confirmOperation(owner, done.id));
    expect(await kept()).toEqual([]);
  });

  it('are at /old no more when the reinstall is undone, or another one hides them', async () => {
    const { owner } = bench;
    const first = await succeeded(owner, await reinstallContainer(owner, id, { keepOld: true, reset: false }));
    const undone = await succeeded(owner, await undoOperation(owner, first.id));
    expect(await kept()).toMatchObject([{ reason: 'undo', shownAt: null }]);
    await succeeded(owner, await confirmOperation(owner, undone.id));
    const again = await succeeded(
      owner,
      await reinstallContainer(owner, id, { keepOld: false, reset: false, resetUsers: true }),
    );
    expect(await kept()).toMatchObject([{ reason: 'reinstall', shownAt: null }]);
    await succeeded(owner, await confirmOperation(owner, again.id));
  });

  it('are two sets at most: the one that was chosen goes, and the oldest when nobody chose', async () => {
    const { owner } = bench;
    await sh('echo one > /root/file');
    const taken = await succeeded(owner, await createSnapshot(owner, id, { name: '' }));
    const snapshotId = String(taken.result.snapshotId);
    const first = await succeeded(owner, await rollBack(owner, snapshotId));
    const second = await succeeded(owner, await reinstallContainer(owner, id, { keepOld: true, reset: false }));
    const two = await kept();
    expect(two.map((one) => one.operationId)).toEqual([second.id, first.id]);
    await expect(rollBack(owner, snapshotId, { release: uuidv7() })).rejects.toMatchObject({ code: 'invalid' });
    const newest = two[0]?.id ?? '';
    const third = await succeeded(owner, await rollBack(owner, snapshotId, { release: newest }));
    expect(third.result.releasedOldest).toMatchObject({ operationId: second.id });
    const left = async () => (await kept()).map((one) => one.operationId);
    await expect.poll(left, { timeout: 60_000 }).toEqual([third.id, first.id]);
    const fourth = await succeeded(owner, await rollBack(owner, snapshotId));
    await expect.poll(left, { timeout: 60_000 }).toEqual([fourth.id, third.id]);
  });
});
