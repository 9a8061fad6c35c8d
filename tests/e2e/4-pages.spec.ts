/** Every page: no finding of axe, light and dark, wide and on a phone; nothing to scroll sideways; a picture of each. */
import type { BrowserContext, Page } from '@playwright/test';
import { checkedIn, inspect, looks } from './inspect.ts';
import { pages, resellerPages, tabs } from './pages.ts';
import { at, leave } from './people.ts';
import { deeper, expect, rest, signIn, test, world } from './world.ts';

/** Those that are looked at every day: the first one meets, the fullest, a form. The others with --deep. */
const daily = new Set([
  'containers',
  'backups',
  'account',
  'admin',
  'admin/plans',
  'containers/{id}',
  'containers/{id}/files',
]);
const everyDay = (path: string) => (daily.has(path) ? test : deeper);

test('the check finds what it is for: a planted fault of each sort', async ({ page }) => {
  await page.goto('/sign-in');
  await page.evaluate(() => {
    const fault = document.createElement('p');
    fault.textContent = 'pale';
    fault.style.cssText = 'width: 3000px; color: rgb(200 200 200); background: white';
    document.querySelector('form')?.append(fault);
  });
  const faults = await inspect(page, 'planted');
  expect(faults.filter((fault) => fault.includes('color-contrast'))).toHaveLength(checkedIn('planted').length);
  expect(faults.filter((fault) => fault.includes('px wide'))).toHaveLength(looks.length);
});

