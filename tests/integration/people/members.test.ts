/** Inviting, changing and removing people; the last owner; holds. */
import { and, eq, isNull, like } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { hasPermission, ofContainer } from '#lib/access/authorize.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { getActor } from '#lib/auth/request.ts';
import { openSession, resolveSession } from '#lib/auth/sessions.ts';
import { signInWithPassword } from '#lib/auth/sign-in.ts';
import { createApiToken, createToken, revokeToken } from '#lib/auth/tokens.ts';
import { watchActor } from '#lib/auth/watch.ts';
import { type AddMember, maxMembers } from '#lib/contract/members.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { assignments, invitations } from '#lib/db/schema/people.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { sessions } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { publish } from '#lib/events/publish.ts';
import { streamEvents } from '#lib/events/stream.ts';
import { changeRole, deleteRole } from '#lib/people/change-role.ts';
import { acceptInvitation, addMember, readInvitation, resendInvitation } from '#lib/people/invite.ts';
import { changeMember, giveRoles, listMembers, removeMember } from '#lib/people/members.ts';
import { createRole } from '#lib/people/roles.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const visitor = { address: '192.0.2.1', userAgent: 'test' };
const password = 'a password that is long';
let portal: TestPortal;
let world: World;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  world = await seedWorld(portal);
});
afterAll(async () => {
  await notifications().close();
  await portal.stop();
});

async function by(userId: string): Promise<UserActor> {
  const token = await asSystem((tx) => createApiToken(tx, userId, 'test'));
  const actor = await getActor(new Headers({ authorization: `Bearer ${token}` }));
  if (actor === undefined) throw new Error('nobody');
  return actor;
}
const of = (who: keyof World['people']) => by(world.people[who].id);
/** As a browser is, in which they are signed in. */
const session = async (userId: string) => ({ ...(await by(userId)), sessionId: v7(), tokenId: null });
const signedIn = (who: keyof World['people']) => session(world.people[who].id);
const wish = (email: string, ...roles: (string | Record<string, unknown>)[]) =>
  ({
    kind: 'person',
    email,
    roles: roles.map((role) => (typeof role === 'string' ? { role } : role)),
  }) as Extract<Parameters<typeof addMember>[2], { kind: 'person' }> satisfies ReturnType<typeof AddMember.parse>;
async function linkTo(email: string): Promise<string> {
  const mails = await asSystem((tx) => tx.select().from(outbox).where(like(outbox.recipient, email)));
  return /token=([\w-]{20,})/.exec(mails.at(-1)?.body ?? '')?.[1] ?? '';
}
async function join(email: string, ...roles: (string | Record<string, unknown>)[]): Promise<UserActor> {
  await addMember(await of('ownerA'), world.ids.a, wish(email, ...roles));
  await acceptInvitation({ token: await linkTo(email), name: email, password }, visitor);
  const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, email)));
  return await by(row?.id ?? '');
}

