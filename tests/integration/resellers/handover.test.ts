/** Containers that change hands, over a simulated host: what goes along, what stays, what is cut, and who gets the last place. */
import { eq, inArray, isNull, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listAllBackups, listBackups } from '#lib/backups/list.ts';
import { openContainerConsole } from '#lib/console/open.ts';
import { addForward } from '#lib/containers/forwards.ts';
import { getContainer } from '#lib/containers/get.ts';
import { setLabels } from '#lib/containers/labels.ts';
import { listContainers } from '#lib/containers/list.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { startContainer } from '#lib/containers/start.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import { mayStayInside } from '#lib/containers/while-inside.ts';
import type { Handover } from '#lib/contract/handovers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, type Tx, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { acceptHandover } from '#lib/handovers/accept.ts';
import { agreeToHandover, declineHandover, withdrawHandover } from '#lib/handovers/decide.ts';
import { getHandover, listHandovers } from '#lib/handovers/list.ts';
import { offerHandover } from '#lib/handovers/offer.ts';
import { setAcrossResellers } from '#lib/handovers/policy.ts';
import { sweepHandovers } from '#lib/handovers/sweep.ts';
import { getOperation } from '#lib/operations/get.ts';
import { listOperations } from '#lib/operations/list.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { getQuota } from '#lib/resellers/get-quota.ts';
import { noLimits } from '#lib/resellers/quota.ts';
import { setQuota } from '#lib/resellers/set-quota.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { personWith } from '#tests/support/actor.ts';
import { noFaults } from '#tests/support/faults.ts';
import { actorFor } from '#tests/support/portal.ts';
import { Random } from '#tests/support/random.ts';
import { askCreate } from '#tests/support/sagas/kinds.ts';
import { type SimBench, startSimBench } from '#tests/support/sim-bench.ts';

let bench: SimBench;
/** Another tenant of the reseller of a, with two owners. */
const c = v7();
let [ownerC, secondC]: UserActor[] = [];
let ownerB: UserActor;
const all = <T>(work: (tx: Tx) => Promise<T>) => withActor(bench.portal.super, systemActor('test'), work);
const query = { limit: 50 };
const log = { warn: () => undefined };

beforeAll(async () => {
  bench = await startSimBench();
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  ownerB = actorFor(bench.world, 'ownerB');
  await all(async (tx) => {
    await tx.insert(tenants).values({ id: c, name: 'Tenant C', resellerId: bench.world.ids.reseller });
    const made = ['owner-c', 'second-c'].map((name) => ({ id: v7(), name, email: `${name}@example.test` }));
    await tx.insert(users).values(made.map((one) => ({ ...one, tenantId: c, role: 'tenant-owner' as const })));
    [ownerC, secondC] = made.map(({ id, ...one }) => ({ ...personWith('tenant-owner', c), ...one, userId: id }));
    await tx.update(plans).set({ deletedContainerDays: 7 });
  });
});
afterAll(async () => {
  await bench?.stop();
});

const well = async (asked: Promise<Operation>) => {
  const done = await bench.run(await asked);
  expect(done.state, JSON.stringify(done.error)).toBe('succeeded');
  return done;
};
const made = async () => (await well(askCreate(bench, new Random(1), true))).containerId ?? '';
const offer = (id: string, to: Parameters<typeof offerHandover>[2]['to'] = { tenantId: c }, by = bench.owner) =>
  offerHandover(by, id, { to, note: 'all yours', days: 7 });
const take = (one: Handover, by = ownerC, input: { name?: string; removeSshKeys?: boolean } = {}) =>
  acceptHandover(by as UserActor, one.id, { removeSshKeys: true, ...input });
const operationOf = async ({ operationId }: Handover) => await getOperation(bench.admin, operationId ?? '');
const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.code ?? one.reason)] : []));
const mailsTo = async (email: string) =>
  (await all((tx) => tx.select().from(outbox).where(eq(outbox.recipient, email)))).length;
/** As the worker does: the web's role asks for no operations in nobody's name. */
const sweep = async () => {
  setDatabase(bench.portal.worker);
  await sweepHandovers(log).finally(() => setDatabase(bench.portal.web));
};
const left = (id: string) =>
  all(async (tx) => (await tx.select().from(handovers).where(eq(handovers.containerId, id))).at(-1)?.leftId ?? '');

