import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { getContainer } from '#lib/containers/get.ts';
import type { InventoryItem } from '#lib/contract/agent-state.ts';
import type { Exit } from '#lib/contract/restarts.ts';
import { getDashboard } from '#lib/dashboard/get.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { events } from '#lib/db/schema/events.ts';
import { observe } from '#lib/hosts/observe.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { seedObjects } from '../authz/objects.ts';

let portal: TestPortal;
let world: World;
let id: string;
beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  id = (await seedObjects(portal, world, world.ids.a, 20_001)).stopped;
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

const minute = 60_000;
const exit = (cause: Exit['cause'], minutesAgo: number): Exit => ({
  cause,
  status: 137,
  at: new Date(Date.now() - minutesAgo * minute).toISOString(),
  ranSince: new Date(Date.now() - (minutesAgo + 5) * minute).toISOString(),
});
/** What the host says of the container; asked for after all that the fixture has written down. */
async function hear(change: Partial<InventoryItem>): Promise<void> {
  const item: InventoryItem = {
    ...{ containerId: id, generation: 1, desired: 'running', power: 'stopped', since: new Date().toISOString() },
    ...{ bootId: null, address: '10.0.0.9', lastExit: null, exits: [], restarts: null, repair: null, usage: null },
    ...change,
  };
  const inventory = { time: new Date().toISOString(), bootId: 'b', containers: [item], deeds: [] };
  await observe(portal.worker, world.ids.host, inventory, new Date(Date.now() + 2 * 3_600_000), false);
}
const told = async () => {
  const rows = await withActor(portal.super, systemActor('test'), (tx) =>
    tx.select().from(events).where(eq(events.containerId, id)).orderBy(events.id),
  );
  return rows.filter((row) => row.type === 'container').map((row) => row.data);
};

it('ends are kept, shown to the owner with what the host does about them, told once, and are a problem of the installation', async () => {
  const oom = exit('oom', 1);
  const restarts = { counted: 2, limit: 10, windowMs: 1_800_000, nextAt: new Date().toISOString(), gaveUp: false };
  const said = { lastExit: oom, exits: [oom, exit('crash', 9)], restarts };
  await hear(said);
  await hear(said);
  const shown = await getContainer(actorFor(world, 'ownerA'), id);
  expect(shown).toMatchObject({ ...said, state: 'stopped', restartPolicy: 'on-failure' });
  expect(await told()).toEqual([{ power: 'stopped', exit: oom }]);
});

it('a reboot that was over between two looks is told too', async () => {
  await hear({ power: 'running' });
  const before = (await told()).length;
  const reboot = exit('reboot', 0);
  await hear({ power: 'running', lastExit: reboot, exits: [reboot] });
  expect((await told()).slice(before)).toEqual([{ power: 'running', exit: reboot }]);
});

it('a container that crashes and is to run is a problem on the dashboard, however it crashed', async () => {
  for (const cause of ['crash', 'oom', 'unseen'] as const) {
    const last = exit(cause, 0);
    await withActor(portal.super, systemActor('test'), (tx) =>
      tx.execute(`update containers set desired = 'running' where id = '${id}'`),
    );
    await hear({ lastExit: last, exits: [last] });
    const { problems } = await getDashboard(actorFor(world, 'admin'));
    expect(problems.filter((problem) => problem.containerId === id)).toMatchObject([{ kind: 'container-crashed' }]);
  }
});