describe('an invitation', () => {
  it('goes by mail, is good once, and makes an account with the roles it names', async () => {
    const owner = await of('ownerA');
    const only = world.containers.a.id;
    const made = await addMember(
      owner,
      world.ids.a,
      wish('new@example.test', 'tenant-viewer', { role: 'tenant-operator', scope: 'container', containerId: only }),
    );
    expect(made).toMatchObject({
      state: 'invited',
      email: 'new@example.test',
      assignments: [{ role: 'tenant-viewer' }, { containerName: 'web-a' }],
    });
    const token = await linkTo('new@example.test');
    expect(JSON.stringify(await asSystem((tx) => tx.select().from(invitations)))).not.toContain(token);
    expect(await readInvitation(token)).toEqual({ account: 'Tenant A', email: 'new@example.test', signIn: null });
    await expect(acceptInvitation({ token }, visitor)).rejects.toMatchObject({ code: 'invalid' });
    const both = [1, 2].map(() => acceptInvitation({ token, name: 'New', password }, visitor));
    const results = await Promise.allSettled(both);
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await expect(acceptInvitation({ token, name: 'New', password }, visitor)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await signInWithPassword('new@example.test', password, visitor)).toBeTypeOf('string');
    const member = (await listMembers(owner, world.ids.a)).items.find((one) => one.email === 'new@example.test');
    expect(member).toMatchObject({
      state: 'member',
      name: 'New',
      assignments: [{ role: 'tenant-viewer' }, { scope: 'container' }],
    });
    const actor = await by(member?.id ?? '');
    expect(hasPermission(actor, 'container.start', ofContainer(world.containers.a))).toBe(true);
    expect(hasPermission(actor, 'container.start', { tenantId: world.ids.a, containerId: v7() })).toBe(false);
  });

  it('names a role of the account by what the account calls it', async () => {
    const owner = await of('ownerA');
    const night = {
      title: 'Night shift',
      about: '',
      base: 'tenant-operator',
      permissions: ['container.read'],
    } as const;
    const role = await createRole(owner, { ...night, permissions: [...night.permissions] });
    const made = await addMember(owner, world.ids.a, wish('night@example.test', role.role));
    expect(made.assignments).toMatchObject([{ role: role.role, title: 'Night shift' }]);
    const listed = (await listMembers(owner, world.ids.a)).items.find((one) => one.email === 'night@example.test');
    expect(listed?.assignments).toMatchObject([{ role: role.role, title: 'Night shift' }]);
  });

  it('adds to an account that is there, whosever it is, and leaves its password alone', async () => {
    const owner = await of('ownerA');
    await addMember(owner, world.ids.a, wish('owner-b@example.test', 'tenant-viewer'));
    await acceptInvitation({ token: await linkTo('owner-b@example.test') }, visitor, await signedIn('ownerB'));
    const actor = await of('ownerB');
    expect(actor.assignments.map((one) => [one.role, one.tenantId])).toEqual([
      ['tenant-owner', world.ids.b],
      ['tenant-viewer', world.ids.a],
    ]);
    expect(hasPermission(actor, 'container.start', ofContainer(world.containers.a))).toBe(false);
    // Removed from there, they keep what is theirs.
    await removeMember(owner, world.ids.a, actor.userId);
    expect((await of('ownerB')).assignments).toHaveLength(1);
  });

  it('gives nobody what its sender lacks, now or when it is taken up', async () => {
    const reseller = await of('reseller');
    const inside = addMember(reseller, world.ids.a, wish('x@example.test', 'tenant-operator'));
    await expect(inside).rejects.toMatchObject({ code: 'forbidden' });
    for (const role of ['support', 'reseller-owner', 'provider-admin']) {
      const attempt = addMember(await of('ownerA'), world.ids.a, wish('x@example.test', role));
      await expect(attempt).rejects.toMatchObject({ code: 'invalid' });
    }
    const foreign = { role: 'tenant-operator', scope: 'container', containerId: world.containers.b.id };
    await expect(addMember(await of('ownerA'), world.ids.a, wish('x@example.test', foreign))).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(
      addMember(await of('ownerB'), world.ids.a, wish('x@example.test', 'tenant-viewer')),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
    const second = await join('second@example.test', 'tenant-owner');
    await addMember(second, world.ids.a, wish('late@example.test', 'tenant-operator'));
    await removeMember(await of('ownerA'), world.ids.a, second.userId);
    const late = acceptInvitation({ token: await linkTo('late@example.test'), name: 'Late', password }, visitor);
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of two accounts that are taken up at the same moment make one account, and the other is told to try again', async () => {
    const email = 'both@example.test';
    const links: string[] = [];
    for (const [who, tenantId] of [
      ['ownerA', world.ids.a],
      ['ownerB', world.ids.b],
    ] as const) {
      await addMember(await of(who), tenantId, wish(email, 'tenant-viewer'));
      links.push(await linkTo(email));
    }
    // Makes who comes first wait, so that both have seen that there is no such account.
    await portal.super.$client.query(`
      create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return new; end $$;
      create trigger slowly after insert on users for each row execute function slowly()`);
    const take = (token: string) => acceptInvitation({ token, name: 'Both', password }, visitor);
    const answers = await Promise.allSettled(links.map(take));
    await portal.super.$client.query('drop trigger slowly on users; drop function slowly');
    const refused = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toMatchObject([{ code: 'conflict' }]);
    const [late] = links.filter((_, n) => answers[n]?.status === 'rejected');
    await expect(take(late ?? '')).rejects.toMatchObject({ code: 'unauthenticated' });
    const [row] = await asSystem((tx) => tx.select().from(users).where(eq(users.email, email)));
    await acceptInvitation({ token: late ?? '' }, visitor, await session(row?.id ?? ''));
    expect((await by(row?.id ?? '')).assignments).toHaveLength(2);
  });

  it('to an account that is there is taken up by nobody but who is signed in as it, whoever reads its mails', async () => {
    const { ids, people } = world;
    const asks = (requireFactor: boolean) =>
      asSystem((tx) => tx.update(tenants).set({ requireFactor }).where(eq(tenants.id, ids.reseller)));
    await addMember(await of('reseller'), ids.reseller, wish(people.admin.email, 'reseller-staff'));
    await asks(true);
    const token = await linkTo(people.admin.email);
    const hasWhat = async () => (await resolveSession(key, visitor))?.assignments.map((one) => one.role);
    const key = await asSystem((tx) => openSession(tx, people.admin.id, visitor));
    for (const who of [undefined, await of('admin')]) {
      const attempt = acceptInvitation({ token, name: 'x', password }, visitor, who);
      await expect(attempt).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    const other = acceptInvitation({ token }, visitor, await signedIn('ownerB'));
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
    expect(await hasWhat()).toEqual(['provider-admin']);
    // Under the reseller's name they are nobody: what is typed there is the reseller's to read.
    expect(await readInvitation(token, ids.reseller)).toMatchObject({ signIn: 'http://panel.test' });
    const there = { ...visitor, brand: ids.reseller };
    await expect(acceptInvitation({ token }, there, await signedIn('admin'))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await readInvitation(token)).toMatchObject({ signIn: 'here' });
    await asks(false);
    await acceptInvitation({ token }, visitor, await signedIn('admin'));
    expect(await hasWhat()).toEqual(['provider-admin', 'reseller-staff']);
    const entries = await asSystem((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'member.accept')));
    expect(entries.filter((one) => one.tenantId === ids.reseller)).toMatchObject([{ actorId: people.admin.id }]);
    await removeMember(await of('reseller'), ids.reseller, people.admin.id);
  });

  it('under a reseller’s name is taken up by its own people, into what is its own', async () => {
    const { ids, people } = world;
    await addMember(await of('reseller'), ids.reseller, wish(people.memberA.email, 'reseller-staff'));
    const token = await linkTo(people.memberA.email);
    expect(await readInvitation(token, ids.reseller)).toMatchObject({ signIn: 'here' });
    await addMember(await of('ownerB'), ids.b, wish(people.memberA.email, 'tenant-viewer'));
    const elsewhere = await linkTo(people.memberA.email);
    const there = { ...visitor, brand: ids.reseller };
    await expect(acceptInvitation({ token: elsewhere }, there, await signedIn('memberA'))).rejects.toMatchObject({
      code: 'conflict',
    });
    await acceptInvitation({ token }, there, await signedIn('memberA'));
    expect((await of('memberA')).assignments.map((one) => one.role)).toEqual(['tenant-operator', 'reseller-staff']);
    await removeMember(await of('reseller'), ids.reseller, people.memberA.id);
  });

  it('whose role is deleted while it is given is refused', async () => {
    const { people, ids } = world;
    const gone = { role: 'tenant-viewer', customRoleId: v7(), scope: 'tenant', labels: [], containerId: null } as const;
    const giving = asSystem((tx) =>
      giveRoles(tx, { userId: people.ownerA.id }, ids.a, people.ownerA.id, [{ ...gone, labels: [] }]),
    );
    await expect(giving).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is replaced by a newer one, and can be taken back', async () => {
    const owner = await of('ownerA');
    await addMember(owner, world.ids.a, wish('twice@example.test', 'tenant-viewer'));
    const first = await linkTo('twice@example.test');
    const again = await addMember(owner, world.ids.a, wish('twice@example.test', 'tenant-backup'));
    expect(await readInvitation(first)).toBeUndefined();
    await removeMember(owner, world.ids.a, again.id);
    await expect(
      acceptInvitation({ token: await linkTo('twice@example.test'), name: 'x', password }, visitor),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

/** How often a person's open stream says that people are others than they were. */
async function hearing(actor: UserActor) {
  const end = new AbortController();
  const reader = streamEvents(actor, null, end.signal).body?.getReader();
  if (reader === undefined) throw new Error('no body');
  const decoder = new TextDecoder();
  const heard = { count: 0, marks: 0 };
  let [wake, text] = [() => {}, ''];
  const started = reader.read();
  void started.then(async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      heard.count += blocks.filter((one) => one.includes('"type":"people"')).length;
      heard.marks += blocks.filter((one) => one.includes('"type":"outage"')).length;
      wake();
    }
  });
  await started;
  const until = async (done: () => boolean, what: string) => {
    const late = AbortSignal.timeout(5_000);
    while (!done()) {
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        late.addEventListener('abort', () => reject(new Error(`nobody told of: ${what}`)));
      });
    }
  };
  return { heard, until, close: () => end.abort() };
}

it('live pages of those who see the people are told of every change of them, and of their own whoever they are', async () => {
  const owner = await of('ownerA');
  const ears = await hearing(owner);
  const others = [await hearing(await of('ownerB')), await hearing(await of('memberA'))];
  const told = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const before = ears.heard.count;
    const value = await work();
    await ears.until(() => ears.heard.count > before, what);
    return value;
  };
  const email = 'live@example.test';
  const invited = await told('an invitation', () => addMember(owner, world.ids.a, wish(email, 'tenant-viewer')));
  await told('one sent again', () => resendInvitation(owner, world.ids.a, invited.id));
  const link = await linkTo(email);
  await told('one accepted', () => acceptInvitation({ token: link, name: 'Live', password }, visitor));
  const { items } = await listMembers(owner, world.ids.a);
  const { id } = items.find((one) => one.email === email) ?? { id: '' };
  const input = {
    title: 'Live',
    about: '',
    base: 'tenant-operator' as const,
    permissions: ['container.read' as const],
  };
  const role = await told('a role', () => createRole(owner, input));
  await told('another title', () => changeRole(owner, role.role, { title: 'Lively' }));
  await told('other roles', () => changeMember(owner, world.ids.a, id, { roles: [{ role: 'tenant-billing' }] }));
  const robot = await told('a service account', () =>
    addMember(owner, world.ids.a, { kind: 'service', name: 'robot', roles: [{ role: role.role }] }),
  );
  const token = await told('a token', () => createToken(owner, { name: 'x', serviceAccountId: robot.id }));
  await told('one revoked', () => revokeToken(owner, token.id));
  await told('a role gone', () => deleteRole(owner, role.role));
  await told('a member gone', () => removeMember(owner, world.ids.a, id));
  // Of another account nothing, and of this one what they may read: their own.
  const mine = await of('memberA');
  await createToken(mine, { name: 'mine' });
  await asSystem(async (tx) => {
    for (const tenantId of [world.ids.a, world.ids.b]) await publish(tx, { type: 'outage', tenantId });
  });
  for (const one of others) await one.until(() => one.heard.marks > 0, 'the end');
  expect(others.map((one) => one.heard.count)).toEqual([0, 1]);
  for (const one of [ears, ...others]) one.close();
});

describe('removing somebody', () => {
  it('ends their sessions and tokens at once and their streams within 2 s', async () => {
    const actor = await join('goes@example.test', 'tenant-operator');
    const { token } = await createToken(actor, { name: 'theirs' });
    await signInWithPassword('goes@example.test', password, visitor);
    const ended = new Promise<number>((resolve) => watchActor(actor, () => resolve(Date.now())));
    const before = Date.now();
    await removeMember(await of('ownerA'), world.ids.a, actor.userId);
    expect((await ended) - before).toBeLessThan(2000);
    expect(await getActor(new Headers({ authorization: `Bearer ${token}` }))).toBeUndefined();
    const live = await asSystem((tx) =>
      tx
        .select()
        .from(sessions)
        .where(and(eq(sessions.userId, actor.userId), isNull(sessions.revokedAt))),
    );
    expect(live).toEqual([]);
    expect(await signInWithPassword('goes@example.test', password, visitor)).toBeUndefined();
    // Invited again, they come back.
    await join('goes@example.test', 'tenant-viewer');
  });

  it('is not for those who could not give what would be taken', async () => {
    const target = world.people.memberA.id;
    await expect(removeMember(await of('reseller'), world.ids.a, target)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(removeMember(await of('ownerB'), world.ids.a, target)).rejects.toMatchObject({ code: 'not_found' });
    const change = changeMember(await of('admin'), world.ids.a, target, { roles: [{ role: 'tenant-viewer' }] });
    await expect(change).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leaves the last owner, also when many remove each other at the same time', async () => {
    const owners = [await of('ownerB')];
    for (let n = 0; n < 4; n += 1) {
      const id = v7();
      const row = {
        id,
        tenantId: world.ids.b,
        email: `o${n}@example.test`,
        name: `o${n}`,
        role: 'tenant-owner' as const,
      };
      await asSystem((tx) => tx.insert(users).values(row));
      owners.push(await by(id));
    }
    const attempts = Array.from({ length: 50 }, (_, n) => {
      const [actor, target] = [owners[n % 5], owners[(n + 1 + (Math.floor(n / 5) % 4)) % 5]];
      if (actor === undefined || target === undefined) throw new Error('no owner');
      return n % 2 === 0
        ? removeMember(actor, world.ids.b, target.userId)
        : changeMember(actor, world.ids.b, target.userId, { roles: [{ role: 'tenant-viewer' }] });
    });
    await Promise.allSettled(attempts);
    const left = await asSystem((tx) =>
      tx
        .select()
        .from(assignments)
        .where(and(eq(assignments.tenantId, world.ids.b), eq(assignments.role, 'tenant-owner'))),
    );
    expect(left).toHaveLength(1);
    const last = left[0]?.userId ?? '';
    await expect(removeMember(await by(last), world.ids.b, last)).rejects.toMatchObject({ code: 'conflict' });
    const step = changeMember(await by(last), world.ids.b, last, { roles: [{ role: 'tenant-viewer' }] });
    await expect(step).rejects.toMatchObject({ code: 'conflict' });
  });
});

it('an account has no more members than it may, also when fifty are invited at once', async () => {
  const owner = await of('ownerA');
  const { items } = await listMembers(owner, world.ids.a);
  const room = maxMembers - items.length - 20;
  for (let n = 0; n < room; n += 1) await addMember(owner, world.ids.a, wish(`m${n}@example.test`, 'tenant-viewer'));
  const all = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) =>
      addMember(owner, world.ids.a, wish(`at-once-${n}@example.test`, 'tenant-viewer')),
    ),
  );
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(20);
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'plan_limit' });
  expect((await listMembers(owner, world.ids.a)).items).toHaveLength(maxMembers);
});

it('a service account is made with roles, and nobody can sign in as it', async () => {
  const made = await addMember(await of('admin'), world.ids.b, {
    kind: 'service',
    name: 'monitor',
    roles: [{ role: 'tenant-viewer' }],
  });
  expect(made).toMatchObject({ kind: 'service', state: 'member', email: null });
  const { token } = await createToken(await of('admin'), { name: 'its own', serviceAccountId: made.id });
  const actor = await getActor(new Headers({ authorization: `Bearer ${token}` }));
  expect(actor).toMatchObject({ name: 'monitor', role: 'tenant-viewer' });
  expect(await signInWithPassword(`${made.id}@service.invalid`, '', visitor)).toBeUndefined();
  expect(await asSystem((tx) => tx.select().from(containers))).toHaveLength(2);
});
