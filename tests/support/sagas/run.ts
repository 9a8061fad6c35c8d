/**
 * One seeded run: a container with a past, one operation on it with faults from the seed, and after it the three properties:
 * what failed or was cancelled left everything as it was, what succeeded did so once although steps and undos ran twice, and
 * what is stuck can be taken back as soon as the faults are over.
 */
import { isDeepStrictEqual } from 'node:util';
import { finishDelete } from '#agent/actions/delete.ts';
import { discardPrepared, expireSnapshots } from '#agent/reconcile/garbage.ts';
import { giveConsent } from '#lib/backups/consents.ts';
import { createBackup } from '#lib/backups/create.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { repairContainer } from '#lib/containers/repair.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { OperationKind } from '#lib/contract/states.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { drawFaults, noFaults } from '../faults.ts';
import { actorFor } from '../portal.ts';
import { Random } from '../random.ts';
import type { SimBench } from '../sim-bench.ts';
import { askCreate, askerOf, type Case, cases, type Scene, uploadArchive } from './kinds.ts';
import { contradictions, lasting, type Picture, pictureOf } from './picture.ts';

export class Violation extends Error {}

export type RunOutcome = { kind: OperationKind; state: Operation['state']; faults: number; wasStuck: boolean };

/** Draws kind, scene and faults from the seed and runs it. Throws {@link Violation} with all that is needed to understand it. */
export async function runSeed(bench: SimBench, seed: number, only?: OperationKind): Promise<RunOutcome> {
  const random = new Random(seed);
  const drawn = random.pick(OperationKind.options as [OperationKind, ...OperationKind[]]);
  const kind = only ?? drawn;
  bench.faults.log.length = 0;
  bench.faults.arm(noFaults);
  const story: string[] = [];
  const scene = await makeScene(bench, random, cases[kind]);
  try {
    return await play(bench, scene, kind, story);
  } catch (error) {
    const text = error instanceof Violation ? error.message : String((error as Error).stack);
    const faults = bench.faults.log.join('; ');
    throw new Violation(`seed ${seed} (${kind}): ${text}\n  faults: ${faults}\n  story: ${story.join('\n         ')}`);
  } finally {
    bench.faults.arm(noFaults);
    await clear(bench, scene.containerId);
  }
}

async function play(bench: SimBench, scene: Scene, kind: OperationKind, story: string[]): Promise<RunOutcome> {
  const { random, faults } = { random: scene.random, faults: bench.faults };
  const test = cases[kind];
  /** `done`: whose last step may have been in vain; what that leaves goes after a day. */
  const look = async (done?: Operation) => {
    await bench.host.settle();
    if (done?.steps.some((step) => step.name === 'tidy' && step.state === 'failed')) {
      await expireSnapshots(bench.host.core, new Date(Date.now() + 25 * 3600_000));
    }
    return await pictureOf(bench, scene.containerId);
  };
  const tell = (done: Operation) => {
    const steps = done.steps.map((step) => `${step.name} ${step.state}`).join(', ');
    story.push(
      `attempt ${done.attempt}: ${done.state} [${steps}] ${done.error?.detail ?? ''} ${done.evidence.join(' ')}`,
    );
    return done;
  };
  const makes = test.needs === 'nothing' || test.needs === 'upload';
  const before = makes ? null : await look();
  if (before !== null) none('before it began', contradictions(before));

  faults.arm(drawFaults(random));
  const asked = await test.ask(scene);
  if (makes) scene.containerId = asked.containerId ?? '';
  let done = tell(await bench.run(asked));
  let wasStuck = false;
  while (done.state === 'stuck') {
    wasStuck = true;
    const tries = done.attempt;
    faults.arm(tries < 3 && random.chance(0.5) ? drawFaults(random) : noFaults);
    done = tell(await bench.run(await retryOperation(askerOf(bench, kind), done.id, { undoOnly: random.chance(0.5) })));
    if (tries > 8) throw new Violation('it stays stuck although nothing is in the way any more');
  }
  faults.arm(noFaults);
  const count = faults.log.length;
  const outcome = { kind, state: done.state, faults: count, wasStuck };
  const after = await look(done);
  if (done.state === 'succeeded') {
    none('after success', [...test.wrong(before ?? after, after, done, faults.log), ...contradictions(after)]);
    return outcome;
  }
  if (test.undone || done.state === 'cancelled') {
    none(`after ${done.state}`, contradictions(after));
    if (before !== null) same(before, after);
    if (done.state === 'cancelled' || random.chance(0.5)) return outcome;
  }
  const again = tell(await bench.run(await (test.again?.(scene) ?? retryOperation(askerOf(bench, kind), done.id))));
  if (again.state !== 'succeeded') throw new Violation(`without faults a new attempt ends as ${again.state}`);
  const last = await look(again);
  none('after a new attempt', [...test.wrong(before ?? last, last, again, []), ...contradictions(last)]);
  return outcome;
}

function none(when: string, wrong: string[]): void {
  if (wrong.length > 0) throw new Violation(`${when}: ${wrong.join('; ')}`);
}

