/** Billing's verbs: what each does to what there is, what they refuse, and what they leave nowhere. */
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signInWithLink } from '#lib/auth/link-sign-in.ts';
import { redeemReset } from '#lib/auth/reset.ts';
import { resolveSession } from '#lib/auth/sessions.ts';
import {
  changeServicePlan,
  renewService,
  resetServicePassword,
  suspendService,
  unsuspendService,
} from '#lib/billing/change.ts';
import { createService, nameFor } from '#lib/billing/create.ts';
import { listServices, servicesUsage, testBilling } from '#lib/billing/read.ts';
import { signInLink } from '#lib/billing/sign-in-link.ts';
import { endServices, terminateService } from '#lib/billing/terminate.ts';
import { listContainers } from '#lib/containers/list.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { routes } from '#lib/contract/routes.ts';
import { setDatabase } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { backups, repositories } from '#lib/db/schema/backups.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { loginTokens } from '#lib/db/schema/sessions.ts';
import { users } from '#lib/db/schema/users.ts';
import { liftHold, placeHold } from '#lib/holds/holds.ts';
import { createTenant } from '#lib/tenants/create.ts';
import { startApiServer } from '#tests/support/api-server.ts';
import { actorFor, smallResources } from '#tests/support/portal.ts';
import { BillingWorld } from './world.ts';

const visitor = { address: '192.0.2.1', userAgent: 'test' };
let w: BillingWorld;
beforeAll(async () => {
  w = await BillingWorld.make();
});
afterAll(() => w?.portal.stop());

let made = 0;
/** A service that is active. */
async function active(client?: string) {
  made += 1;
  const number = `s-${made}`;
  const service = await createService(await w.biller(), w.wish(number, client ?? number));
  await w.finish(service.operationId);
  return { ...service, named: { externalServiceId: number }, containerId: service.containerId ?? '' };
}
const stateOf = async (number: string) =>
  (await listServices(await w.biller(), { externalServiceId: number, limit: 1 })).items[0];
/** Puts the end of the days of grace into the past. */
const graceIsOver = (containerId: string) =>
  w.asSystem((tx) =>
    tx
      .update(billingServices)
      .set({ removeAfter: new Date(0) })
      .where(eq(billingServices.containerId, containerId)),
  );
