/** Whose word counts when something is tried again, and what the row of an operation can claim. */
import { eq, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import type { OperationKind } from '#lib/contract/states.ts';
import { withActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { findOperation } from '#lib/operations/find.ts';
import { getOperation } from '#lib/operations/get.ts';
import { pendingSteps } from '#lib/operations/insert.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { reauthorise } from '#lib/workflows/reauthorise.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

let portal: TestPortal;
let world: World;
type Who = keyof World['people'];
type Change = Omit<Partial<typeof operations.$inferInsert>, 'id'>;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
});
afterAll(async () => {
  await portal?.stop();
});

const rowOf = (kind: OperationKind, change: Change = {}) => ({
  id: uuidv7(),
  kind,
  tenantId: world.ids.a,
  containerId: world.containers.a.id,
  hostId: world.ids.host,
  lock: 'exclusive' as const,
  generation: 1,
  state: 'failed' as const,
  endedAt: new Date(),
  steps: pendingSteps(kind),
  input: {},
  actorKind: 'user' as const,
  actorId: world.people.ownerA.id,
  actorName: 'owner',
  ...change,
});

it.each([
  ['start', ['ownerA', 'support', 'admin', 'reseller']],
  ['reinstall', ['ownerA']],
  ['restore', ['ownerA']],
  ['access', ['ownerA']],
  ['restart-policy', ['ownerA', 'support', 'admin', 'reseller']],
  ['delete', ['admin', 'reseller']],
  ['configure', ['admin', 'reseller']],
] as const)('a failed %s is tried again only by whoever may ask for one', async (kind, mayBe) => {
  const may: readonly Who[] = mayBe;
  for (const who of ['ownerA', 'memberA', 'support', 'admin', 'reseller'] as const) {
    const row = rowOf(kind, kind === 'configure' ? { input: { planId: world.ids.plan } } : {});
    await asSystem((tx) => tx.insert(operations).values(row));
    const actor: UserActor = actorFor(world, who);
    expect((await getOperation(actor, row.id)).can.retry, who).toBe(may.includes(who));
    const answer = retryOperation(actor, row.id);
    if (may.includes(who)) expect(await answer, who).toMatchObject({ state: 'queued', attempt: 2 });
    else await expect(answer, who).rejects.toMatchObject({ code: 'forbidden' });
    await asSystem((tx) => tx.delete(operations).where(eq(operations.id, row.id)));
  }
});

it('the worker asks for the same rights again, whatever the row says of itself', async () => {
  const refused = async (change: Change, kind: OperationKind = 'reinstall') => {
    const row = rowOf(kind, { state: 'queued', endedAt: null, attempt: 2, ...change });
    return await asSystem(async (tx) => {
      await tx.insert(operations).values(row);
      const operation = await findOperation(tx, row.id);
      await tx.delete(operations).where(eq(operations.id, row.id));
      if (operation === undefined) throw new Error('not written');
      return await reauthorise(tx, operation).then(
        () => false,
        () => true,
      );
    });
  };
  const { support, memberA, ownerA, ownerB } = world.people;
  expect(await refused({ actorId: support.id })).toBe(true);
  expect(await refused({ actorId: support.id, input: { permission: 'operation.retry' } })).toBe(true);
  expect(await refused({ actorId: memberA.id, input: { permission: 'operation.cancel' } })).toBe(true);
  expect(await refused({ actorId: memberA.id }, 'start')).toBe(true);
  expect(await refused({ actorId: memberA.id, attempt: 1 }, 'start')).toBe(false);
  expect(await refused({ actorId: ownerB.id })).toBe(true);
  expect(await refused({ actorId: null })).toBe(true);
  expect(await refused({ actorId: ownerA.id })).toBe(false);
  expect(await refused({ actorId: ownerA.id, input: { undoOnly: true } })).toBe(false);
  expect(await refused({ actorId: support.id, input: { undoOnly: true } })).toBe(true);
  expect(await refused({ actorId: support.id }, 'start')).toBe(false);
});

it('the web cannot write an operation that nobody asked for, nor make one of a person’s', async () => {
  const asWeb = (work: Parameters<typeof withActor<unknown>>[2]) => withActor(portal.web, systemActor('web'), work);
  const asWorker = (work: Parameters<typeof withActor<unknown>>[2]) =>
    withActor(portal.worker, systemActor('worker'), work);
  const persons = rowOf('start');
  await asWeb((tx) => tx.insert(operations).values(persons));
  const why = { cause: { message: expect.stringContaining('needs a person') } };
  for (const change of [{ actorKind: 'system' as const }, { actorId: null }]) {
    await expect(asWeb((tx) => tx.insert(operations).values(rowOf('delete', change)))).rejects.toMatchObject(why);
    const update = asWeb((tx) => tx.update(operations).set(change).where(eq(operations.id, persons.id)));
    await expect(update).rejects.toMatchObject(why);
  }
  const portals = rowOf('confirm', { actorKind: 'system', actorId: null, state: 'succeeded' });
  await asWorker((tx) => tx.insert(operations).values(portals));
  // A person can still ask such an operation to stop.
  await asWeb((tx) => tx.update(operations).set({ cancelRequested: true }).where(eq(operations.id, portals.id)));
  const [row] = await asSystem((tx) =>
    tx
      .select({ asked: operations.cancelRequested, now: sql`now()` })
      .from(operations)
      .where(eq(operations.id, portals.id)),
  );
  expect(row?.asked).toBe(true);
});
