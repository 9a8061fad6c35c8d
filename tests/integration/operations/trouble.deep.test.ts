import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { createContainer } from '#lib/containers/create.ts';
import { addForward, listForwards } from '#lib/containers/forwards.ts';
import { getContainer } from '#lib/containers/get.ts';
import { listContainers } from '#lib/containers/list.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { users } from '#lib/db/schema/users.ts';
import { cancelOperation } from '#lib/operations/cancel.ts';
import { listOperations } from '#lib/operations/list.ts';
import { resolveOperation } from '#lib/operations/resolve.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { type Bench, ended, startBench, succeeded } from '#tests/support/operations.ts';

const timeoutMs = 5_000;
let bench: Bench;
let id: string;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);

beforeAll(async () => {
  bench = await startBench('sim');
  const { world, admin } = bench;
  const input = { tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template, sshKeys: [] };
  const made = await succeeded(admin, await createContainer(admin, { ...input, name: 'web-2', start: false }));
  id = made.containerId ?? '';
});
afterAll(async () => {
  await bench?.stop();
});

describe('two at once', () => {
  it('get one operation and one clear answer', async () => {
    const answers = await Promise.allSettled([1, 2, 3, 4].map(() => startContainer(bench.owner, id)));
    const accepted = answers.filter((answer) => answer.status === 'fulfilled');
    expect(accepted).toHaveLength(1);
    const operation = accepted[0]?.value;
    for (const answer of answers) {
      if (answer.status === 'rejected') {
        expect(answer.reason).toMatchObject({ code: 'already', outside: { operationId: operation?.id } });
      }
    }
    if (operation !== undefined) await succeeded(bench.owner, operation);
  });

  it('of different kinds: the second is told what is in the way', async () => {
    const [first, second] = await Promise.allSettled([
      stopContainer(bench.owner, id, { timeoutMs }),
      createBackup(bench.owner, id, { note: '' }),
    ]);
    const [won, lost] = first?.status === 'fulfilled' ? [first, second] : [second, first];
    expect(won?.status).toBe('fulfilled');
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'busy' } });
    if (won?.status === 'fulfilled') await succeeded(bench.owner, won.value);
    if ((await getContainer(bench.owner, id)).state === 'running') {
      await succeeded(bench.owner, await stopContainer(bench.owner, id, { timeoutMs }));
    }
  });

  it('cannot get more backups than the plan has', async () => {
    const kept = (await listOperations(bench.owner, { kind: 'backup', state: 'succeeded' })).items.length;
    await asSystem((tx) => tx.update(plans).set({ maxBackups: kept + 1 }));
    const first = await createBackup(bench.owner, id, { note: 'last' });
    await succeeded(bench.owner, first);
    await expect(createBackup(bench.owner, id, { note: 'one too many' })).rejects.toMatchObject({ code: 'plan_limit' });
  });
});

describe('the time from asking to the first effect', () => {
  it('is short', async () => {
    const asked = new Map<string, number>();
    for (let i = 0; i < 20; i += 1) {
      const at = Date.now();
      const work = i % 2 === 0 ? startContainer(bench.owner, id) : stopContainer(bench.owner, id, { timeoutMs });
      const operation = await work;
      asked.set(operation.id, at);
      await succeeded(bench.owner, operation);
    }
    await bench.agent.stop();
    const began = bench.ledgerTimes();
    await bench.restartAgent();
    const times = [...asked].map(([operationId, at]) => (began.get(operationId) ?? Number.NaN) - at);
    times.sort((a, b) => a - b);
    const p50 = times[times.length >> 1] ?? 0;
    console.log(
      `asked → effect on the host: p50 ${p50.toFixed(0)} ms of a target of 150, worst ${times.at(-1)?.toFixed(0)} ms`,
    );
    expect(p50).toBeLessThan(3000); // a target is reported, never a gate; this is what polling alone would take
  });
});

describe('a worker that is killed', () => {
  it('goes on where it was when it starts again, and everything ends once', async () => {
    await asSystem((tx) => tx.update(plans).set({ maxBackups: 100 }));
    const asked = await createBackup(bench.owner, id, { note: 'killed' });
    await expect.poll(async () => (await one(asked.id)).state, { interval: 5 }).not.toBe('queued');
    await bench.worker.stop('SIGKILL');
    await sleep(200);
    await bench.worker.start();
    const done = await succeeded(bench.owner, asked);
    expect(done.steps.map((step) => step.state)).toEqual(Array(5).fill('done'));
    expect(done.attempt).toBe(1);
  });

  it('finds what was asked for while it was away', async () => {
    await bench.worker.stop('SIGKILL');
    const asked = await startContainer(bench.owner, id);
    // As if the process that asked had died between its commit and the queue.
    await asSystem(async (tx) => {
      await tx.update(operations).set({ workflowEnqueuedAt: null }).where(eq(operations.id, asked.id));
      await tx.execute(sql`delete from dbos.workflow_status where workflow_uuid = ${`${asked.id}.1`}`);
    });
    await bench.worker.start();
    await succeeded(bench.owner, asked);
    await expect.poll(async () => (await row(asked.id))?.workflowEnqueuedAt ?? null).not.toBeNull();
  });
});

describe('a cancel', () => {
  it('before the first step leaves everything as it was', async () => {
    await bench.worker.stop('SIGKILL');
    const asked = await stopContainer(bench.owner, id, { timeoutMs });
    await cancelOperation(bench.owner, asked.id);
    await bench.worker.start();
    expect(await ended(bench.owner, asked)).toMatchObject({ state: 'cancelled', error: null });
    expect((await bench.agent.item(id))?.power).toBe('running');
  });
});

