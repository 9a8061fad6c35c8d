/** What an administrator does: a tenant, a container for it, its power; and what staff may not do. */
import type { BrowserContext, Page } from '@playwright/test';
import { page as pageOf } from '#lib/contract/lists.ts';
import { Tenant } from '#lib/contract/tenants.ts';
import { expect, headState, menuItem, rest, signIn, test, world } from './world.ts';

test.describe.configure({ mode: 'serial' });

let context: BrowserContext;
let page: Page;
const api = rest('admin');
const suffix = Date.now().toString(36);
const customer = `Orchard ${suffix}`;
const name = `orchard-${suffix}`;
const longMs = 60_000;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: world().baseUrl, reducedMotion: 'reduce' });
  page = await context.newPage();
});
test.afterAll(async () => context.close());

test('signs in to a dashboard that says whether anything is broken, and sees the host', async () => {
  await signIn(page, 'admin');
  await expect(page).toHaveURL(/\/admin$/);
  await expect(page.getByText('Nothing is broken.')).toBeVisible();
  await menuItem(page, 'Hosts').click();
  const row = page.getByRole('row').filter({ hasText: world().name });
  await expect(row).toContainText(/answers|ok/i);
  await expect(row).toContainText(/xfs|image|reflink/i);
});

test('creates a tenant', async () => {
  await menuItem(page, 'Tenants').click();
  await page.getByRole('button', { name: 'New tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the account').fill(customer);
  await dialog.getByLabel('Name of the owner').fill('Owner of the orchard');
  await dialog.getByLabel('E-mail of the owner').fill('not an address');
  await dialog.getByRole('button', { name: 'Create and send the link' }).click();
  // What is wrong is said beside the field.
  await expect(dialog.getByLabel('E-mail of the owner')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('E-mail of the owner').fill(`${customer.replace(' ', '.').toLowerCase()}@berth.localhost`);
  await dialog.getByRole('button', { name: 'Create and send the link' }).click();
  await expect(page.getByText(/A link for the first sign-in is on its way/)).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: customer })).toBeVisible();
});

test('creates a container from plan, template and tenant', async () => {
  await menuItem(page, 'Containers').click();
  await page.getByRole('button', { name: 'New container' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Tenant').selectOption({ label: customer });
  const plan = await dialog.getByLabel('Plan').locator('option').filter({ hasText: 'Small' }).getAttribute('value');
  await dialog.getByLabel('Plan').selectOption(plan);
  const system = await dialog.getByLabel('System').locator('option').filter({ hasText: 'Tiny' }).getAttribute('value');
  await dialog.getByLabel('System').selectOption(system);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(/\/containers\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
  await expect(page.getByText(customer).first()).toBeVisible();
  const made = await api.container(name);
  const tenants = await api.get('/tenants?limit=200', pageOf(Tenant));
  expect(made.tenantId).toBe(tenants.items.find((each) => each.name === customer)?.id);
  // The demo tenant must not know of it.
  expect((await rest('tenant').send('GET', `/containers/${made.id}`)).status).toBe(404);
});

test('stops and starts it, and finds that in the operations and in the audit', async () => {
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(headState(page, 'Stopped')).toBeVisible({ timeout: longMs });
  await page.getByRole('button', { name: 'Start', exact: true }).first().click();
  await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });

  await menuItem(page, 'Operations').click();
  for (const what of ['Started', 'Stopped', 'Created']) {
    await expect(page.getByRole('listitem').filter({ hasText: what }).filter({ hasText: name }).first()).toContainText(
      'by you',
    );
  }
  await menuItem(page, 'Audit').click();
  for (const verb of ['container.create', 'container.stop', 'container.start', 'tenant.create']) {
    const entry = page
      .getByRole('row')
      .filter({ has: page.getByText(verb, { exact: true }) })
      .first();
    await expect(entry).toContainText('Demo administrator');
    await expect(entry).toContainText('Allowed');
  }
});

test('may not look into a tenant’s container', async () => {
  const web = await api.container('web-1');
  await page.goto(`/containers/${web.id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'web-1' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Console' })).toHaveCount(0);
  await page.getByRole('button', { name: 'More actions for web-1' }).click();
  await expect(page.getByRole('menuitem', { name: 'Stop', exact: true })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /Console|Run a command/ })).toHaveCount(0);
  await page.keyboard.press('Escape');
  // Of its settings staff see what happens when it ends, and nothing that opens a door.
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'When it ends by itself' })).toBeVisible();
  await expect(page.getByRole('main').getByLabel(/password|key|host name/i)).toHaveCount(0);
  // Who knows of the container is told why there is no console, and what would open one.
  await page.goto(`/containers/${web.id}/console`);
  await expect(page.getByText('No console for you here')).toBeVisible();
  await expect(page.locator('.xterm')).toHaveCount(0);

  const before = (await rest('tenant').inside(web.id, 'ls -la /root; ls /tmp')).stdout;
  const exec = await api.send('POST', `/containers/${web.id}/exec`, { argv: ['touch', '/root/staff-was-here'] });
  expect([403, 404]).toContain(exec.status);
  // The web socket that the console page would open is refused as well, with the session's cookie.
  const opened = await page.evaluate(
    (url) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
    `${world().baseUrl.replace('http', 'ws')}/api/v1/containers/${web.id}/console?session=${crypto.randomUUID()}&cols=80&rows=24`,
  );
  expect(opened).toBe(false);
  expect((await rest('tenant').inside(web.id, 'ls -la /root; ls /tmp')).stdout).toBe(before);
});

test('deletes the container after typing its name', async () => {
  const { id } = await api.container(name);
  await page.goto(`/containers/${id}`);
  await page.getByRole('button', { name: `More actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: 'Delete container' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel(`Type ${name} to go on`).fill(name);
  await button.click();
  // Its name and history stay to be read; nothing of it is in the list any more.
  await api.settled(id, 'deleted', longMs);
  await page.goto('/admin/containers');
  await expect(page.getByRole('link', { name: 'web-1' })).toBeVisible();
  await expect(page.getByRole('link', { name })).toHaveCount(0);
});
