/**
 * Passkeys, with Chromium's own authenticator: made, used instead of a password, bound to this panel, good once, removed. And the pages that have
 * somebody set up a second factor, because their account or role asks for one, and that then ask for it.
 */
import { type Browser, chromium, type Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { passkeyChallenges, passkeys, securityPolicy } from '#lib/db/schema/factors.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { inspect } from '#tests/e2e/inspect.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { startWeb, type TestWeb } from '#tests/support/web.ts';

const password = 'correct horse battery';
let portal: TestPortal;
let world: World;
let web: TestWeb;
let browser: Browser;
const asSuper = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  const passwordHash = await hashPassword(password);
  await asSuper((tx) => tx.update(users).set({ passwordHash }));
  // Browsers bind passkeys to names, not to addresses, and take this one without TLS.
  web = await startWeb(portal.pg, { migrate: false, host: 'localhost' });
  browser = await chromium.launch({
    executablePath: process.env.BERTH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await portal?.stop();
});

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ baseURL: web.baseUrl, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  return page;
}
async function byPassword(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in?next=/account/security');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
/** A request as the page itself sends it. */
const post = (page: Page, path: string, body: unknown) =>
  page.evaluate(
    async ([path, body]) => {
      const answer = await fetch(`/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      return { status: answer.status, code: text === '' ? null : (JSON.parse(text) as { code?: string }).code };
    },
    [path, body] as const,
  );

it('is made in the browser, signs in by itself once for each challenge, and is removed by the password', async () => {
  const { email, id: userId } = world.people.ownerA;
  const page = await newPage();
  await byPassword(page, email);
  const name = page.getByLabel('What you call it');
  // On a busy machine a page is there for a while before it answers.
  for (const add = page.getByRole('button', { name: 'Add a passkey' }); !(await name.isVisible()); ) {
    await add.click({ timeout: 1000 }).catch(() => undefined);
    await page.waitForTimeout(500);
  }
  await name.fill('my laptop');
  const adding = page.waitForRequest((request) => request.url().endsWith('/api/v1/me/passkeys'));
  await page.getByRole('button', { name: 'Go on' }).click();
  const added: unknown = (await adding).postDataJSON();
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await codes.last().waitFor();
  const [recovery = ''] = await codes.allTextContents();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('button', { name: 'Remove the passkey my laptop' }).waitFor();
  const [row] = await asSuper((tx) => tx.select().from(passkeys));
  expect(row).toMatchObject({ userId, name: 'my laptop', rpId: 'localhost' });
  // The browser's answer was for one challenge, of one person.
  expect(await post(page, '/me/passkeys', added)).toMatchObject({ status: 422, code: 'invalid' });
  const other = await newPage();
  await byPassword(other, world.people.ownerB.email);
  await other.getByRole('button', { name: 'Add a passkey' }).waitFor();
  expect(await post(other, '/me/passkeys', added)).toMatchObject({ status: 422, code: 'invalid' });

  // It is a second factor: the password alone does no more; a recovery code beside it does.
  await page.context().clearCookies();
  const both = { email, password };
  expect(await post(page, '/session', both)).toEqual({ status: 401, code: 'second_factor_required' });
  expect(await post(page, '/session', { ...both, code: recovery })).toEqual({ status: 204, code: null });
  await page.context().clearCookies();

  await page.goto('/sign-in?next=/account/security');
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/v1/session/passkey'));
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  const shown = (await sent).postDataJSON() as { response: { response: { clientDataJSON: string } } };
  await page.getByRole('button', { name: 'Remove the passkey my laptop' }).waitFor();
  await page
    .getByText('used less than a minute ago')
    .or(page.getByText(/used (just now|\d+ s)/))
    .first()
    .waitFor();

  // What was shown once is worth nothing again, nor when it says another site or another challenge.
  await page.context().clearCookies();
  expect(await post(page, '/session/passkey', shown)).toEqual({ status: 401, code: 'unauthenticated' });
  const client = JSON.parse(Buffer.from(shown.response.response.clientDataJSON, 'base64url').toString()) as object;
  for (const change of [{ origin: 'https://evil.test' }, { challenge: 'AAAA' }]) {
    const clientDataJSON = Buffer.from(JSON.stringify({ ...client, ...change })).toString('base64url');
    const forged = { response: { ...shown.response, response: { ...shown.response.response, clientDataJSON } } };
    expect(await post(page, '/session/passkey', forged)).toEqual({ status: 401, code: 'unauthenticated' });
  }
  expect(await post(page, '/session/passkey', { response: { id: 'none' } })).toMatchObject({ status: 401 });
  expect((await page.context().cookies()).filter(({ name }) => name === 'berth-session')).toEqual([]);
  const tries = await asSuper((tx) => tx.select().from(auditLog).where(eq(auditLog.targetId, userId)));
  expect(tries.filter((one) => one.detail.by === 'passkey').map((one) => one.outcome)).toEqual([
    'allowed',
    ...Array(3).fill('denied'),
  ]);
  // Its device cannot be asked for somebody else's: nobody there has one.
  await other.context().clearCookies();
  await other.goto('/sign-in');
  await other.getByRole('button', { name: 'Use a passkey' }).click();
  await other.getByText('The device gave no passkey').waitFor();

  await page.goto('/sign-in?next=/account/security');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('button', { name: 'Remove the passkey my laptop' }).click();
  await page.getByLabel('Password').fill('wrong password');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('The present password is not right.').waitFor();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('my laptop was removed.').waitFor();
  expect(await asSuper((tx) => tx.select().from(passkeys))).toEqual([]);
  await page.context().clearCookies();
  expect(await post(page, '/session/passkey', shown)).toMatchObject({ status: 401 });
  expect(await post(page, '/session', both)).toEqual({ status: 204, code: null });
  const mails = await asSuper((tx) => tx.select().from(outbox).where(eq(outbox.recipient, email)));
  expect(mails.map((mail) => mail.subject)).toEqual(
    expect.arrayContaining(['A passkey was added', 'A passkey was removed']),
  );
  // Challenges that were answered are gone.
  const left = await asSuper((tx) => tx.select().from(passkeyChallenges));
  expect(left.every((one) => one.purpose === 'sign-in')).toBe(true);
});

it('is asked for by the account or a role: nothing else is open until there is one, and the next sign-in asks for it', async () => {
  const faults: string[] = [];
  const look = async (page: Page, name: string) => void faults.push(...(await inspect(page, `asked-${name}`)));
  await asSuper(async (tx) => {
    await tx.update(tenants).set({ requireFactor: true }).where(eq(tenants.id, world.ids.b));
    const asked = { factorRoles: ['provider-admin' as const] };
    await tx.insert(securityPolicy).values(asked).onConflictDoUpdate({ target: securityPolicy.one, set: asked });
  });

  // By the account, of its owner: a passkey.
  const owner = await newPage();
  await byPassword(owner, world.people.ownerB.email);
  await owner.getByText('A second factor is asked for by').waitFor();
  expect(new URL(owner.url()).pathname).toBe('/second-factor');
  for (const path of ['/containers', '/account', '/team']) {
    await owner.goto(path);
    await owner.waitForURL(`**/second-factor?next=${encodeURIComponent(path)}`);
  }
  expect((await owner.request.get('/api/v1/containers')).status()).toBe(403);
  await owner.goto('/account/security');
  await owner.waitForURL('**/second-factor*');
  await look(owner, 'by-account');
  await owner.getByRole('button', { name: 'Add a passkey' }).click();
  await look(owner, 'passkey');
  // Dismissed, one may still choose the other.
  await owner.getByRole('button', { name: 'Not now' }).click();
  await owner.getByRole('button', { name: 'I have one' }).waitFor();
  await owner.getByRole('button', { name: 'Add a passkey' }).click();
  await owner.getByRole('button', { name: 'Go on' }).click();
  await owner.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await look(owner, 'passkey-codes');
  await owner.getByRole('button', { name: 'I have kept them' }).click();
  await owner.waitForURL('**/account/security');
  await owner.getByText('Asked of you by').waitFor();
  await owner.context().clearCookies();
  await byPassword(owner, world.people.ownerB.email);
  await owner.getByLabel('Code', { exact: true }).waitFor();
  await look(owner, 'code-or-passkey');
  await owner.getByRole('button', { name: 'Use a passkey' }).click();
  await owner.getByRole('button', { name: /^Remove the passkey/ }).waitFor();

  // By a role, of who has it: an app.
  const admin = await newPage();
  await byPassword(admin, world.people.admin.email);
  await admin.getByText('A second factor is asked for by your role').waitFor();
  await look(admin, 'by-role');
  await admin.getByRole('button', { name: 'I have one' }).click();
  await admin.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  expect(await admin.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0);
  await look(admin, 'scan');
  const secret = Secret.fromBase32(((await admin.locator('code').textContent()) ?? '').trim());
  const app = new TOTP({ secret, digits: 6, period: 30 });
  await admin.getByLabel('Code', { exact: true }).fill('000000');
  await admin.getByRole('button', { name: 'Confirm' }).click();
  await admin.getByText('The code is not right').waitFor();
  await look(admin, 'scan-wrong');
  await admin.getByLabel('Code', { exact: true }).fill(app.generate());
  await admin.getByRole('button', { name: 'Confirm' }).click();
  await look(admin, 'app-codes');
  await admin.getByRole('button', { name: 'I have kept them' }).click();
  await admin.waitForURL('**/account/security');
  expect(faults).toEqual([]);
}, 300_000);
