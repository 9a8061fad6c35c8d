/** People of the demo at browsers of their own, and what reaches them outside of these. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { statePaths } from '#lib/settings.ts';
import type { DemoName } from '#server/setup/demo-names.ts';
import { Demo } from '#server/setup/seed.ts';
import { inspect } from './inspect.ts';
import { expect, mainMenu, world } from './world.ts';

export type Account = { email: string; password: string };
export const phone = { width: 390, height: 844 };

export function demo(): Demo {
  return Demo.parse(JSON.parse(readFileSync(statePaths(world().stateDir).demo, 'utf8')));
}
export function account(who: DemoName): Account {
  if (who === 'admin') return world().admin;
  if (who === 'tenant' || who === 'tenant-a1') return world().tenant;
  const found = demo().more?.people[who];
  if (found === undefined) throw new Error(`there is no ${who}`);
  return found;
}

const open: BrowserContext[] = [];
/** A page in a browser that nobody else uses. {@link leave} closes it. */
export async function newBrowser(browser: Browser, kind: 'desk' | 'phone' = 'desk', baseURL = world().baseUrl) {
  const small = { viewport: phone, hasTouch: true, isMobile: true };
  const context = await browser.newContext({ baseURL, reducedMotion: 'reduce', ...(kind === 'phone' ? small : {}) });
  open.push(context);
  return await context.newPage();
}
export async function leave(): Promise<void> {
  for (const context of open.splice(0)) await context.close();
}

/** Fills the form that is open now, and waits for the first page behind it. */
export async function signInAs(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(mainMenu(page)).toBeVisible({ timeout: 30_000 });
}
/** Somebody at a browser of their own, signed in. */
export async function at(browser: Browser, who: DemoName, kind: 'desk' | 'phone' = 'desk'): Promise<Page> {
  const page = await newBrowser(browser, kind);
  await page.goto('/');
  await signInAs(page, account(who));
  return page;
}

/** What {@link inspect} finds wrong with what is open now; the window is afterwards what it was. */
export async function lookedAt(page: Page, name: string): Promise<string[]> {
  const size = page.viewportSize();
  const faults = await inspect(page, name);
  if (size !== null) await page.setViewportSize(size);
  return faults;
}

/** Runs a shell command inside as whoever is signed in at this page; gives what it printed. */
export async function insideBy(page: Page, id: string, command: string): Promise<string> {
  const answer = await page.request.post(`/api/v1/containers/${id}/exec`, {
    headers: { origin: new URL(page.url()).origin },
    data: { argv: ['sh', '-c', command] },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { stdout: string }).stdout.trim();
}

/** As PostgreSQL's superuser, whom row-level security does not bind; gives what was selected. */
export function asSuperuser(sql: string): string {
  const sockets = join(world().stateDir, 'run', 'postgres');
  const port = readdirSync(sockets)
    .find((file) => /^\.s\.PGSQL\.\d+$/.test(file))
    ?.slice('.s.PGSQL.'.length);
  const options = ['-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-h', sockets, '-p', String(port), '-d', 'berth'];
  const psql = ['-u', 'postgres', '--', 'psql', ...options, '-c', sql];
  const { status, stdout, stderr } = spawnSync('runuser', psql, { encoding: 'utf8', cwd: '/' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

/** The newest mail to an address in whose subject a word stands, waited for: there is no mail server here, so they wait in the outbox. */
export async function mailTo(recipient: string, word: string): Promise<string> {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const wanted = `recipient = ${quoted(recipient)} and strpos(subject, ${quoted(word)}) > 0`;
  let mail = '';
  const look = () => {
    mail = asSuperuser(`select subject || E'\\n' || body from outbox where ${wanted} order by created_at desc limit 1`);
    return mail;
  };
  await expect.poll(look, { message: `a mail to ${recipient} about ${word}`, timeout: 30_000 }).not.toBe('');
  return mail;
}
/** The address in a mail that somebody clicks on. */
export function linkIn(mail: string): URL {
  const [link] = /https?:\/\/\S+/.exec(mail) ?? [];
  if (link === undefined) throw new Error(`there is no link in: ${mail}`);
  return new URL(link);
}

export const dialog = (page: Page) => page.getByRole('dialog');
export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