describe('a container that changes hands', () => {
  let id: string;
  let one: Handover;

  it('takes what is its own along and leaves the rest, and is cut off from its giver within 2 s', async () => {
    const { owner, world, admin } = bench;
    id = await made();
    await setLabels(owner, id, { labels: ['web'] });
    await well(createBackup(owner, id, { note: '' }));
    const kept = await well(reinstallContainer(owner, id, { keepOld: true, reset: false }));
    await well(createSnapshot(owner, id, { name: 'mine' }));
    await well(addForward(owner, id, { protocol: 'tcp', containerPort: 80 }));
    const forwards = (await getContainer(owner, id)).forwards;
    const [role, token, ticket] = [v7(), v7(), v7()];
    await all(async (tx) => {
      const about = { userId: world.people.memberA.id, tenantId: world.ids.a, containerId: id };
      await tx.insert(assignments).values({ ...about, id: role, role: 'tenant-owner', scope: 'container' });
      await tx
        .insert(apiTokens)
        .values({ id: token, userId: owner.userId, name: 't', tokenHash: 't', containerIds: [id] });
      await tx.insert(tickets).values({
        ...{
          id: ticket,
          tenantId: world.ids.a,
          containerId: id,
          subject: 'Help',
          level: 'provider',
          priority: 'normal',
        },
        ...{ openedById: owner.userId, openedByName: owner.name },
      });
    });
    one = await offer(id, { email: ownerC?.email ?? '' });
    expect(one).toMatchObject({ state: 'open', side: 'giver', to: 'owner-c@example.test', receiver: null });
    expect([await mailsTo('owner-c@example.test'), await mailsTo('second-c@example.test')]).toEqual([1, 1]);
    const seen = await getHandover(ownerC as UserActor, one.id);
    expect(seen).toMatchObject({
      side: 'receiver',
      from: 'Tenant A',
      what: { backups: 1, forwards: 1, sshKeys: ['somebody'] },
    });
    await expect(getHandover(ownerB, one.id)).rejects.toMatchObject({ code: 'not_found' });

    const console = await openContainerConsole(owner, id);
    const closed = new Promise<number>((resolve) => console.once('close', () => resolve(performance.now())));
    // Handed out paused, until somebody is there to hear it.
    console.resume();
    const moving = await take(one, ownerC, { name: 'theirs' });
    expect(moving).toMatchObject({ state: 'moving', from: 'Tenant A', to: 'Tenant C' });
    await expect(take(one, secondC)).rejects.toMatchObject({ code: 'already' });
    const since = performance.now();
    await well(operationOf(moving));
    expect((await closed) - since).toBeLessThan(2_000);
    await expect(mayStayInside(owner, id, 'container.console')).rejects.toMatchObject({ code: 'not_found' });

    const now = await getContainer(ownerC as UserActor, id);
    expect(now).toMatchObject({ name: 'theirs', labels: [], sshKeys: [], forwards, state: 'running' });
    expect(now.retained).toMatchObject([{ operationId: kept.id }]);
    expect(bench.host.core.store.containers.find(id)).toMatchObject({ tenantId: c, name: 'theirs' });
    await expect(getContainer(owner, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(startContainer(owner, id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await getOperation(ownerC as UserActor, moving.operationId ?? '')).state).toBe('succeeded');

    const leftId = await left(id);
    const rows = await all(async (tx) => ({
      role: (await tx.select().from(assignments).where(eq(assignments.id, role)))[0]?.containerId,
      token: (await tx.select().from(apiTokens).where(eq(apiTokens.id, token)))[0]?.containerIds,
      ticket: (await tx.select().from(tickets).where(eq(tickets.id, ticket)))[0]?.containerId,
    }));
    expect(rows).toEqual({ role: leftId, token: [leftId], ticket: leftId });
    const said = await all((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'handover.done')));
    expect(new Set(said.map((row) => row.tenantId))).toEqual(new Set([world.ids.a, c]));
    expect(await getHandover(admin, one.id)).toMatchObject({
      ...{ state: 'done', what: null, giver: { by: owner.name }, receiver: { by: 'owner-c' } },
    });
  });

  it('shows neither side what the other has left', async () => {
    const { owner } = bench;
    const leftId = await left(id);
    expect((await listBackups(ownerC as UserActor, id, query)).items).toEqual([]);
    const theirs = (await listOperations(ownerC as UserActor, query)).items;
    expect(theirs.map((operation) => operation.kind).sort()).toEqual(['handover', 'reinstall', 'snapshot']);
    expect(JSON.stringify(theirs.filter((operation) => operation.kind !== 'handover'))).not.toContain(owner.name);
    const mine = await listOperations(owner, query);
    expect(mine.items.filter((operation) => operation.containerId === id)).toEqual([]);
    expect((await listAllBackups(owner, query)).items).toMatchObject([{ containerId: leftId }]);
    const { items } = await listContainers(owner, { deleted: true });
    expect(items.map((container) => container.id)).toContain(leftId);
    // From its backups the giver makes it again as it was, under another address.
    const undelete = (acceptNewAddress: boolean) =>
      undeleteContainer(owner, leftId, { acceptNewAddress, start: false });
    await expect(undelete(false)).rejects.toMatchObject({ code: 'conflict' });
    await well(undelete(true));
    expect((await getContainer(owner, leftId)).state).toBe('stopped');
    expect((await getContainer(ownerC as UserActor, id)).state).toBe('running');
    // By raw statements, as the web's role: nothing of the one names anything of the other.
    const names = (actor: UserActor, mineId: string) =>
      withActor(bench.portal.web, actor, async (tx) => {
        const { rows } = await tx.execute<{ n: number }>(sql`select (
          (select count(*) from operations where container_id = ${mineId}) + (select count(*) from backups where container_id = ${mineId})
          + (select count(*) from snapshots where container_id = ${mineId}) + (select count(*) from tickets where container_id = ${mineId})
          + (select count(*) from containers where id = ${mineId}))::int as n`);
        return rows[0]?.n;
      });
    expect([await names(owner, id), await names(ownerC as UserActor, leftId)]).toEqual([0, 0]);
    // Nor to whoever reaches the one container only, of either account.
    const narrow = { ...personWith('tenant-owner', c) };
    const [whole] = narrow.assignments;
    if (whole === undefined) throw new Error('no role');
    const oneOnly = { ...narrow, assignments: [{ ...whole, reach: { tenantIds: [], containerIds: [id] } }] };
    const heard = await withActor(bench.portal.web, oneOnly, (tx) =>
      tx.execute<{ tenant_id: string }>(sql`select distinct tenant_id from events where container_id = ${id}`),
    );
    expect(heard.rows).toEqual([{ tenant_id: c }]);
  });

  it('is backed up for its new owner, who can undo what was kept and hand it back', async () => {
    await sweep();
    const [first] = await all((tx) =>
      tx.select().from(operations).where(sql`${operations.containerId} = ${id} and ${operations.kind} = 'backup'`),
    );
    await well(getOperation(bench.admin, first?.id ?? ''));
    const [backup] = await all((tx) => tx.select().from(backups).where(eq(backups.containerId, id)));
    expect(backup).toMatchObject({ tenantId: c, state: 'complete' });
    const [kept] = (await getContainer(ownerC as UserActor, id)).retained;
    await well(undoOperation(ownerC as UserActor, kept?.operationId ?? ''));
    const back = await offer(id, { handoverId: one.id }, ownerC);
    expect(back).toMatchObject({ to: 'Tenant A', from: 'Tenant C' });
    await well(operationOf(await take(back, bench.owner)));
    expect((await getContainer(bench.owner, id)).state).toBe('running');
    await expect(offer(id, { handoverId: one.id })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('an offer', () => {
  it('says the same whether there is anybody or not', async () => {
    const { owner, world } = bench;
    setAcrossResellers(false);
    const before = await mailsTo('owner-b@example.test');
    const id = await made();
    const shapes: string[] = [];
    for (const to of [
      { email: 'nobody@example.test' },
      { tenantId: v7() },
      { tenantId: world.ids.b },
      { tenantId: world.ids.reseller },
      { email: 'owner-b@example.test' },
      { email: 'owner-c@example.test' },
    ]) {
      const made = await offer(id, to);
      const words = 'email' in to ? to.email : to.tenantId;
      expect(made.to).toBe(words);
      const { id: _, to: __, createdAt: ___, expiresAt: ____, giver: _____, ...rest } = made;
      shapes.push(JSON.stringify(rest));
      await withdrawHandover(owner, made.id);
    }
    expect(new Set(shapes).size).toBe(1);
    expect(await mailsTo('owner-b@example.test')).toBe(before);
    expect((await listHandovers(ownerB, query)).items).toEqual([]);
    await expect(offer(id, { tenantId: world.ids.a })).rejects.toMatchObject({ code: 'invalid' });
    const two = await Promise.allSettled([offer(id), offer(id)]);
    expect(codes(two)).toEqual(['conflict']);
  });

  it('that staff makes needs the giver’s word first, and the receiver knows nothing before', async () => {
    const reseller = actorFor(bench.world, 'reseller');
    const id = await made();
    const one = await offer(id, { tenantId: c }, reseller);
    expect(one.state).toBe('asked');
    await expect(getHandover(ownerC as UserActor, one.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(take(one)).rejects.toMatchObject({ code: 'not_found' });
    await expect(agreeToHandover(reseller, one.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(agreeToHandover(ownerC as UserActor, one.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await agreeToHandover(bench.owner, one.id)).toMatchObject({ state: 'open', giver: { by: 'owner-a' } });
    expect(await declineHandover(ownerC as UserActor, one.id)).toMatchObject({ state: 'declined' });
    await expect(take(one)).rejects.toMatchObject({ code: 'state' });
  });

  it('is void when it is old, when whoever consented may not any more, and for what is held or busy', async () => {
    const id = await made();
    const one = await offer(id);
    const past = (days: number) =>
      all((tx) =>
        tx
          .update(handovers)
          .set({ expiresAt: sql`now() + make_interval(days => ${days})` })
          .where(eq(handovers.id, one.id)),
      );
    await past(-1);
    await expect(take(one)).rejects.toMatchObject({ code: 'state', detail: 'This offer is over.' });
    await past(1);
    const { ownerA } = bench.world.people;
    const disabled = (at: Date | null) =>
      all((tx) => tx.update(users).set({ disabledAt: at }).where(eq(users.id, ownerA.id)));
    await disabled(new Date());
    await expect(take(one)).rejects.toMatchObject({ code: 'state' });
    await disabled(null);
    const hold = { id: v7(), tenantId: bench.world.ids.a, containerId: id, reason: 'abuse' as const };
    await all((tx) => tx.insert(holds).values(hold));
    await expect(take(one)).rejects.toMatchObject({ code: 'held' });
    await all((tx) => tx.update(holds).set({ liftedAt: new Date() }).where(eq(holds.id, hold.id)));
    const asked = await createBackup(bench.owner, id, { note: '' });
    await expect(take(one)).rejects.toMatchObject({ code: 'busy' });
    await well(Promise.resolve(asked));
    await past(-1);
    await sweep();
    expect((await getHandover(bench.owner, one.id)).state).toBe('expired');
  });
});

describe('at the same time', () => {
  it('one of any number who accept gets it, or whoever withdraws it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const one = await offer(await made());
      const both = [ownerC, secondC, ownerC, secondC].map((by) => take(one, by, { name: `r-${round}` }));
      const results = await Promise.allSettled([...both, withdrawHandover(bench.owner, one.id)]);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(new Set(codes(results)).size).toBeLessThanOrEqual(2);
      const { state, operationId } = await getHandover(bench.owner, one.id);
      if (state === 'moving') await well(getOperation(bench.admin, operationId ?? ''));
      else expect(state).toBe('withdrawn');
    }
  });

  it('fifty who accept get exactly the places that are left, of a quota and of a plan', async () => {
    setAcrossResellers(true);
    const { world, planIds, templateIds, host, admin } = bench;
    const used = (await getQuota(admin, world.ids.reseller)).used.maxContainers;
    await setQuota(admin, world.ids.reseller, { ...noLimits, maxContainers: used + 7 });
    const offers = await fifty('q', world.ids.b, ownerB);
    const got = await Promise.allSettled(offers.map((one) => take(one)));
    expect(got.filter((one) => one.status === 'fulfilled')).toHaveLength(7);
    expect(new Set(codes(got))).toEqual(new Set(['quota_limit']));
    // What is on its way counts, with both.
    expect((await getQuota(admin, world.ids.reseller)).used.maxContainers).toBe(used + 7);
    await setQuota(admin, world.ids.reseller, noLimits);
    const have = await all((tx) =>
      tx
        .select()
        .from(containers)
        .where(
          sql`${containers.tenantId} = ${c} and ${containers.deletedAt} is null and ${containers.planId} = ${planIds.small}`,
        ),
    );
    await all((tx) =>
      tx
        .update(plans)
        .set({ maxContainers: have.length + 7 + 4 })
        .where(eq(plans.id, planIds.small)),
    );
    const more = await Promise.allSettled((await fifty('p', world.ids.b, ownerB)).map((one) => take(one)));
    expect(more.filter((one) => one.status === 'fulfilled')).toHaveLength(4);
    expect(new Set(codes(more))).toEqual(new Set(['plan_limit']));
    await all((tx) => tx.update(plans).set({ maxContainers: null }));

    async function fifty(prefix: string, tenantId: string, by: UserActor) {
      const rows = Array.from({ length: 50 }, (_, n) => ({
        ...{ id: v7(), tenantId, hostId: host.made.hostId, planId: planIds.small, templateId: templateIds.tiny },
        ...{ name: `${prefix}${n}`, hostname: 'x', volumeId: v7(), resources: smallOf(), createdOnHostAt: new Date() },
        ...{ observedPower: 'stopped' as const, observedAt: new Date(Date.now() + 60_000) },
      }));
      await all((tx) => tx.insert(containers).values(rows));
      return await Promise.all(rows.map(({ id }) => offer(id, { tenantId: c }, by)));
    }
  });

  const smallOf = () => ({
    ...{ cpuCores: 0.5, cpuShares: 1024, memoryBytes: 2 ** 27, pids: 200, diskBytes: 2 ** 30, inodes: 100_000 },
  });
});

describe('the operation', () => {
  it('survives the death of its worker after every step, and ends with one owner', async () => {
    for (const death of [0, 1, 2, 3]) {
      const id = await made();
      const moving = await take(await offer(id), ownerC, { name: `d-${death}` });
      bench.faults.arm({ ...noFaults, deaths: new Set([death]) });
      await well(operationOf(moving));
      bench.faults.arm(noFaults);
      expect(bench.host.core.store.containers.find(id)?.tenantId).toBe(c);
      const lefts = await all((tx) => tx.select().from(handovers).where(eq(handovers.containerId, id)));
      expect(lefts).toHaveLength(1);
      await expect(getContainer(bench.owner, id)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('that fails or is cancelled leaves it with its giver, keys and all, and the offer open', async () => {
    const id = await made();
    const one = await offer(id);
    const moving = await take(one);
    const cancelled = { ...noFaults, cancelBefore: 2 };
    bench.faults.arm(cancelled);
    const done = await bench.run(await operationOf(moving));
    bench.faults.arm(noFaults);
    expect(done.state).toBe('cancelled');
    expect(bench.host.core.store.containers.find(id)?.tenantId).toBe(bench.world.ids.a);
    expect((await getContainer(bench.owner, id)).sshKeys).toHaveLength(1);
    const files = Object.values(bench.host.world.disk.volumes).map(
      (volume) => volume.files['/root/.ssh/authorized_keys'],
    );
    expect(files.some((text) => text?.includes('somebody'))).toBe(true);
    expect(await getHandover(ownerC as UserActor, one.id)).toMatchObject({ state: 'open', receiver: null });
    await expect(retryOperation(bench.owner, done.id)).rejects.toMatchObject({ code: 'state' });
    await well(operationOf(await take(one, ownerC, { name: 'again' })));
    const living = await all((tx) => tx.select().from(containers).where(isNull(containers.deletedAt)));
    expect(living.filter((row) => row.id === id)).toMatchObject([{ tenantId: c, name: 'again' }]);
    expect(
      await all((tx) =>
        tx
          .select()
          .from(operations)
          .where(inArray(operations.state, ['stuck'])),
      ),
    ).toEqual([]);
  });
});