test('before the sign-in', async ({ page }) => {
  const faults: string[] = [];
  for (const [name, path] of [
    ['sign-in', '/sign-in'],
    ['sign-in-refused', '/sign-in?provider=refused'],
    ['sign-in-code', '/sign-in?provider=code'],
    ['proved', '/proved?provider=refused'],
    ['forgot', '/forgot'],
    ['reset', '/reset?token=0123456789012345678901234567890123456789'],
    ['sign-in-link', '/sign-in/link?next=/containers#012345678901234567890123456789'],
    ['invitation', '/invitation?token=0123456789012345678901234567890123456789'],
    ['reference', '/reference'],
    ['not-found', '/there-is-no-such-page'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    faults.push(...(await inspect(page, name)));
  }
  expect(faults).toEqual([]);
});

test.describe('as a reseller', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await at(browser, 'reseller-a');
  });
  test.afterAll(leave);
  for (const path of resellerPages) {
    deeper(`/${path}`, async () => {
      await page.goto(`/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await inspect(page, `reseller-${path.replaceAll('/', '-')}`)).toEqual([]);
    });
  }
});

for (const who of ['tenant', 'admin'] as const) {
  test.describe(`as ${who}`, () => {
    let context: BrowserContext;
    let page: Page;
    test.beforeAll(async ({ browser }) => {
      context = await browser.newContext({ baseURL: world().baseUrl, reducedMotion: 'reduce' });
      page = await context.newPage();
      await signIn(page, who);
    });
    test.afterAll(async () => context.close());

    for (const path of pages[who]) {
      everyDay(path)(`/${path}`, async () => {
        await page.goto(`/${path}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        expect(await inspect(page, `${who}-${path.replaceAll('/', '-')}`)).toEqual([]);
      });
    }

    for (const tab of tabs[who]) {
      everyDay(`containers/{id}${tab}`)(`/containers/{id}${tab}`, async () => {
        const { id } = await rest('tenant').container('web-1');
        await page.goto(`/containers/${id}${tab}`);
        await expect(page.getByRole('heading', { level: 1, name: 'web-1' })).toBeVisible();
        if (tab === '/files') await expect(page.getByRole('button', { name: 'etc, folder' })).toBeVisible();
        if (tab === '/console') await expect(page.getByText('Connected')).toBeVisible();
        expect(await inspect(page, `${who}-container${tab.replace('/', '-')}`)).toEqual([]);
      });
    }

    test('a ticket', async () => {
      const { id: containerId } = await rest('tenant').container('web-1');
      const body = { subject: 'My site is slow', body: 'Since this morning.', containerId };
      const made = await rest('tenant').send('POST', '/tickets', body);
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      const { id } = made.body as { id: string };
      await rest('admin').send('POST', `/tickets/${id}/messages`, { body: 'Looks like the disk.', internal: true });
      await rest('admin').send('POST', `/tickets/${id}/messages`, { body: 'We look into it.' });
      await rest('admin').send('POST', `/tickets/${id}/request-access`, {
        scopes: ['files'],
        reason: 'to see the log',
      });
      await page.goto(who === 'tenant' ? `/help/${id}` : `/admin/tickets/${id}`);
      await expect(page.getByText('We look into it.')).toBeVisible();
      expect(await page.getByText('Looks like the disk.').count()).toBe(who === 'tenant' ? 0 : 1);
      const faults = await inspect(page, `${who}-ticket`);
      if (who === 'tenant') {
        // The request stands above the container, with the way to say yes and no.
        await page.goto(`/containers/${containerId}`);
        await expect(page.getByText('asks to look inside').first()).toBeVisible();
        faults.push(...(await inspect(page, 'tenant-container-consent')));
        await page.getByRole('button', { name: 'No', exact: true }).first().click();
      }
      await rest('tenant').send('POST', `/tickets/${id}/close`, {});
      expect(faults).toEqual([]);
    });

    deeper('dialogs and menus', async () => {
      test.setTimeout(480_000); // some thirty of them, each in four looks
      const faults: string[] = [];
      const { id } = await rest('tenant').container('web-1');
      const look = async (name: string, path: string, open: () => Promise<void>) => {
        await page.goto(path);
        await open();
        faults.push(...(await inspect(page, `${who}-${name}`)));
      };
      const press = (name: string | RegExp) => async () => page.getByRole('button', { name }).first().click();
      const menu = (item: RegExp) => async () => {
        await page.getByRole('button', { name: 'More actions for web-1' }).click();
        await page.getByRole('menuitem', { name: item }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      };
      await look('palette', `/containers/${id}`, async () => {
        await page.getByRole('heading', { level: 1, name: 'web-1' }).click();
        await page.keyboard.press('Control+k');
        await page.keyboard.type('web-1');
        await expect(page.getByRole('option', { name: /^web-1/ })).toBeVisible();
      });
      await look('menu', `/containers/${id}`, press('More actions for web-1'));
      if (who === 'tenant') {
        await look('dialog-backup', `/containers/${id}`, press('Back up now'));
        await look('dialog-restore', `/containers/${id}/backups`, press('Restore…'));
        await look('dialog-hand-on', `/containers/${id}/backups`, async () => {
          await press(/^Actions for the backup of/)();
          await page.getByRole('menuitem', { name: 'Hand on…' }).click();
          await expect(page.getByRole('dialog')).toBeVisible();
        });
        await look('dialog-export', `/containers/${id}/backups`, press('Export…'));
        await look('dialog-import', '/containers', async () => {
          await press('Import…')();
          await expect(page.getByLabel('Plan', { exact: true })).toBeVisible();
        });
        await look('dialog-kept', `/containers/${id}/backups`, press('How they are kept…'));
        await look('dialog-schedule', `/containers/${id}/backups`, press(/schedule…$/));
        await look('dialog-reinstall', `/containers/${id}`, menu(/^Reinstall/));
        await look('dialog-kill', `/containers/${id}`, menu(/^Kill/));
        await look('dialog-location', '/backups/locations', press('Add location'));
        await look('dialog-help', `/containers/${id}`, press('Get help'));
        await look('dialog-more', '/help', press('Ask for more'));
        await look('dialog-webhook', '/account/webhooks', press('New webhook'));
        await look('dialog-invite', '/team', press('Invite somebody'));
        await look('dialog-service-account', '/team', press('New service account'));
        await look('dialog-role', '/team/roles', press('New role'));
        await look('dialog-why', `/containers/${id}`, menu(/^Why can/));
        await look('dialog-handover', `/containers/${id}/settings`, press('Hand over…'));
        await look('dialog-forward', `/containers/${id}/network`, press('Forward a port'));
      } else {
        await look('dialog-delete', `/containers/${id}`, menu(/^Delete/));
        await look('dialog-plan', `/containers/${id}`, menu(/^Change plan/));
        await look('dialog-restore-elsewhere', `/containers/${id}/backups`, async () => {
          await press(/^Actions for the backup of/)();
          await page.getByRole('menuitem', { name: 'Restore elsewhere…' }).click();
          await expect(page.getByRole('dialog')).toBeVisible();
        });
        await look('dialog-import', '/admin/containers', async () => {
          await press('Import…')();
          await expect(page.getByLabel('Plan', { exact: true })).toBeVisible();
        });
        await look('dialog-container', '/admin/containers', async () => {
          await press('New container')();
          await expect(page.getByLabel('System', { exact: true })).toBeVisible();
        });
        await look('dialog-lost', '/admin/hosts', async () => {
          await press(/^Actions for/)();
          await page.getByRole('menuitem', { name: 'Mark as lost…' }).click();
          await expect(page.getByText('The whole host')).toBeVisible();
        });
        await look('tenant', '/admin/tenants', async () => {
          await page.getByRole('row').nth(1).getByRole('link').first().click();
          await expect(page.getByRole('heading', { name: 'Holds' })).toBeVisible();
        });
        await look('dialog-hold', `/containers/${id}`, press('Put on hold…'));
        await look('dialog-tenant', '/admin/tenants', press('New tenant'));
        await look('dialog-location', '/admin/locations', press('Add location'));
        await look('dialog-outage', '/admin/outages', press('Declare an outage'));
        await look('dialog-reseller', '/admin/resellers', press('New reseller'));
      }
      expect(faults).toEqual([]);
    });
  });
}
