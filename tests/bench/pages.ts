/** Lists of 200 and 2,000 containers at 1, 10 and 50 clients, and 500 listeners of live events, on the real web process. */
import { Agent, get, request } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { withActor } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { publish } from '#lib/events/publish.ts';
import { connectPortal, seedWorld, smallResources, type TestPortal, type World } from '#tests/support/portal.ts';
import { startPostgres } from '#tests/support/postgres.ts';
import { startWeb, type TestWeb } from '#tests/support/web.ts';
import { type Row, row } from './measure.ts';

const asSystem = systemActor('bench');

async function addContainers(portal: TestPortal, world: World, from: number, to: number): Promise<void> {
  await withActor(portal.super, asSystem, async (tx) => {
    const rows = Array.from({ length: to - from }, (_, index) => {
      const n = from + index;
      return {
        ...{ id: uuidv7(), tenantId: world.ids.a, hostId: world.ids.host, planId: world.ids.plan },
        ...{ templateId: world.ids.template, name: `bench-${String(n).padStart(5, '0')}`, hostname: `bench-${n}` },
        ...{ resources: smallResources, volumeId: uuidv7(), address: `10.64.${n >> 8}.${n & 255}` },
        ...{ idBase: 1_879_048_192 + 65_536 * (n + 2), createdOnHostAt: new Date(), desired: 'running' as const },
        ...{ observedPower: 'running' as const, observedAt: new Date(), observedSince: new Date() },
      };
    });
    for (let at = 0; at < rows.length; at += 500) await tx.insert(containers).values(rows.slice(at, at + 500));
    const forwards = rows.map((one, index) => {
      const port = { protocol: 'tcp' as const, hostPort: 20_000 + from + index, containerPort: 22 };
      return { tenantId: one.tenantId, containerId: one.id, hostId: one.hostId, ...port };
    });
    for (let at = 0; at < forwards.length; at += 500)
      await tx.insert(portForwards).values(forwards.slice(at, at + 500));
  });
}

function fetchOnce(agent: Agent, url: string, token: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve(performance.now() - began)
          : reject(new Error(`${url} answered ${answer.statusCode}`)),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** `clients` ask over and over for `seconds`, each on a connection of its own. */
export async function load(url: string, token: string, clients: number, seconds: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  for (let warm = 0; warm < 10; warm += 1) await fetchOnce(agent, url, token);
  const began = performance.now();
  const client = async () => {
    while (performance.now() - began < seconds * 1000) times.push(await fetchOnce(agent, url, token));
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return { times, perSecond: times.length / ((performance.now() - began) / 1000) };
}

async function listeners(web: TestWeb, portal: TestPortal, world: World, token: string, count: number): Promise<Row[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const heard = new Map<number, number>();
  const open: (() => void)[] = [];
  const opening = Array.from(
    { length: count },
    (_, number) =>
      new Promise<void>((resolve, reject) => {
        const asked = get(
          `${web.baseUrl}/api/v1/events`,
          { agent, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } },
          (answer) => {
            if (answer.statusCode !== 200) reject(new Error(`events answered ${answer.statusCode}`));
            answer.on('data', (chunk: Buffer) => {
              if (chunk.includes(world.containers.a.id) && !heard.has(number)) heard.set(number, performance.now());
            });
            resolve();
          },
        );
        asked.on('error', reject);
        open.push(() => asked.destroy());
      }),
  );
  const began = performance.now();
  await Promise.all(opening);
  const openedMs = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const told = performance.now();
  await withActor(portal.super, asSystem, (tx) =>
    publish(tx, {
      type: 'container',
      tenantId: world.ids.a,
      containerId: world.containers.a.id,
      operationId: null,
      data: {},
    }),
  );
  const end = performance.now() + 30_000;
  while (heard.size < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  const delays = [...heard.values()].map((at) => at - told);
  for (const one of open) one();
  agent.destroy();
  return [
    row('events', `${count} listeners opened, all`, [openedMs]),
    row('events', `event heard by ${delays.length} of ${count}`, delays),
  ];
}

/** `seconds`: how long each load lasts. */
export async function benchPages(say: (text: string) => void, options: { seconds: number }): Promise<Row[]> {
  const pg = await startPostgres();
  let [web, portal]: [TestWeb | undefined, TestPortal | undefined] = [undefined, undefined];
  try {
    say('building pages and starting the web process');
    web = await startWeb(pg, { migrate: true });
    portal = connectPortal(pg);
    const world = await seedWorld(portal);
    const token = await withActor(portal.super, asSystem, (tx) => createApiToken(tx, world.people.admin.id, 'bench'));
    const rows: Row[] = [];
    let made = 0;
    for (const size of [200, 2000]) {
      await addContainers(portal, world, made, size);
      made = size;
      await portal.super.$client.query('analyze');
      for (const clients of [1, 10, 50]) {
        say(`list of ${size} containers, ${clients} clients`);
        const result = await load(`${web.baseUrl}/api/v1/containers?limit=50`, token, clients, options.seconds);
        const name = `page of 50 of ${size}, ${clients} client${clients === 1 ? '' : 's'}`;
        const target = { text: 'p50 ≤ 20 ms', of: (one: Row) => one.p50, atMost: 20 };
        rows.push(row('lists', name, result.times, clients === 1 ? { target } : {}));
        rows.push(row('lists', `${name}: rate`, [result.perSecond], { unit: 'requests/s' }));
      }
    }
    say('500 listeners');
    rows.push(...(await listeners(web, portal, world, token, 500)));
    return rows;
  } finally {
    await web?.stop();
    await portal?.stop();
  }
}
