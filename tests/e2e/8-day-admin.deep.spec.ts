/** A day of an administrator: what is broken first, then who asks, what all must hear, what may not go on, and whether the record is whole. */
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { Container } from '#lib/contract/containers.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import {
  account,
  asSuperuser,
  at,
  dialog,
  insideBy,
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
const subject = `Nothing answers, ${suffix}`;
const outage = `Power in room 2, ${suffix}`;
const second = { email: `second-${suffix}@example.test`, password: 'a long enough password' };
const longMs = 120_000;

/** What the page's own interface is asked for as whoever is signed in at it. */
async function post(page: Page, path: string, data: object): Promise<unknown> {
  const answer = await page.request.post(`/api/v1${path}`, { headers: { origin: world().baseUrl }, data });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return await answer.json();
}

test.afterEach(leave);

test('from the dashboard in the morning to the record in the evening', async ({ browser }) => {
  test.setTimeout(900_000);
  const faults: string[] = [];
  const { items } = await admin.get('/containers?q=web-b2', pageOf(Container));
  const id = items.find((one) => one.name === 'web-b2')?.id ?? '';
  const page = await at(browser, 'admin');
  const tenant = await at(browser, 'tenant-b2', 'phone');

  await test.step('the morning: what there is, whether hosts answer, and room', async () => {
    await expect(page).toHaveURL(/\/admin$/);
    await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-admin-dashboard')));
    await menuItem(page, 'Hosts').click();
    const host = page.getByRole('row').nth(1);
    await expect(host).toContainText('Answers');
    await expect(host.getByRole('meter').or(host.getByRole('img')).or(host.getByText(/ of /)).first()).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-admin-hosts')));
  });

  await test.step('a stuck operation: named on the dashboard, looked at, put right and said so', async () => {
    await tenant.goto(`/containers/${id}`);
    const { id: operation } = z.object({ id: z.string() }).parse(await post(tenant, `/containers/${id}/restart`, {}));
    const state = async () => (await admin.operations(`containerId=${id}`)).find((one) => one.id === operation)?.state;
    await expect.poll(state, { timeout: longMs }).toBe('succeeded');
    // As it is left when neither the step nor its undo can be done.
    asSuperuser(
      `update operations set state = 'stuck', ended_at = null, evidence = '["The undo of step 2 answered: the volume does not let go."]' where id = '${operation}'`,
    );
    await page.goto('/admin');
    const problem = page.getByRole('listitem').filter({ hasText: 'web-b2' }).filter({ hasText: 'stuck' });
    await expect(problem).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-admin-stuck-dashboard')));
    // Whose it is can do nothing more to it, and reads why.
    await tenant.goto(`/containers/${id}`);
    await expect(tenant.getByText(/is stuck/).first()).toBeVisible();
    faults.push(...(await lookedAt(tenant, 'day-admin-stuck-tenant')));
    await problem.getByRole('link').first().click();
    await expect(page).toHaveURL(/\/admin\/operations/);
    const entry = page.locator('section').filter({ hasText: 'these wait for a person' }).filter({ hasText: 'web-b2' });
    await expect(entry).toContainText('Nothing else is done to this container until somebody has decided.');
    faults.push(...(await lookedAt(page, 'day-admin-stuck')));
    await entry.getByRole('button', { name: 'Mark resolved…' }).click();
    await dialog(page).getByLabel('What was wrong, and what was done').fill('A loop device; let go by hand.');
    faults.push(...(await lookedAt(page, 'day-admin-resolve')));
    await dialog(page).getByRole('button', { name: 'Mark resolved', exact: true }).click();
    await expect(dialog(page)).toHaveCount(0);
    await page.goto('/admin');
    await expect(problem).toHaveCount(0);
    await post(tenant, `/containers/${id}/restart`, {});
    await admin.settled(id, 'running', longMs);
  });

  const ticket = await test.step('an escalation: read with what the reseller noted, and answered', async () => {
    const made = z
      .object({ id: z.string() })
      .parse(await post(tenant, '/tickets', { subject, body: 'Since an hour.', containerId: id, priority: 'urgent' }));
    const reseller = await at(browser, 'reseller-b');
    await post(reseller, `/tickets/${made.id}/escalate`, { note: 'We cannot see why.' });
    await reseller.context().close();
    await menuItem(page, 'Tickets').click();
    await expect(row(page, subject)).toContainText('the provider’s turn');
    await page.getByRole('link', { name: subject }).click();
    await expect(page.getByText('We cannot see why.')).toBeVisible();
    await page.getByLabel('Assigned to').selectOption({ label: 'Demo support' });
    await page.getByLabel('Your answer').fill('We look into it now.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(page.getByText('Waits for the customer')).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-admin-ticket')));
    return made.id;
  });

  await test.step('a second administrator is let in, for what takes two', async () => {
    await menuItem(page, 'Team').click();
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await dialog(page).getByLabel('E-mail').fill(second.email);
    await dialog(page).getByLabel('Role', { exact: true }).selectOption({ label: 'Administrator' });
    faults.push(...(await lookedAt(page, 'day-admin-invite')));
    await dialog(page).getByRole('button', { name: 'Send the invitation' }).click();
    await expect(row(page, second.email)).toBeVisible();
  });
  const other = await newBrowser(browser);
  await other.goto(linkIn(await mailTo(second.email, 'you are invited')).href);
  await other.getByLabel('Your name').fill('Second administrator');
  await other.getByLabel('Choose a password').fill(second.password);
  await other.getByRole('button', { name: 'Join' }).click();
  await expect(other).toHaveURL(/\/sign-in/);
  await signInAs(other, second);

  await test.step('an emergency: asked for by support, approved by two, told at once, ended by whose it is', async () => {
    await insideBy(tenant, id, 'echo kept > /root/mine.txt');
    const support = await at(browser, 'support');
    await support.goto(`/admin/tickets/${ticket}`);
    await support.getByRole('button', { name: 'Ask to look inside…' }).click();
    await dialog(support).getByLabel('Why').fill('It attacks others and nobody answers.');
    await dialog(support).getByLabel('Emergency: without the customer').check();
    await dialog(support).getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(support.getByText('0 of 2 approvals')).toBeVisible();
    await expect(support.getByRole('button', { name: 'Approve the emergency' })).toHaveCount(0);
    for (const [who, told] of [
      [page, '1 of 2 approvals'],
      [other, 'granted, for another'],
    ] as const) {
      await who.goto(`/admin/tickets/${ticket}`);
      await who.getByRole('button', { name: 'Approve the emergency' }).click();
      await expect(who.getByText(told)).toBeVisible();
      if (who === page) {
        expect((await support.request.get(`/api/v1/containers/${id}/files?path=Lw==`)).status()).not.toBe(200);
      }
    }
    faults.push(...(await lookedAt(page, 'day-admin-emergency')));
    await support.goto(`/containers/${id}/files`);
    await support.getByRole('button', { name: 'root, folder', exact: true }).click();
    await expect(support.getByRole('button', { name: 'mine.txt', exact: true })).toBeVisible();
    const mail = await mailTo(account('tenant-b2').email, 'Emergency access to web-b2');
    expect(mail).toContain('Demo administrator and Second administrator');
    await tenant.goto(`/containers/${id}`);
    await expect(tenant.getByText('An emergency, without your consent', { exact: false })).toBeVisible();
    faults.push(...(await lookedAt(tenant, 'day-admin-emergency-tenant')));
    await tenant.getByRole('button', { name: 'End it now' }).click();
    await expect(tenant.getByText('An emergency, without your consent', { exact: false })).toHaveCount(0);
    expect((await support.request.get(`/api/v1/containers/${id}/files?path=Lw==`)).status()).not.toBe(200);
    await support.context().close();
  });

  await test.step('an outage: declared, seen above every page of those it concerns, told by mail, ended with a report', async () => {
    await menuItem(page, 'Outages').click();
    await page.getByRole('button', { name: 'Declare an outage' }).click();
    await dialog(page).getByRole('checkbox').first().check();
    await dialog(page).getByLabel('What is wrong, in a few words').fill(outage);
    await dialog(page).getByLabel('What people should know').fill('We are on it.');
    faults.push(...(await lookedAt(page, 'day-admin-declare')));
    await dialog(page).getByRole('button', { name: 'Declare', exact: true }).click();
    await expect(dialog(page)).toHaveCount(0);
    await mailTo(account('tenant-b2').email, `Outage: ${outage}`);
    for (const path of ['/containers', '/account']) {
      await tenant.goto(path);
      await expect(tenant.getByText(outage)).toBeVisible();
      await expect(tenant.getByText(/It concerns 1 container of yours\. We are on it\./)).toBeVisible();
    }
    faults.push(...(await lookedAt(tenant, 'day-admin-outage-tenant')));
    await page.getByRole('button', { name: 'End it…' }).first().click();
    await dialog(page)
      .getByLabel(/^Report/)
      .fill('A fuse. Nothing was lost.');
    await dialog(page).getByRole('button', { name: 'End it', exact: true }).click();
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByText('A fuse. Nothing was lost.')).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-admin-outages')));
    expect(await mailTo(account('tenant-b2').email, `Over: ${outage}`)).toContain('A fuse. Nothing was lost.');
    await tenant.goto('/containers');
    await expect(tenant.getByText(outage)).toHaveCount(0);
  });

  await test.step('a hold: everything stands still at once, and goes on as it was', async () => {
    await menuItem(page, 'Tenants').click();
    await page.getByRole('link', { name: 'Tenant B2' }).click();
    await page.getByRole('button', { name: 'Put on hold…' }).click();
    await dialog(page)
      .getByRole('radio', { name: /^Abuse/ })
      .check();
    await dialog(page).getByLabel('Message to its people').fill('It attacks others.');
    await dialog(page).getByRole('button', { name: 'Put on hold' }).click();
    await expect(page.getByText('It attacks others.')).toBeVisible();
    await admin.settled(id, 'suspended', longMs);
    await tenant.goto(`/containers/${id}`);
    await expect(tenant.getByText('It attacks others.').first()).toBeVisible();
    faults.push(...(await lookedAt(tenant, 'day-admin-held')));
    await page.getByRole('button', { name: 'Lift the hold for Abuse' }).click();
    await dialog(page).getByRole('button', { name: 'Lift it' }).click();
    await expect(page.getByText('It attacks others.')).toHaveCount(0);
    await admin.settled(id, 'running', longMs);
    expect(await insideBy(tenant, id, 'cat /root/mine.txt')).toBe('kept');
    await expect(headState(tenant, 'Running')).toBeVisible();
  });

  await test.step('the evening: all of it is on record, and the record is whole', async () => {
    await menuItem(page, 'Audit').click();
    await page.getByRole('button', { name: 'Verify now' }).click();
    await expect(page.getByText('The record is whole')).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-admin-audit')));
    for (const verb of ['operation.resolve', 'access.emergency', 'outage.declare', 'hold.place', 'hold.lift']) {
      await page.getByLabel('Did', { exact: true }).fill(verb);
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`verb=${verb}`));
      await expect(row(page, verb).filter({ hasText: 'Demo administrator' }).first()).toBeVisible();
    }
  });

  await test.step('what was let in for the day goes out again', async () => {
    await post(page, `/tickets/${ticket}/close`, {});
    await menuItem(page, 'Team').click();
    await row(page, 'Second administrator')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await dialog(page)
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(row(page, 'Second administrator')).toHaveCount(0);
    await expect.poll(async () => (await other.request.get('/api/v1/me')).status()).toBe(401);
  });
  expect(faults).toEqual([]);
});
