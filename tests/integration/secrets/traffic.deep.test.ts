/**
 * What a browser is sent, and what the web process writes down: a person signs in, goes everywhere and makes mistakes, a script asks
 * with a token; no secret of theirs or of the installation stands in any answer, address, log line or row. And a process of ours that
 * ends by a fault leaves no core file.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { withActor } from '#lib/db/client.ts';
import { users } from '#lib/db/schema/users.ts';
import { readConfig, statePaths } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { serviceDefinitions } from '#server/supervisor-services.ts';
import { Canaries, type Leak } from '#tests/support/canaries.ts';
import type { TestPortal, World } from '#tests/support/portal.ts';
import { startSite, type TestSite, type TestWeb } from '#tests/support/web.ts';

const canaries = new Canaries();
const password = canaries.plant('password');
const wrong = canaries.plant('a password that is wrong');
let site: TestSite;
let portal: TestPortal;
let world: World;
let web: TestWeb;
let browser: Browser;

beforeAll(async () => {
  site = await startSite(password);
  ({ web, portal, world } = site);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const role of ['web', 'worker'] as const) {
    const file = join(statePaths(web.stateDir).role(role), 'settings.json');
    const secrets = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    for (const [name, value] of Object.entries(secrets)) canaries.add(`${name} of ${role}`, value);
  }
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const pagesOf = (containerId: string) => ({
  tenant: [
    '/containers',
    ...['', '/backups', '/activity', '/network', '/files', '/settings', '/fix', '/console'].map(
      (part) => `/containers/${containerId}${part}`,
    ),
    '/backups',
    '/activity',
    '/account',
    '/no-such-page',
  ],
  admin: ['', '/plans', '/containers', '/audit', '/templates', '/hosts', '/operations', '/tenants'].map(
    (part) => `/admin${part}`,
  ),
});
const lists = ['/me', '/containers', '/backups', '/operations', '/templates', '/plans', '/hosts', '/tenants', '/audit'];

/** Signs in by the form, goes to every page, and gives what came, apart from the one answer that sets the cookie. */
async function walk(email: string, paths: readonly string[]): Promise<{ leaks: Leak[]; answers: number }> {
  const leaks: Leak[] = [];
  let answers = 0;
  const context = await browser.newContext();
  const page = await context.newPage();
  const reading: Promise<void>[] = [];
  const seen: { text: string; where: string }[] = [];
  page.on('console', (message) => seen.push({ text: message.text(), where: 'the console of the browser' }));
  page.on('request', (request) => seen.push({ text: request.url(), where: 'an address' }));
  page.on('response', (response) => {
    answers += 1;
    const read = async () => {
      const headers = (await response.headersArray()).filter(({ name }) => name.toLowerCase() !== 'set-cookie');
      const stream = response.headers()['content-type']?.includes('event-stream') === true;
      const body = stream ? '' : await response.text().catch(() => '');
      seen.push({ text: JSON.stringify(headers) + body, where: response.url() });
    };
    reading.push(read());
  });
  for (const typed of [wrong, password]) {
    await page.goto(`${web.baseUrl}/sign-in`, { waitUntil: 'networkidle' });
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(typed);
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/session'));
    await page.keyboard.press('Enter');
    expect((await answered).status()).toBe(typed === password ? 204 : 401);
  }
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  const cookie = (await context.cookies()).find(({ name }) => name === 'berth-session')?.value ?? '';
  expect(cookie.length).toBeGreaterThan(20);
  canaries.add(`session of ${email}`, cookie);
  for (const path of paths) {
    await page.goto(`${web.baseUrl}${path}`, { waitUntil: 'load' });
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    seen.push({ text: kept, where: `what ${path} keeps in the browser` }, { text: await page.content(), where: path });
  }
  // What still comes would be read from a page that is gone.
  page.removeAllListeners('response');
  await Promise.all(reading);
  for (const { text, where } of seen) leaks.push(...canaries.find(text, where));
  await context.close();
  return { leaks, answers };
}

it('no secret stands in what a browser or a script is sent, in a log, or in the database', async () => {
  const { id: userId } = world.people.ownerA;
  const token = await withActor(portal.web, systemActor('test'), (tx) => createApiToken(tx, userId, 'script'));
  canaries.add('token', token);
  const ids = pagesOf(world.containers.a.id);
  const tenant = await walk(world.people.ownerA.email, ids.tenant);
  const admin = await walk(world.people.admin.email, ids.admin);
  const leaks = [...tenant.leaks, ...admin.leaks];
  let asked = 0;
  for (const path of [...lists, '/nothing', '/containers/none', `/containers/${world.containers.a.id}`]) {
    const answer = await fetch(`${web.baseUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    leaks.push(...canaries.find(JSON.stringify([...answer.headers]) + (await answer.text()), `GET ${path}`));
    asked += 1;
  }
  const bad = await fetch(`${web.baseUrl}/api/v1/containers`, {
    method: 'POST',
    body: `{"rootPassword": "${password}", `,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  leaks.push(...canaries.find(await bad.text(), 'the answer to a broken body'));
  leaks.push(...canaries.find(web.log(), "the web's log"));
  const database = await canaries.findInDatabase(portal.pg.superUrl);
  leaks.push(...database.leaks);
  console.log(
    `0 wanted, ${leaks.length} found: ${canaries.count} secrets, ${tenant.answers + admin.answers} answers to a browser, ${asked} to a script, ${database.tables} tables`,
  );
  expect(leaks).toEqual([]);
  expect(tenant.answers + admin.answers).toBeGreaterThan(100);
  expect(web.log()).toContain('berth-web');
});

it('a leak into a page would be seen', async () => {
  await withActor(portal.super, systemActor('test'), (tx) => tx.update(users).set({ name: password }));
  const { leaks } = await walk(world.people.ownerA.email, ['/account']);
  expect(leaks).toContainEqual(expect.objectContaining({ secret: 'password', where: '/account' }));
});

it('a process of ours that ends by a fault leaves no core file, where others do', async () => {
  const context = setupContext(readConfig(web.stateDir), web.stateDir, { NODE_ENV: 'test' });
  const definitions = await serviceDefinitions(context);
  const cores = (directory: string) => readdirSync(directory).filter((name) => name.startsWith('core'));
  const end = async (argv: readonly string[]) => {
    const directory = mkdtempSync(join(tmpdir(), 'berth-core-'));
    // Writable for whoever the service runs as, for so would its state directory be in a careless installation.
    execFileSync('chmod', ['1777', directory]);
    const child = spawn('prlimit', ['--core=unlimited', '--', ...argv, '-e', 'process.abort()'], {
      cwd: directory,
      stdio: 'ignore',
    });
    const signal = await new Promise((resolve) => child.once('exit', (_code, name) => resolve(name)));
    const found = cores(directory);
    rmSync(directory, { recursive: true });
    return { signal, found };
  };
  const node = process.execPath;
  const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  if (/^core/.test(pattern)) expect((await end([node])).found).toHaveLength(1);
  for (const { name, argv } of definitions) {
    if (name === 'postgres') continue;
    const program = argv.findIndex((word) => word.endsWith('/node'));
    expect(program, name).toBeGreaterThan(0);
    expect(await end([...argv.slice(0, program), node]), name).toEqual({ signal: 'SIGABRT', found: [] });
  }
});
