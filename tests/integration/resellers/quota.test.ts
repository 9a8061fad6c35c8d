import { eq, isNull, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { cloneContainer } from '#lib/containers/clone.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import { createContainer } from '#lib/containers/create.ts';
import { CreateContainer } from '#lib/contract/containers.ts';
import { CreatePlan } from '#lib/contract/plans.ts';
import { CreateTenant } from '#lib/contract/tenants.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { resellerQuotas } from '#lib/db/schema/resellers.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { createPlan } from '#lib/plans/create.ts';
import { editPlan } from '#lib/plans/edit.ts';
import { listPlans } from '#lib/plans/list.ts';
import { getQuota } from '#lib/resellers/get-quota.ts';
import { listResellers } from '#lib/resellers/list.ts';
import { offerTemplates } from '#lib/resellers/offer.ts';
import { noLimits } from '#lib/resellers/quota.ts';
import { setQuota } from '#lib/resellers/set-quota.ts';
import { listTemplates } from '#lib/templates/list.ts';
import { createTenant } from '#lib/tenants/create.ts';
import {
  actorFor,
  giveRoom,
  roomyHost,
  seedWorld,
  smallResources,
  startPortal,
  type TestPortal,
  type World,
} from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

const asSystem = systemActor('test');
const MiB = 1024 ** 2;
let portal: TestPortal;
let world: World;
/** Another reseller, with a tenant and a plan of its own. */
const other = { reseller: v7(), tenant: v7(), plan: v7() };
/** Of the world's reseller: twice the small one in all, and a limit for backups. */
const large = v7();

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  await giveRoom(portal, world.ids.host);
  await withActor(portal.super, asSystem, async (tx) => {
    await tx.insert(tenants).values([
      { id: other.reseller, kind: 'reseller', name: 'Other' },
      { id: other.tenant, name: 'Of the other', resellerId: other.reseller },
    ]);
    const of = { maxBackups: 1, maxForwards: 1, retentionHours: 1 };
    const twice = { ...smallResources, cpuCores: 1, memoryBytes: 256 * MiB, diskBytes: 2048 * MiB };
    await tx.insert(plans).values([
      { id: other.plan, resellerId: other.reseller, name: 'Theirs', resources: smallResources, ...of },
      { id: large, resellerId: world.ids.reseller, name: 'Large', resources: twice, maxBackupBytes: 100, ...of },
    ]);
  });
});
afterAll(() => portal.stop());

beforeEach(async () => {
  await withActor(portal.super, asSystem, async (tx) => {
    await tx.delete(operations);
    await tx.delete(containers);
    await tx.delete(resellerQuotas);
    await tx.update(containers).set({ observedAt: new Date() });
  });
});

const limited = (limits: Partial<typeof noLimits>) =>
  setQuota(actorFor(world, 'admin'), world.ids.reseller, { ...noLimits, ...limits });
const wish = (name: string, planId = world.ids.plan, tenantId = world.ids.a) =>
  CreateContainer.parse({ name, tenantId, planId, templateId: world.ids.template });
const make = (name: string, planId?: string) => createContainer(actorFor(world, 'reseller'), wish(name, planId));
const state = () => getQuota(actorFor(world, 'admin'), world.ids.reseller);
const codes = (results: PromiseSettledResult<unknown>[]) => [
  ...new Set(results.filter((one) => one.status === 'rejected').map((one) => String(one.reason.code ?? one.reason))),
];
/** As if its host had made it and it ran. */
const settle = () =>
  withActor(portal.super, asSystem, async (tx) => {
    await tx.update(operations).set({ state: 'succeeded', endedAt: new Date() });
    const seen = { observedPower: 'running' as const, observedAt: new Date(), createdOnHostAt: new Date() };
    await tx.update(containers).set(seen);
  });

