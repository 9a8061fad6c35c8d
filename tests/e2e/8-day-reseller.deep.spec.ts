/** A day of a reseller beside another: a brand under a name of its own, a plan, a customer, a colleague, a request within the quota and one beyond it. */
import type { Page } from '@playwright/test';
import { Container } from '#lib/contract/containers.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { QuotaState } from '#lib/contract/resellers.ts';
import {
  account,
  asSuperuser,
  at,
  demo,
  dialog,
  leave,
  linkIn,
  lookedAt,
  mailTo,
  newBrowser,
  row,
  signInAs,
} from './people.ts';
import { expect, headState, menuItem, rest, test, world } from './world.ts';

const suffix = Date.now().toString(36);
const admin = rest('admin');
const password = 'a long enough password';
const brands = {
  b: { name: `Bravo Cloud ${suffix}`, host: `bravo-${suffix}.localhost`, light: '#7a1f5c', dark: '#f0a3d8' },
  a: { name: `Alfa Hosting ${suffix}`, host: `alfa-${suffix}.localhost`, light: '#1f3f7a', dark: '#a3c4f0' },
} as const;
const plan = `Starter ${suffix}`;
const customer = `Bakery ${suffix}`;
const owner = { email: `baker-${suffix}@example.test`, password };
const colleague = { email: `colleague-${suffix}@example.test`, password };
const [first, second] = [`oven-${suffix}`, `till-${suffix}`];
const longMs = 120_000;

const under = (host: string) => `http://${host}:${new URL(world().baseUrl).port}`;
const resellerB = () => demo().more?.accounts.b?.tenantId ?? '';
const quotaOf = (id: string) => admin.get(`/resellers/${id}/quota`, QuotaState);
const put = async (id: string, quota: QuotaState['quota']) =>
  expect((await admin.send('PUT', `/resellers/${id}/quota`, quota)).status).toBe(200);

const unlimited: QuotaState['quota'] = {
  ...{ maxContainers: null, cpuCores: null, memoryBytes: null, diskBytes: null, backupBytes: null },
  ...{ hostIds: null, templateIds: null },
};

test.afterEach(async () => {
  await leave();
  await put(resellerB(), unlimited);
  const names = Object.values(brands).map(({ host }) => `'${host}'`);
  asSuperuser(`delete from brand_hosts where host in (${names.join()})`);
});

/** Gives the reseller at this page a name and colours, and a host name that is proven. */
async function brandAt(page: Page, which: keyof typeof brands, faults: string[]): Promise<void> {
  const { name, host, light, dark } = brands[which];
  await page.goto('/reseller/brand');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Colour', { exact: true }).fill('#ffee00');
  await page.getByLabel('Colour at night').fill(dark);
  await page.getByLabel('Above the sign-in').fill(`Welcome to ${name}`);
  await page.getByRole('button', { name: 'Keep', exact: true }).first().click();
  await expect(
    page.getByText(/contrast|readable|read /i).first(),
    'a colour that cannot be read is refused',
  ).toBeVisible();
  await page.getByLabel('Colour', { exact: true }).fill(light);
  await page.getByRole('button', { name: 'Keep', exact: true }).first().click();
  await expect(page.getByText('The brand is kept.')).toBeVisible();

  const added = page.getByRole('listitem').filter({ hasText: host });
  await page.getByPlaceholder('panel.example.net').fill(host);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(added).toContainText('not proven yet');
  await expect(added).toContainText(`_berth-proof.${host}`);
  await page.getByRole('button', { name: `Look for the proof of ${host}` }).click();
  await expect(added).toContainText('There is no TXT record');
  faults.push(...(await lookedAt(page, `day-reseller-brand-${which}`)));
  // What asks name servers has tests of its own; there is none here in which a record could be set.
  asSuperuser(`update brand_hosts set proven_at = now() where host = '${host}'`);
  await page.reload();
  await expect(added.getByText('proven', { exact: true })).toBeVisible();
}

