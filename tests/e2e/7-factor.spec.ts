/** A second factor from its first day to its last: set up, asked for, lost, required, turned off; and being asked again. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { sessions } from '#lib/db/schema/sessions.ts';
import { readConfig, statePaths } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { asOwner, Demo } from '#server/setup/seed.ts';
import { inspect } from './inspect.ts';
import { expect, mainMenu, test, world } from './world.ts';

/** Nobody else's in these tests. */
const who = 'tenant-b2';

function account(): { email: string; password: string; userId: string } {
  const demo = Demo.parse(JSON.parse(readFileSync(statePaths(world().stateDir).demo, 'utf8')));
  const found = demo.more?.people[who];
  if (found === undefined) throw new Error(`there is no ${who}`);
  return found;
}

/** As if they had signed in an hour ago. */
async function anHourLater(): Promise<void> {
  const { stateDir } = world();
  const provedAt = new Date(Date.now() - 3_600_000);
  await asOwner(setupContext(readConfig(stateDir), stateDir), (tx) =>
    tx.update(sessions).set({ provedAt }).where(eq(sessions.userId, account().userId)),
  );
}

async function password(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('E-mail').fill(account().email);
  await page.getByLabel('Password').fill(account().password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
const inside = (page: Page) => expect(mainMenu(page)).toBeVisible({ timeout: 30_000 });
const dialog = (page: Page) => page.getByRole('dialog');

/** Codes of the app, none of them twice: the panel takes each step once, so the next is waited for by its clock. */
class App {
  readonly #totp: TOTP;
  #last = 0;
  constructor(base32: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(base32.trim()), digits: 6, period: 30 });
  }
  /** A clock that is one step fast is taken too: two codes need no waiting. */
  async code(): Promise<string> {
    const now = Math.floor(Date.now() / 30_000);
    const step = Math.max(now - 1, this.#last + 1);
    const wait = (step - 1) * 30_000 - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#last = step;
    return this.#totp.generate({ timestamp: step * 30_000 });
  }
}

test('a second factor is set up, asked for, lost and found, required, and turned off', async ({ page, browser }) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const look = async (name: string) => {
    faults.push(...(await inspect(page, `factor-${name}`)));
  };
  await password(page);
  await inside(page);
  await page.goto('/account');
  await page.getByRole('link', { name: 'Second factor' }).click();
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible();
  await look('none');

  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  await page.getByRole('button', { name: 'I have one' }).click();
  const qr = page.getByRole('img', { name: 'QR code for your authenticator app' });
  await expect(qr).toBeVisible();
  await look('scan');
  const app = new App((await dialog(page).locator('code').textContent()) ?? '');
  await page.getByLabel('Code', { exact: true }).fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog(page)).toContainText('is not right');
  await page.getByLabel('Code', { exact: true }).fill(await app.code());
  await page.getByRole('button', { name: 'Confirm' }).click();
  const shown = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(shown).toHaveCount(10);
  const recovery = await shown.allTextContents();
  await look('codes');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('10 recovery codes are left')).toBeVisible();
  await look('on');

  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.waitForURL(/sign-in/);
  await password(page, '/sign-in?next=/account/security');
  await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
  expect((await page.context().cookies()).filter(({ name }) => name.endsWith('berth-session'))).toEqual([]);
  await look('second-step');
  await page.getByLabel('Code', { exact: true }).fill(await app.code());
  await page.keyboard.press('Enter');
  await inside(page);
  await expect(page).toHaveURL(/account\/security/);

  // Without the phone: one recovery code, once.
  const other = await browser.newContext({ baseURL: world().baseUrl, reducedMotion: 'reduce' });
  const lost = await other.newPage();
  for (const [n, works] of [
    [0, true],
    [0, false],
  ] as const) {
    await lost.context().clearCookies();
    await password(lost);
    await lost.getByRole('button', { name: 'Lost your phone?' }).click();
    await lost.getByLabel('Recovery code').fill(recovery[n] ?? '');
    if (!works) faults.push(...(await inspect(lost, 'factor-lost')));
    await lost.keyboard.press('Enter');
    if (works) await inside(lost);
    else await expect(lost.getByText('The code is not right, or was used before.')).toBeVisible();
  }
  await other.close();

  // An hour later: a token hands out power. The dialog asks, and what was pressed happens.
  await anHourLater();
  await page.goto('/account');
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('What it is for').fill('a script');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog(page).filter({ hasText: 'Is it still you?' })).toBeVisible();
  await look('step-up');
  await page.getByLabel('Your password, or a code').fill('not the password');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('The present password is not right.')).toBeVisible();
  await page.getByLabel('Your password, or a code').fill(account().password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('It is shown only now.')).toBeVisible();
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('button', { name: 'Revoke the token a script' }).click();
  // Dismissed, nothing happens.
  await anHourLater();
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('What it is for').fill('another');
  await page.getByRole('button', { name: 'Make the token' }).click();
  const again = dialog(page).filter({ hasText: 'Is it still you?' });
  await again.getByRole('button', { name: 'Not now' }).click();
  await expect(again).toBeHidden();
  await expect(page.getByText('show again that it is you')).toBeVisible();

  // Required of the account: it cannot be turned off, and says why.
  await page.goto('/team');
  await look('team');
  await page.getByRole('button', { name: 'Require it…' }).click();
  await look('require');
  await page.getByRole('button', { name: 'Require it', exact: true }).click();
  await page.getByLabel('Your password, or a code').fill(await app.code());
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('Required of everybody here.')).toBeVisible();
  await page.goto('/account/security');
  await expect(page.getByText('Asked of you by: Tenant B2.')).toBeVisible();
  await page.goto('/team');
  await page.getByRole('button', { name: 'Require no longer…' }).click();
  await page.getByRole('button', { name: 'Require it no longer', exact: true }).click();
  await expect(page.getByText('Not required')).toBeVisible();

  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Turn off…' }).click();
  await look('off');
  await page.getByLabel('Password', { exact: true }).fill(account().password);
  await page.getByLabel('Code', { exact: true }).fill(recovery[1] ?? '');
  await page.getByRole('button', { name: 'Turn off', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible();
  expect(faults).toEqual([]);
});