describe('fifty at once', () => {
  it('make exactly as many containers as the quota has places', async () => {
    await limited({ maxContainers: 7 });
    const made = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => make(`c${n}`)));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(7);
    expect(codes(made)).toEqual(['quota_limit']);
    expect(await state()).toMatchObject({ used: { maxContainers: 7 }, over: [], notice: null });
  });

  it('never exceed a sum, fractions of cores included', async () => {
    await limited({ cpuCores: 5.5 });
    const made = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => make(`c${n}`)));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(11);
    expect((await state()).used.cpuCores).toBe(5.5);
  });

  it('creates and changes of plan share one sum', async () => {
    const first = await Promise.all(Array.from({ length: 10 }, (_, n) => make(`c${n}`)));
    await settle();
    // Ten small ones are there; room for six more of them, however it is taken.
    await limited({ memoryBytes: 16 * 128 * MiB });
    const changes = first.map(({ containerId }) =>
      configureContainer(actorFor(world, 'reseller'), String(containerId), { planId: large }),
    );
    const results = await Promise.allSettled([...changes, ...Array.from({ length: 40 }, (_, n) => make(`d${n}`))]);
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(6);
    expect(codes(results)).toEqual(['quota_limit']);
    expect((await state()).used.memoryBytes).toBe(16 * 128 * MiB);
  });
});

describe('a quota', () => {
  it('counts what is on its way to another plan with the greater of both', async () => {
    const made = await make('c1');
    await settle();
    await limited({ memoryBytes: 256 * MiB, diskBytes: 2048 * MiB });
    await configureContainer(actorFor(world, 'reseller'), String(made.containerId), { planId: large });
    expect(await state()).toMatchObject({ used: { memoryBytes: 256 * MiB, diskBytes: 2048 * MiB, maxContainers: 1 } });
    await expect(make('c2')).rejects.toMatchObject({ code: 'quota_limit' });
  });

  it('may be set below what is used: that goes on, nothing grows, and it says so', async () => {
    const [one] = await Promise.all([make('c1', large), make('c2', large)]);
    await settle();
    const answer = await limited({ memoryBytes: 300 * MiB, maxContainers: 10 });
    expect(answer.over).toEqual(['memoryBytes']);
    expect(answer.notice).toMatch(/More is used than the quota allows \(memory\)/);
    await expect(make('c3')).rejects.toMatchObject({
      code: 'quota_limit',
      detail:
        'The reseller’s quota is 0.29 GB of memory; 0.5 GB of memory are taken, and this takes 0.13 GB of memory.',
    });
    // Moving to what takes no more of anything works while above.
    await expect(
      configureContainer(actorFor(world, 'reseller'), String(one.containerId), { planId: large }),
    ).resolves.toMatchObject({ kind: 'configure' });
  });

  it('holds for a tenant’s own clone, and tells the tenant nothing of the reseller', async () => {
    const made = await make('c1');
    await settle();
    await limited({ maxContainers: 1 });
    const clone = cloneContainer(actorFor(world, 'ownerA'), String(made.containerId), { name: 'c2', start: true });
    const error = await clone.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'quota_limit', detail: 'There is no room for this at the moment.' });
    expect(JSON.stringify(error)).not.toMatch(/quota is|containers/);
  });

  it('is no matter of a plan that is not offered any more: a clone needs another of the tenant’s, and is told which', async () => {
    const made = await make('c1');
    await settle();
    const owner = actorFor(world, 'ownerA');
    const clone = (name: string, planId?: string) =>
      cloneContainer(owner, String(made.containerId), {
        name,
        start: true,
        ...(planId === undefined ? {} : { planId }),
      });
    const offer = (planId: string, offered: boolean) => editPlan(actorFor(world, 'admin'), planId, { offered });
    await clone('c2');
    await offer(world.ids.plan, false);
    const detail = 'The plan "Small" is not offered any more.';
    await expect(clone('c3')).rejects.toMatchObject({
      ...{ code: 'state', detail },
      outside: { remedy: 'Ask for another plan; then it can be cloned onto that.' },
    });
    // Nobody gives themselves a plan that they were not given.
    await expect(clone('c3', large)).rejects.toMatchObject({ code: 'plan_limit' });
    await expect(clone('c3', other.plan)).rejects.toMatchObject({ code: 'not_found' });
    await make('c4', large);
    await settle();
    await expect(clone('c3')).rejects.toMatchObject({
      ...{ code: 'state', detail },
      outside: { remedy: 'Choose another of your plans for the copy: Large.' },
    });
    const { containerId } = await clone('c3', large);
    const [row] = await withActor(portal.super, asSystem, (tx) =>
      tx
        .select()
        .from(containers)
        .where(eq(containers.id, String(containerId))),
    );
    expect(row).toMatchObject({ planId: large, resources: { memoryBytes: 256 * MiB, diskBytes: 2048 * MiB } });
    // The other way round the files might not fit.
    await offer(world.ids.plan, true);
    await settle();
    const back = cloneContainer(owner, String(containerId), { name: 'c5', start: true, planId: world.ids.plan });
    await expect(back).rejects.toMatchObject({ code: 'plan_limit', detail: expect.stringMatching(/smaller disk/) });
    await offer(large, false);
    await expect(clone('c6', large)).rejects.toMatchObject({ code: 'state' });
    await offer(large, true);
  });

  it('for backups counts what plans promise, and takes no plan that promises all', async () => {
    await limited({ backupBytes: 250 });
    await expect(make('c0')).rejects.toMatchObject({ code: 'quota_limit', detail: expect.stringMatching(/no limit/) });
    await make('c1', large);
    await make('c2', large);
    await expect(make('c3', large)).rejects.toMatchObject({ code: 'quota_limit' });
    expect((await state()).used.backupBytes).toBe(200);
    const plan = CreatePlan.parse({ name: 'Endless', resources: smallResources });
    await expect(createPlan(actorFor(world, 'reseller'), plan)).rejects.toMatchObject({ code: 'quota_limit' });
  });

  it('names the servers that may be used', async () => {
    const second = v7();
    await withActor(portal.super, asSystem, async (tx) => {
      await tx.insert(hosts).values({
        ...{ id: second, name: 'host-2', address: 'https://127.0.0.1:2', status: 'ok' },
        ...{ info: roomyHost(second), lastSeenAt: new Date(Date.now() + 3_600_000) },
      });
      await tx.insert(hostTemplates).values({ hostId: second, templateId: world.ids.template });
    });
    await limited({ hostIds: [second] });
    for (const name of ['c1', 'c2']) await make(name);
    const made = await withActor(portal.super, asSystem, (tx) =>
      tx.select({ hostId: containers.hostId }).from(containers).where(isNull(containers.deletedAt)),
    );
    expect(new Set(made.map((one) => one.hostId))).toEqual(new Set([second]));
    const elsewhere = { ...wish('c3'), hostId: world.ids.host };
    await expect(createContainer(actorFor(world, 'reseller'), elsewhere)).rejects.toMatchObject({ code: 'state' });
    await expect(limited({ hostIds: [v7()] })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is the provider’s to set: a reseller’s own statement cannot raise it', async () => {
    await limited({ maxContainers: 1 });
    const reseller = actorFor(world, 'reseller');
    await expect(setQuota(reseller, world.ids.reseller, noLimits)).rejects.toMatchObject({ code: 'forbidden' });
    const raise = withActor(portal.web, reseller, (tx) =>
      tx.update(resellerQuotas).set({ maxContainers: 1000 }).where(eq(resellerQuotas.resellerId, world.ids.reseller)),
    );
    await expect(raise).rejects.toMatchObject({ cause: { message: expect.stringContaining('what it may use') } });
    expect((await state()).quota.maxContainers).toBe(1);
  });
});

