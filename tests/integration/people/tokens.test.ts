/** Tokens: what they were made for, with what their maker may at the time they are used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { hasPermission, ofContainer } from '#lib/access/authorize.ts';
import { policy } from '#lib/access/policy.ts';
import { liesIn } from '#lib/auth/networks.ts';
import { getActor } from '#lib/auth/request.ts';
import { createApiToken, createToken, listTokens, revokeToken } from '#lib/auth/tokens.ts';
import { watchActor } from '#lib/auth/watch.ts';
import { listContainers } from '#lib/containers/list.ts';
import { maxTokens } from '#lib/contract/tokens.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { users } from '#lib/db/schema/users.ts';
import { type Handler, handle } from '#lib/http/route.ts';
import { changeRole, deleteRole } from '#lib/people/change-role.ts';
import { changeMember, removeMember } from '#lib/people/members.ts';
import { createRole } from '#lib/people/roles.ts';
import { resellerOf } from '#lib/tenants/create.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

let portal: TestPortal;
let world: World;
let other: string;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  other = v7();
  await asSystem((tx) =>
    tx.insert(containers).values({ ...world.containers.a, id: other, name: 'other', volumeId: v7() }),
  );
});
beforeEach(() =>
  asSystem((tx) => tx.update(apiTokens).set({ revokedAt: new Date() }).where(isNull(apiTokens.revokedAt))),
);
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

const by = (token: string, address = '192.0.2.9') =>
  getActor(new Headers({ authorization: `Bearer ${token}`, 'x-berth-address': address }));
async function known(token: string, address?: string): Promise<UserActor> {
  const actor = await by(token, address);
  if (actor === undefined) throw new Error('nobody');
  return actor;
}
/** Signed in by a session: what a person's browser is. */
async function signedIn(who: keyof World['people']): Promise<UserActor> {
  const token = await asSystem((tx) => createApiToken(tx, world.people[who].id, 'first'));
  const actor = await known(token);
  return { ...actor, sessionId: v7(), tokenId: null };
}

