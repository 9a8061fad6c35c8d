/** What a reseller sees first: what is broken and for whom, and nothing of anybody else's. */
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { type Tx, withActor } from '#lib/db/client.ts';
import { brandHosts } from '#lib/db/schema/brands.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { resellerDashboard } from '#lib/resellers/dashboard.ts';
import {
  actorFor,
  seedWorld,
  smallResources,
  startPortal,
  type TestPortal,
  type World,
} from '#tests/support/portal.ts';

let portal: TestPortal;
let world: World;
const all = <T>(work: (tx: Tx) => Promise<T>) => withActor(portal.super, systemActor('test'), work);
const look = () => resellerDashboard(actorFor(world, 'reseller'), world.ids.reseller);
const minutes = (n: number) => new Date(Date.now() + n * 60_000);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
});
afterAll(() => portal.stop());

function ofTenant(tenantId: string, name: string, more: Partial<typeof containers.$inferInsert> = {}) {
  const { host: hostId, plan: planId, template: templateId } = world.ids;
  return {
    ...{ id: v7(), tenantId, hostId, planId, templateId, name, hostname: name, resources: smallResources },
    ...{ volumeId: v7(), createdOnHostAt: new Date(), observedAt: minutes(60), observedSince: new Date() },
    ...{ observedPower: 'running' as const, desired: 'running' as const },
    ...more,
  };
}

it('begins with what is broken and for whom, as many queries for much as for little', async () => {
  await all((tx) => tx.update(containers).set({ observedAt: minutes(60) }));
  const calm = await queries(look);
  expect(calm.result.problems).toEqual([]);
  expect(calm.result.states).toMatchObject({ running: 1, stopped: 0, unknown: 0 });
  const { a, b, reseller } = world.ids;
  const exit = { cause: 'crash', at: new Date().toISOString() } as never;
  const crashed = { observedPower: 'stopped' as const, lastExit: exit };
  await all(async (tx) => {
    for (const tenantId of [a, b]) {
      const [held] = await tx
        .insert(containers)
        .values([
          ofTenant(tenantId, 'held', { observedPower: 'stopped', desired: 'stopped' }),
          ofTenant(tenantId, 'crashed', crashed),
          ...Array.from({ length: 20 }, (_, n) => ofTenant(tenantId, `silent-${n}`, { observedAt: minutes(-10) })),
        ])
        .returning();
      await tx.insert(holds).values({ tenantId, containerId: held?.id ?? '', reason: 'billing' });
      const of = { tenantId, hostId: world.ids.host, actorKind: 'system' as const, actorName: 'x' };
      const operation = { ...of, containerId: held?.id ?? '', lock: 'exclusive' as const };
      await tx.insert(operations).values([
        { ...operation, kind: 'start', state: 'stuck', queuedAt: minutes(1) },
        { ...operation, kind: 'start', state: 'failed', endedAt: new Date() },
        { ...operation, kind: 'stop', state: 'failed', endedAt: new Date(), queuedAt: minutes(-60 * 30) },
      ]);
      const ask = { tenantId, openedById: v7(), openedByName: 'x', priority: 'normal' as const };
      const ours = { ...ask, resellerId: tenantId === a ? reseller : null, level: 'reseller' as const };
      await tx.insert(tickets).values([
        { ...ours, subject: 'No hurry' },
        { ...ours, subject: 'Soon', firstAnswerDueAt: minutes(30) },
        { ...ours, subject: 'Late', firstAnswerDueAt: minutes(-30) },
        { ...ours, subject: 'Answered', firstAnsweredAt: new Date(), state: 'waiting' },
        { ...ours, subject: 'Handed on', level: 'provider' },
      ]);
    }
    await tx.insert(brandHosts).values({ resellerId: reseller, host: 'panel.example.test', challenge: 'x' });
  });
  const broken = await queries(look);
  const { problems, states, tickets: waiting, failed } = broken.result;
  expect(problems.map(({ kind, title, tenant, affected }) => [kind, title, tenant, affected])).toEqual([
    ['containers-silent', 'Nothing is heard of 20 containers', 'Tenant A', 20],
    ['container-crashed', 'crashed should run, and ended by itself', 'Tenant A', 1],
    ['operation-stuck', 'An operation on held is stuck', 'Tenant A', 1],
    ['ticket-late', '“Late” waits longer than was promised', 'Tenant A', 0],
    ['name-unproven', 'The name panel.example.test is not proven, and shows nobody your brand', null, 0],
  ]);
  expect(states).toEqual({ running: 1, stopped: 1, suspended: 1, repairing: 0, creating: 0, unknown: 20 });
  expect(waiting.map((ticket) => ticket.subject)).toEqual(['Late', 'Soon', 'No hurry']);
  expect(failed.map((operation) => operation.kind)).toEqual(['start']);
  expect(broken.count).toBe(calm.count + 1); // which of those that failed have files kept
  await all((tx) => tx.delete(operations).where(eq(operations.state, 'stuck')));
  expect((await look()).problems.map((problem) => problem.kind)).not.toContain('operation-stuck');
});

/** What somebody sees, and how many statements it took the web's role. */
async function queries<T>(work: () => Promise<T>): Promise<{ result: T; count: number }> {
  const pool = portal.web.$client;
  const client = await pool.connect();
  const own = client.query.bind(client);
  let count = 0;
  client.query = ((...args: Parameters<typeof own>) => {
    count += 1;
    return own(...args);
  }) as typeof client.query;
  client.release();
  // The one connection that is free is the one that is taken next.
  const result = await work();
  client.query = own;
  return { result, count };
}
