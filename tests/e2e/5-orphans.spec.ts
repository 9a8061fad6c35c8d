/** A container that the panel has forgotten, as after a restore of an older copy: its host keeps it, an administrator adopts it. */
import { inspect } from './inspect.ts';
import { asSuperuser } from './people.ts';
import { expect, newContainer, removeContainer, rest, signIn, test } from './world.ts';

const admin = rest('admin');
const name = `drifter-${Date.now().toString(36)}`;

test('is shown with its host, and becomes a container again', async ({ page }) => {
  test.setTimeout(240_000);
  const { id } = await newContainer(name, 'Small');
  // Nobody of Berth's could forget a container.
  asSuperuser(`delete from operations where container_id = '${id}'; delete from containers where id = '${id}'`);

  await signIn(page, 'admin', '/admin/hosts');
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText('orphaned', { timeout: 1000 });
  }).toPass({ timeout: 90_000 });
  await expect(row).toContainText('running');
  expect(await inspect(page, 'admin-orphans')).toEqual([]);

  await row.getByRole('button', { name: 'Adopt…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Plan')).toBeVisible();
  expect(await inspect(page, 'admin-orphans-adopt')).toEqual([]);
  await dialog.getByRole('button', { name: 'Adopt', exact: true }).click();
  await expect(row).toBeHidden();
  const status = async () => (await admin.send('GET', `/containers/${id}`)).status;
  await expect.poll(status, { timeout: 30_000 }).toBe(200);
  await admin.settled(id, 'running');
  await removeContainer(id);
});
