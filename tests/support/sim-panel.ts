/** The interface over a simulated host, as a script or the command line meets it: a plain server, and operations that are carried out. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { eq } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { services, setServices } from '#lib/services.ts';
import { isConsole, serveConsole } from '#server/http/console.ts';
import { sitesOf } from '#server/http/sites.ts';
import { startApiServer } from './api-server.ts';
import type { World } from './portal.ts';
import { type SimBench, startSimBench } from './sim-bench.ts';

const asSystem = systemActor('test');
export type Who = keyof World['people'];
export type SimPanel = {
  bench: SimBench;
  url: string;
  api: Awaited<ReturnType<typeof startApiServer>>;
  tokens: Record<Who, string>;
  /** Until set again, operations stay in line. */
  hold(on: boolean): void;
  stop(): Promise<void>;
};

/** What is seen of a container after an operation; nobody watches this host. */
const power: Partial<Record<Operation['kind'], 'running' | 'stopped'>> = {
  ...{
    create: 'running',
    start: 'running',
    restart: 'running',
    reinstall: 'running',
    stop: 'stopped',
    kill: 'stopped',
  },
};

export async function startSimPanel(): Promise<SimPanel> {
  const bench = await startSimBench();
  const { portal, world } = bench;
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  const under = new Set<Promise<void>>();
  let held = false;
  const waiting: string[] = [];

  async function carryOut(operationId: string): Promise<void> {
    const done = await bench.run({ id: operationId } as Operation);
    const observedAt = new Date(Date.now() + 86_400_000);
    const seen = done.state === 'succeeded' ? power[done.kind] : undefined;
    if (done.containerId === null) return;
    await withActor(portal.super, asSystem, (tx) =>
      tx
        .update(containers)
        .set({ observedAt, ...(seen === undefined ? {} : { observedPower: seen }) })
        .where(eq(containers.id, done.containerId ?? '')),
    );
  }
  function begin(operationId: string): void {
    const work = carryOut(operationId)
      .catch((error: unknown) => console.error('an operation was not carried out', error))
      .finally(() => under.delete(work));
    under.add(work);
  }
  setServices({
    ...services(),
    queue: {
      enqueue: async ({ operationId }) => {
        if (held) waiting.push(operationId);
        else begin(operationId);
      },
    },
  });

  const tokens = {} as Record<Who, string>;
  await withActor(portal.super, asSystem, async (tx) => {
    for (const who of Object.keys(world.people) as Who[]) {
      tokens[who] = await createApiToken(tx, world.people[who].id, 'test');
    }
  });
  const api = await startApiServer();
  // The same port for consoles, as the web process has it.
  const front = createServer((request, response) => void api.answer(request, response));
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  const { port } = front.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const sites = sitesOf({ baseUrl: new URL(url), behindProxy: false, dev: false }, async () => null);
  const consoles = new Set<Duplex>();
  front.on('upgrade', (request, socket, head) => {
    consoles.add(socket);
    socket.once('close', () => consoles.delete(socket));
    if (isConsole(request)) void serveConsole(request, socket, head, sites);
    else socket.destroy();
  });
  return {
    ...{ bench, url, api, tokens },
    hold(on) {
      held = on;
      if (!on) for (const id of waiting.splice(0)) begin(id);
    },
    async stop() {
      front.closeAllConnections();
      for (const socket of consoles) socket.destroy();
      await new Promise<void>((done) => front.close(() => done()));
      await api.stop();
      await Promise.all(under);
      await notifications().close();
      await bench.stop();
    },
  };
}
