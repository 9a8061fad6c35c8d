/** A tenant sees that backups are whole and come back: a backup with commands around it, read back, tested, the proof looked at. */
import type { Locator, Page } from '@playwright/test';
import { inspect } from './inspect.ts';
import { expect, rest, signIn, test } from './world.ts';

const longMs = 120_000;
const api = rest('tenant');

const rowMenu = async (page: Page, row: Locator, item: RegExp) => {
  await row.getByRole('button', { name: /^Actions for the backup/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

test('a backup is proved to be whole, and to come back', async ({ page }) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const { id } = await api.container('web-1');
  await signIn(page, 'tenant', `/containers/${id}/backups`);
  await page.goto(`/containers/${id}/backups`);

  await page.getByRole('button', { name: 'Tests and commands…' }).click();
  await page.getByLabel('Probe in the restored container (optional)').fill('test\n-e\n/etc/hostname');
  await page.getByLabel('Before each backup (optional)').fill('echo\nheld still');
  await page.getByLabel('After each backup (optional)').fill('echo\nlet go');
  faults.push(...(await inspect(page, 'proof-dialog-care')));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Before each backup echo held still runs inside')).toBeVisible();

  const { status } = await api.send('POST', `/containers/${id}/backups`, { note: 'proved' });
  expect(status).toBe(202);
  const row = page.getByRole('row').filter({ hasText: '“proved”' }).first();
  await expect(row).toContainText('Complete', { timeout: longMs });
  await expect(row).toContainText('whole, read back');
  await rowMenu(page, row, /^What its commands printed/);
  await expect(page.getByRole('dialog')).toContainText('held still');
  await expect(page.getByRole('dialog')).toContainText('let go');
  faults.push(...(await inspect(page, 'proof-dialog-commands')));
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Read all back now' }).click();
  await expect
    .poll(async () => (await api.operations('limit=20')).find((one) => one.kind === 'backup-check')?.state, {
      timeout: longMs,
    })
    .toBe('succeeded');

  await rowMenu(page, row, /^Test this backup now/);
  faults.push(...(await inspect(page, 'proof-dialog-test')));
  await page.getByRole('button', { name: 'Test it' }).click();
  const mark = row.getByRole('button', { name: /^Restore tested/ });
  await expect(mark).toBeVisible({ timeout: longMs });
  faults.push(...(await inspect(page, 'proof-page')));
  await mark.click();
  await expect(page.getByRole('dialog')).toContainText('The probe ended with exit code 0');
  await expect(page.getByRole('dialog')).toContainText('The end of its console');
  faults.push(...(await inspect(page, 'proof-dialog-report')));
  expect(faults).toEqual([]);
});
