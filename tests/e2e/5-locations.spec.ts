/** Where backups go: added, told apart, chosen, changed and removed by hand; what one signs in with is never shown again. */
import type { BrowserContext, Page } from '@playwright/test';
import { page as pageOf } from '#lib/contract/lists.ts';
import { BackupLocation } from '#lib/contract/locations.ts';
import { inspect } from './inspect.ts';
import { expect, rest, signIn, test, world } from './world.ts';

test.describe.configure({ mode: 'serial' });

const suffix = Date.now().toString(36);
const secret = `not to be seen again ${suffix}`;

for (const who of ['admin', 'tenant'] as const) {
  test.describe(`as ${who}`, () => {
    let context: BrowserContext;
    let page: Page;
    const name = `${who === 'admin' ? 'Vault' : 'Our bucket'} ${suffix}`;
    const path = who === 'admin' ? '/admin/locations' : '/backups/locations';
    const row = () => page.getByRole('row').filter({ hasText: name });
    const item = async (label: string) => {
      await page.getByRole('button', { name: `Actions for ${name}` }).click();
      await page.getByRole('menuitem', { name: label }).click();
      return page.getByRole('dialog');
    };

    test.beforeAll(async ({ browser }) => {
      context = await browser.newContext({ baseURL: world().baseUrl, reducedMotion: 'reduce' });
      page = await context.newPage();
      await signIn(page, who);
    });
    test.afterAll(async () => context.close());

    test('what lies on the server itself is said not to be safe against its loss', async () => {
      await page.goto(path);
      const own = page.getByRole('row').filter({ hasText: 'This server' });
      await expect(own).toContainText('not safe against loss of this server');
      await expect(own).not.toContainText('elsewhere');
    });

    test('adds one; what is wrong is said beside the field', async () => {
      await page.getByRole('button', { name: 'Add location' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Kind').selectOption(who === 'admin' ? 'rest' : 's3');
      await dialog.getByLabel('Name', { exact: true }).fill(name);
      await dialog.getByLabel('Address').fill('https://somebody:secret@backup.example.test/');
      if (who === 'tenant') {
        await dialog.getByLabel('Bucket').fill('backups-of-ours');
        await dialog.getByLabel('Access key').fill('AKIDEXAMPLE');
        await dialog.getByLabel('Secret key').fill(secret);
      } else {
        await dialog.getByLabel('User name').fill('berth');
        await dialog.getByLabel('Password').fill(secret);
      }
      await dialog.getByLabel('Append-only').check();
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(dialog.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');
      await dialog.getByLabel('Address').fill('https://backup.example.test/');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(dialog).toHaveCount(0);
      await expect(row()).toContainText('elsewhere');
      await expect(row()).toContainText('Append-only');
      expect(await inspect(page, `${who}-locations-with-one`)).toEqual([]);
    });

    test('what one signs in with is nowhere: not in the page, not in what the interface answers', async () => {
      await page.reload();
      await expect(row()).toBeVisible();
      expect(await page.content()).not.toContain(secret);
      const listed = await rest(who).get('/backup-locations', pageOf(BackupLocation));
      expect(listed.items.find((one) => one.name === name)).toMatchObject({ hasCredentials: true, offsite: true });
      expect(JSON.stringify(listed)).not.toContain(secret);
    });

    test('changes it, by keyboard; leaving the fields empty keeps what is set', async () => {
      const dialog = await item('Change…');
      await expect(dialog).toContainText('Leave both empty to keep what is set.');
      await expect(dialog.locator('input[type=password]')).toHaveValue('');
      expect(await inspect(page, `${who}-dialog-location-change`)).toEqual([]);
      await dialog.getByLabel('Append-only').focus();
      await page.keyboard.press('Space');
      await dialog.getByRole('button', { name: 'Change', exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect(dialog).toHaveCount(0);
      await expect(row()).toContainText('At once');
      const listed = await rest(who).get('/backup-locations', pageOf(BackupLocation));
      expect(listed.items.find((one) => one.name === name)).toMatchObject({ hasCredentials: true, appendOnly: false });
    });

    if (who === 'tenant') {
      test('chooses it for a container, and the plan again', async () => {
        const { id } = await rest('tenant').container('web-1');
        await page.goto(`/containers/${id}/backups`);
        const choice = page.getByLabel('Location', { exact: true });
        await choice.selectOption({ label: `${name} (elsewhere)` });
        await page.getByRole('button', { name: 'Choose', exact: true }).click();
        await expect(page.getByText('The next backup goes there.')).toBeVisible();
        expect((await rest('tenant').container('web-1')).locationId).not.toBeNull();
        expect(await inspect(page, 'tenant-container-backups-with-location')).toEqual([]);
        await page.goto(path);
        const dialog = await item('Remove…');
        await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
        await expect(dialog).toContainText('Backups of "web-1" go there.');
        await page.goto(`/containers/${id}/backups`);
        await choice.selectOption({ label: 'As the plan says' });
        await page.getByRole('button', { name: 'Choose', exact: true }).click();
        await expect.poll(async () => (await rest('tenant').container('web-1')).locationId).toBeNull();
      });
    } else {
      test("a tenant's people see that it is there, and not where", async () => {
        const listed = await rest('tenant').get('/backup-locations', pageOf(BackupLocation));
        expect(listed.items.find((one) => one.name === name)).toMatchObject({ address: null, tenantId: null });
      });
    }

    test('removes it', async () => {
      await page.goto(path);
      const dialog = await item('Remove…');
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
      await expect(dialog).toHaveCount(0);
      await expect(row()).toHaveCount(0);
    });
  });
}
