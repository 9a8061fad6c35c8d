import pg from 'pg';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { openSession, revokeOne } from '#lib/auth/sessions.ts';
import { createDb, setDatabase, withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { sessions } from '#lib/db/schema/sessions.ts';
import { eventHub } from '#lib/events/hub.ts';
import { publish } from '#lib/events/publish.ts';
import { streamEvents } from '#lib/events/stream.ts';
import { operation } from '#tests/support/fixtures.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

let portal: TestPortal;
let world: World;
const asSystem = systemActor('test');

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  world = await seedWorld(portal);
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

/** A person with a real session row, as streams look after those. */
async function present(who: keyof World['people']): Promise<UserActor> {
  const actor = actorFor(world, who);
  return withActor(portal.web, asSystem, async (tx) => {
    await openSession(tx, actor.userId, actor);
    const rows = await tx.select().from(sessions).orderBy(sessions.createdAt);
    return { ...actor, sessionId: rows.filter((row) => row.userId === actor.userId).at(-1)?.id ?? '' };
  });
}

type Open = {
  seen: { id: string; mark: unknown; can: unknown }[];
  until(count: number): Promise<void>;
  ended: Promise<number>;
  close(): void;
};

async function open(actor: UserActor, lastEventId: string | null = null): Promise<Open> {
  const abort = new AbortController();
  const response = streamEvents(actor, lastEventId, abort.signal);
  const seen: Open['seen'] = [];
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('no body');
  await reader.read();
  const ended = (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Date.now();
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const id = /^id: (.*)$/m.exec(block)?.[1] ?? '';
        if (data === undefined || /^event: ended$/m.test(block)) continue;
        const { mark, can } = JSON.parse(data).data;
        seen.push({ id, mark, can });
      }
    }
  })();
  const until = async (count: number) => {
    const deadline = Date.now() + 4000;
    while (seen.length < count) {
      if (Date.now() > deadline) throw new Error(`only ${JSON.stringify(seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  // The stream's start is fixed once the hub knows it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { seen, until, ended, close: () => abort.abort() };
}

const marks = (stream: Open) => stream.seen.map((one) => one.mark);
const tell = (tenantId: string | null, mark: number) =>
  withActor(portal.worker, asSystem, (tx) =>
    publish(tx, { type: 'container', tenantId, containerId: v7(), data: { mark } }),
  );

describe('live events', () => {
  it('reach whoever may see them, and nobody else', async () => {
    const [a, b, admin, reseller] = await Promise.all(
      (['ownerA', 'ownerB', 'admin', 'reseller'] as const).map(async (who) => open(await present(who))),
    );
    await tell(world.ids.a, 1);
    await tell(world.ids.b, 2);
    await tell(null, 3);
    await admin?.until(3);
    expect(admin && marks(admin)).toEqual([1, 2, 3]);
    expect(a && marks(a)).toEqual([1]);
    expect(b && marks(b)).toEqual([2]);
    expect(reseller && marks(reseller)).toEqual([1]);
    for (const stream of [a, b, admin, reseller]) stream?.close();
  });

  it('say of an operation what each reader may do about it, not what could be done', async () => {
    const possible = { cancel: true, retry: true, undo: true, confirm: true, resolve: true };
    const who = ['ownerA', 'memberA', 'support', 'admin'] as const;
    const streams = await Promise.all(who.map(async (name) => open(await present(name))));
    for (const kind of ['reinstall', 'start'] as const) {
      const data = { ...operation(kind, 'failed'), tenantId: world.ids.a, can: possible };
      await withActor(portal.worker, asSystem, (tx) =>
        publish(tx, { type: 'operation', tenantId: world.ids.a, operationId: data.id, data }),
      );
    }
    await Promise.all(streams.map((stream) => stream.until(2)));
    const said = streams.map((stream) => stream.seen.map((one) => one.can));
    const staff = { cancel: true, retry: true, undo: false, confirm: false, resolve: true };
    const owner = { ...possible, resolve: false };
    const member = { ...owner, retry: false, undo: false, confirm: false };
    expect(said).toEqual([
      [owner, owner],
      [member, member],
      [{ ...staff, retry: false }, staff],
      [{ ...staff, retry: false }, staff],
    ]);
    for (const stream of streams) stream.close();
  });

  it('miss nothing of a transaction that began earlier and commits later', async () => {
    const stream = await open(await present('admin'));
    const slow = new pg.Client({ connectionString: portal.pg.superUrl });
    await slow.connect();
    await slow.query('begin');
    await slow.query(`insert into events (tenant_id, type, data) values ($1, 'container', '{"mark": "slow"}')`, [
      world.ids.a,
    ]);
    await tell(world.ids.a, 10);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await slow.query('commit');
    await slow.end();
    await stream.until(2);
    expect(marks(stream)).toEqual(['slow', 10]);
    stream.close();
  });

  it('resume after the last one seen, each once, within the same scope', async () => {
    const actor = await present('ownerA');
    const first = await open(actor);
    await tell(world.ids.a, 20);
    await first.until(1);
    first.close();
    const last = first.seen[0]?.id ?? '';
    await tell(world.ids.a, 21);
    await tell(world.ids.b, 22);
    await tell(world.ids.a, 23);
    const second = await open(actor, last);
    await tell(world.ids.a, 24);
    await second.until(3);
    expect(marks(second)).toEqual([21, 23, 24]);
    second.close();
  });

  it('come once, in order, however busy the database is while somebody resumes', async () => {
    const actor = await present('ownerA');
    const start = await open(actor);
    await tell(world.ids.a, 100);
    await start.until(1);
    start.close();
    let from = start.seen[0]?.id ?? '';
    for (let round = 1; round <= 6; round++) {
      const noise = Promise.all(Array.from({ length: 4 }, () => tell(world.ids.b, 0)));
      const marksOfRound = [1, 2, 3].map((mark) => 100 + 10 * round + mark);
      for (const mark of marksOfRound.slice(0, 2)) await tell(world.ids.a, mark);
      const [stream] = await Promise.all([open(actor, from), noise]);
      await tell(world.ids.a, marksOfRound[2] ?? 0);
      await stream.until(3);
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(marks(stream)).toEqual(marksOfRound);
      from = stream.seen.at(-1)?.id ?? '';
      stream.close();
    }
  });

  it('arrive soon after the commit', async () => {
    const stream = await open(await present('ownerA'));
    const before = Date.now();
    await tell(world.ids.a, 30);
    await stream.until(1);
    expect(Date.now() - before).toBeLessThan(1500);
    stream.close();
  });

  it('end within 2 s of the session’s end', async () => {
    const actor = await present('ownerB');
    const stream = await open(actor);
    const before = Date.now();
    await withActor(portal.web, asSystem, (tx) => revokeOne(tx, actor.userId, actor.sessionId ?? ''));
    expect((await stream.ended) - before).toBeLessThan(2000);
  });

  it('come to whoever opens a stream after one could not begin, because the database was away', async () => {
    const away = createDb('postgres://web@127.0.0.1:1/berth');
    setDatabase(away);
    await expect(eventHub().add(() => undefined)).rejects.toThrow();
    setDatabase(portal.web);
    await away.$client.end();
    const stream = await open(await present('admin'));
    await tell(null, 7);
    await stream.until(1);
    stream.close();
  });
});
