/**
 * Workers killed with SIGKILL at every part of every kind of operation, twice each: before a step has done anything, and
 * when a part has done everything and is not yet remembered. Each time another worker takes over. Many operations stand at
 * their points when their worker is killed, so a round has two kills whatever their number. `BERTH_SHARD=1/4` runs a part.
 */
import { isNull, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { OperationKind } from '#lib/contract/states.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { cancelOperation } from '#lib/operations/cancel.ts';
import { kinds } from '#lib/operations/kinds.ts';
import { queues } from '#lib/workflows/dbos.ts';
import { Halts } from '#tests/support/halts.ts';
import { type Bench, ended, startBench, succeeded, type TestWorker } from '#tests/support/operations.ts';
import { type Scenario, scenarios } from '#tests/support/scenarios.ts';
import { shardOf } from '#tests/support/shard.ts';

/** Fewer than the connections of the workflow engine in one worker: who stands still holds one. */
const perRound = 8;
/** What the issue promises. */
const takeoverBoundMs = 30_000;

/** `cancel`: asked for while it stands at its first point. */
type Case = { scenario: Scenario; points: [string, string]; cancel: boolean };

function casesOf(scenario: Scenario): Case[] {
  const steps = scenario.parts.filter((part) => part !== 'begin' && part !== 'finish');
  const points = [...steps.map((step) => `before ${step}`), ...scenario.parts.map((part) => `after ${part}`)];
  // What has ended is not taken up again, so the second kill of that one comes first.
  const twice = (point: string): [string, string] => [
    point === 'after finish' ? `after ${steps.at(-1)}` : point,
    point,
  ];
  const plain = points.map((point): Case => ({ scenario, points: twice(point), cancel: false }));
  const [first] = steps;
  if (steps.length < 2 || first === undefined) return plain;
  const undo = ['undoing.after', `undo.after.${first}`, 'finish'];
  const cancelled = undo.map((at): Case => ({ scenario, points: [`after ${first}`, `after ${at}`], cancel: true }));
  return [...plain, ...cancelled];
}

/** Rounds of operations that stand still beside each other: the background line has two places, and one build at a time. */
function roundsOf(all: readonly Case[]): Case[][] {
  const rounds: Case[][] = [];
  for (const one of all) {
    const { kind } = one.scenario;
    const inLine = (round: Case[]) =>
      round.filter(({ scenario }) => kinds[scenario.kind].queue === 'background').length;
    const fits = (round: Case[]) =>
      round.length < perRound &&
      (kinds[kind].queue !== 'background' || inLine(round) < queues.background.perHost) &&
      !(kind === 'template-build' && round.some(({ scenario }) => scenario.kind === kind));
    const round = rounds.find(fits);
    if (round === undefined) rounds.push([one]);
    else round.push(one);
  }
  return rounds;
}

const cases = shardOf(scenarios.flatMap(casesOf));
let bench: Bench;
let halts: Halts;
let worker: TestWorker;
const took: number[] = [];

const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);

beforeAll(async () => {
  bench = await startBench('sim');
  worker = bench.worker;
  halts = await Halts.install(bench.portal.pg.superUrl);
  await asSystem((tx) => tx.update(plans).set({ maxBackups: 1000, maxForwards: 1000 }));
});
afterAll(async () => {
  await halts?.close();
  await bench?.stop();
});

/** Kills the worker under whom the operations stand still, with another one there to take over; gives how long that took. */
async function killAndTakeOver(next: TestWorker): Promise<void> {
  const [before] = await asSystem(async (tx) => (await tx.execute(sql`select clock_timestamp() as at`)).rows);
  const number = Number(/"executorId":"[^"]*-worker-\d+\.(\d+)","msg":"running"/.exec(worker.log)?.[1]);
  await worker.stop('SIGKILL');
  await halts.cut();
  const taken = async () => {
    const { rows } = await asSystem((tx) =>
      tx.execute<{ ms: number }>(
        sql`select (extract(epoch from ended_at - ${before?.at}::timestamptz) * 1000)::int as ms
          from workers where lease = ${number} and taken_by is not null`,
      ),
    );
    return rows[0]?.ms;
  };
  await expect.poll(taken, { timeout: 60_000, interval: 200 }).toEqual(expect.any(Number));
  const ms = (await taken()) ?? Number.POSITIVE_INFINITY;
  took.push(ms);
  expect(ms).toBeLessThan(takeoverBoundMs);
  worker = next;
}

async function round(batch: readonly Case[]): Promise<void> {
  const asks: (() => Promise<Operation>)[] = [];
  for (const one of batch) asks.push(await one.scenario.prepare(bench));
  const asked: (Case & { operation: Operation })[] = [];
  // Asked for while nobody works, so that each stands where it is to before it can get past.
  process.kill(worker.pid, 'SIGSTOP');
  for (const [index, ask] of asks.entries()) {
    const [one, operation] = [batch[index], await ask()];
    if (one === undefined) continue;
    await halts.set(operation.id, one.points[0]);
    asked.push({ ...one, operation });
  }
  process.kill(worker.pid, 'SIGCONT');
  const ids = asked.map(({ operation }) => operation.id);
  await halts.reached(ids);
  for (const { cancel, operation } of asked) if (cancel) await cancelOperation(bench.admin, operation.id);

  const second = bench.addWorker();
  await second.start();
  for (const { points, operation } of asked) await halts.move(operation.id, points[1]);
  await killAndTakeOver(second);
  await halts.reached(ids);

  const third = bench.addWorker();
  await third.start();
  await killAndTakeOver(third);
  await halts.lift();
  for (const one of asked) await judge(one);
  await makeRoom();
}

/** The host is not made for all of them at once. */
async function makeRoom(): Promise<void> {
  const left = await asSystem((tx) => tx.select().from(containers).where(isNull(containers.deletedAt)));
  for (const { id } of left) await succeeded(bench.admin, await removeContainer(bench.admin, id));
}

/** It ended once, as it should, and the host did each of its actions once. */
async function judge({ scenario, points, cancel, operation }: Case & { operation: Operation }): Promise<void> {
  const what = `${scenario.kind} killed ${points.join(' and ')}`;
  const done = await ended(bench.admin, operation, 120_000);
  const state = cancel ? 'cancelled' : 'succeeded';
  expect({ what, state: done.state, error: done.error }).toMatchObject({ what, state, error: null });
  expect({ what, ends: await halts.ends(operation.id) }).toEqual({ what, ends: [state] });
  const [first] = scenario.actions;
  const names = cancel ? [first, `${first}.undo`] : scenario.actions;
  const expected = Object.fromEntries(names.map((name) => [`${operation.id}.1.${name}`, 1]));
  await expect
    .poll(() => ({ what, effects: bench.agent.effectsOf(operation.id) }), { timeout: 5_000 })
    .toEqual({ what, effects: expected });
}

it('has a scenario of every kind of operation', () => {
  expect(scenarios.map(({ kind }) => kind).sort()).toEqual([...OperationKind.options].sort());
});

let judged = 0;
it.each(roundsOf(cases).map((batch, index) => [index + 1, batch] as const))('round %i', async (_number, batch) => {
  await round(batch);
  judged += batch.length;
});

it('says what it did', () => {
  took.sort((a, b) => a - b);
  console.log(
    `workers killed twice: ${judged} of ${cases.length} operations ended once, each action once; ` +
      `taken over after ${(took[0] ?? 0) / 1000}–${(took.at(-1) ?? 0) / 1000} s, ${took.length} times`,
  );
  expect(judged).toBe(cases.length);
});