describe('a token', () => {
  it('is told once, kept as a hash, and says when it was last used', async () => {
    const owner = await signedIn('ownerA');
    const made = await createToken(owner, { name: 'deploy' });
    const [row] = await asSystem((tx) => tx.select().from(apiTokens).where(eq(apiTokens.id, made.id)));
    expect(JSON.stringify(row)).not.toContain(made.token.slice(8));
    expect(row).toMatchObject({ tokenHash: expect.stringMatching(/^[0-9a-f]{64}$/), lastUsedAt: null });
    await known(made.token);
    const listed = (await listTokens(owner, {})).items.find((one) => one.id === made.id);
    expect(listed).toMatchObject({ name: 'deploy', lastUsedAt: expect.any(String), verbs: null });
    expect(JSON.stringify(listed)).not.toContain(made.token.slice(8));
    const log = await asSystem((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'token.create')));
    expect(JSON.stringify(log)).toContain('deploy');
    expect(JSON.stringify(log)).not.toContain(made.token.slice(8));
  });

  it('does what it was made for, to the containers it was made for', async () => {
    const owner = await signedIn('ownerA');
    const [mine, b] = [world.containers.a, world.containers.b];
    const { token } = await createToken(owner, {
      name: 'one',
      verbs: ['container.read', 'container.start'],
      containerIds: [mine.id],
    });
    const actor = await known(token);
    expect(hasPermission(actor, 'container.start', ofContainer(mine))).toBe(true);
    expect(hasPermission(actor, 'container.stop', ofContainer(mine))).toBe(false);
    for (const row of [{ ...mine, id: other }, b])
      expect(hasPermission(actor, 'container.start', ofContainer(row))).toBe(false);
    expect((await listContainers(actor, {})).items.map((one) => one.id)).toEqual([mine.id]);
    const foreign = createToken(owner, { name: 'x', containerIds: [b.id] });
    await expect(foreign).rejects.toMatchObject({ code: 'invalid' });
    await expect(createToken(owner, { name: 'x', verbs: ['host.enroll'] })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('of an administrator narrowed to one container reaches that one and is told its names', async () => {
    const admin = await signedIn('admin');
    const { token } = await createToken(admin, { name: 'x', containerIds: [world.containers.b.id] });
    const actor = await known(token);
    expect((await listContainers(actor, {})).items).toMatchObject([{ tenantName: 'Tenant B' }]);
    expect(hasPermission(actor, 'host.enroll')).toBe(false);
    expect(() => resellerOf(actor)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('loses what its maker loses, while it lives', async () => {
    const owner = await signedIn('ownerB');
    const { token } = await createToken(owner, { name: 'x', verbs: ['backup.restore', 'container.read'] });
    const actor = await known(token);
    expect(hasPermission(actor, 'backup.restore')).toBe(true);
    const ended = new Promise<number>((resolve) => watchActor(actor, () => resolve(Date.now())));
    const before = Date.now();
    const second = { ...world.people.memberB, id: v7(), email: 'second@example.test', role: 'tenant-owner' as const };
    await asSystem((tx) => tx.insert(users).values(second));
    await asSystem((tx) => tx.update(users).set({ role: 'tenant-viewer' }).where(eq(users.id, owner.userId)));
    expect((await ended) - before).toBeLessThan(2000);
    expect(hasPermission(await known(token), 'backup.restore')).toBe(false);
    expect(hasPermission(await known(token), 'container.read')).toBe(true);
    await asSystem((tx) => tx.update(users).set({ disabledAt: new Date() }).where(eq(users.id, owner.userId)));
    expect(await by(token)).toBeUndefined();
  });

  it('is nobody’s from elsewhere, after its time, and after the token it was made with', async () => {
    const owner = await signedIn('ownerA');
    const { token } = await createToken(owner, { name: 'x', addresses: ['192.0.2.0/28', '2001:db8::/32'] });
    expect(await by(token, '192.0.2.9')).toBeDefined();
    expect(await by(token, '::ffff:192.0.2.9')).toBeDefined();
    expect(await by(token, '2001:db8::1')).toBeDefined();
    for (const from of ['192.0.2.16', '2001:db9::1', 'unknown', '']) expect(await by(token, from)).toBeUndefined();
    const first = await known((await createToken(owner, { name: 'first' })).token);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await asSystem((tx) =>
      tx
        .update(apiTokens)
        .set({ expiresAt: new Date(soon) })
        .where(eq(apiTokens.id, first.tokenId ?? '')),
    );
    const child = await createToken(first, {
      name: 'child',
      expiresAt: new Date(Date.now() + 7_200_000).toISOString(),
    });
    expect(child.expiresAt).toBe(soon);
    const grandchild = await createToken(await known(child.token), { name: 'grandchild' });
    expect(grandchild.expiresAt).toBe(soon);
    await revokeToken(owner, first.tokenId ?? '');
    for (const one of [child, grandchild]) expect(await by(one.token)).toBeUndefined();
  });

  it('makes none that is good from where it is not itself', async () => {
    const maker = await known(
      (await createToken(await signedIn('ownerA'), { name: 'bound', addresses: ['192.0.2.0/28', '2001:db8::/32'] }))
        .token,
    );
    for (const wide of ['0.0.0.0/0', '192.0.2.0/24', '198.51.100.7', '::/0', '2001:db8::/31', '::ffff:192.0.2.1']) {
      const attempt = createToken(maker, { name: 'x', addresses: ['192.0.2.9', wide] });
      await expect(attempt, wide).rejects.toMatchObject({
        code: 'invalid',
        outside: { issues: [{ path: 'addresses' }] },
      });
    }
    const inside = ['192.0.2.9', '192.0.2.8/29', '2001:db8:1::/48'];
    expect(await createToken(maker, { name: 'narrower', addresses: inside })).toMatchObject({ addresses: inside });
    expect(await createToken(maker, { name: 'same' })).toMatchObject({ addresses: ['192.0.2.0/28', '2001:db8::/32'] });
  });

  it('ends streams within 2 s when it is revoked', async () => {
    const owner = await signedIn('ownerA');
    const made = await createToken(owner, { name: 'x' });
    const ended = new Promise<number>(
      (resolve) => void known(made.token).then((actor) => watchActor(actor, () => resolve(Date.now()))),
    );
    await known(made.token);
    const before = Date.now();
    await revokeToken(owner, made.id);
    expect(await by(made.token)).toBeUndefined();
    expect((await ended) - before).toBeLessThan(2000);
  });

  it('leaves alone who comes while the people behind the streams are looked after', async () => {
    const owner = await signedIn('ownerA');
    const first = await known((await createToken(owner, { name: 'first' })).token);
    const second = await known((await createToken(owner, { name: 'second' })).token);
    const cut: string[] = [];
    const stops = [watchActor(first, (why) => cut.push(why))];
    await asSystem(async (tx) => {
      await tx.execute(sql`lock table api_tokens in access exclusive mode`);
      await sleep(1200); // a look at the first has begun by now, and waits
      stops.push(watchActor(second, (why) => cut.push(why)));
    });
    await sleep(500);
    for (const stop of stops) stop();
    expect(cut).toEqual([]);
  });

  it('cuts off what is downloaded and uploaded with it within 2 s of its end, and nothing else', async () => {
    const owner = await signedIn('ownerA');
    const [ends, stays] = [await createToken(owner, { name: 'ends' }), await createToken(owner, { name: 'stays' })];
    /** A download that goes on until somebody ends it. */
    const dripping = handle('files.read', async () => {
      let timer: NodeJS.Timeout;
      const start = (to: ReadableStreamDefaultController) => {
        timer = setInterval(() => to.enqueue(new Uint8Array(10)), 20);
      };
      return new Response(new ReadableStream({ start, cancel: () => clearInterval(timer) }));
    });
    /** An upload that the host takes no end of. */
    const taking = handle('files.write', async ({ request }) => {
      await new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
      throw new Error('not reached');
    });
    const send = (to: Handler, method: string, token: string) => {
      const query = method === 'GET' ? 'path=/a' : 'path=/a&size=1';
      const headers = { authorization: `Bearer ${token}`, 'x-berth-address': '192.0.2.9' };
      const body = method === 'GET' ? {} : { body: 'x' };
      const request = new Request(`http://panel.test/x?${query}`, { method, headers, ...body });
      return to(request, { params: Promise.resolve({ id: world.containers.a.id }) });
    };
    const downloads = await Promise.all([ends, stays].map(({ token }) => send(dripping, 'GET', token)));
    const readers = downloads.map((one) => one.body?.getReader());
    const upload = send(taking, 'PUT', ends.token);
    const drained = async () => {
      while ((await readers[0]?.read())?.done === false);
    };
    const cut = drained().then(
      () => 'ended as if it were whole',
      () => 'cut off',
    );
    await new Promise((resolve) => setTimeout(resolve, 800));
    const before = Date.now();
    await revokeToken(owner, ends.id);
    expect(await cut).toBe('cut off');
    expect((await upload).status).toBe(401);
    expect(Date.now() - before).toBeLessThan(2000);
    expect((await readers[1]?.read())?.done).toBe(false);
    await readers[1]?.cancel();
  });

  it('is seen and ended by nobody else', async () => {
    const made = await createToken(await signedIn('ownerA'), { name: 'mine' });
    for (const who of ['memberA', 'reseller', 'admin'] as const) {
      const actor = await signedIn(who);
      expect(JSON.stringify(await listTokens(actor, {}))).not.toContain(made.id);
      await expect(revokeToken(actor, made.id)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await by(made.token)).toBeDefined();
  });

  it('comes in no more than so many, also of fifty at once', async () => {
    const owner = await signedIn('ownerA');
    await asSystem((tx) =>
      tx.update(apiTokens).set({ revokedAt: new Date() }).where(eq(apiTokens.userId, owner.userId)),
    );
    for (let n = 0; n < 10; n += 1) await createToken(owner, { name: `before ${n}` });
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => createToken(owner, { name: `at once ${n}` })),
    );
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(maxTokens - 10);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'plan_limit' });
    const live = await asSystem((tx) =>
      tx
        .select()
        .from(apiTokens)
        .where(and(eq(apiTokens.userId, owner.userId), isNull(apiTokens.revokedAt))),
    );
    expect(live).toHaveLength(maxTokens);
  });
});

describe('a service account', () => {
  it('has tokens that whoever manages it and has its rights makes and ends', async () => {
    const id = v7();
    await asSystem(async (tx) => {
      const row = {
        id,
        tenantId: world.ids.a,
        kind: 'service',
        email: `${id}@service.invalid`,
        name: 'deployer',
      } as const;
      await tx.insert(users).values(row);
      await tx
        .insert(assignments)
        .values({ userId: id, role: 'tenant-operator', scope: 'tenant', tenantId: world.ids.a });
    });
    const owner = await signedIn('ownerA');
    const made = await createToken(owner, { name: 'ci', serviceAccountId: id });
    expect(await known(made.token)).toMatchObject({ userId: id, name: 'deployer', role: 'tenant-operator' });
    expect((await listTokens(owner, { serviceAccountId: id })).items).toHaveLength(1);
    // A reseller manages people too, and may not look inside: it gets no key to what may.
    const reseller = createToken(await signedIn('reseller'), { name: 'x', serviceAccountId: id });
    await expect(reseller).rejects.toMatchObject({ code: 'forbidden' });
    for (const who of ['memberA', 'memberB'] as const) {
      const attempt = createToken(await signedIn(who), { name: 'x', serviceAccountId: id });
      await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
    }
    await revokeToken(owner, made.id);
    expect(await by(made.token)).toBeUndefined();
  });

  /** Another owner of A, and a service account there that may start. */
  async function ownerAndRobot(): Promise<{ maker: UserActor; robot: string }> {
    const [maker, robot] = [v7(), v7()];
    await asSystem(async (tx) => {
      const account = { tenantId: world.ids.a, role: null };
      await tx.insert(users).values([
        { ...account, id: maker, email: `${maker}@example.test`, name: 'maker' },
        { ...account, id: robot, email: `${robot}@service.invalid`, name: 'robot', kind: 'service' },
      ]);
      const over = { scope: 'tenant', tenantId: world.ids.a } as const;
      await tx.insert(assignments).values([
        { ...over, userId: maker, role: 'tenant-owner' },
        { ...over, userId: robot, role: 'tenant-operator' },
      ]);
    });
    const token = await asSystem((tx) => createApiToken(tx, maker, 'first'));
    return { maker: { ...(await known(token)), sessionId: v7(), tokenId: null }, robot };
  }
  const revocationsOf = (name: string) =>
    asSystem((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.verb, 'token.revoke'), eq(auditLog.targetName, name))),
    );

  it('loses the tokens whose maker is removed, also from this account alone, and keeps those of others', async () => {
    const owner = await signedIn('ownerA');
    for (const elsewhere of [false, true]) {
      const { maker, robot } = await ownerAndRobot();
      if (elsewhere) {
        const viewer = { userId: maker.userId, role: 'tenant-viewer', scope: 'tenant', tenantId: world.ids.b } as const;
        await asSystem((tx) => tx.insert(assignments).values(viewer));
      }
      const name = `left behind ${elsewhere}`;
      const theirs = await createToken(maker, { name, serviceAccountId: robot });
      const child = await createToken(await known(theirs.token), { name: 'child' });
      const others = await createToken(owner, { name: 'others', serviceAccountId: robot });
      const ended = new Promise<number>(
        (resolve) => void known(theirs.token).then((actor) => watchActor(actor, () => resolve(Date.now()))),
      );
      await known(theirs.token);
      const before = Date.now();
      await removeMember(owner, world.ids.a, maker.userId);
      expect((await ended) - before).toBeLessThan(2000);
      for (const { token } of [theirs, child]) expect(await by(token)).toBeUndefined();
      expect(await by(others.token)).toBeDefined();
      expect(await revocationsOf(name)).toMatchObject([
        {
          ...{ tenantId: world.ids.a, actorId: owner.userId, targetId: theirs.id },
          detail: { holder: 'robot', why: 'whoever made it may not make it any more' },
        },
      ]);
    }
  });

  it('loses the tokens whose maker has a lesser role, and those whose maker has less than it is given', async () => {
    const owner = await signedIn('ownerA');
    const { maker, robot } = await ownerAndRobot();
    const demoted = await createToken(maker, { name: 'demoted', serviceAccountId: robot });
    await changeMember(owner, world.ids.a, maker.userId, { roles: [{ role: 'tenant-owner' }] });
    expect(await by(demoted.token)).toBeDefined();
    await changeMember(owner, world.ids.a, maker.userId, { roles: [{ role: 'tenant-operator' }] });
    expect(await by(demoted.token)).toBeUndefined();
    // The reseller has a key to what may see the bill, not to what looks inside.
    await changeMember(owner, world.ids.a, robot, { roles: [{ role: 'tenant-billing' }] });
    const ofReseller = await createToken(await signedIn('reseller'), { name: 'bill', serviceAccountId: robot });
    expect(await by(ofReseller.token)).toBeDefined();
    await changeMember(owner, world.ids.a, robot, { roles: [{ role: 'tenant-operator' }] });
    expect(await by(ofReseller.token)).toBeUndefined();
    expect(await revocationsOf('bill')).toHaveLength(1);
  });

  it('loses the tokens whose maker had the right by a role that is changed or deleted', async () => {
    const owner = await signedIn('ownerA');
    for (const end of ['change', 'delete'] as const) {
      const { maker, robot } = await ownerAndRobot();
      const permissions = [...policy['tenant-owner']].filter((one) => one !== 'role.create');
      const role = await createRole(owner, { title: `Chief ${end}`, about: '', base: 'tenant-owner', permissions });
      await changeMember(owner, world.ids.a, maker.userId, { roles: [{ role: role.role }, { role: 'tenant-viewer' }] });
      const { token } = await createToken(maker, { name: end, serviceAccountId: robot });
      if (end === 'delete') await deleteRole(owner, role.role);
      else await changeRole(owner, role.role, { permissions: permissions.filter((one) => one !== 'member.manage') });
      expect(await by(token), end).toBeUndefined();
    }
  });

  it('gets no token from somebody who is removed at the same moment', async () => {
    const owner = await signedIn('ownerA');
    const { maker, robot } = await ownerAndRobot();
    const all = await Promise.allSettled([
      ...Array.from({ length: 5 }, (_, n) => createToken(maker, { name: `late ${n}`, serviceAccountId: robot })),
      removeMember(owner, world.ids.a, maker.userId),
      ...Array.from({ length: 5 }, (_, n) => createToken(maker, { name: `later ${n}`, serviceAccountId: robot })),
    ]);
    expect(all[5]).toMatchObject({ status: 'fulfilled' });
    expect((await listTokens(owner, { serviceAccountId: robot })).items).toEqual([]);
  });
});

it('networks are told apart', () => {
  expect(liesIn('10.1.2.3', ['10.0.0.0/8'])).toBe(true);
  expect(liesIn('10.1.2.3', ['10.1.2.3'])).toBe(true);
  expect(liesIn('11.1.2.3', ['10.0.0.0/8', '::/0'])).toBe(false);
  expect(liesIn('::1', ['0.0.0.0/0'])).toBe(false);
});
