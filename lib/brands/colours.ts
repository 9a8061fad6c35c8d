import { BerthError } from '../contract/errors.ts';

/** WCAG 2: text of normal size (AA). */
export const leastContrast = 4.5;
/** As app/_ui/tokens.css has them: what the colour is set on as text. tests/unit/brands compares. */
export const surfaces = { light: '#ffffff', dark: '#15191d' } as const;
/** With black as the other one, one of two always has at least 4.5: the worst grey has 4.58. */
const inks = ['#ffffff', '#000000'] as const;

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours by WCAG 2: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** What is written on the colour: the one of two that is read better, which is always enough. */
export function inkOn(colour: string): string {
  return contrast(colour, inks[0]) >= contrast(colour, inks[1]) ? inks[0] : inks[1];
}

/** Refuses a colour that cannot be read on the panel's surfaces, and says by how much. */
export function refuseUnreadable(colours: { light: string; dark: string } | null): void {
  if (colours === null) return;
  const issues = (['light', 'dark'] as const).flatMap((theme) => {
    const found = contrast(colours[theme], surfaces[theme]);
    if (found >= leastContrast) return [];
    const words = `has a contrast of ${found.toFixed(1)} on the ${theme} surface; text needs ${leastContrast}. Choose a ${theme === 'light' ? 'darker' : 'lighter'} one`;
    return [{ path: `colours.${theme}`, message: words }];
  });
  if (issues.length > 0) throw new BerthError('invalid', 'A colour cannot be read.', { issues });
}

/** The style sheet of a brand: the variables that a brand may set, and nothing else. Colours were checked to be six hexadecimal digits. */
export function styleOf(colours: { light: string; dark: string } | null): string {
  if (colours === null) return '';
  const { light, dark } = colours;
  if (![light, dark].every((one) => /^#[0-9a-f]{6}$/.test(one))) return '';
  return (
    `:root{--brand:light-dark(${light},${dark});--brand-ink:light-dark(${inkOn(light)},${inkOn(dark)});` +
    '--brand-soft:color-mix(in srgb,var(--brand) 13%,var(--surface))}'
  );
}