test('two brands under two names, and the customers of one', async ({ browser }) => {
  test.setTimeout(900_000);
  const faults: string[] = [];
  const id = resellerB();
  const before = await quotaOf(id);
  const reseller = await at(browser, 'reseller-b');
  const tenant = await newBrowser(browser, 'phone', under(brands.b.host));

  await test.step('the dashboard says what there is, and what of the quota is used', async () => {
    await put(id, { ...unlimited, maxContainers: before.used.maxContainers + 2, memoryBytes: 2 ** 30 });
    await reseller.goto('/reseller');
    const used = before.used.maxContainers;
    await expect(reseller.getByText(`${used} of ${used + 2}`).first()).toBeVisible();
    await expect(row(reseller, 'Tenant B1')).toBeVisible();
    await expect(reseller.getByText('Tenant A2')).toHaveCount(0);
    faults.push(...(await lookedAt(reseller, 'day-reseller-dashboard')));
  });

  await test.step('each gives itself a brand; a name is nobody’s until it is proven', async () => {
    const stranger = await tenant.goto('/sign-in');
    expect(stranger?.status()).toBe(421);
    expect(await tenant.content()).not.toContain('Berth');
    await brandAt(reseller, 'b', faults);
    const rival = await at(browser, 'reseller-a');
    await brandAt(rival, 'a', faults);
    await rival.context().close();
  });

  await test.step('under each name stands that brand, and not a word of the provider or of the other', async () => {
    for (const which of ['a', 'b'] as const) {
      const page = await newBrowser(browser, 'desk', under(brands[which].host));
      await expect(async () => {
        expect((await page.goto('/sign-in'))?.status()).toBe(200);
      }).toPass({ timeout: 20_000 });
      await expect(page).toHaveTitle(`Sign in · ${brands[which].name}`);
      await expect(page.getByText(`Welcome to ${brands[which].name}`)).toBeVisible();
      const brand = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand'));
      expect(brand.trim()).toBe(`light-dark(${brands[which].light},${brands[which].dark})`);
      const text = await page.locator('html').innerText();
      for (const foreign of ['Berth', brands[which === 'a' ? 'b' : 'a'].name]) expect(text).not.toContain(foreign);
      faults.push(...(await lookedAt(page, `day-reseller-door-${which}`)));
      // A customer of B is at home here or a stranger, in the words for a wrong password.
      await page.getByLabel('E-mail').fill(account('tenant-b1').email);
      await page.getByLabel('Password').fill(account('tenant-b1').password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      if (which === 'a') await expect(page.locator('form [role=alert]').first()).toContainText(/password/i);
      else await expect(page).toHaveURL(/\/containers$/);
      await page.context().close();
    }
  });

  await test.step('a plan: what could hold nothing within the quota is refused, what fits is made', async () => {
    await menuItem(reseller, 'Plans').click();
    await reseller.getByRole('button', { name: 'New plan' }).click();
    const fill = async (label: string, value: string) => dialog(reseller).getByLabel(label).fill(value);
    await dialog(reseller).getByLabel('Name', { exact: true }).fill(plan);
    await fill('Price', '3 € a month');
    await fill('CPU (cores)', '0.25');
    await fill('Memory (MB)', '4096');
    await fill('Disk (GB)', '0.5');
    await fill('Files', '20000');
    await fill('First answer within (hours)', '4');
    await dialog(reseller).getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog(reseller).getByRole('alert').first()).toContainText(/quota/);
    faults.push(...(await lookedAt(reseller, 'day-reseller-plan-refused')));
    await fill('Memory (MB)', '64');
    await dialog(reseller).getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog(reseller)).toHaveCount(0);
    await expect(row(reseller, plan)).toContainText('3 € a month');
    faults.push(...(await lookedAt(reseller, 'day-reseller-plans')));
    // Their own they change; the provider's they only see.
    await expect(row(reseller, 'Small')).toBeVisible();
    await expect(reseller.getByRole('button', { name: 'Change Small' })).toHaveCount(0);
    await reseller.getByRole('button', { name: `Change ${plan}` }).click();
    await fill('Price', '4 € a month');
    faults.push(...(await lookedAt(reseller, 'day-reseller-plan-change')));
    await dialog(reseller).getByRole('button', { name: 'Save' }).click();
    await expect(row(reseller, plan)).toContainText('4 € a month');
  });

  await test.step('a customer: made, told by mail in the brand, at home on a phone under its name', async () => {
    await menuItem(reseller, 'Tenants').click();
    await reseller.getByRole('button', { name: 'New tenant' }).click();
    await dialog(reseller).getByLabel('Name of the account').fill(customer);
    await dialog(reseller).getByLabel('Name of the owner').fill('Ada Baker');
    await dialog(reseller).getByLabel('E-mail of the owner').fill(owner.email);
    await dialog(reseller).getByRole('button', { name: 'Create and send the link' }).click();
    await expect(reseller.getByText(`A link for the first sign-in is on its way to ${owner.email}`)).toBeVisible();
    await expect(row(reseller, customer)).toBeVisible();
    const mail = await mailTo(owner.email, 'Your account is ready');
    expect(mail).not.toContain('Berth');
    const link = linkIn(mail);
    expect(link.hostname).toBe(brands.b.host);
    await tenant.goto(`${under(brands.b.host)}${link.pathname}${link.search}${link.hash}`);
    await tenant.getByLabel('New password').fill(owner.password);
    faults.push(...(await lookedAt(tenant, 'day-reseller-first-password')));
    await tenant.getByRole('button', { name: 'Set password' }).click();
    await tenant.getByRole('link', { name: 'Go to the sign-in' }).click();
    await signInAs(tenant, owner);
    await expect(tenant).toHaveTitle(new RegExp(`${brands.b.name}$`));
    faults.push(...(await lookedAt(tenant, 'day-reseller-empty')));
  });

  await test.step('a container for them, which they see come', async () => {
    await menuItem(reseller, 'Containers').click();
    await reseller.getByRole('button', { name: 'New container' }).click();
    const choose = async (label: string, text: string) => {
      const list = dialog(reseller).getByLabel(label, { exact: true });
      await list.selectOption(await list.locator('option').filter({ hasText: text }).first().getAttribute('value'));
    };
    await dialog(reseller).getByLabel('Name', { exact: true }).fill(first);
    await choose('Tenant', customer);
    await choose('Plan', plan);
    await choose('System', 'Tiny');
    faults.push(...(await lookedAt(reseller, 'day-reseller-new-container')));
    await dialog(reseller).getByRole('button', { name: 'Create', exact: true }).click();
    await expect(headState(reseller, 'Running')).toBeVisible({ timeout: longMs });
    await expect(reseller.getByRole('link', { name: 'Console' })).toHaveCount(0);
    await tenant.goto('/containers');
    await expect(tenant.getByRole('link', { name: first })).toBeVisible();
    faults.push(...(await lookedAt(tenant, 'day-reseller-tenant-list')));
  });

  await test.step('a colleague: invited, comes in by the mail, and sees the same customers', async () => {
    await menuItem(reseller, 'Team').click();
    await reseller.getByRole('button', { name: 'Invite somebody' }).click();
    await dialog(reseller).getByLabel('E-mail').fill(colleague.email);
    await dialog(reseller).getByLabel('Role', { exact: true }).selectOption({ label: 'Reseller staff' });
    await dialog(reseller).getByRole('button', { name: 'Send the invitation' }).click();
    await expect(row(reseller, colleague.email)).toBeVisible();
    const link = linkIn(await mailTo(colleague.email, 'you are invited'));
    expect(link.hostname).toBe(brands.b.host);
    const page = await newBrowser(browser, 'desk', under(brands.b.host));
    await page.goto(`${link.pathname}${link.search}${link.hash}`);
    await page.getByLabel('Your name').fill('Col League');
    await page.getByLabel('Choose a password').fill(colleague.password);
    faults.push(...(await lookedAt(page, 'day-reseller-invited')));
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await signInAs(page, colleague);
    await expect(row(page, customer)).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-reseller-colleague')));
    const anothers = (await rest('tenant').container('web-1')).id;
    expect(await page.evaluate(async (id) => (await fetch(`/api/v1/containers/${id}`)).status, anothers)).toBe(404);
    await page.context().close();
  });

  /** On the phone: asks for a container of their own plan. */
  const askFor = async (name: string) => {
    await tenant.goto('/help');
    await tenant.getByRole('button', { name: 'Ask for more' }).click();
    await dialog(tenant).getByLabel('What do you need?').selectOption({ label: 'Another container' });
    await dialog(tenant).getByLabel('Name', { exact: true }).fill(name);
    const list = dialog(tenant).getByLabel('Plan', { exact: true });
    await list.selectOption({ label: plan });
    const systems = dialog(tenant).getByLabel('System', { exact: true });
    await systems.selectOption(
      await systems.locator('option').filter({ hasText: 'Tiny' }).first().getAttribute('value'),
    );
    await dialog(tenant).getByLabel('What is it for?').fill('The tills of the new shop.');
    faults.push(...(await lookedAt(tenant, 'day-reseller-asks-for-more')));
    await dialog(tenant).getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(tenant).toHaveURL(/\/help\/[0-9a-f-]{36}$/);
    await expect(tenant.getByText('Not decided yet')).toBeVisible();
  };
  /** What somebody of the reseller sees of the newest of them. */
  const openRequest = async () => {
    await menuItem(reseller, 'Dashboard').click();
    await reseller.getByRole('link', { name: 'Another container' }).first().click();
    await expect(reseller.getByRole('button', { name: 'Approve and do it' })).toBeVisible();
  };

  await test.step('a request within the quota: one click does it', async () => {
    await askFor(second);
    await openRequest();
    faults.push(...(await lookedAt(reseller, 'day-reseller-request')));
    await reseller.getByRole('button', { name: 'Approve and do it' }).click();
    await expect(reseller.getByText('Approved and done by Demo reseller B')).toBeVisible({ timeout: longMs });
    await expect(tenant.getByText('Approved and done by Demo reseller B')).toBeVisible();
    await tenant.goto('/containers');
    await tenant.getByRole('link', { name: second }).click();
    await expect(headState(tenant, 'Running')).toBeVisible({ timeout: longMs });
    const used = (await quotaOf(id)).used.maxContainers;
    await menuItem(reseller, 'Dashboard').click();
    await expect(reseller.getByText(`${used} of ${used}`).first()).toBeVisible();
  });

  await test.step('a request beyond it: refused with the reason, declined with one, and nothing was made', async () => {
    const third = `third-${suffix}`;
    await askFor(third);
    await openRequest();
    await reseller.getByRole('button', { name: 'Approve and do it' }).click();
    await expect(reseller.getByText(/quota is \d+ containers; \d+ containers are taken/).first()).toBeVisible();
    await expect(reseller.getByText('Not decided yet')).toBeVisible();
    faults.push(...(await lookedAt(reseller, 'day-reseller-no-room')));
    await reseller.getByRole('button', { name: 'Decline…' }).click();
    await dialog(reseller).getByLabel('Why').fill('Next month there is room again.');
    await dialog(reseller).getByRole('button', { name: 'Decline', exact: true }).click();
    await expect(tenant.getByText(/Declined by Demo reseller B: Next month/)).toBeVisible();
    const found = await admin.get(`/containers?q=${third}`, pageOf(Container));
    expect(found.items).toEqual([]);
  });

  await test.step('what was done is on record; a name that is given up is nobody’s within seconds', async () => {
    await menuItem(reseller, 'Audit').click();
    for (const verb of ['tenant.create', 'plan.create', 'ticket.approve', 'brand.change']) {
      await reseller.goto(`/admin/audit?verb=${verb}`);
      await expect(row(reseller, verb).first()).toContainText('Demo reseller B');
    }
    faults.push(...(await lookedAt(reseller, 'day-reseller-audit')));
    await reseller.goto('/reseller/brand');
    await reseller.getByRole('button', { name: `Give up ${brands.b.host}` }).click();
    await dialog(reseller).getByRole('button', { name: 'Give up', exact: true }).click();
    await expect(reseller.getByText(brands.b.host)).toHaveCount(0);
    await expect.poll(async () => (await tenant.goto('/containers'))?.status(), { timeout: 20_000 }).toBe(421);
  });

  for (const name of [first, second]) {
    const { items } = await admin.get(`/containers?q=${name}`, pageOf(Container));
    for (const made of items) {
      await admin.send('POST', `/containers/${made.id}/kill`);
      await expect.poll(async () => (await admin.get(`/containers/${made.id}`, Container)).state).toBe('stopped');
      expect((await admin.send('DELETE', `/containers/${made.id}`)).status).toBe(202);
    }
  }
  expect(faults).toEqual([]);
});
