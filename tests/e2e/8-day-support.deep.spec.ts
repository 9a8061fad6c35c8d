/** A day of somebody in support: the queue, a look inside with the customer's leave and no longer than that, an answer, and what stays on record. */
import { Container } from '#lib/contract/containers.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { account, at, dialog, insideBy, leave, lookedAt, mailTo, row } from './people.ts';
import { expect, rest, test } from './world.ts';

const subject = `The shop is down, ${Date.now().toString(36)}`;
const cause = 'broken = yes';

test.afterEach(leave);

test('a ticket comes through the reseller, and is worked on with eyes inside for half an hour', async ({ browser }) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const { items } = await rest('admin').get('/containers?q=web-b1', pageOf(Container));
  const id = items.find((one) => one.name === 'web-b1')?.id ?? '';
  const tenant = await at(browser, 'tenant-b1');
  const help = async (path: string) => {
    await tenant.goto(path);
    return tenant;
  };

  await test.step('the customer asks from the container that is broken', async () => {
    await tenant.goto(`/containers/${id}`);
    await insideBy(tenant, id, `echo '${cause}' > /root/shop.conf`);
    await tenant.getByRole('button', { name: 'Get help' }).first().click();
    await expect(dialog(tenant)).toContainText('No passwords, no keys, nothing of your files.');
    await dialog(tenant).getByLabel('What is it about?').fill(subject);
    await dialog(tenant).getByLabel('What happened, and what did you expect?').fill('It worked yesterday.');
    await dialog(tenant).getByLabel('How urgent is it?').selectOption({ label: 'High' });
    await dialog(tenant).getByRole('button', { name: 'Ask for help' }).click();
    await expect(tenant).toHaveURL(/\/help\/[0-9a-f-]{36}$/);
    await expect(tenant.getByText('Being looked into')).toBeVisible();
  });
  const ticket = new URL(tenant.url()).pathname.split('/').at(-1) ?? '';

  await test.step('its reseller finds it first, and hands it on with a word that the customer does not see', async () => {
    const support = await at(browser, 'support');
    // It is the reseller's turn: support knows of the ticket once it was handed on.
    await support.goto('/admin/tickets');
    await expect(support.getByRole('heading', { level: 1, name: 'Tickets' })).toBeVisible();
    const before = await row(support, subject).count();
    expect(before === 0 || /the reseller’s turn/.test(await row(support, subject).innerText())).toBe(true);
    await support.context().close();

    const reseller = await at(browser, 'reseller-b');
    await mailTo(account('reseller-b').email, subject);
    await reseller.getByRole('link', { name: subject }).click();
    await expect(reseller.getByRole('heading', { level: 1, name: subject })).toBeVisible();
    await reseller.getByRole('button', { name: 'Hand on to the provider…' }).click();
    await dialog(reseller).getByLabel('For the provider (optional)').fill('They pay for a quick answer.');
    await dialog(reseller).getByRole('button', { name: 'Hand on', exact: true }).click();
    await expect(dialog(reseller)).toHaveCount(0);
    await expect(reseller.getByText('They pay for a quick answer.')).toBeVisible();
    await reseller.context().close();
  });

  const support = await at(browser, 'support');
  await test.step('the queue: found, taken, noted', async () => {
    await support.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tickets', exact: true }).click();
    await expect(row(support, subject)).toContainText('the provider’s turn');
    await support.getByLabel('State', { exact: true }).selectOption({ label: 'Needs an answer' });
    await expect(support).toHaveURL(/state=open/);
    await expect(row(support, subject)).toContainText('High');
    faults.push(...(await lookedAt(support, 'day-support-queue')));
    await support.getByRole('link', { name: subject }).click();
    await expect(support.getByText('They pay for a quick answer.')).toBeVisible();
    await expect(support.getByText('As it was when help was asked for')).toBeVisible();
    await support.getByLabel('Assigned to').selectOption({ label: 'Demo support' });
    await support.getByLabel('Priority').selectOption({ label: 'Urgent' });
    await support.getByLabel('Internal note: never shown to the customer').check();
    await support.getByLabel('Internal note', { exact: true }).fill('Smells of its configuration.');
    await support.getByRole('button', { name: 'Keep the note' }).click();
    await expect(support.getByRole('listitem').filter({ hasText: 'Smells of its configuration.' })).toContainText(
      'not shown to the customer',
    );
    faults.push(...(await lookedAt(support, 'day-support-ticket')));
  });

  await test.step('before consent nothing inside is to be seen', async () => {
    await support.goto(`/containers/${id}/files`);
    await expect(support.getByText('Files are not yours to see here')).toBeVisible();
    faults.push(...(await lookedAt(support, 'day-support-denied')));
    expect((await support.request.get(`/api/v1/containers/${id}/files?path=Lw==`)).status()).not.toBe(200);
  });

  await test.step('asks for it: files, half an hour, and why', async () => {
    await support.goto(`/admin/tickets/${ticket}`);
    await support.getByRole('button', { name: 'Ask to look inside…' }).click();
    await expect(dialog(support).getByLabel('Read files')).toBeChecked();
    await dialog(support).getByLabel('For how long').selectOption({ label: '30 minutes' });
    await dialog(support).getByLabel('Why').fill('To read the configuration of your shop.');
    faults.push(...(await lookedAt(support, 'day-support-asks')));
    await dialog(support).getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(dialog(support)).toHaveCount(0);
    await expect(support.getByText('asked for', { exact: true })).toBeVisible();
  });

  await test.step('the customer reads who and why, and says yes', async () => {
    const asked = () => mailTo(account('tenant-b1').email, subject);
    await expect.poll(asked, { timeout: 30_000 }).toContain('Asks for your leave to look inside');
    await tenant.goto(`/containers/${id}`);
    await expect(tenant.getByText('Demo support asks to look inside')).toBeVisible();
    await expect(
      tenant.getByText('For 30 minutes, to read files. “To read the configuration of your shop.”'),
    ).toBeVisible();
    faults.push(...(await lookedAt(tenant, 'day-support-asked')));
    await tenant.getByRole('button', { name: 'Let them…' }).click();
    await dialog(tenant).getByRole('button', { name: 'Let them' }).click();
    await expect(tenant.getByText(/Demo support may look inside for another/)).toBeVisible();
  });

  await test.step('looks inside: what was asked for, and no more', async () => {
    // The ticket that is open follows by itself.
    await expect(support.getByText(/granted, for another/)).toBeVisible();
    await support.getByRole('link', { name: 'web-b1' }).first().click();
    await expect(
      support.getByText(/Demo support may look inside for another|You may look inside for another/),
    ).toBeVisible();
    await support.getByRole('link', { name: 'Files', exact: true }).click();
    await support.getByRole('button', { name: 'root, folder', exact: true }).click();
    await support.getByRole('button', { name: 'shop.conf', exact: true }).click();
    await expect(support.getByText(cause)).toBeVisible();
    faults.push(...(await lookedAt(support, 'day-support-inside')));
    await expect(support.getByRole('button', { name: /^(Save|Upload|New file|New folder)/ })).toHaveCount(0);
    await support.goto(`/containers/${id}/console`);
    await expect(support.getByText('No console for you here')).toBeVisible();
  });

  await test.step('while that lasts the customer sees it above every page of the container', async () => {
    for (const tab of ['', '/backups', '/settings']) {
      await tenant.goto(`/containers/${id}${tab}`);
      await expect(tenant.getByText(/Demo support may look inside for another/)).toBeVisible();
      await expect(tenant.getByText(/Last used/)).toBeVisible();
    }
    faults.push(...(await lookedAt(tenant, 'day-support-banner')));
  });

  await test.step('answers; the customer hears of it and is asked', async () => {
    await support.goto(`/admin/tickets/${ticket}`);
    await support
      .getByLabel('Your answer')
      .fill('Line 1 of /root/shop.conf says that it is broken. Change it to "no".');
    await support.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(support.getByText('Waits for the customer')).toBeVisible();
    const answered = () => mailTo(account('tenant-b1').email, subject);
    await expect.poll(answered, { timeout: 30_000 }).toContain('Line 1 of /root/shop.conf');
    await (await help(`/help/${ticket}`)).getByText('Line 1 of /root/shop.conf').waitFor();
    await expect(tenant.getByText('Waits for you')).toBeVisible();
    for (const secret of ['They pay for a quick answer.', 'Smells of its configuration.']) {
      await expect(tenant.getByText(secret)).toHaveCount(0);
    }
    faults.push(...(await lookedAt(tenant, 'day-support-answer')));
  });

  await test.step('the customer ends it, and it is over at once', async () => {
    await support.goto(`/containers/${id}/files`);
    await expect(support.getByRole('button', { name: 'root, folder', exact: true })).toBeVisible();
    await tenant.goto(`/containers/${id}`);
    await tenant.getByRole('button', { name: 'End it now' }).click();
    await expect(tenant.getByText(/may look inside for another/)).toHaveCount(0);
    expect((await support.request.get(`/api/v1/containers/${id}/files?path=Lw==`)).status()).not.toBe(200);
    await support.reload();
    await expect(support.getByText('Files are not yours to see here')).toBeVisible();
  });

  await test.step('the customer thanks, support closes, and both names are on record', async () => {
    await help(`/help/${ticket}`);
    await tenant.getByLabel('Your answer').fill('It works again.');
    await tenant.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(tenant.getByText('Being looked into')).toBeVisible();
    await support.goto(`/admin/tickets/${ticket}`);
    await expect(support.getByText('It works again.')).toBeVisible();
    await support.getByRole('button', { name: 'Close as solved' }).click();
    await expect(support.getByText('Closed', { exact: true })).toBeVisible();
    await expect(tenant.getByText('Closed', { exact: true })).toBeVisible();
    await tenant.goto('/audit?actor=Demo+support');
    await expect(row(tenant, 'file.read').filter({ hasText: 'Allowed' }).first()).toContainText('on behalf of');
    faults.push(...(await lookedAt(tenant, 'day-support-audit')));
  });
  expect(faults).toEqual([]);
});
