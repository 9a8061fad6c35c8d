/** The list of containers in a state, which the database looks for, against the state that everybody is shown. */
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { listContainers } from '#lib/containers/list.ts';
import { ContainerState, OperationKind, OperationState, Power } from '#lib/contract/states.ts';
import { withActor } from '#lib/db/client.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { Random } from '#tests/support/random.ts';

let portal: TestPortal;
let world: World;
beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
});
afterAll(async () => {
  await portal?.stop();
});

const dice = new Random(20_261_126);
const hour = 3_600_000;
const final: readonly OperationState[] = ['succeeded', 'failed', 'cancelled'];
const some = <T extends string>(options: readonly T[]) => dice.pick(options as [T, ...T[]]);

type Row = typeof containers.$inferInsert;
/** Whatever may be known of a container, none of it on the edge of being too old. */
function anyContainer(tenantId: string, n: number): Row {
  const repair = dice.chance(0.1);
  const now = Date.now();
  return {
    ...world.containers.a,
    ...{ id: v7(), volumeId: v7(), tenantId, name: `c-${String(n).padStart(4, '0')}` },
    createdOnHostAt: dice.chance(0.1) ? null : new Date(),
    observedPower: dice.chance(0.1) ? null : some(Power.options),
    observedAt: dice.chance(0.1) ? null : new Date(dice.chance(0.2) ? now - hour : now + hour),
    ...(repair ? { repairSince: new Date(), repairUntil: new Date(now + hour), repairReadOnly: false } : {}),
    deletedAt: dice.chance(0.1) ? new Date() : null,
    undeleteUntil: dice.chance(0.5) ? new Date(now + hour) : null,
  };
}

/** At most one exclusive one that is under way, as the database itself wants it; several emergencies, and any number of others. */
function anyOperations(container: Row): (typeof operations.$inferInsert)[] {
  let exclusive = 0;
  return Array.from({ length: dice.below(4) }, (_, n) => {
    const state = some(OperationState.options);
    const ended = final.includes(state);
    let lock = some(['exclusive', 'background', 'emergency'] as const);
    if (lock === 'exclusive' && !ended && exclusive++ > 0) lock = 'background';
    const kind = some(OperationKind.options);
    return {
      ...{ id: v7(), kind, lock, state, tenantId: container.tenantId, containerId: container.id ?? null },
      ...{ actorKind: 'system' as const, actorName: 'test', endedAt: ended ? new Date() : null },
      queuedAt: new Date(Date.now() - 1000 * (dice.below(3) + n)),
    };
  });
}

