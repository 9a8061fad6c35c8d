/** The module for WHMCS, run by PHP against the interface, a worker and an agent over the simulated machine. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { signInWithLink } from '#lib/auth/link-sign-in.ts';
import { getActor } from '#lib/auth/request.ts';
import { createToken } from '#lib/auth/tokens.ts';
import { listServices } from '#lib/billing/read.ts';
import { withActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { startApiServer } from '#tests/support/api-server.ts';
import { type Bench, startBench } from '#tests/support/operations.ts';
import { actorFor, smallResources } from '#tests/support/portal.ts';

const root = join(import.meta.dirname, '../../..');
const module = join(root, 'integrations/whmcs/modules/servers/berth/berth.php');
const harness = join(root, 'tests/support/whmcs/harness.php');
const passwords = ['the first & only one', 'the second "one"'] as const;
const larger = v7();
let bench: Bench;
let server: Awaited<ReturnType<typeof startApiServer>>;
let token = '';
let params: Record<string, unknown>;
/** WHMCS's table of services, and all that the module wrote into its log. */
let hosting: Record<string, unknown>[] = [];
const logged: unknown[] = [];

beforeAll(async () => {
  bench = await startBench('sim');
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  const limits = { maxBackups: 1, maxForwards: 1, retentionHours: 1 };
  const resources = { ...smallResources, cpuCores: 1 };
  await withActor(bench.portal.super, systemActor('test'), (tx) =>
    tx.insert(plans).values({ id: larger, name: 'Larger', price: '9 a month', resources, ...limits }),
  );
  const wish = { name: 'WHMCS', verbs: ['billing.run' as const] };
  token = (await createToken(actorFor(bench.world, 'reseller'), wish)).token;
  server = await startApiServer();
  const { port } = new URL(server.url);
  const ids = bench.world.ids;
  params = {
    ...{ serverid: 3, serverhostname: '127.0.0.1', serverport: port, serversecure: '', serveraccesshash: token },
    ...{ serviceid: 12, userid: 7, domain: 'shop.example.org', password: passwords[0].replace('&', '&amp;') },
    clientsdetails: { userid: 7, firstname: 'Ada', lastname: 'Byron', email: 'ada@clients.test', companyname: '' },
    ...{ configoption1: ids.plan, configoption2: ids.template },
  };
  hosting = [
    { id: 12, server: 3, username: '', dedicatedip: '', diskusage: 0 },
    { id: 13, server: 3, username: 'other', dedicatedip: '', diskusage: 0 },
  ];
});
afterAll(async () => {
  await server?.stop();
  await bench?.stop();
});

/** One call, as WHMCS makes it. */
async function whmcs(name: string, more: Record<string, unknown> = {}): Promise<unknown> {
  const asked = { module, function: `berth_${name}`, params: { ...params, ...more }, hosting };
  const text = await new Promise<string>((resolve, reject) => {
    const child = execFile('php', ['-d', 'display_errors=stderr', harness], (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(`${name}: ${err}${out}`)),
    );
    child.stdin?.end(JSON.stringify(asked));
  });
  const answer = JSON.parse(text) as { returned: unknown; hosting: typeof hosting; logged: unknown[] };
  hosting = answer.hosting;
  logged.push(...answer.logged);
  return answer.returned;
}

async function biller(): Promise<UserActor> {
  const actor = await getActor(new Headers({ authorization: `Bearer ${token}` }));
  if (actor === undefined) throw new Error('nobody');
  return actor;
}
const service = async () => (await listServices(await biller(), { externalServiceId: '12', limit: 1 })).items[0];
const containerIs = (state: string) =>
  expect.poll(async () => (await service())?.containerState, { timeout: 30_000, interval: 50 }).toBe(state);
const idle = () =>
  expect
    .poll(
      async () => {
        const rows = await withActor(bench.portal.super, systemActor('test'), (tx) => tx.select().from(operations));
        return rows.filter(({ endedAt }) => endedAt === null).map(({ kind, state }) => ({ kind, state }));
      },
      { timeout: 30_000, interval: 50 },
    )
    .toEqual([]);
const kindsOf = async () => {
  const containerId = (await service())?.containerId ?? '';
  const rows = await withActor(bench.portal.super, systemActor('test'), (tx) =>
    tx.select().from(operations).where(eq(operations.containerId, containerId)),
  );
  return rows.map(({ kind, state }) => `${kind} ${state}`);
};

