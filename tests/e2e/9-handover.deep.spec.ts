/** A container goes from one customer of a reseller to another, by hand on both sides, and goes on running with its files under its new owner. */
import type { Page } from '@playwright/test';
import { inspect } from './inspect.ts';
import { account, at, insideBy, leave } from './people.ts';
import { expect, headState, newContainer, rest, signIn, test } from './world.ts';

const longMs = 120_000;
const suffix = Date.now().toString(36);
const [name, theirs, note] = [`gift-${suffix}`, `shop-${suffix}`, `For your shop, ${suffix}`];
const giver = rest('tenant');

/** A small container of the giver's with a file in it, and when its init began, as the kernel says it. */
async function gift(): Promise<{ id: string; began: string }> {
  const { id } = await newContainer(name, 'Small');
  await giver.inside(id, 'echo kept > /root/gift.txt');
  return { id, began: (await giver.inside(id, initBegan)).stdout.trim() };
}
const initBegan = 'cut -d" " -f22 /proc/1/stat';

const offerAt = (page: Page) => page.getByRole('listitem').filter({ hasText: note });

test.afterEach(leave);

test('is offered, taken over, and runs on with its files', async ({ page, browser }) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const { id, began } = await gift();

  // The giver offers it, and sees to whom.
  await signIn(page, 'tenant', `/containers/${id}/settings`);
  await page.goto(`/containers/${id}/settings`);
  await page.getByRole('button', { name: 'Hand over…' }).click();
  const offering = page.getByRole('dialog');
  await expect(offering).toContainText('Nothing changes until its owner accepts.');
  await offering.getByLabel('E-mail of the other account’s owner').fill(account('tenant-a2').email);
  await offering.getByLabel('A word to them').fill(note);
  await offering.getByLabel('The offer is good for').selectOption('3');
  faults.push(...(await inspect(page, 'handover-dialog-offer')));
  await offering.getByRole('button', { name: 'Offer it' }).click();
  await expect(page.getByText('Offered. Nothing changes before they accept.')).toBeVisible();
  await expect(page.getByText(/It is offered to/)).toContainText(account('tenant-a2').email);

  // The receiver knows of the offer, and of nothing in the container yet.
  const other = await at(browser, 'tenant-a2');
  expect((await other.request.get(`/api/v1/containers/${id}`)).status()).toBe(404);
  await other.goto('/offers');
  await expect(offerAt(other)).toContainText('Open');
  await expect(offerAt(other)).toContainText(name);
  faults.push(...(await inspect(other, 'handover-offers')));
  await offerAt(other).getByRole('button', { name: 'Take it over…' }).click();
  const taking = other.getByRole('dialog');
  await expect(taking).toContainText(`Take ${name} over`);
  await taking.getByLabel('Its name in your account').fill(theirs);
  faults.push(...(await inspect(other, 'handover-dialog-accept')));
  await taking.getByRole('button', { name: 'Take it over', exact: true }).click();
  await expect(other.getByText(`${theirs} is being taken over.`, { exact: false })).toBeVisible();
  await expect(offerAt(other)).toContainText('Handed over', { timeout: longMs });

  // It is theirs, under its new name, and was never stopped.
  await other.goto(`/containers/${id}`);
  await expect(other.getByRole('heading', { level: 1, name: theirs })).toBeVisible();
  await expect(headState(other, 'Running')).toBeVisible({ timeout: longMs });
  expect(await insideBy(other, id, `cat /root/gift.txt; ${initBegan}`)).toBe(`kept\n${began}`);
  await other.goto(`/containers/${id}/files`);
  await other.getByRole('button', { name: 'root, folder', exact: true }).click();
  await expect(other.getByRole('button', { name: 'gift.txt', exact: true })).toBeVisible();
  await other.goto('/containers');
  await expect(other.getByRole('row').filter({ hasText: theirs })).toBeVisible();

  // Of the giver's it is no more; what became of the offer is.
  expect((await giver.send('GET', `/containers/${id}`)).status).toBe(404);
  expect((await giver.send('POST', `/containers/${id}/exec`, { argv: ['true'] })).status).toBe(404);
  await page.goto('/offers');
  await expect(offerAt(page)).toContainText('Handed over');
  await expect(page.getByRole('button', { name: 'Withdraw' })).toHaveCount(0);

  // A first backup of the receiver's own is made by itself.
  await other.goto(`/containers/${id}/backups`);
  await expect(other.getByRole('row').filter({ hasText: 'Complete' }).first()).toBeVisible({ timeout: longMs });
  faults.push(...(await inspect(other, 'handover-backups')));
  expect(faults).toEqual([]);
});
