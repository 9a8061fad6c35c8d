/** Passkeys, with Chromium's own authenticator: made, used instead of a password, bound to this panel, good once, removed. */
import { type Browser, chromium, type Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { passkeyChallenges, passkeys } from '#lib/db/schema/factors.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { users } from '#lib/db/schema/users.ts';
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
  page.setDefaultTimeout(15_000);
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
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('What you call it').fill('my laptop');
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
