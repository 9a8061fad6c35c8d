/** Sign-in by OpenID Connect in a browser, from setting it up to being asked again; the whole of the web process and a real provider. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { withActor } from '#lib/db/client.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { users } from '#lib/db/schema/users.ts';
import { inspect } from '#tests/e2e/inspect.ts';
import { type IdentityServer, startIdentityServer } from '#tests/support/identity-server.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { startWeb, type TestWeb } from '#tests/support/web.ts';

const password = 'correct horse battery';
const clientSecret = 'what only the two of us know';
let portal: TestPortal;
let world: World;
let web: TestWeb;
let server: IdentityServer;
let browser: Browser;
const scratch = mkdtempSync(join(tmpdir(), 'berth-identity-'));

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  const passwordHash = await hashPassword(password);
  await withActor(portal.super, systemActor('test'), (tx) => tx.update(users).set({ passwordHash }));
  server = await startIdentityServer('127.0.0.1');
  const caFile = join(scratch, 'ca.pem');
  writeFileSync(caFile, server.ca);
  web = await startWeb(portal.pg, { migrate: false, host: 'localhost', caFile });
  const redirect_uris = [`${web.baseUrl}/api/v1/session/provider-answer`];
  server.serve([{ client_id: 'panel', client_secret: clientSecret, redirect_uris, application_type: 'native' }]);
  browser = await chromium.launch({
    executablePath: process.env.BERTH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await server?.stop();
  await portal?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ baseURL: web.baseUrl, reducedMotion: 'reduce', ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

it('is set up, tried, signed in by, and asked again', async () => {
  const faults: string[] = [];
  const look = async (page: Page, name: string) => faults.push(...(await inspect(page, `identity-${name}`)));
  const page = await newPage();
  await page.goto('/sign-in?next=/admin/security');
  await page.getByLabel('E-mail').fill(world.people.admin.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByLabel('Name on the button').fill('Corporate');
  await page.getByLabel('Issuer').fill(server.issuer);
  await page.getByLabel('Client id').fill('panel');
  await page.getByLabel('Client secret').fill(clientSecret);
  await page.getByLabel('Scopes').fill('openid email profile groups');
  await page.getByLabel('Claim with the groups').fill('groups');
  await page.getByRole('button', { name: 'Add a group' }).click();
  await page.getByLabel('Group', { exact: true }).fill('readers');
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Auditor' });
  await page.getByLabel('People without an account here').selectOption('make');
  await page.getByText('It may be on a private network').click();
  await look(page, 'form');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Corporate was added. Now try it.').waitFor();

  server.state.people.set('ada', { email: 'ada@corp.test', emailVerified: true, name: 'Ada', groups: ['readers'] });
  server.state.subject = 'ada';
  await page.getByRole('button', { name: 'Try Corporate' }).click();
  await page.getByText('It works').waitFor();
  await page.getByText('Roles that follow: Auditor').waitFor();
  await look(page, 'providers');
  const made = await withActor(portal.super, systemActor('test'), (tx) => tx.select().from(users));
  expect(made.map((one) => one.email)).not.toContain('ada@corp.test');

  // Somebody else, in a browser of their own.
  const other = await newPage();
  await other.goto('/sign-in?next=/account');
  await look(other, 'sign-in');
  await other.getByRole('button', { name: 'Sign in with Corporate' }).click();
  await other.waitForURL('**/account');
  await other.getByText('ada@corp.test').first().waitFor();
  const cookies = await other.context().cookies(web.baseUrl);
  expect(cookies.find(({ name }) => name === 'berth-session')).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

  // Without a password, what asks again is answered by signing in anew; what was pressed then happens.
  await other.getByRole('button', { name: 'New token' }).click();
  await other.getByLabel('What it is for').fill('by ada');
  await other.getByRole('button', { name: 'Make the token' }).click();
  const again = other.getByRole('button', { name: 'Sign in again with Corporate' });
  await again.waitFor();
  await look(other, 'step-up');
  const [popup] = await Promise.all([other.waitForEvent('popup'), again.click()]);
  if (!popup.isClosed()) await popup.waitForEvent('close');
  await expect
    .poll(() => withActor(portal.super, systemActor('test'), (tx) => tx.select().from(apiTokens)), { timeout: 15_000 })
    .toMatchObject([{ name: 'by ada' }]);

  // Refused, whatever the reason, in the same words.
  server.state.people.set('eve', { email: 'eve@corp.test', emailVerified: false, groups: ['readers'] });
  server.state.subject = 'eve';
  const third = await newPage();
  await third.goto('/sign-in');
  await third.getByRole('button', { name: 'Sign in with Corporate' }).click();
  await third.getByText('That sign-in does not open an account here.').waitFor();
  await look(third, 'refused');
  await third.goto('/sign-in?provider=code');
  await look(third, 'code');
  await third.goto('/proved?provider=refused');
  await look(third, 'proved');
  await other.goto('/account/security');
  await other.getByRole('button', { name: 'Disconnect Corporate' }).waitFor();
  await look(other, 'account');
  expect(faults).toEqual([]);
}, 300_000);
