/** Who may what, by hand: labels and several at once, roles, the team, "why can't I", "who can", and holds as both sides see them. */
import { Container } from '#lib/contract/containers.ts';
import { Token } from '#lib/contract/tokens.ts';
import { inspect } from './inspect.ts';
import { at, demo, dialog, leave, row } from './people.ts';
import { expect, rest, test, world } from './world.ts';

test.describe.configure({ mode: 'serial' });

const suffix = Date.now().toString(36);
const label = `shop-${suffix}`;
const role = `Night shift ${suffix}`;
const invited = `night-${suffix}@example.test`;

test.afterEach(leave);

test('labels: added to what is chosen, filtered by, the limit of a token, taken away by keyboard', async ({
  browser,
}) => {
  const page = await at(browser, 'tenant');
  const faults: string[] = [];
  await page.goto('/containers');
  await page.getByLabel('Choose web-1', { exact: true }).check();
  const bar = page.getByRole('region', { name: 'For the chosen containers' });
  await expect(bar).toContainText('1 container chosen');
  faults.push(...(await inspect(page, 'rights-list-chosen')));
  await bar.getByRole('button', { name: 'Labels…' }).click();
  await dialog(page).getByLabel('Add', { exact: true }).fill('Not A Label!');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('Small letters');
  await dialog(page).getByLabel('Add', { exact: true }).fill(label);
  await page.keyboard.press('Enter');
  faults.push(...(await inspect(page, 'rights-dialog-labels')));
  await dialog(page).getByRole('button', { name: 'Change labels' }).click();
  await expect(dialog(page).getByRole('status')).toHaveText('1 done.');
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  await expect(row(page, 'web-1')).toContainText(label);

  await page.getByLabel('Label', { exact: true }).selectOption(label);
  await expect(page).toHaveURL(new RegExp(`label=${label}`));
  await expect(page.getByRole('row')).toHaveCount(2);

  await page.goto('/account');
  await page.getByRole('button', { name: 'New token' }).click();
  await dialog(page).getByLabel('What it is for').fill(`shop ${suffix}`);
  await dialog(page).getByLabel('At which containers').selectOption('labels');
  await dialog(page)
    .getByRole('button', { name: `Choose the label ${label}` })
    .click();
  faults.push(...(await inspect(page, 'rights-dialog-token')));
  await dialog(page).getByRole('button', { name: 'Make the token' }).click();
  await dialog(page).getByRole('button', { name: 'I have it' }).click();
  await expect(page.getByText(`what is labelled ${label}`)).toBeVisible();
  const { body } = await rest('tenant').send('GET', '/tokens');
  const made = (body as { items: unknown[] }).items.map((one) => Token.parse(one));
  expect(made.find((one) => one.name === `shop ${suffix}`)).toMatchObject({ labels: [label], containerIds: [] });
  await page.getByRole('button', { name: `Revoke the token shop ${suffix}` }).click();

  const { id } = await rest('tenant').container('web-1');
  await page.goto(`/containers/${id}/settings`);
  faults.push(...(await inspect(page, 'rights-settings-labels')));
  await page.getByRole('button', { name: `Take ${label} away` }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save labels' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The labels are saved.')).toBeVisible();
  expect((await rest('tenant').container('web-1')).labels).not.toContain(label);
  await rest('tenant').send('PATCH', `/containers/${id}/labels`, { add: [label] });
  expect(faults).toEqual([]);
});