/** One look of the worker, in its role. */
async function workerLooks(): Promise<void> {
  setDatabase(w.portal.worker);
  await endServices({ warn: (...words) => void w.logged.push(JSON.stringify(words)) });
  setDatabase(w.portal.web);
}
async function backedUp(containerId: string, tenantId: string): Promise<void> {
  await w.asSystem(async (tx) => {
    const repositoryId = v7();
    const sealed = { sealedPassword: 'x', sealedRecoveryPassword: 'x' };
    await tx.insert(repositories).values({ id: repositoryId, tenantId, locationId: w.world.ids.location, ...sealed });
    const [operation] = await tx
      .insert(operations)
      .values({
        ...{ kind: 'backup', tenantId, containerId, state: 'succeeded', lock: 'background', generation: 1 },
        ...{ hostId: w.world.ids.host, actorKind: 'system', actorName: 'test', endedAt: new Date() },
      })
      .returning({ id: operations.id });
    await tx.insert(backups).values({
      ...{ id: v7(), tenantId, containerId, repositoryId, operationId: operation?.id ?? '', state: 'complete' },
      template: { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' },
      ...{ templateId: w.world.ids.template, resources: smallResources, hostname: 'c1', verifiedAt: new Date() },
      ...{ resticSnapshotId: 'a'.repeat(64), commands: { before: null, after: null }, actorName: 'test' },
    });
  });
}

describe('a billing token', () => {
  it('sells services and can do nothing else', async () => {
    const actor = await w.biller();
    expect(await testBilling(actor)).toMatchObject({ resellerName: 'Reseller', plans: [{ name: 'Small' }] });
    await expect(listContainers(actor, { limit: 10 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      createTenant(actor, { name: 'x', ownerEmail: 'x@example.test', ownerName: 'x' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('does not outlast what its holder may', async () => {
    const service = await active();
    const holder = w.world.people.reseller.id;
    const disabled = (disabledAt: Date | null) =>
      w.asSystem((tx) => tx.update(users).set({ disabledAt }).where(eq(users.id, holder)));
    await disabled(new Date());
    await expect(w.biller()).rejects.toThrow('nobody');
    await disabled(null);
    expect((await suspendService(await w.biller(), service.named)).state).toBe('suspended');
  });

  it('knows no other reseller’s numbers: to every verb they are as numbers that nobody has', async () => {
    const { named } = await active();
    const other = await w.biller('other');
    const verbs = [
      suspendService,
      unsuspendService,
      renewService,
      terminateService,
      signInLink,
      (actor, one) => changeServicePlan(actor, { ...one, planId: w.world.ids.plan }),
      (actor, one) => resetServicePassword(actor, { ...one, rootPassword: 'of the other one' }),
    ] as (typeof suspendService)[];
    const answer = (run: typeof suspendService, externalServiceId: string) =>
      run(other, { externalServiceId }).then(
        () => 'it worked',
        ({ code, message }) => ({ code, message }),
      );
    for (const run of verbs) {
      const foreign = await answer(run, named.externalServiceId);
      expect(foreign).toMatchObject({ code: 'not_found' });
      expect(foreign).toEqual(await answer(run, 'nowhere'));
    }
    expect((await listServices(other, { ...named, limit: 1 })).items).toEqual([]);
    expect((await servicesUsage(other, { limit: 50 })).items).toEqual([]);
    // The same number is theirs to give, too.
    const own = await createService(other, { ...w.wish('x', 'theirs'), ...named });
    expect(own.tenantId).not.toBe((await stateOf(named.externalServiceId))?.tenantId);
  });
});

describe('create', () => {
  it('makes one tenant of one client, and takes no number for another client', async () => {
    const [first, second] = [await active('same'), await active('same')];
    expect(second.tenantId).toBe(first.tenantId);
    const stolen = { ...w.wish('x', 'thief'), ...first.named };
    await expect(createService(await w.biller(), stolen)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes the tenant whose owner has the client’s address, but nobody else’s account', async () => {
    const { ownerA, ownerB } = w.world.people;
    const of = (email: string, n: string) => ({ ...w.wish(n), client: { ...w.wish(n).client, email } });
    expect((await createService(await w.biller(), of(ownerA.email, 'known'))).tenantId).toBe(w.world.ids.a);
    await expect(createService(await w.biller(), of(ownerB.email, 'foreign'))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('makes neither tenant nor service for a plan that is not offered', async () => {
    const wish = { ...w.wish('no-plan'), planId: v7() };
    await expect(createService(await w.biller(), wish)).rejects.toMatchObject({ code: 'not_found' });
    expect(await stateOf('no-plan')).toBeUndefined();
  });

  it('tries again what failed, as the same container', async () => {
    const wish = w.wish('failing');
    const first = await createService(await w.biller(), wish);
    await w.finish(first.operationId, 'failed');
    expect(await stateOf('failing')).toMatchObject({ state: 'failed', next: expect.stringMatching(/again/) });
    const again = await createService(await w.biller(), wish);
    expect(again).toMatchObject({ state: 'creating', containerId: first.containerId });
  });

  it('makes another container where the first was cancelled', async () => {
    const wish = w.wish('cancelled');
    const first = await createService(await w.biller(), wish);
    await w.finish(first.operationId, 'cancelled');
    const again = await createService(await w.biller(), wish);
    expect(again.state).toBe('creating');
    expect(again.containerId).not.toBe(first.containerId);
  });

  it.each([
    ['12', 'service-12'],
    ['VPS/12.a', 'service-vps-12-a'],
    ['---', 'service-2d2d2d'],
  ])('names the container of %s %s', (number, name) => expect(nameFor(number)).toBe(name));
});

describe('suspend, unsuspend, renew', () => {
  it('come and go with billing’s hold, and leave others’ alone', async () => {
    const { named, containerId } = await active();
    const admin = actorFor(w.world, 'admin');
    await placeHold(admin, { containerId }, { reason: 'abuse', stop: false, message: null });
    for (let n = 0; n < 2; n += 1) {
      expect(await suspendService(await w.biller(), { ...named, message: 'Please pay.' })).toMatchObject({
        state: 'suspended',
      });
    }
    for (let n = 0; n < 2; n += 1) {
      expect(await unsuspendService(await w.biller(), named)).toMatchObject({
        state: 'active',
        next: expect.stringContaining('abuse'),
      });
    }
    await suspendService(await w.biller(), named);
    const paidUntil = '2030-01-01T00:00:00.000Z';
    expect(await renewService(await w.biller(), { ...named, paidUntil })).toMatchObject({ state: 'active', paidUntil });
    await liftHold(admin, { containerId }, { reason: 'abuse' });
    expect((await stateOf(named.externalServiceId))?.next).toBe('Nothing to do.');
  });
});

describe('change-plan and reset-password', () => {
  it('ask for it once, and say that it is under way', async () => {
    const larger = v7();
    await w.asSystem((tx) =>
      tx.insert(plans).values({
        ...{ id: larger, resellerId: w.world.ids.reseller, name: 'Larger', maxBackups: 1, maxForwards: 1 },
        ...{ retentionHours: 1, resources: { ...smallResources, cpuCores: 1 } },
      }),
    );
    const { named, containerId } = await active();
    const wish = { ...named, planId: larger };
    const [first, second] = [
      await changeServicePlan(await w.biller(), wish),
      await changeServicePlan(await w.biller(), wish),
    ];
    expect(second.operationId).toBe(first.operationId);
    const asked = () => w.asSystem((tx) => tx.select().from(operations).where(eq(operations.containerId, containerId)));
    expect((await asked()).map(({ kind }) => kind).sort()).toEqual(['configure', 'create']);
    await w.asSystem((tx) =>
      tx
        .update(operations)
        .set({ state: 'succeeded', endedAt: new Date() })
        .where(eq(operations.containerId, containerId)),
    );
    await resetServicePassword(await w.biller(), { ...named, rootPassword: 'a secret of the client' });
    expect((await asked()).map(({ kind }) => kind).sort()).toEqual(['access', 'configure', 'create']);
    await suspendService(await w.biller(), named);
    await expect(changeServicePlan(await w.biller(), wish)).rejects.toMatchObject({ code: 'state' });
  });
});

describe('terminate', () => {
  it('keeps a container without backups through its days of grace; create calls it off', async () => {
    const { named, containerId, ...service } = await active();
    const ending = await terminateService(await w.biller(), named);
    const days = (Date.parse(ending.removeAfter ?? '') - Date.now()) / 86_400_000;
    expect(ending.state).toBe('terminating');
    expect(days).toBeGreaterThan(1);
    await workerLooks();
    expect((await terminateService(await w.biller(), named)).removeAfter).toBe(ending.removeAfter);
    await expect(suspendService(await w.biller(), named)).rejects.toMatchObject({ code: 'state' });
    const wish = w.wish(service.externalServiceId);
    expect(await createService(await w.biller(), wish)).toMatchObject({ state: 'active', containerId });

    await terminateService(await w.biller(), named);
    await placeHold(actorFor(w.world, 'admin'), { containerId }, { reason: 'abuse', stop: false, message: null });
    await graceIsOver(containerId);
    await workerLooks();
    // What is looked into for another reason is not deleted meanwhile.
    expect(await stateOf(named.externalServiceId)).toMatchObject({ state: 'terminating', containerState: 'running' });
    await liftHold(actorFor(w.world, 'admin'), { containerId }, { reason: 'abuse' });
    await workerLooks();
    expect((await stateOf(named.externalServiceId))?.containerState).toBe('deleting');
    await workerLooks();
    const deletes = await w.asSystem((tx) =>
      tx.select().from(operations).where(eq(operations.containerId, containerId)),
    );
    expect(deletes.filter(({ kind }) => kind === 'delete').length).toBe(1);
    await expect(createService(await w.biller(), wish)).rejects.toMatchObject({ code: 'busy' });
  });

  it('deletes at once what backups would bring back, keeps them, and has it back', async () => {
    const { named, containerId, tenantId } = await active();
    await backedUp(containerId, tenantId);
    expect(await terminateService(await w.biller(), named)).toMatchObject({
      state: 'terminating',
      containerState: 'deleting',
    });
    const [asked] = await w.asSystem((tx) =>
      tx.select().from(operations).where(sql`kind = 'delete' and container_id = ${containerId}`),
    );
    expect(asked?.input).toMatchObject({ undeleteUntil: expect.any(String) });
    await w.asSystem(async (tx) => {
      await tx
        .update(operations)
        .set({ state: 'succeeded', endedAt: new Date() })
        .where(eq(operations.id, asked?.id ?? ''));
      const undeleteUntil = new Date(String(asked?.input.undeleteUntil));
      await tx.update(containers).set({ deletedAt: new Date(), undeleteUntil }).where(eq(containers.id, containerId));
    });
    expect(await terminateService(await w.biller(), named)).toMatchObject({
      state: 'terminated',
      recoverableUntil: asked?.input.undeleteUntil,
    });
    const back = await createService(await w.biller(), w.wish(named.externalServiceId));
    expect(back).toMatchObject({ state: 'creating', containerId, removeAfter: null });
    await workerLooks();
    expect((await stateOf(named.externalServiceId))?.state).toBe('creating');
  });

  it('knows of what was deleted in the panel', async () => {
    const { named, containerId } = await active();
    await removeContainer(actorFor(w.world, 'admin'), containerId);
    await w.asSystem((tx) =>
      tx
        .update(operations)
        .set({ state: 'succeeded', endedAt: new Date() })
        .where(eq(operations.containerId, containerId)),
    );
    await w.asSystem((tx) =>
      tx.update(containers).set({ deletedAt: new Date() }).where(eq(containers.id, containerId)),
    );
    expect(await stateOf(named.externalServiceId)).toMatchObject({ state: 'terminated' });
    const again = await createService(await w.biller(), w.wish(named.externalServiceId));
    expect(again.containerId).not.toBe(containerId);
  });
});

describe('a sign-in link', () => {
  const keyIn = (url: string) => new URL(url).hash.slice(1);

  it('signs in the owner once, whoever comes first, and not the one before it', async () => {
    const { named, tenantId } = await active();
    const old = await signInLink(await w.biller(), named);
    const { url, expiresAt } = await signInLink(await w.biller(), named);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(url).toMatch(/^http:\/\/panel\.test\/sign-in\/link\?next=%2Fcontainers%2F[0-9a-f-]+#.{30,}$/);
    expect(await signInWithLink(keyIn(old.url), visitor)).toBeUndefined();
    const keys = await Promise.all(Array.from({ length: 10 }, () => signInWithLink(keyIn(url), visitor)));
    const [key = '', ...others] = keys.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    // Whoever made the link could have followed it: what asks again does so at once.
    expect((await resolveSession(key, visitor))?.provedAt).toEqual(new Date(0));
    const records = await w.asSystem((tx) => tx.select().from(auditLog).where(eq(auditLog.tenantId, tenantId)));
    expect(records.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['billing.sign-in-link', 'session.create']));
  });

  it('is over after a minute, and never sets a password', async () => {
    const { named } = await active();
    const key = keyIn((await signInLink(await w.biller(), named)).url);
    await expect(redeemReset({ token: key, password: 'another password' }, visitor)).rejects.toMatchObject({
      code: 'not_found',
    });
    await w.asSystem((tx) => tx.update(loginTokens).set({ expiresAt: sql`expires_at - interval '60 seconds'` }));
    expect(await signInWithLink(key, visitor)).toBeUndefined();
  });

  it('is for nobody who has left the account', async () => {
    const { named, tenantId } = await active();
    await w.asSystem((tx) => tx.update(users).set({ disabledAt: new Date() }).where(eq(users.tenantId, tenantId)));
    await expect(signInLink(await w.biller(), named)).rejects.toMatchObject({ code: 'state' });
  });
});

it('no password and no link is in a log, a record, an input or anywhere else in the database', async () => {
  const server = await startApiServer();
  const printed: string[] = [];
  const spies = [process.stdout, process.stderr].map((out) =>
    vi.spyOn(out, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0),
  );
  const secrets = { root: 'canary-of-the-first-root', next: 'canary-of-the-second-root' };
  const ask = async (verb: string, body: unknown) => {
    const headers = { authorization: `Bearer ${w.tokens.own}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1/billing/${verb}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { ...headers, 'idempotency-key': v7() },
    });
    return (await answer.json()) as Record<string, string>;
  };
  let key = '';
  try {
    const service = await ask('create', { ...w.wish('canary'), rootPassword: secrets.root });
    await w.finish(service.operationId ?? null);
    await ask('reset-password', { externalServiceId: 'canary', rootPassword: secrets.next });
    // Refused, for the first is under way: what is refused is in no log either.
    await ask('reset-password', { externalServiceId: 'canary', rootPassword: secrets.next });
    key = new URL((await ask('sign-in-link', { externalServiceId: 'canary' })).url ?? '').hash.slice(1);
  } finally {
    for (const spy of spies) spy.mockRestore();
    await server.stop();
  }
  expect(key.length).toBeGreaterThan(30);
  const { rows } = await w.portal.super.execute<{ name: string }>(sql`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`);
  const dumps = await Promise.all(
    rows.map(async ({ name }) =>
      JSON.stringify((await w.portal.super.execute(sql.raw(`select * from public."${name}"`))).rows),
    ),
  );
  const everything = [...dumps, ...printed, ...w.logged].join('\n');
  // The control: it looks where these are.
  expect(everything).toContain('rootPasswordRef');
  expect(everything).toContain('canary');
  for (const secret of [secrets.root, secrets.next, key]) expect(everything).not.toContain(secret);
});

it('there is a route for every verb of billing, and each needs billing.run', () => {
  const verbs = [
    'create',
    'suspend',
    'unsuspend',
    'change-plan',
    'terminate',
    'renew',
    'reset-password',
    'usage',
    'list',
    'test',
    'sign-in-link',
  ];
  const served = Object.values(routes).filter(({ path }) => path.startsWith('/billing/'));
  expect(served.map(({ path }) => path).sort()).toEqual(verbs.map((verb) => `/billing/${verb}`).sort());
  expect(new Set(served.map(({ permission }) => permission))).toEqual(new Set(['billing.run']));
});