describe('the module for WHMCS', () => {
  it('says what it is, tests the connection, and fills its menus', async () => {
    expect(await whmcs('MetaData')).toMatchObject({
      DisplayName: 'Berth',
      ListAccountsUniqueIdentifierField: 'username',
    });
    expect(await whmcs('ConfigOptions')).toMatchObject({ Plan: { Loader: 'berth_LoadPlans' } });
    expect(await whmcs('TestConnection')).toEqual({ success: true, error: '' });
    expect(await whmcs('LoadPlans')).toEqual({ [bench.world.ids.plan]: 'Small', [larger]: 'Larger (9 a month)' });
    expect(await whmcs('LoadTemplates')).toMatchObject({ [bench.world.ids.template]: expect.stringMatching(/^Tiny/) });
  });

  it.each([
    ['another token', { serveraccesshash: 'berth_none' }, /Sign in first/],
    ['a panel that is away', { serverport: 1 }, /cannot be reached/],
    ['a token that would go in the clear', { serverhostname: 'panel.example.org' }, /SSL/],
    ['no token', { serveraccesshash: '' }, /billing token/],
  ])('says what is wrong with %s', async (_what, more, why) => {
    expect(await whmcs('TestConnection', more)).toMatchObject({ success: false, error: expect.stringMatching(why) });
  });

  it('creates an account with a tenant and a container that runs, once', async () => {
    expect(await whmcs('CreateAccount')).toBe('success');
    await containerIs('running');
    expect(await whmcs('CreateAccount')).toBe('success');
    expect(await service()).toMatchObject({
      ...{ state: 'active', tenantName: 'Ada Byron', containerName: 'shop-12', ownerEmail: 'ada@clients.test' },
    });
    expect(await kindsOf()).toEqual(['create succeeded']);
    const address = (await service())?.address;
    expect(hosting[0]).toMatchObject({ username: 'berth12', dedicatedip: address });
    expect(hosting[1]).toMatchObject({ username: 'other', dedicatedip: '' });
    const own = await withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx.select().from(tenants).where(eq(tenants.name, 'Ada Byron')),
    );
    expect(own).toMatchObject([{ resellerId: bench.world.ids.reseller }]);
  });

  it('changes password and plan', async () => {
    expect(await whmcs('ChangePassword', { password: passwords[1] })).toBe('success');
    expect(await whmcs('ChangePackage', { configoption1: larger })).toBe('success');
    await idle();
    expect((await service())?.planName).toBe('Larger');
    expect((await kindsOf()).sort()).toEqual(['access succeeded', 'configure succeeded', 'create succeeded']);
    expect(await whmcs('ChangePassword', { password: 'short' })).toMatch(/at least 10/);
    expect(await whmcs('ChangePackage', { configoption1: v7() })).toMatch(/no such plan/);
  });

  it('suspends and gives back what was, by unsuspend and by payment', async () => {
    expect(await whmcs('SuspendAccount', { suspendreason: 'Overdue on payment' })).toBe('success');
    await containerIs('suspended');
    expect(await whmcs('AdminServicesTabFields')).toMatchObject({ State: 'suspended' });
    expect(await whmcs('UnsuspendAccount')).toBe('success');
    await containerIs('running');
    await whmcs('SuspendAccount');
    await containerIs('suspended');
    expect(await whmcs('Renew', { model: { nextduedate: '2030-01-31' } })).toBe('success');
    await containerIs('running');
    expect((await service())?.paidUntil).toBe('2030-01-31T00:00:00.000Z');
  });

  it('tells what is used and what there is', async () => {
    await expect
      .poll(
        async () => {
          await whmcs('UsageUpdate');
          return hosting[0];
        },
        { timeout: 20_000 },
      )
      .toMatchObject({ disklimit: 1024, lastupdate: expect.any(String) });
    expect(hosting[1]).toMatchObject({ username: 'other', diskusage: 0 });
    expect(await whmcs('ListAccounts')).toMatchObject({
      success: true,
      accounts: [{ uniqueIdentifier: 'berth12', email: 'ada@clients.test', product: larger, status: 'Active' }],
    });
  });

  it('sends the customer on to the panel, signed in, once', async () => {
    const answer = (await whmcs('ServiceSingleSignOn')) as { success: boolean; redirectTo: string };
    expect(answer.success).toBe(true);
    const key = new URL(answer.redirectTo).hash.slice(1);
    const visitor = { address: '192.0.2.1', userAgent: 'test' };
    expect(await signInWithLink(key, visitor)).toEqual(expect.any(String));
    expect(await signInWithLink(key, visitor)).toBeUndefined();
    expect(await whmcs('ServiceSingleSignOn', { serviceid: 99 })).toMatchObject({
      success: false,
      errorMsg: expect.stringMatching(/no such service/),
    });
  });

  it('terminates, and a create calls it off', async () => {
    expect(await whmcs('TerminateAccount')).toBe('success');
    await containerIs('suspended');
    expect(await whmcs('ListAccounts')).toMatchObject({ accounts: [{ status: 'Terminated' }] });
    expect(await whmcs('SuspendAccount')).toMatch(/being terminated/);
    expect(await whmcs('CreateAccount')).toBe('success');
    await containerIs('running');
  });

  it('writes no token, password or link into WHMCS’s log', () => {
    const text = JSON.stringify([logged, hosting]);
    expect(logged.length).toBeGreaterThan(2);
    for (const secret of [token, ...passwords, 'amp;', '#']) expect(text).not.toContain(secret);
  });
});
