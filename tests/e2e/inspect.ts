import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { deep, full } from '../support/levels.ts';

const pictures = join('test-results', 'pages');
const settleMs = 2000;
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** Colours depend on the theme, all else on the width: two looks meet each of them. */
export const looks = [
  { name: 'light-1440', theme: 'light', size: wide },
  { name: 'dark-390', theme: 'dark', size: phone },
  { name: 'dark-1440', theme: 'dark', size: wide },
  { name: 'light-390', theme: 'light', size: phone },
] as const;

/** Which looks the check is made in: every day one of the first two, in turn over the pages; --deep both, --full all four. */
export function checkedIn(name: string): readonly (typeof looks)[number][] {
  if (full) return looks;
  const turn = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 2;
  return deep ? looks.slice(0, 2) : looks.slice(turn, turn + 1);
}

/** Looks at what is open now in every look, takes pictures; gives what is wrong, each finding with its place. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  mkdirSync(pictures, { recursive: true });
  const faults: string[] = [];
  const checked = checkedIn(name);
  for (const look of looks) {
    await page.setViewportSize(look.size);
    await page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, look.theme);
    const measure = () =>
      page.evaluate(() => ({
        wanted: document.documentElement.clientWidth,
        seen: document.documentElement.scrollWidth,
      }));
    // A wide table is laid out once with the columns of the width before; what counts is where it comes to rest.
    let { wanted, seen } = await measure();
    for (const end = Date.now() + settleMs; seen > wanted && Date.now() < end; { wanted, seen } = await measure()) {
      await page.waitForTimeout(50);
    }
    if (seen > wanted) faults.push(`${name} ${look.name}: ${seen} px wide, the screen is ${wanted}`);
    if (!checked.includes(look)) continue;
    await page.screenshot({ path: join(pictures, `${name}.${look.name}.png`), fullPage: true, animations: 'disabled' });
    const analyse = async () => (await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations;
    let violations = await analyse();
    // Data that comes anew takes the title away for a moment; what counts is whether it comes back.
    if (violations.some(({ id }) => id === 'document-title')) {
      await page.waitForFunction(() => document.title !== '', null, { timeout: settleMs }).catch(() => undefined);
      violations = await analyse();
    }
    for (const { id, help, nodes } of violations) {
      faults.push(
        `${name} ${look.name}: ${id} (${help}) at ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 160)}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`,
      );
    }
  }
  await page.setViewportSize(looks[0].size);
  return faults;
}
