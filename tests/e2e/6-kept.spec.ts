/** What stays when something is broken off or deleted: an upload that a reload cut off, and the files in a deleted container's backups. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backup } from '#lib/contract/backups.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { Operation } from '#lib/contract/operations.ts';
import { ImportUpload } from '#lib/contract/transfers.ts';
import { inspect } from './inspect.ts';
import { expect, rest, signIn, test } from './world.ts';

const [tenant, admin] = [rest('tenant'), rest('admin')];
const megabyte = 1024 ** 2;

test('an import that a reload cut off goes on with the same file, and is given up by a button', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-kept-'));
  const file = join(folder, 'shop.tar');
  writeFileSync(file, randomBytes(9 * megabyte));
  await signIn(page, 'tenant', '/containers');
  const dialog = page.getByRole('dialog');
  const ask = async () => {
    await page.getByRole('button', { name: 'Import…' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('web-1');
    await dialog.getByLabel('File', { exact: true }).setInputFiles(file);
  };
  const offsets: number[] = [];
  let held = true;
  await page.route('**/imports/*/content*', async (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get('offset'));
    // The second piece does not get through before the page is gone.
    if (held && offset > 0) return;
    offsets.push(offset);
    await route.continue();
  });
  await ask();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  const begun = async () => (await tenant.get('/imports', pageOf(ImportUpload))).items.map((one) => one.receivedBytes);
  await expect.poll(begun, { timeout: 30_000 }).toEqual([8 * megabyte]);
  await page.reload();
  held = false;

  await ask();
  const left = dialog.getByRole('region', { name: 'Uploads that were cut off' });
  await expect(left).toContainText('shop.tar');
  await expect(left).toContainText('8 MB of 9 MB');
  const faults = await inspect(page, 'tenant-import-goes-on');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  // Refused in the end, it need not be sent again; nor is it wanted any more.
  await expect(dialog.getByRole('alert')).toContainText('There is a container of this name', { timeout: 30_000 });
  expect(offsets).toEqual([0, 8 * megabyte]);
  await expect(left).toContainText('9 MB of 9 MB');
  await left.getByRole('button', { name: 'Give up' }).click();
  await expect(left).toBeHidden();
  expect(faults).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a file is fetched out of the backup of a deleted container', async ({ page }) => {
  test.setTimeout(300_000);
  const { tenantId, planId, template } = await tenant.container('web-1');
  const plain = { tenantId, planId, templateId: template.id };
  const made = await admin.send('POST', '/containers', { name: 'kept-files', ...plain });
  const id = String(Operation.parse(made.body).containerId);
  await tenant.settled(id, 'running', 120_000);
  await tenant.inside(id, 'echo still here > /root/kept');
  expect((await tenant.send('POST', `/containers/${id}/backups`, { name: 'last' })).status).toBe(202);
  const newest = async () => (await tenant.get(`/containers/${id}/backups`, pageOf(Backup))).items[0];
  await expect.poll(async () => (await newest())?.state, { timeout: 120_000 }).toBe('complete');
  await tenant.settled(id, 'running');
  expect((await admin.send('DELETE', `/containers/${id}`)).status).toBe(202);
  const deleted = async () => (await tenant.send('GET', `/containers/${id}`)).body as { state: string };
  await expect.poll(async () => (await deleted()).state, { timeout: 60_000 }).toBe('deleted');

  await signIn(page, 'tenant', '/containers');
  const faults = await inspect(page, 'tenant-recently-deleted');
  await page.getByRole('listitem').filter({ hasText: 'kept-files' }).getByRole('link', { name: 'Backups' }).click();
  await page.getByRole('row', { name: /last/ }).getByRole('link', { name: 'Files' }).click();
  await page.getByRole('button', { name: 'root, folder' }).click({ timeout: 40_000 });
  faults.push(...(await inspect(page, 'tenant-deleted-backup-files')));
  await page.getByRole('button', { name: 'kept', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('still here');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Compare' })).toHaveCount(0);
  expect(faults).toEqual([]);
});
