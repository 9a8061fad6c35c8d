/** Promises about people and time: sessions that end at once, one operation for two presses, a host that is silent. */
import { type BrowserContext, type Page, request } from '@playwright/test';
import { Container } from '#lib/contract/containers.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { servicePid } from '../support/installation.ts';
import {
  expect,
  expectSameDocument,
  headState,
  markDocument,
  newContainer,
  rest,
  signIn,
  terminalText,
  test,
  typeInTerminal,
  world,
} from './world.ts';

const tenant = rest('tenant');

/** A small container of the demo tenant, made when it is first needed. */
async function spare(): Promise<Container> {
  const { items } = await tenant.get('/containers?q=spare', pageOf(Container));
  const present = items.find((each) => each.name === 'spare');
  return present ?? (await newContainer('spare', 'Small'));
}

async function stopped(id: string): Promise<void> {
  if ((await tenant.get(`/containers/${id}`, Container)).state !== 'stopped') {
    expect((await tenant.send('POST', `/containers/${id}/stop`, { timeoutMs: 5000 })).status).toBe(202);
  }
  await tenant.settled(id, 'stopped');
}

test.describe('signing in', () => {
  test('a wrong password says so and nothing more; too many say how long to wait', async ({ page }) => {
    const email = `nobody-${Date.now()}@berth.localhost`;
    await page.goto('/containers');
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('certainly wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const alert = page.getByRole('main').getByRole('alert').or(page.locator('form [role=alert]'));
    await expect(alert.first()).toContainText(/password/i);
    await expect(alert.first()).not.toContainText(/no such|unknown|does not exist/i);

    const guess = () =>
      page.evaluate(
        async (body) =>
          (await fetch('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
            .status,
        JSON.stringify({ email, password: 'certainly wrong' }),
      );
    const statuses: number[] = [];
    while (statuses.length < 12 && !statuses.includes(429)) statuses.push(await guess());
    expect(
      statuses.slice(0, -1).every((status) => status === 401),
      statuses.join(),
    ).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(alert.first()).toContainText(/Too many attempts. Try again in \d+ minutes/);
  });

  test('cannot send a password by an address, not even while the page’s scripts are still on their way', async ({
    page,
  }) => {
    let scripts: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      scripts = resolve;
    });
    await page.route(/\.js(\?|$)/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/sign-in', { waitUntil: 'commit' });
    await page.getByLabel('E-mail').fill('early@berth.localhost');
    await page.getByLabel('Password').fill('typed too early');
    await page.getByLabel('Password').press('Enter');
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled();
    expect(new URL(page.url()).search).toBe('');
    scripts();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').first()).toContainText(/password/i);
    expect(new URL(page.url()).search).toBe('');
  });

  test('leads back to where one wanted to go, and nowhere else', async ({ page }) => {
    const { id } = await tenant.container('web-1');
    await signIn(page, 'tenant', `/containers/${id}/activity?from=mail`);
    await expect(page).toHaveURL(/\/activity\?from=mail$/);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await signIn(page, 'tenant', '/sign-in?next=https://example.org/');
    await expect(page).toHaveURL(new RegExp(`^${world().baseUrl}/containers`));
  });
});

test('a session that is ended elsewhere is dead within two seconds: page, stream and console', async ({ browser }) => {
  const web = await tenant.container('web-1');
  const lost = await browser.newContext({
    baseURL: world().baseUrl,
    userAgent: 'Mozilla/5.0 (X11) Lost/1.0 Firefox/140.0',
  });
  const own = await browser.newContext({ baseURL: world().baseUrl });
  try {
    const victim = await lost.newPage();
    const sockets: Promise<number>[] = [];
    victim.on('websocket', (socket) => sockets.push(socket.waitForEvent('close').then(() => Date.now())));
    await signIn(victim, 'tenant', `/containers/${web.id}/console`);
    await expect(victim.getByText('Connected')).toBeVisible();
    await typeInTerminal(victim, 'echo alive-$((1+1))');
    await expect.poll(() => terminalText(victim)).toContain('alive-2');
    // A stream of its own, in a page that nothing leads away from: none of the panel's, and what the interface answers may not fetch.
    const quiet = await lost.newPage();
    await quiet.route('**/quiet', (route) => route.fulfill({ contentType: 'text/html', body: '<title>quiet</title>' }));
    await quiet.goto('/quiet');
    const stream = quiet.evaluate(async () => {
      const reader = (await fetch('/api/v1/events')).body?.getReader();
      while (reader !== undefined && !(await reader.read()).done);
      return Date.now();
    });

    const page = await own.newPage();
    await signIn(page, 'tenant', '/account');
    const answered = page.waitForResponse((answer) => /\/me\/sessions\//.test(answer.url()));
    await page
      .getByRole('button', { name: /End the session on .*Firefox/ })
      .first()
      .click();
    expect((await answered).status()).toBe(204);
    const endedAt = Date.now();

    await expect(victim).toHaveURL(/\/sign-in\?next=/);
    console.log(`page at the sign-in ${Date.now() - endedAt} ms after the session's end, by itself`);
    expect(sockets).toHaveLength(1);
    const took = { stream: (await stream) - endedAt, console: Math.max(...(await Promise.all(sockets))) - endedAt };
    for (const [what, ms] of Object.entries(took)) expect(ms, `${what}: ms to its end`).toBeLessThan(2000);
    expect(await quiet.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(401);
    await victim.goto('/containers');
    await expect(victim).toHaveURL(/\/sign-in/);
  } finally {
    await lost.close();
    await own.close();
  }
});

test('two people press Start at once: one operation, and a clear word to the second', async ({ browser }) => {
  const { id } = await spare();
  await stopped(id);
  const before = (await tenant.operations(`containerId=${id}&kind=start`)).length;
  const contexts: BrowserContext[] = [];
  const pages: Page[] = [];
  try {
    // Both requests are held until both have pressed, so that neither page can know of the other's.
    let arrived = 0;
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const statuses: number[] = [];
    for (const who of ['tenant', 'admin'] as const) {
      const context = await browser.newContext({ baseURL: world().baseUrl });
      contexts.push(context);
      const page = await context.newPage();
      pages.push(page);
      await signIn(page, who, `/containers/${id}`);
      await page.route('**/start', async (route) => {
        arrived += 1;
        if (arrived === 2) release();
        await both;
        await route.continue();
      });
      page.on('response', (answer) => {
        if (answer.url().endsWith('/start')) statuses.push(answer.status());
      });
    }
    await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Start', exact: true }).first().click()));
    await expect.poll(() => [...statuses].sort(), { timeout: 20_000 }).toEqual([202, 409]);
    const told = async () => {
      const counts = await Promise.all(pages.map((page) => page.getByText('That has already been asked for').count()));
      return counts.sort();
    };
    await expect.poll(told).toEqual([0, 1]);
    for (const page of pages) await expect(headState(page, 'Running')).toBeVisible({ timeout: 60_000 });
    expect((await tenant.operations(`containerId=${id}&kind=start`)).length).toBe(before + 1);
  } finally {
    for (const context of contexts) await context.close();
  }
});

test('an operation that ended before the stream was open is not shown as running for ever', async ({ browser }) => {
  const { id } = await spare();
  await stopped(id);
  const context = await browser.newContext({ baseURL: world().baseUrl });
  try {
    const page = await context.newPage();
    const ended = Promise.withResolvers<void>();
    await signIn(page, 'tenant');
    await page.route('**/api/v1/events', async (route) => {
      await ended.promise;
      await route.continue();
    });
    await page.goto(`/containers/${id}`);
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/start'));
    await page.getByRole('button', { name: 'Start', exact: true }).first().click();
    const { id: operation } = await (await asked).json();
    const state = async () => (await tenant.operations(`containerId=${id}`)).find((one) => one.id === operation)?.state;
    await expect.poll(state, { timeout: 60_000 }).toBe('succeeded');
    await expect(headState(page, 'Running')).toHaveCount(0);
    ended.resolve();
    await expect(headState(page, 'Running')).toBeVisible({ timeout: 20_000 });
  } finally {
    await context.close();
  }
});

test('by keyboard alone: finds the container with Ctrl-K, opens it and starts it', async ({ page }) => {
  const { id } = await spare();
  await stopped(id);
  const { email, password } = world().tenant;
  await page.goto('/');
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/containers$/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  await page.keyboard.type('spare');
  await expect(palette.getByRole('option', { name: /^spare/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'spare' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('spare start');
  const start = palette.getByRole('option', { name: /^Start/ });
  await expect(start).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(start).toHaveAttribute('aria-selected', 'true', { timeout: 200 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(headState(page, 'Running')).toBeVisible({ timeout: 60_000 });
  // Everything can be reached with Tab, beginning with a way past the menu.
  await page.goto(`/containers/${id}`);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('a host that stops answering slows no page; its containers are unknown, with their last state and its age', async ({
  browser,
}) => {
  const web = await tenant.container('web-1');
  const context = await browser.newContext({ baseURL: world().baseUrl });
  const pid = await servicePid(world().stateDir, 'agent');
  try {
    const page = await context.newPage();
    await signIn(page, 'tenant', `/containers/${web.id}`);
    await expect(headState(page, 'Running')).toBeVisible();
    await markDocument(page);
    process.kill(pid, 'SIGSTOP');
    await expect(headState(page, 'Unknown')).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText(/It was running .*whether it still is\s+cannot be seen from here/)).toBeVisible();
    await expectSameDocument(page);
    const shown = await tenant.get(`/containers/${web.id}`, Container);
    expect(shown.state).toBe('unknown');
    expect(shown.lastKnown?.state).toBe('running');
    expect(Date.now() - Date.parse(shown.lastKnown?.at ?? '')).toBeGreaterThan(10_000);

    const state = await context.storageState();
    const asTenant = await request.newContext({ baseURL: world().baseUrl, storageState: state });
    const slow: string[] = [];
    for (const path of [
      '/containers',
      `/containers/${web.id}`,
      `/containers/${web.id}/backups`,
      '/activity',
      '/backups',
    ]) {
      // The best of three: the machine may be busy with something else, the host is silent all the time.
      const times: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const begun = performance.now();
        expect((await asTenant.get(path)).status()).toBe(200);
        times.push(performance.now() - begun);
      }
      if (Math.min(...times) > 1000) slow.push(`${path}: ${times.map(Math.round).join(', ')} ms`);
    }
    await asTenant.dispose();
    expect(slow).toEqual([]);

    const chief = await browser.newContext({ baseURL: world().baseUrl });
    const dashboard = await chief.newPage();
    await signIn(dashboard, 'admin', '/admin');
    await expect(dashboard.getByText(/needs? you/)).toBeVisible();
    await expect(dashboard.getByRole('link', { name: /container.? affected/ }).first()).toBeVisible();
    await chief.close();

    process.kill(pid, 'SIGCONT');
    await expect(headState(page, 'Running')).toBeVisible({ timeout: 40_000 });
    await expectSameDocument(page);
  } finally {
    process.kill(pid, 'SIGCONT');
    await context.close();
  }
});
