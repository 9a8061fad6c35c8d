/**
 * Markup in every column of words, on every page of everybody: by a browser's own parser as the pages are sent, and in a browser as they are
 * drawn. That every field of the interface lands in such a column: fields.test.ts.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSite, type TestSite } from '#tests/support/web.ts';
import { type Objects, seedObjects } from '../authz/objects.ts';
import { addresses, corpus, fillWith, mark, tracesIn } from './markup.ts';

const password = 'correct horse battery';
const people = ['ownerA', 'reseller', 'admin'] as const;
type Who = (typeof people)[number];
let site: TestSite;
let browser: Browser;
let paths: string[];
const cookies = {} as Record<Who, string>;

beforeAll(async () => {
  site = await startSite(password);
  paths = pathsOf(await seedObjects(site.portal, site.world, site.world.ids.a, 20_001));
  for (const who of people) {
    const answer = await fetch(`${site.web.baseUrl}/api/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ email: site.world.people[who].email, password }),
      headers: { 'content-type': 'application/json', origin: site.web.baseUrl },
    });
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('berth-session=')) ?? '';
    cookies[who] = cookie.split(';')[0] ?? '';
  }
  browser = await chromium.launch({
    executablePath: process.env.BERTH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

/** Every page there is, from the folders of the application. */
function pathsOf(objects: Objects): string[] {
  const of: [RegExp, string][] = [
    [/^\/containers\/\[id\]/, `/containers/${objects.running}`],
    [/\[backupId\]/, objects.backup],
    [/tenants\/\[id\]/, `tenants/${objects.tenantId}`],
    [/\[id\]/, objects.ticket],
  ];
  const app = join(import.meta.dirname, '../../../app');
  // The reference shows the contract and nothing of anybody, and is larger than all others together.
  const files = globSync('**/page.tsx', { cwd: app }).filter((file) => !/^_|reference\//.test(file));
  return files.map((file) => {
    const path = `/${file.replace(/\([^)]+\)\//g, '').replace(/\/?page\.tsx$/, '')}`;
    return of.reduce((made, [part, id]) => made.replace(part, id), path);
  });
}

type Page = { who: Who; path: string; status: number; html: string; policy: string };

async function sent(): Promise<Page[]> {
  const asked = people.flatMap((who) => paths.map((path) => ({ who, path })));
  const pages: Page[] = [];
  for (let at = 0; at < asked.length; at += 8) {
    const some = asked.slice(at, at + 8).map(async ({ who, path }) => {
      const headers = { accept: 'text/html', cookie: cookies[who] };
      const answer = await fetch(site.web.baseUrl + path, { headers, redirect: 'manual' });
      const policy = answer.headers.get('content-security-policy') ?? '';
      return { who, path, status: answer.status, html: await answer.text(), policy };
    });
    pages.push(...(await Promise.all(some)));
  }
  return pages;
}

/** The pages that somebody has, by the first look at them. */
const had = new Map<Who, Set<string>>(people.map((who) => [who, new Set()]));
const whole = corpus.join(' ');

it('is text on every page as it is sent, and no page’s policy makes an exception', async () => {
  const parser = await (await browser.newContext()).newPage();
  const read = (html: string) => parser.evaluate(tracesIn, { html, mark });
  // The controls: a page that did not escape is seen, whatever the payload is and wherever it stands.
  const breaksOut = async (one: string) => {
    const places = [
      `<p>${one}</p>`,
      `<p title="${one}">`,
      `<p title='${one}'>`,
      `<p title=${one}>`,
      `<a href="${one}">`,
    ];
    const scripts = [
      `<script>${one}</script>`,
      `<textarea>${one}</textarea>`,
      `<title>${one}</title>`,
      `<!--${one}-->`,
    ];
    for (const html of [...places, ...scripts, `<p style="${one}">`]) {
      if ((await read(html)).length > 0) return true;
    }
    return false;
  };
  const harmless: string[] = [];
  for (const one of [...corpus, ...addresses]) if (!(await breaksOut(one))) harmless.push(one);
  console.log(
    `${corpus.length + addresses.length} payloads; ${harmless.length} do nothing unless something decodes them`,
  );
  expect(corpus.length + addresses.length - harmless.length).toBeGreaterThan(40);

  let shown = 0;
  const faults: string[] = [];
  for (const text of [whole, ...addresses]) {
    const filled = await fillWith(site.portal, text, corpus);
    if (text === whole) console.log(`${filled.length} columns filled`);
    expect(filled.length).toBeGreaterThan(60);
    const pages = await sent();
    for (const { who, path, status, html, policy } of pages) {
      const at = `${who} ${path} (${text.slice(0, 20)})`;
      if (status === 200) had.get(who)?.add(path);
      if (status >= 500) faults.push(`${at}: ${status}`);
      if (
        /unsafe-|script-src[^;]*(\*|https?:|data:)/.test(policy.replace(/style-src[^;]*/, '')) ||
        !policy.includes("'nonce-")
      ) {
        faults.push(`${at}: ${policy}`);
      }
      shown += html.split(mark).length - 1;
      for (const trace of await read(html)) faults.push(`${at}: ${trace}`);
    }
  }
  if (faults.length > 0) console.log(site.web.log().slice(-3000));
  console.log(`${paths.length} pages for ${people.length} people; shown ${shown} times`);
  expect(faults).toEqual([]);
  expect(shown).toBeGreaterThan(1000);
}, 600_000);

it('is text in a browser, once a page is drawn: nothing runs, nothing is fetched, nothing breaks the policy', async () => {
  await fillWith(site.portal, whole, corpus);
  const faults: string[] = [];
  for (const who of people) {
    const context = await browser.newContext();
    const [name = '', value = ''] = cookies[who].split('=');
    await context.addCookies([{ name, value, url: site.web.baseUrl }]);
    const page = await context.newPage();
    let path = '';
    await page.exposeFunction(mark, () => faults.push(`${who} ${path}: ran`));
    page.on('dialog', (dialog) => void dialog.dismiss());
    page.on('request', (request) => {
      if (request.url().includes(mark) && !request.url().startsWith(site.web.baseUrl))
        faults.push(`${path}: ${request.url()}`);
    });
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text()))
        faults.push(`${who} ${path}: ${message.text().slice(0, 200)}`);
    });
    for (path of had.get(who) ?? []) {
      await page.goto(site.web.baseUrl + path, { waitUntil: 'load' });
      for (const trace of await page.evaluate(tracesIn, { mark })) faults.push(`${who} ${path}: ${trace}`);
    }
    await context.close();
  }
  expect(faults).toEqual([]);
}, 600_000);
