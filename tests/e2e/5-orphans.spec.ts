/** A container that the panel has forgotten, as after a restore of an older copy: its host keeps it, an administrator adopts it. */
import { z } from 'zod';
import { page as pageOf } from '#lib/contract/lists.ts';
import { Plan } from '#lib/contract/plans.ts';
import { Template } from '#lib/contract/templates.ts';
import { Tenant } from '#lib/contract/tenants.ts';
import { inspect } from './inspect.ts';
import { asSuperuser } from './people.ts';
import { expect, rest, signIn, test } from './world.ts';

const admin = rest('admin');
const name = `drifter-${Date.now().toString(36)}`;

test('is shown with its host, and becomes a container again', async ({ page }) => {
  test.setTimeout(240_000);
  const [{ items: plans }, { items: templates }, { items: tenants }] = await Promise.all([
    admin.get('/plans', pageOf(Plan)),
    admin.get('/templates', pageOf(Template)),
    admin.get('/tenants', pageOf(Tenant)),
  ]);
  const planId = plans.find((plan) => plan.name === 'Small')?.id;
  const templateId = templates.find((template) => template.name === 'tiny')?.id;
  const created = await admin.send('POST', '/containers', { name, planId, templateId, tenantId: tenants[0]?.id });
  const { containerId: id } = z.object({ containerId: z.string() }).parse(created.body);
  await admin.settled(id, 'running');
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

  await admin.send('POST', `/containers/${id}/kill`);
  await admin.settled(id, 'stopped');
  expect((await admin.send('DELETE', `/containers/${id}`)).status).toBe(202);
  // Deleted, or gone altogether where the plan keeps nothing of what is.
  const left = async () => {
    const { status: answered, body } = await admin.send('GET', `/containers/${id}`);
    return answered === 404 ? 'deleted' : (body as { state?: string }).state;
  };
  await expect.poll(left, { timeout: 60_000 }).toBe('deleted');
});
