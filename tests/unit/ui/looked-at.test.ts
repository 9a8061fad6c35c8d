import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lookedAtElsewhere, onlyDriven, pages, resellerPages, tabs } from '../../e2e/pages.ts';

/** As its address has it, `containers/[id]/files`; the first page of all leads on. */
const routes = globSync('app/**/page.tsx')
  .map((file) =>
    file
      .split('/')
      .slice(1, -1)
      .filter((part) => !/^\(.*\)$/.test(part))
      .join('/'),
  )
  .filter((route) => route !== '' && route !== '_ui'); // app/_ui/page.tsx draws parts of pages

it('every page is looked at in a browser: without findings of axe, wide and on a phone, light and dark', () => {
  const looked = new Set([
    ...Object.values(pages).flat(),
    ...resellerPages,
    ...Object.values(tabs).flatMap((some) => some.map((tab) => `containers/[id]${tab}`)),
    ...Object.keys(lookedAtElsewhere),
    ...Object.keys(onlyDriven),
  ]);
  expect(routes.length).toBeGreaterThan(50);
  expect(routes.filter((route) => !looked.has(route)).sort()).toEqual([]);
  // And no page is named that is not there.
  expect([...looked].filter((path) => !routes.includes(path)).sort()).toEqual([]);
});

it('what is looked at elsewhere is opened and inspected there', () => {
  const looks = Object.entries(lookedAtElsewhere);
  for (const [route, file] of [...looks, ...Object.entries(onlyDriven)]) {
    const source = readFileSync(`tests/e2e/${file}`, 'utf8');
    const last = route.split('/').findLast((part) => !part.startsWith('[')) ?? '';
    expect(source, route).toContain(last);
    if (route in lookedAtElsewhere) expect(source, route).toMatch(/inspect\(|lookedAt\(|look\(/);
  }
});