async function all(who: keyof World['people'], query: Parameters<typeof listContainers>[1]) {
  const items: Awaited<ReturnType<typeof listContainers>>['items'] = [];
  let pages = 0;
  for (let cursor: string | undefined; ; pages += 1) {
    const page = await listContainers(actorFor(world, who), { ...query, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    if (page.nextCursor === null) return { items, pages: pages + 1 };
    expect(page.items.length).toBe(query.limit);
    cursor = page.nextCursor;
  }
}

it('finds those that are shown in a state, and no others, whatever is known of them', async () => {
  const tenantIds: [string, ...string[]] = [world.ids.a, world.ids.b];
  const rows = Array.from({ length: 500 }, (_, n) => anyContainer(dice.pick(tenantIds), n));
  await withActor(portal.super, systemActor('test'), async (tx) => {
    await tx.insert(containers).values(rows);
    await tx.insert(operations).values(rows.flatMap(anyOperations));
    const hold = (tenantId: string, containerId: string | null) => ({
      ...{ id: v7(), tenantId, containerId, placedBy: null, liftedAt: dice.chance(0.5) ? new Date() : null },
      reason: some(['billing', 'abuse'] as const),
    });
    await tx.insert(holds).values(rows.filter(() => dice.chance(0.3)).map((row) => hold(row.tenantId, row.id ?? null)));
  });
  for (const whole of [false, true]) {
    if (whole)
      await withActor(portal.super, systemActor('test'), (tx) =>
        tx.insert(holds).values({ id: v7(), tenantId: world.ids.b, reason: 'provider' }),
      );
    for (const [who, deleted] of [
      ['admin', false],
      ['ownerA', false],
      ['admin', true],
    ] as const) {
      const { items } = await all(who, { deleted, limit: 200 });
      expect(items.length).toBeGreaterThan(15);
      for (const state of ContainerState.options) {
        const expected = items.filter((one) => one.state === state).map((one) => one.name);
        const found = await all(who, { deleted, state, limit: 20 });
        expect(
          found.items.map((one) => one.name),
          `${state} for ${who}`,
        ).toEqual(expected);
        expect(found.pages).toBe(Math.max(1, Math.ceil(expected.length / 20)));
        const occurs = deleted ? state === 'deleted' : !['migrating', 'deleted'].includes(state);
        if (who === 'admin') expect(expected.length > 0, state).toBe(occurs);
      }
    }
  }
}, 60_000);

it('finds the few among 5,000 at once, in a time like that of any page', async () => {
  const { a } = world.containers;
  await withActor(portal.super, systemActor('test'), async (tx) => {
    await tx.delete(operations);
    await tx.delete(holds);
    await tx.delete(containers);
    await tx.execute(sql`insert into containers (id, tenant_id, host_id, plan_id, template_id, name, hostname, resources, volume_id,
        created_on_host_at, observed_power, observed_at)
      select gen_random_uuid(), ${a.tenantId}, ${a.hostId}, ${a.planId}, ${a.templateId}, 'm-' || lpad(i::text, 5, '0'), 'm', '{}',
        gen_random_uuid(), now(), 'running', now() + interval '1 hour' from generate_series(1, 5000) i`);
    await tx.update(containers).set({ observedPower: 'stopped' }).where(sql`${containers.name} > 'm-04997'`);
    // As many histories as a year leaves, of which none is under way.
    await tx.execute(sql`insert into operations (id, kind, tenant_id, container_id, state, lock, actor_kind, actor_name, ended_at)
      select gen_random_uuid(), 'restart', ${a.tenantId}, c.id, 'succeeded', 'exclusive', 'user', 'x', now()
      from containers c, generate_series(1, 5)`);
  });
  await withActor(portal.super, systemActor('test'), (tx) => tx.execute(sql`analyze`));
  const [any = '', other] = (await all('admin', { state: 'stopped', limit: 50 })).items.map((one) => one.name);
  expect([any, other]).toEqual(['m-04998', 'm-04999']);
  await withActor(portal.super, systemActor('test'), async (tx) => {
    const [row] = await tx.select().from(containers).where(eq(containers.name, 'm-02500'));
    await tx.insert(operations).values({
      ...{ id: v7(), kind: 'repair', lock: 'exclusive', state: 'running', tenantId: a.tenantId },
      ...{ containerId: row?.id ?? null, actorKind: 'user', actorName: 'x' },
    });
  });
  const timed = async (query: Parameters<typeof listContainers>[1], who: 'admin' | 'ownerA') => {
    const times: number[] = [];
    let n = 0;
    for (let round = 0; round < 7; round += 1) {
      const before = performance.now();
      n = (await listContainers(actorFor(world, who), { limit: 50, ...query })).items.length;
      times.push(performance.now() - before);
    }
    return { n, ms: times.sort((x, y) => x - y)[3] ?? Number.NaN };
  };
  for (const who of ['admin', 'ownerA'] as const) {
    const plain = await timed({}, who);
    const said = [`any ${plain.ms.toFixed(1)} ms`];
    for (const [state, n] of [
      ...[['running', 50] as const, ['stopped', 3] as const, ['repairing', 1] as const, ['unknown', 0] as const],
    ]) {
      const found = await timed({ state }, who);
      expect(found.n, state).toBe(n);
      said.push(`${state} ${found.ms.toFixed(1)} ms`);
      expect(found.ms).toBeLessThan(plain.ms * 10 + 20);
    }
    console.log(`a page of 5,000 containers for ${who}: ${said.join(', ')}`);
  }
}, 60_000);
