/** The whole of it in another language: chosen before and after the sign-in, said by pages, by the portal, and by the host. */
import type { BrowserContext, Page } from '@playwright/test';
import { german } from '#lib/language/german/all.ts';
import type { Text } from '#lib/language/text.ts';
import { inspect } from './inspect.ts';
import { pages, tabs } from './pages.ts';
import { deeper, expect, headState, rest, test, world } from './world.ts';

test.describe.configure({ mode: 'serial' });

let context: BrowserContext;
let page: Page;
const tenant = rest('tenant');
const de = (text: Text): string => german[text];

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: world().baseUrl, reducedMotion: 'reduce', locale: 'de-AT' });
  page = await context.newPage();
});
test.afterAll(async () => {
  await tenant.send('PUT', '/me/language', { language: null });
  await rest('admin').send('PUT', '/me/language', { language: null });
  await context.close();
});

/** Texts of the page that stand there in English though there is German for them. */
async function english(path: string): Promise<string[]> {
  const shown = await page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.closest('script, style, code, pre, [translate=no]') === null) {
        texts.push((node.textContent ?? '').trim());
      }
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) texts.push(element.getAttribute(name) ?? '');
    }
    return texts;
  });
  const known: Readonly<Record<string, string>> = german;
  const left = shown.filter((text) => known[text] !== undefined && known[text] !== text);
  return [...new Set(left)].map((text) => `${path}: ${text}`);
}

test('meets a browser that asks for it at the door, and lets it choose', async () => {
  await page.goto('/containers');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { level: 1, name: de('Sign in') })).toBeVisible();
  expect(await english('/sign-in')).toEqual([]);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1, name: de('Sign in') })).toBeVisible();
  expect(await inspect(page, 'german-sign-in')).toEqual([]);
});

test('says in it why a sign-in failed, and lets in', async () => {
  await page.getByLabel(de('E-mail')).fill(world().tenant.email);
  await page.getByLabel(de('Password')).fill('certainly wrong');
  await page.getByRole('button', { name: de('Sign in'), exact: true }).click();
  await expect(page.locator('form [role=alert]').first()).toContainText(/Passwort/);
  await page.getByLabel(de('Password')).fill(world().tenant.password);
  await page.getByRole('button', { name: de('Sign in'), exact: true }).click();
  await expect(page).toHaveURL(/\/containers$/);
});

test('stops and starts a container', async () => {
  const { id } = await tenant.container('web-1');
  await page.goto(`/containers/${id}`);
  await expect(headState(page, de('Running'))).toBeVisible();
  await page
    .getByRole('button', { name: de('Stop'), exact: true })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  if (await dialog.isVisible()) await dialog.getByRole('button', { name: de('Stop'), exact: true }).click();
  await expect(headState(page, de('Stopped'))).toBeVisible({ timeout: 60_000 });
  await page
    .getByRole('button', { name: de('Start'), exact: true })
    .first()
    .click();
  await expect(headState(page, de('Running'))).toBeVisible({ timeout: 60_000 });
  await tenant.settled(id, 'running');
});

test('goes with the person: into another browser, and not into what programs read', async ({ browser }) => {
  await page.goto('/account');
  await page.getByLabel(de('Read the panel and its mails in')).selectOption('de');
  await expect.poll(async () => (await tenant.send('GET', '/me')).body).toMatchObject({ language: 'de' });
  const other = await browser.newContext({ baseURL: world().baseUrl, locale: 'en-GB' });
  const there = await other.newPage();
  await there.goto('/sign-in');
  await there.getByLabel('E-mail').fill(world().tenant.email);
  await there.getByLabel('Password').fill(world().tenant.password);
  await there.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(there.getByRole('heading', { level: 1, name: de('Containers') })).toBeVisible();
  await other.close();
  const refused = await tenant.send('GET', '/containers/01900000-0000-7000-8000-000000000000');
  expect(refused.body).toMatchObject({ title: 'There is no such thing, or you may not know of it' });
});

for (const who of ['tenant', 'admin'] as const) {
  deeper(`leaves no English on any page, as ${who}`, async () => {
    test.setTimeout(300_000);
    if (who === 'admin') {
      await context.clearCookies();
      await page.goto('/sign-in');
      await page.getByLabel(de('E-mail')).fill(world().admin.email);
      await page.getByLabel(de('Password')).fill(world().admin.password);
      await page.getByRole('button', { name: de('Sign in'), exact: true }).click();
      await expect(page).toHaveURL(/\/admin$/);
    }
    const { id } = await tenant.container('web-1');
    const container = tabs[who].map((tab) => `containers/${id}${tab}`);
    const left: string[] = [];
    for (const path of [...pages[who], ...container]) {
      await page.goto(`/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      left.push(...(await english(path)));
      if (path === 'containers' || path === 'admin') left.push(...(await inspect(page, `german-${path}`)));
    }
    expect(left).toEqual([]);
  });
}
