/** Backups looked into, compared and put back in part, with the real agent: what is asked for on a bad evening. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Backup } from '#lib/contract/backups.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { inspect } from './inspect.ts';
import { expect, rest, signIn, test } from './world.ts';

const tenant = rest('tenant');
const good = `the good one ${Date.now().toString(36)}`;

test('a file comes back out of a backup, after a look at what that changes', async ({ page }) => {
  test.setTimeout(300_000);
  const { id } = await tenant.container('web-1');
  await tenant.settled(id, 'running');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  await inside(
    'rm -rf /root/shop; mkdir -p /root/shop/img; echo good > /root/shop/index.php; echo a > /root/shop/img/a',
  );
  expect((await tenant.send('POST', `/containers/${id}/backups`, { name: good })).status).toBe(202);
  const newest = async () => (await tenant.get(`/containers/${id}/backups`, pageOf(Backup))).items[0];
  await expect.poll(async () => (await newest())?.state, { timeout: 120_000 }).toBe('complete');
  const backupId = z.string().parse((await newest())?.id);
  await tenant.settled(id, 'running');
  await inside('echo broken > /root/shop/index.php; rm -r /root/shop/img; echo 1 > /root/shop/fresh');

  const staff = await rest('admin').send('GET', `/backups/${backupId}/files`);
  expect(staff.status).toBe(403);

  const faults: string[] = [];
  await signIn(page, 'tenant', `/containers/${id}/backups`);
  await page
    .getByRole('row', { name: new RegExp(good) })
    .getByRole('link', { name: 'Files' })
    .click();
  await expect(page.getByRole('button', { name: 'root, folder' })).toBeVisible({ timeout: 40_000 });
  faults.push(...(await inspect(page, 'tenant-backup-files')));
  await page.getByRole('button', { name: 'root, folder' }).click();
  await page.getByRole('button', { name: 'shop, folder' }).click();
  await page.getByRole('button', { name: 'index.php', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('good');
  await page.keyboard.press('Escape');

  const menu = async (name: string, item: string) => {
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const arriving = page.waitForEvent('download');
  await menu('index.php', 'Download');
  expect(readFileSync(await (await arriving).path(), 'utf8')).toBe('good\n');

  await page.goBack();
  await menu('shop', 'Restore…');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('2 new');
  await expect(dialog).toContainText('1 replaced, what is there now goes into the trash');
  faults.push(...(await inspect(page, 'tenant-backup-restore-files')));
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(dialog).toBeHidden();
  await tenant.settled(id, 'running');
  expect(await inside('cat /root/shop/index.php /root/shop/img/a /root/shop/fresh')).toBe('good\na\n1\n');

  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('cell', { name: 'root/' })).toBeVisible({ timeout: 40_000 });
  faults.push(...(await inspect(page, 'tenant-backup-compare')));
  await page.getByRole('button', { name: 'root/' }).click();
  await page.getByRole('button', { name: 'shop/' }).click();
  await expect(page.getByRole('row', { name: /fresh/ })).toContainText('1');

  await page.goto(`/containers/${id}/backups`);
  await page
    .getByRole('row', { name: new RegExp(good) })
    .getByRole('button', { name: 'Restore…' })
    .click();
  await page.getByRole('button', { name: 'Show what would change' }).click();
  await expect(page.getByRole('dialog')).toContainText('What would change', { timeout: 40_000 });
  faults.push(...(await inspect(page, 'tenant-backup-restore-all')));
  await page.getByRole('button', { name: 'Restore all files' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await tenant.settled(id, 'running', 120_000);

  await inside('echo since > /root/since');
  await page.goto(`/containers/${id}/fix`);
  await page.getByRole('button', { name: 'Go back…' }).first().click();
  await expect(page.getByRole('dialog')).toContainText(/files? written since/);
  faults.push(...(await inspect(page, 'tenant-undo')));
  await page.getByRole('button', { name: 'Change nothing' }).click();
  expect(faults).toEqual([]);
});

test('the ladder: repair with its files, snapshots, a clone', async ({ page }) => {
  test.setTimeout(300_000);
  const { id } = await tenant.container('web-1');
  await tenant.settled(id, 'running');
  await tenant.inside(id, 'echo real > /root/real');
  const faults: string[] = [];
  await signIn(page, 'tenant', `/containers/${id}/fix`);
  const dialog = page.getByRole('dialog');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click();
  const look = async (name: string) => void faults.push(...(await inspect(page, `tenant-dialog-${name}`)));

  // Before a try, which goes wrong.
  await press('Take snapshot…');
  await dialog.getByLabel('Name (optional)').fill('before the try');
  await look('snapshot');
  await confirm('Take snapshot');
  await expect(page.getByRole('listitem').filter({ hasText: 'before the try' })).toBeVisible();
  await tenant.settled(id, 'running');
  await tenant.inside(id, 'rm /root/real');
  await page
    .getByRole('listitem')
    .filter({ hasText: 'before the try' })
    .getByRole('button', { name: 'Roll back…' })
    .click();
  await look('rollback');
  await confirm('Roll back');
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => (await tenant.operations(`containerId=${id}&kind=rollback`))[0]?.state)
    .toBe('succeeded');
  await tenant.settled(id, 'running', 120_000);
  expect((await tenant.inside(id, 'cat /root/real')).stdout).toBe('real\n');

  await press('More actions for web-1');
  await page.getByRole('menuitem', { name: 'Clone…' }).click();
  await look('clone');
  await page.keyboard.press('Escape');

  await press('Repair…');
  await look('repair');
  await confirm('Start rescue system');
  await expect(dialog.getByText('Password of the rescue system')).toBeVisible({ timeout: 60_000 });
  await look('repair-password');
  await page.keyboard.press('Escape');
  await tenant.settled(id, 'repairing', 120_000);
  await page.goto(`/containers/${id}/files?path=${encodeURIComponent(Buffer.from('/root').toString('base64'))}`);
  await expect(page.getByRole('button', { name: 'real', exact: true })).toBeVisible();
  faults.push(...(await inspect(page, 'tenant-repair-files')));
  await press('Finish repair');
  await tenant.settled(id, 'running', 120_000);
  expect(faults).toEqual([]);
});
