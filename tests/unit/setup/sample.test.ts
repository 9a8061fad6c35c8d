import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dayOfYear, longParts, sampleOf } from '#cli/test-sample.ts';

it('keeps within its time, and in a year has run everything that fits', () => {
  const met = new Map<string, number>();
  for (let day = 1; day <= 365; day += 1) {
    const sample = sampleOf(longParts, day, 10);
    expect(sample.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThanOrEqual(10);
    expect(new Set(sample).size).toBe(sample.length);
    for (const { name } of sample) met.set(name, (met.get(name) ?? 0) + 1);
  }
  expect(longParts.filter(({ name }) => (met.get(name) ?? 0) < 3).map(({ name }) => name)).toEqual([]);
});

it('names suites that are there', () => {
  for (const { files } of longParts) {
    expect(existsSync(files) || existsSync(`${files}.test.ts`), files).toBe(true);
  }
});

it('counts days from the first of January', () => {
  expect(dayOfYear(new Date('2026-01-01T00:00:00Z'))).toBe(1);
  expect(dayOfYear(new Date('2026-12-31T23:59:59Z'))).toBe(365);
});