describe('rights', () => {
  it('lost while waiting in line are lost', async () => {
    await bench.worker.stop('SIGKILL');
    const asked = await stopContainer(bench.owner, id, { timeoutMs });
    const person = bench.world.people.ownerA.id;
    await asSystem((tx) => tx.update(users).set({ disabledAt: new Date() }).where(eq(users.id, person)));
    await bench.worker.start();
    expect(await ended(bench.owner, asked)).toMatchObject({ state: 'failed', error: { code: 'forbidden' } });
    await asSystem((tx) => tx.update(users).set({ disabledAt: null }).where(eq(users.id, person)));
    expect((await bench.agent.item(id))?.power).toBe('running');
  });
});

describe('a host that falls silent', () => {
  it('slows no page, shows unknown with the last state, and what waits goes on when it is back', async () => {
    await bench.agent.stop('SIGKILL');
    const asked = await stopContainer(bench.owner, id, { timeoutMs });
    await expect
      .poll(async () => (await one(asked.id)).steps[0]?.message, { timeout: 15_000 })
      .toBe('The server does not answer; waiting.');
    const at = performance.now();
    await listContainers(bench.owner, {});
    expect(performance.now() - at).toBeLessThan(3000); // nobody waits for the host's time limit
    await bench.restartAgent();
    await succeeded(bench.owner, asked);

    await bench.agent.stop('SIGKILL');
    await asSystem((tx) =>
      tx
        .update(containers)
        .set({ observedAt: new Date(Date.now() - 20_000) })
        .where(eq(containers.id, id)),
    );
    expect(await getContainer(bench.owner, id)).toMatchObject({ state: 'unknown', lastKnown: { state: 'stopped' } });
    await expect(startContainer(bench.owner, id)).rejects.toMatchObject({ code: 'state' });
    await bench.restartAgent();
    await expect.poll(async () => (await getContainer(bench.owner, id)).state, { timeout: 15_000 }).toBe('stopped');
  });
});

describe('a step that the host refuses', () => {
  it('fails clearly and can be tried again', async () => {
    // The host sees a later generation between the wish and its turn. While no worker runs, the portal cannot learn of it.
    const [before] = await asSystem((tx) => tx.select().from(containers).where(eq(containers.id, id)));
    await bench.worker.stop('SIGKILL');
    const asked = await startContainer(bench.owner, id);
    await bench.agent.act('container.kill', { containerId: id, generation: (before?.generation ?? 0) + 5 });
    await bench.worker.start();
    const failed = await ended(bench.owner, asked);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'stale', step: 'start' }, can: { retry: true } });
    await asSystem((tx) =>
      tx
        .update(containers)
        .set({ generation: (before?.generation ?? 0) + 10 })
        .where(eq(containers.id, id)),
    );
    const again = await retryOperation(bench.owner, failed.id);
    expect(again).toMatchObject({ attempt: 2, state: 'queued', error: null });
    await succeeded(bench.owner, again);
  });
});

describe('a stuck operation', () => {
  /** An operation as an undo that failed leaves it: its effect is there, its lock is held. */
  async function stuck() {
    const done = await succeeded(
      bench.owner,
      await addForward(bench.owner, id, { protocol: 'tcp', containerPort: 80 }),
    );
    const steps = done.steps.map((step) => ({ ...step, state: 'undoing' as const }));
    const values = { state: 'stuck' as const, endedAt: null, steps };
    await asSystem((tx) => tx.update(operations).set(values).where(eq(operations.id, done.id)));
    return done;
  }

  it('holds its container, and a retry first takes back what was left', async () => {
    const held = await stuck();
    const stop = stopContainer(bench.owner, id, { timeoutMs });
    await expect(stop).rejects.toMatchObject({ code: 'busy', outside: { operationId: held.id } });
    const again = await succeeded(bench.owner, await retryOperation(bench.owner, held.id));
    expect(again).toMatchObject({ attempt: 2, steps: [{ state: 'done' }] });
    const actions = await ledger(held.id);
    expect(actions).toEqual([`${held.id}.1.forwards`, `${held.id}.2.forwards-before.undo`, `${held.id}.2.forwards`]);
  });

  it('is undone, and then everything is as before it', async () => {
    const before = (await listForwards(bench.owner, id)).items;
    const held = await stuck();
    expect(await ended(bench.owner, await undoOperation(bench.owner, held.id))).toMatchObject({ state: 'cancelled' });
    expect((await listForwards(bench.owner, id)).items).toEqual(before);
  });

  it('is resolved by staff, with a word on what was done', async () => {
    const held = await stuck();
    const input = { note: 'looked at the host' };
    await expect(resolveOperation(bench.owner, held.id, input)).rejects.toMatchObject({ code: 'forbidden' });
    const resolved = await resolveOperation(bench.admin, held.id, input);
    expect(resolved).toMatchObject({ state: 'failed', evidence: ['Resolved by admin: looked at the host'] });
    await succeeded(bench.owner, await stopContainer(bench.owner, id, { timeoutMs }));
  });
});

/** The host's actions of an operation, in the order in which they began. */
async function ledger(operationId: string): Promise<string[]> {
  await bench.agent.stop();
  const actions = bench.ledgerActions(operationId);
  await bench.restartAgent();
  return actions;
}

async function row(operationId: string) {
  const [found] = await asSystem((tx) => tx.select().from(operations).where(eq(operations.id, operationId)));
  return found;
}

async function one(operationId: string) {
  const found = await row(operationId);
  if (found === undefined) throw new Error('no such operation');
  return found;
}
