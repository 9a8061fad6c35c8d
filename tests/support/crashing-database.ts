/** PostgreSQL killed again and again while people ask for things: what the everyday and the long suite both run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asc, isNull, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { addForward, listForwards, removeForward } from '#lib/containers/forwards.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { operationSteps } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { getOperation } from '#lib/operations/get.ts';
import { Halts } from './halts.ts';
import type { Bench } from './operations.ts';
import { container } from './scenarios.ts';

const timeoutMs = 5_000;

/** What people keep asking for. Each is refused or takes place; both are fine, and so is "the database is away". */
const wishes: readonly ((bench: Bench, id: string) => Promise<Operation>)[] = [
  ({ owner }, id) => restartContainer(owner, id, { timeoutMs }),
  ({ owner }, id) => createBackup(owner, id, { note: '' }),
  ({ owner }, id) => stopContainer(owner, id, { timeoutMs }),
  ({ owner }, id) => startContainer(owner, id),
  ({ owner }, id) => addForward(owner, id, { protocol: 'tcp', containerPort: 80 }),
  async ({ owner }, id) => {
    const [forward] = (await listForwards(owner, id)).items;
    return await removeForward(owner, id, forward?.id ?? id);
  },
];

async function keepAsking(bench: Bench, id: string, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    try {
      const asked = await wishes[n % wishes.length]?.(bench, id);
      while (asked !== undefined && !signal.aborted) {
        const { endedAt } = await getOperation(bench.owner, asked.id).catch(() => ({ endedAt: null }));
        if (endedAt !== null) break;
        await sleep(100);
      }
    } catch {
      await sleep(50);
    }
  }
}

/** Every third time one of its processes alone is killed, which makes PostgreSQL recover by itself. */
async function crash(bench: Bench, n: number): Promise<void> {
  const { pg } = bench.portal;
  if (n % 3 !== 2) return await pg.crash(n % 3 === 0 ? 'SIGKILL' : 'SIGQUIT');
  const { rows } = await bench.portal.super.execute<{ pid: number }>(
    sql`select pid from pg_stat_activity where usename = 'berth_worker' order by random() limit 1`,
  );
  if (rows[0] !== undefined) process.kill(rows[0].pid, 'SIGKILL');
}

/**
 * Kills PostgreSQL so often under the wishes of a few people, then waits until everything has ended. Returns how many
 * operations there were; throws unless each succeeded, ended once, and had each of its effects on the host once.
 */
export async function crashUnderLoad(bench: Bench, crashes: number): Promise<number> {
  const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
    withActor(bench.portal.super, systemActor('test'), work);
  await (await Halts.install(bench.portal.pg.superUrl)).close();
  await asSystem((tx) => tx.update(plans).set({ maxBackups: 10_000, maxForwards: 10 }));
  const ids = await Promise.all([1, 2, 3, 4].map(() => container(bench)));
  const ending = new AbortController();
  const people = ids.map((id) => keepAsking(bench, id, ending.signal));
  for (let n = 0; n < crashes; n += 1) {
    await sleep(200 + Math.random() * 600);
    await crash(bench, n);
  }
  await sleep(1_000);
  ending.abort();
  await Promise.all(people);
  const open = () => asSystem((tx) => tx.select().from(operations).where(isNull(operations.endedAt)));
  const left = async () =>
    (await open().catch(() => undefined))?.map(({ kind, state, steps }) => ({ kind, state, steps }));
  await expect.poll(left, { timeout: 90_000, interval: 500 }).toEqual([]);

  const all = await asSystem((tx) => tx.select().from(operations).orderBy(asc(operations.queuedAt)));
  const failed = all
    .filter(({ state }) => state !== 'succeeded')
    .map(({ id, kind, state, error }) => ({ id, kind, state, error }));
  expect(failed).toEqual([]);
  const ends = await asSystem(
    async (tx) =>
      (
        await tx.execute<{ id: string; n: number }>(
          sql`select operation_id as id, count(*)::int as n from ends group by 1`,
        )
      ).rows,
  );
  const endsOf = new Map(ends.map(({ id, n }) => [id, n]));
  for (const { id, kind } of all) {
    const steps = Object.keys(operationSteps[kind]);
    const expected = Object.fromEntries(steps.map((step) => [`${id}.1.${step}`, 1]));
    await expect.poll(() => bench.agent.effectsOf(id), { timeout: 5_000 }).toEqual(expected);
    expect({ id, kind, ends: endsOf.get(id) }).toEqual({ id, kind, ends: 1 });
  }
  return all.length;
}