test('several at once: what cannot be done says why, the rest is asked for one by one', async ({ browser }) => {
  const page = await at(browser, 'reseller-a');
  await page.goto('/admin/containers');
  for (const name of ['web-1', 'web-a2']) await page.getByLabel(`Choose ${name}`, { exact: true }).check();
  const bar = page.getByRole('region', { name: 'For the chosen containers' });
  await bar.getByRole('button', { name: 'Start…' }).click();
  await expect(dialog(page).getByRole('listitem').filter({ hasText: 'web-1' })).toContainText(
    'left out. It runs already.',
  );
  await expect(dialog(page).getByRole('button', { name: 'Start', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog(page).getByRole('button', { name: 'Not now' }).click();
  await bar.getByRole('button', { name: 'Back up…' }).click();
  const faults = await inspect(page, 'rights-dialog-bulk');
  await dialog(page).getByLabel('Go on when one is refused').check();
  await dialog(page).getByRole('button', { name: 'Back up', exact: true }).click();
  await expect(dialog(page).getByRole('status')).toHaveText('2 done.');
  faults.push(...(await inspect(page, 'rights-dialog-bulk-done')));
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  const { id } = await rest('tenant').container('web-1');
  await rest('tenant').settled(id, 'running');
  expect((await rest('tenant').operations(`containerId=${id}&kind=backup`)).length).toBeGreaterThan(0);
  // The demo's plan holds three of each: what was made here goes again, so that the next run finds room.
  await rest('admin').settled((await rest('admin').container('web-a2')).id, 'running');
  for (const who of ['tenant-a1', 'tenant-a2'] as const) {
    const owner = await at(browser, who);
    const newest = async () => {
      const list = await owner.request.get('/api/v1/backups?limit=50');
      return ((await list.json()) as { items: { id: string; state: string }[] }).items[0];
    };
    // The container is free again before its files have been copied: the first backup of a tenant takes a while.
    await expect.poll(async () => (await newest())?.state, { timeout: 60_000 }).toBe('complete');
    const headers = { origin: new URL(owner.url()).origin };
    const gone = await owner.request.delete(`/api/v1/backups/${(await newest())?.id}`, { headers });
    expect(gone.status(), await gone.text()).toBe(202);
  }
  expect(faults).toEqual([]);
});

test('a role of its own is made, given over a label, sent again, changed, and deleted with what is lost', async ({
  browser,
}) => {
  const page = await at(browser, 'tenant');
  const faults: string[] = [];
  await page.goto('/team/roles');
  faults.push(...(await inspect(page, 'rights-roles')));
  await page.getByRole('button', { name: 'New role' }).click();
  await dialog(page).getByLabel('Name', { exact: true }).fill(role);
  await dialog(page).getByLabel('Copy of').selectOption({ label: 'Operator' });
  await expect(dialog(page).getByRole('button', { name: 'Make the role' })).toHaveAttribute('aria-disabled', 'true');
  await dialog(page).getByRole('button', { name: 'Looking only' }).click();
  await dialog(page).getByLabel('Restart containers').check();
  faults.push(...(await inspect(page, 'rights-dialog-role')));
  await dialog(page).getByRole('button', { name: 'Make the role' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByText(role).first()).toBeVisible();

  await page.goto('/team');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await dialog(page).getByLabel('E-mail').fill(invited);
  await dialog(page).getByLabel('As', { exact: true }).selectOption({ label: 'Freelancer for a group' });
  await dialog(page).getByLabel('Role', { exact: true }).selectOption({ label: role });
  await expect(dialog(page).getByRole('button', { name: 'Send the invitation' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog(page)
    .getByRole('button', { name: `Choose the label ${label}` })
    .click();
  faults.push(...(await inspect(page, 'rights-dialog-invite')));
  await dialog(page).getByRole('button', { name: 'Send the invitation' }).click();
  await expect(row(page, invited)).toContainText(`${role} of containers labelled ${label}`);
  await row(page, invited)
    .getByRole('button', { name: /^Send again/ })
    .click();
  await expect(page.getByText('A new link is on its way')).toBeVisible();

  // The last owner: said beside the name, and why at the button.
  const owner = row(page, 'last owner');
  await expect(owner).toHaveCount(1);
  await expect(owner.getByRole('button', { name: /^Remove/ })).toHaveAttribute('aria-disabled', 'true');
  await expect(owner.getByText('Make somebody else an owner first.')).toHaveCount(1);
  await owner.getByRole('button', { name: /^Change the roles/ }).click();
  await dialog(page).getByLabel('Role', { exact: true }).selectOption({ label: 'Viewer' });
  await expect(dialog(page).getByRole('button', { name: 'Change', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog(page).getByRole('button', { name: 'Not now' }).click();

  // Another role and what it is over, by keyboard.
  const viewer = row(page, 'Demo viewer A1');
  await viewer.getByRole('button', { name: /^Change the roles/ }).click();
  await dialog(page).getByLabel('Over', { exact: true }).selectOption('container');
  await dialog(page).getByLabel('Container', { exact: true }).selectOption({ label: 'web-1' });
  faults.push(...(await inspect(page, 'rights-dialog-member')));
  await dialog(page).getByRole('button', { name: 'Change', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(viewer).toContainText('Viewer of web-1');
  faults.push(...(await inspect(page, 'rights-team')));

  await page.goto('/team/roles');
  await page.getByRole('button', { name: `Change the role ${role}` }).click();
  await dialog(page).getByLabel('In a sentence').fill('Restarts what hangs.');
  await dialog(page).getByRole('button', { name: 'Change the role' }).click();
  await expect(page.getByText('Restarts what hangs.').first()).toBeVisible();
  await page.getByRole('button', { name: `Delete the role ${role}` }).click();
  await expect(dialog(page)).toContainText('1 open invitation of it is taken back');
  faults.push(...(await inspect(page, 'rights-dialog-role-delete')));
  await dialog(page).getByRole('button', { name: 'Delete the role' }).click();
  // Behind the open dialog nothing is to be found, whether it is gone or not.
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Delete the role ${role}` })).toHaveCount(0);
  await page.goto('/team');
  await expect(row(page, invited)).toHaveCount(0);
  expect(faults).toEqual([]);
});

test('why not, and who can: for those who may know', async ({ browser }) => {
  const faults: string[] = [];
  const { id } = await rest('tenant').container('web-1');
  const viewer = await at(browser, 'viewer-a1');
  await viewer.goto(`/containers/${id}/console`);
  await expect(viewer.getByText('No console for you here')).toBeVisible();
  await expect(viewer.getByText('No role allows it here. There is: Viewer over web-1.')).toBeVisible();
  faults.push(...(await inspect(viewer, 'rights-denied')));
  await viewer.getByRole('button', { name: 'More actions for web-1' }).click();
  await viewer.getByRole('menuitem', { name: 'Why can’t I…?' }).click();
  await expect(dialog(viewer)).toContainText('You cannot now.');
  await dialog(viewer).getByLabel('What you want to do').selectOption({ label: 'See containers and their usage' });
  await expect(dialog(viewer)).toContainText('You can.');
  faults.push(...(await inspect(viewer, 'rights-dialog-why')));
  // What one may not know of is not there, also for the question.
  const strangers = await viewer.goto('/containers/01890000-0000-7000-8000-000000000000/console');
  expect(strangers?.status()).toBe(404);

  const admin = await at(browser, 'admin');
  await admin.goto('/admin/who');
  await admin.getByLabel('Who can').selectOption({ label: 'Open a console' });
  await admin.getByLabel('at the container').fill('web-1');
  await admin.keyboard.press('Enter');
  await expect(row(admin, world().tenant.email)).toContainText('Owner');
  await expect(row(admin, world().admin.email)).toHaveCount(0);
  faults.push(...(await inspect(admin, 'rights-who')));
  expect(faults).toEqual([]);
});

test('a reseller sees its own people and what they may be, and gives nothing it lacks', async ({ browser }) => {
  const page = await at(browser, 'reseller-a');
  const faults: string[] = [];
  await page.getByRole('link', { name: 'Team' }).first().click();
  await expect(row(page, 'Demo reseller A')).toContainText('last owner');
  faults.push(...(await inspect(page, 'rights-reseller-team')));
  await page.getByRole('link', { name: 'Roles', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Roles' })).toBeVisible();
  faults.push(...(await inspect(page, 'rights-reseller-roles')));
  // In a tenant's team: what looks inside is more than a reseller may.
  const tenantId = demo().tenantId;
  await page.goto(`/team?tenant=${tenantId}`);
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const roles = dialog(page).getByLabel('Role', { exact: true });
  await expect(roles.locator('option', { hasText: 'Operator (more than you may)' })).toBeDisabled();
  await expect(roles.locator('option', { hasText: 'Viewer' })).toBeEnabled();
  faults.push(...(await inspect(page, 'rights-reseller-invites')));
  expect(faults).toEqual([]);
});

test('a hold: put with a message, seen on every page of those it binds, lifted by its own owner', async ({
  browser,
}) => {
  const faults: string[] = [];
  const tenantId = demo().more?.accounts.a2?.tenantId ?? '';
  const { id } = await rest('admin').container('web-a2');
  const reseller = await at(browser, 'reseller-a');
  await reseller.goto(`/admin/tenants/${tenantId}`);
  await reseller.getByRole('button', { name: 'Put on hold…' }).click();
  await dialog(reseller).getByLabel('Message to its people').fill('Invoice 4711 is open since October.');
  faults.push(...(await inspect(reseller, 'rights-dialog-hold')));
  await dialog(reseller).getByRole('button', { name: 'Put on hold' }).click();
  await expect(dialog(reseller)).toHaveCount(0);
  await expect(reseller.getByText('Invoice 4711 is open since October.')).toBeVisible();
  faults.push(...(await inspect(reseller, 'rights-tenant-held')));
  await rest('admin').settled(id, 'suspended');

  const tenant = await at(browser, 'tenant-a2');
  for (const path of [
    '/containers',
    '/backups',
    '/team',
    '/account',
    `/containers/${id}`,
    `/containers/${id}/backups`,
  ]) {
    await tenant.goto(path);
    await expect(tenant.getByText(/^Your account is on hold since/)).toBeVisible();
    await expect(
      tenant.getByRole('paragraph').filter({ hasText: 'Invoice 4711 is open since October.' }),
    ).toBeVisible();
  }
  await tenant.goto('/containers');
  faults.push(...(await inspect(tenant, 'rights-held-list')));
  // Everything is in its place and says why it cannot be pressed.
  await tenant.goto(`/containers/${id}`);
  const start = tenant.getByRole('button', { name: 'Start', exact: true });
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await expect(start).toHaveAttribute('title', /Not while there is a hold/);
  faults.push(...(await inspect(tenant, 'rights-held-container')));
  await tenant.goto(`/containers/${id}/settings`);
  await expect(tenant.getByRole('button', { name: 'Set password' })).toHaveAttribute('title', /hold/);
  await tenant.goto('/team');
  await expect(tenant.getByRole('button', { name: 'Invite somebody' })).toHaveAttribute('title', /hold/);
  // Asking for help stays.
  await tenant.goto('/help');
  await expect(tenant.getByRole('button', { name: 'Ask for help' })).not.toHaveAttribute('aria-disabled', 'true');

  // The provider's own hold is not the reseller's to lift.
  const second = await rest('admin').send('POST', `/tenants/${tenantId}/holds`, { reason: 'provider', stop: false });
  expect(second.status).toBe(201);
  await reseller.reload();
  await expect(reseller.getByRole('button', { name: 'Lift the hold for Provider' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await reseller.getByRole('button', { name: 'Lift the hold for Billing' }).click();
  await expect(dialog(reseller)).toContainText('Another hold stays');
  await dialog(reseller).getByRole('button', { name: 'Lift it' }).click();
  await expect(reseller.getByText('Invoice 4711 is open since October.')).toHaveCount(0);
  await rest('admin').send('DELETE', `/tenants/${tenantId}/holds?reason=provider`);
  await rest('admin').settled(id, 'running');
  await tenant.goto('/containers');
  await expect(tenant.getByText('on hold since')).toHaveCount(0);

  // One container: its own page says it all, the others that there is one.
  await rest('admin').send('POST', `/containers/${id}/holds`, {
    reason: 'abuse',
    message: 'It sends spam.',
    stop: false,
  });
  await tenant.goto(`/containers/${id}`);
  await expect(tenant.getByText('It sends spam.')).toHaveCount(1);
  await tenant.goto('/containers');
  await expect(tenant.getByText('A container is on hold')).toBeVisible();
  await rest('admin').send('DELETE', `/containers/${id}/holds?reason=abuse`);
  expect(Container.parse((await rest('admin').send('GET', `/containers/${id}`)).body).holds).toEqual([]);
  expect(faults).toEqual([]);
});