describe('plans and templates', () => {
  it('of a reseller are seen and used by its own only', async () => {
    const seen = async (who: 'reseller' | 'ownerA' | 'ownerB') =>
      (await listPlans(actorFor(world, who), { limit: 50 })).items.map((plan) => plan.name).sort();
    expect(await seen('reseller')).toEqual(['Large', 'Small']);
    expect(await seen('ownerA')).toEqual(['Large']);
    expect(await seen('ownerB')).toEqual(['Small']);
    await expect(make('c1', other.plan)).rejects.toMatchObject({ code: 'not_found' });
    // Nor may the provider put a tenant on another reseller's plan by mistake.
    await expect(createContainer(actorFor(world, 'admin'), wish('c1', large, world.ids.b))).rejects.toMatchObject({
      code: 'not_found',
    });
    const mine = await withActor(portal.web, actorFor(world, 'ownerA'), (tx) =>
      tx.select({ id: plans.id }).from(plans).where(eq(plans.id, other.plan)),
    );
    expect(mine).toEqual([]);
  });

  it('of a reseller are changed by itself and the provider, the provider’s by the provider', async () => {
    const reseller = actorFor(world, 'reseller');
    expect(await editPlan(reseller, large, { price: '9 € a month' })).toMatchObject({ price: '9 € a month' });
    await expect(editPlan(reseller, other.plan, { price: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(editPlan(reseller, world.ids.plan, { price: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
    const stolen = await withActor(portal.web, reseller, (tx) =>
      tx.update(plans).set({ price: 'x' }).where(eq(plans.id, world.ids.plan)).returning(),
    );
    expect(stolen).toEqual([]);
    await editPlan(actorFor(world, 'admin'), large, { offered: false });
    await expect(make('c1', large)).rejects.toMatchObject({ code: 'state' });
    await editPlan(reseller, large, { offered: true });
    await expect(
      withActor(portal.web, reseller, (tx) =>
        tx.update(plans).set({ resellerId: other.reseller }).where(eq(plans.id, large)),
      ),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining('permission denied') } });
  });

  it('may have the same name at two owners, not at one', async () => {
    const plan = CreatePlan.parse({ name: 'small', resources: smallResources });
    expect(await createPlan(actorFor(world, 'reseller'), plan)).toMatchObject({ resellerId: world.ids.reseller });
    await expect(createPlan(actorFor(world, 'reseller'), plan)).rejects.toMatchObject({ code: 'conflict' });
    await expect(createPlan(actorFor(world, 'admin'), plan)).rejects.toMatchObject({ code: 'conflict' });
    const theirs = { ...plan, resellerId: other.reseller };
    await expect(createPlan(actorFor(world, 'reseller'), theirs)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that are not offered are not there for the tenants', async () => {
    const second = v7();
    const layers = [`sha256:${'b'.repeat(64)}`];
    await withActor(portal.super, asSystem, async (tx) => {
      const about = { id: second, name: 'other', version: '1', title: 'Other', init: 'busybox' as const };
      await tx.insert(templates).values({ ...about, layers, bytes: 1 });
      await tx.insert(hostTemplates).values({ hostId: world.ids.host, templateId: second });
    });
    await limited({ templateIds: [world.ids.template, second] });
    const reseller = actorFor(world, 'reseller');
    await offerTemplates(reseller, world.ids.reseller, { templateIds: [world.ids.template] });
    const names = async (who: 'reseller' | 'ownerA') =>
      (await listTemplates(actorFor(world, who), {})).items.map((one) => one.name).sort();
    expect(await names('reseller')).toEqual(['other', 'tiny']);
    expect(await names('ownerA')).toEqual(['tiny']);
    const other = { ...wish('c1'), templateId: second };
    await expect(createContainer(reseller, other)).rejects.toMatchObject({ code: 'not_found' });
    await limited({ templateIds: [second] });
    await expect(
      offerTemplates(reseller, world.ids.reseller, { templateIds: [world.ids.template] }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('tenants', () => {
  it('are made by a reseller as its own, and by the provider for whom it says', async () => {
    const input = (name: string, resellerId: string | null) =>
      CreateTenant.parse({ name, ownerEmail: `${name}@example.test`, ownerName: name, resellerId });
    expect(await createTenant(actorFor(world, 'reseller'), input('mine', null))).toMatchObject({
      resellerId: world.ids.reseller,
    });
    await expect(createTenant(actorFor(world, 'reseller'), input('theirs', other.reseller))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await createTenant(actorFor(world, 'admin'), input('given', other.reseller))).toMatchObject({
      resellerId: other.reseller,
    });
    await expect(createTenant(actorFor(world, 'admin'), input('lost', world.ids.b))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are what a list of resellers counts; a reseller sees itself only', async () => {
    const { items } = await listResellers(actorFor(world, 'reseller'), { limit: 50 });
    expect(items.map((one) => one.id)).toEqual([world.ids.reseller]);
    const all = await listResellers(actorFor(world, 'admin'), { limit: 50 });
    expect(all.items.map((one) => one.id)).toEqual(expect.arrayContaining([world.ids.reseller, other.reseller]));
    const [counted] = await withActor(portal.super, asSystem, (tx) =>
      tx.select({ n: sql<number>`count(*)::int` }).from(tenants).where(eq(tenants.resellerId, world.ids.reseller)),
    );
    expect(all.items.find((one) => one.id === world.ids.reseller)?.tenants).toBe(counted?.n);
  });
});
