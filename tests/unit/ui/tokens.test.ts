import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../app/_ui/tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(([, name, light, dark]) => [
    name ?? '',
    [light ?? '', dark ?? ''] as const,
  ]),
);

/** WCAG 2.2 relative luminance and contrast. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const meanings = ['good', 'warn', 'bad', 'busy', 'idle'];
const textPairs = [
  ...['bg', 'surface', 'sunk'].flatMap(
    (ground) =>
      [
        ['text', ground],
        ['muted', ground],
      ] as const,
  ),
  ...meanings.flatMap(
    (meaning) =>
      [
        [meaning, `${meaning}-soft`],
        [meaning, 'surface'],
      ] as const,
  ),
  ['brand-ink', 'brand'],
  ['surface', 'bad'],
  ['text', 'brand-soft'],
] as const;

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the %s theme', (_, at) => {
  it.each(textPairs)('sets %s on %s with at least 4.5 : 1', (text, ground) => {
    expect(contrast(tokens.get(text)?.[at] ?? '', tokens.get(ground)?.[at] ?? '')).toBeGreaterThanOrEqual(4.5);
  });
  it.each([
    ['edge', 'surface'],
    ['edge', 'bg'],
    ['focus', 'bg'],
    ['brand', 'surface'],
    ['warn', 'sunk'],
  ])('sets off %s from %s with at least 3 : 1', (edge, ground) => {
    expect(contrast(tokens.get(edge)?.[at] ?? '', tokens.get(ground)?.[at] ?? '')).toBeGreaterThanOrEqual(3);
  });
});
