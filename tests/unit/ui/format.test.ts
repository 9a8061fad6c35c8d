import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, bytesOf, clock, cores, duration, relative } from '#app/_ui/format.ts';

const gb = 1024 ** 3;

describe('sizes', () => {
  it('names a size in the largest unit that keeps it readable', () => {
    expect([0, 999, 1024, 38 * 1024 ** 2, 1.1 * gb, 900 * gb].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1 KB',
      '38 MB',
      '1.1 GB',
      '900 GB',
    ]);
  });
  it('shows a part in the unit of its whole, so that both can be compared', () => {
    expect(bytesOf(0.5 * gb, 20 * gb)).toBe('0.5 of 20 GB');
    expect(bytesOf(18.6 * gb, 20 * gb)).toBe('18.6 of 20 GB');
  });
  it('never needs more than three digits before the point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (size) => {
        expect(bytes(size)).toMatch(/^\d{1,4}(\.\d)? (B|KB|MB|GB|TB|PB)$/);
      }),
    );
  });
  it('does not show a share of a core as more exact than it is', () => {
    expect([0, 0.4, 0.05, 0.25, 1.999, 2].map(cores)).toEqual(['0', '0.4', '0.05', '0.25', '2', '2']);
  });
});

describe('times', () => {
  it('says a length in one unit, rounded down', () => {
    expect([31, 21_900, 4 * 60_000, 3 * 3_600_000, 47 * 3_600_000, 18.9 * 86_400_000].map(duration)).toEqual([
      '31 ms',
      '21 s',
      '4 min',
      '3 h',
      '47 h',
      '18 days',
    ]);
  });
  it('calls what two clocks may disagree about now', () => {
    expect(relative(1000, 5000)).toBe('just now');
    expect(relative(5000, 1000)).toBe('just now');
  });
  it('tells past from future', () => {
    expect(relative(0, 360_000)).toBe('6 min ago');
    expect(relative(82_800_000, 0)).toBe('in 23 h');
  });
  it('counts like a clock and never below nothing', () => {
    expect([-5, 42_000, 3_729_000].map(clock)).toEqual(['0:00', '0:42', '1:02:09']);
  });
});