function same(before: Picture, after: Picture): void {
  const [a, b] = [lasting(before), lasting(after)];
  if (isDeepStrictEqual(a, b)) return;
  const parts = Object.keys(a) as (keyof typeof a)[];
  const changed = parts.filter((part) => !isDeepStrictEqual(a[part], b[part]));
  const text = changed.map((part) => `${part}: ${JSON.stringify(a[part])} → ${JSON.stringify(b[part])}`);
  throw new Violation(`it was undone and yet something changed: ${text.join('; ')}`);
}

/** A container with what the kind of operation needs, made by operations that go well. */
async function makeScene(bench: SimBench, random: Random, test: Case): Promise<Scene> {
  const scene = { bench, random, containerId: '', running: false, backupId: '', importId: '', snapshotId: '' } as Scene;
  if (test.needs === 'nothing') return scene;
  if (test.needs === 'upload') {
    scene.importId = await uploadArchive(bench);
    return scene;
  }
  const well = async (asked: Promise<Operation>) => {
    const done = await bench.run(await asked);
    if (done.state !== 'succeeded') throw new Error(`${done.kind} ${done.state}: ${JSON.stringify(done.error)}`);
    return done;
  };
  if (test.needs === 'consent') await makeForeign(scene, well);
  const running = test.needs === 'running' || (test.needs !== 'stopped' && random.chance(0.5));
  const made = await well(askCreate(bench, random, running));
  scene.containerId = made.containerId ?? '';
  scene.running = running;
  const write = (text: string) => {
    const volumeId = bench.host.core.store.containers.find(scene.containerId)?.volumeId ?? '';
    bench.host.world.volume(volumeId).files['/root/note'] = text;
    bench.host.world.save();
  };
  write('one');
  if (test.needs === 'deleted' || test.needs === 'backup' || (test.needs === 'kept' && random.chance(0.3))) {
    const { result } = await well(createBackup(bench.admin, scene.containerId, { note: '' }));
    scene.backupId = String(result.backupId);
  }
  if (test.needs === 'deleted') {
    await well(removeContainer(bench.admin, scene.containerId));
    return scene;
  }
  if (test.needs === 'consent') {
    await giveConsent(actorFor(bench.world, 'ownerB'), scene.backupId, { containerId: scene.containerId, hours: 1 });
  }
  if (test.needs === 'snapshot') {
    const { result } = await well(createSnapshot(bench.owner, scene.containerId, { name: '' }));
    scene.snapshotId = String(result.snapshotId);
  }
  write('two');
  if (test.needs === 'repair') {
    const choice = { readOnly: random.chance(0.5), access: 'password', hours: 1 } as const;
    await well(repairContainer(bench.owner, scene.containerId, choice));
    return scene;
  }
  if (test.needs === 'kept') {
    const choice = { keepOld: random.chance(0.5), reset: random.chance(0.5) };
    scene.keptBy = await well(reinstallContainer(bench.owner, scene.containerId, choice));
    write('three');
  }
  if (running && test.needs !== 'running' && random.chance(0.2)) {
    await well(stopContainer(bench.admin, scene.containerId, { timeoutMs: 1_000 }));
    scene.running = false;
  }
  return scene;
}

/** A backup of another tenant's container, which is deleted then: one container is on the host. */
async function makeForeign(scene: Scene, well: (asked: Promise<Operation>) => Promise<Operation>): Promise<void> {
  const { bench, random } = scene;
  const id = (await well(askCreate(bench, random, false, 'b'))).containerId ?? '';
  const volumeId = bench.host.core.store.containers.find(id)?.volumeId ?? '';
  bench.host.world.volume(volumeId).files['/root/note'] = 'theirs';
  bench.host.world.save();
  scene.backupId = String((await well(createBackup(bench.admin, id, { note: '' }))).result.backupId);
  await well(removeContainer(bench.admin, id));
}

/** Leaves the bench as it was, whatever happened: rows closed, host and location empty. */
export async function clear(bench: SimBench, containerId: string): Promise<void> {
  const { core, world } = bench.host;
  await bench.host.settle();
  await discardPrepared(core, 'any');
  for (const { id } of core.store.containers.list()) {
    core.store.write('STORE:DELETING', () => core.store.containers.markDeleting(id));
    await finishDelete(core, id);
  }
  for (const id of Object.keys(world.disk.backups)) delete world.disk.backups[id];
  for (const { id } of core.store.transfers.list()) {
    core.adapters.transfers.remove(id);
    core.store.write('STORE:DISCARD', () => core.store.transfers.remove(id));
  }
  await bench.portal.super.$client.query('update imports set expires_at = now()');
  const { $client } = bench.portal.super;
  const { rows } = await $client.query<{ id: string }>('select id from containers where deleted_at is null');
  for (const id of new Set([...(containerId === '' ? [] : [containerId]), ...rows.map((row) => row.id)])) {
    await $client.query('delete from port_forwards where container_id = $1', [id]);
    await $client.query('update retained_volumes set consumed_at = now() where container_id = $1', [id]);
    await $client.query(`update snapshots set state = 'deleted' where container_id = $1`, [id]);
    await $client.query(
      `update operations set state = 'failed', ended_at = now() where container_id = $1 and ended_at is null`,
      [id],
    );
    await $client.query(
      'update containers set deleted_at = coalesce(deleted_at, now()), undelete_until = null where id = $1',
      [id],
    );
  }
}
