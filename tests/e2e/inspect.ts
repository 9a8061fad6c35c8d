import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const pictures = join('test-results', 'pages');
const full = process.env.BERTH_FULL === '1';
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** Colours depend on the theme, all else on the width: two looks meet each of them; `--full` checks all four. */
export const looks = [
  { name: 'light-1440', theme: 'light', size: wide, checked: true },
  { name: 'dark-1440', theme: 'dark', size: wide, checked: full },
  { name: 'dark-390', theme: 'dark', size: phone, checked: true },
  { name: 'light-390', theme: 'light', size: phone, checked: full },
] as const;

/** Looks at what is open now in every look, takes pictures; gives what is wrong, each finding with its place. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  mkdirSync(pictures, { recursive: true });
  const faults: string[] = [];
  for (const look of looks) {
    await page.setViewportSize(look.size);
    await page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, look.theme);
    const { wanted, seen } = await page.evaluate(() => ({
      wanted: document.documentElement.clientWidth,
      seen: document.documentElement.scrollWidth,
    }));
    if (seen > wanted) faults.push(`${name} ${look.name}: ${seen} px wide, the screen is ${wanted}`);
    if (!look.checked) continue;
    await page.screenshot({ path: join(pictures, `${name}.${look.name}.png`), fullPage: true, animations: 'disabled' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const { id, help, nodes } of violations) {
      faults.push(
        `${name} ${look.name}: ${id} (${help}) at ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 160)}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`,
      );
    }
  }
  await page.setViewportSize(looks[0].size);
  return faults;
}
