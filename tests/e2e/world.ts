import { readFileSync } from 'node:fs';
import { test as base, expect, type Page } from '@playwright/test';
import { z } from 'zod';
import { Container, CreateContainer } from '#lib/contract/containers.ts';
import { ExecResult } from '#lib/contract/exec.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { Operation } from '#lib/contract/operations.ts';
import { Plan } from '#lib/contract/plans.ts';
import { Template } from '#lib/contract/templates.ts';
import type { Installation } from '../support/installation.ts';
import { deep } from '../support/levels.ts';

export type World = Installation & { tokens: { admin: string; tenant: string } };

let known: World | undefined;
/** The installation under test. */
export function world(): World {
  known ??= JSON.parse(readFileSync(z.string().parse(process.env.BERTH_E2E_WORLD), 'utf8')) as World;
  return known;
}

/** The REST interface with the bearer token of a demo account, as a script uses it. */
export function rest(who: 'admin' | 'tenant') {
  const { baseUrl, tokens } = world();
  const send = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[who]}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  const get = async <T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> => {
    const { status, body } = await send('GET', path);
    expect(status, `GET ${path}: ${JSON.stringify(body)}`).toBe(200);
    return schema.parse(body);
  };
  return {
    send,
    get,
    async container(name: string): Promise<Container> {
      const { items } = await get(`/containers?q=${name}`, pageOf(Container));
      const found = items.find((each) => each.name === name);
      if (found === undefined) throw new Error(`there is no container ${name}`);
      return found;
    },
    /** Runs a shell command inside; whoever asks must be allowed to. */
    async inside(id: string, command: string): Promise<ExecResult> {
      const { status, body } = await send('POST', `/containers/${id}/exec`, { argv: ['sh', '-c', command] });
      expect(status, `exec: ${JSON.stringify(body)}`).toBe(200);
      return ExecResult.parse(body);
    },
    /** Waits until nothing runs on the container any more and it is in `state`. */
    async settled(id: string, state: Container['state'], timeoutMs = 60_000): Promise<void> {
      await expect
        .poll(
          async () => {
            const container = await get(`/containers/${id}`, Container);
            return container.operation === null ? container.state : `${container.operation.kind} under way`;
          },
          { timeout: timeoutMs, intervals: [250] },
        )
        .toBe(state);
    },
    async operations(query: string): Promise<Operation[]> {
      return (await get(`/operations?${query}`, pageOf(Operation))).items;
    },
  };
}

/** A container of the demo tenant's for one test alone, made by the administrator; running. */
export async function newContainer(name: string, plan = 'Demo', template = 'tiny'): Promise<Container> {
  const [admin, tenant] = [rest('admin'), rest('tenant')];
  const { tenantId } = await tenant.container('web-1');
  const plans = await admin.get('/plans', pageOf(Plan));
  const templates = await admin.get('/templates', pageOf(Template));
  const wanted = CreateContainer.parse({
    ...{ name, tenantId, planId: plans.items.find((each) => each.name === plan)?.id },
    templateId: templates.items.find((each) => each.name === template)?.id,
  });
  const { status, body } = await admin.send('POST', '/containers', wanted);
  expect(status, JSON.stringify(body)).toBe(202);
  const made = await tenant.container(name);
  await tenant.settled(made.id, 'running', 120_000);
  return made;
}

/** Takes one away again, for there is room for a few only. */
export async function removeContainer(id: string): Promise<void> {
  const admin = rest('admin');
  const asked = async () => (await admin.send('DELETE', `/containers/${id}`)).status;
  await expect.poll(asked, { timeout: 60_000 }).toBe(202);
  // Deleted, or gone altogether where the plan keeps nothing of what is.
  const left = async () => {
    const { status, body } = await admin.send('GET', `/containers/${id}`);
    return status === 404 ? 'deleted' : (body as { state?: string }).state;
  };
  await expect.poll(left, { timeout: 60_000 }).toBe('deleted');
}

/**
 * Every page that a test opens is watched: an error in its scripts, or anything the content security policy stopped,
 * fails the test.
 */
export const test = base.extend<{ watched: undefined }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what a fixture needs: nothing
  baseURL: async ({}, use) => use(world().baseUrl),
  watched: [
    async ({ browser }, use) => {
      const faults: string[] = [];
      const watch = (page: Page) => {
        page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
        page.on('console', (message) => {
          // A refused request is an answer, which the tests look at themselves.
          if (
            message.type() === 'error' &&
            !/Failed to load resource|WebSocket connection|net::ERR/.test(message.text())
          )
            faults.push(`${page.url()}: ${message.text()}`);
        });
      };
      browser.on('context', (context) => context.on('page', watch));
      await use(undefined);
      browser.removeAllListeners('context');
      expect(faults, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

/** As `test`, for what `--deep` and `--full` run; on other days it is skipped, and its name says why. */
export function deeper(title: string, body: () => Promise<void>): void {
  if (deep) test(title, body);
  else test.skip(`${title} (part of --deep)`, body);
}

/** Signs in by the form, as a person does, and waits for the first page behind it. */
export async function signIn(page: Page, who: 'admin' | 'tenant', path = '/'): Promise<void> {
  const { email, password } = world()[who];
  await page.goto(path);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(mainMenu(page)).toBeVisible({ timeout: 30_000 });
}

/** The menu that this width of the window shows. */
export function mainMenu(page: Page) {
  return page.getByRole('navigation', { name: 'Main' }).filter({ visible: true });
}
/** A page's entry in it. */
export function menuItem(page: Page, name: string) {
  return mainMenu(page).getByRole('link', { name, exact: true });
}

/** The state's word in the head of a container's page. */
export function headState(page: Page, word: string) {
  return page.locator('h1 + [aria-live]').getByText(word, { exact: true });
}

/** Remembers the document, so that {@link expectSameDocument} can tell that the page was never loaded anew. */
export async function markDocument(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dataset.e2eMark = 'same';
  });
}
export async function expectSameDocument(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.dataset.e2eMark), 'the page was loaded anew').toBe('same');
}

/** What the terminal shows, by what it tells screen readers. */
export async function terminalText(page: Page): Promise<string> {
  return (await page.locator('.xterm-accessibility').allInnerTexts()).join('\n').replace(/\u00a0/g, ' ');
}

export async function typeInTerminal(page: Page, line: string): Promise<void> {
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}
