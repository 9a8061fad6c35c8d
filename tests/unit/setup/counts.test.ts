import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suites } from '#cli/test.ts';
import { countsIn, verdict } from '#cli/test-counts.ts';

describe('counting tests', () => {
  it('reads the summaries of vitest and of Playwright', () => {
    const vitest = ' Test Files  1 failed | 4 passed (5)\n      Tests  3 failed | 40 passed | 1 skipped (44)\n';
    expect(countsIn('vitest', vitest, 1)).toEqual({ passed: 40, failed: 3, skipped: 1 });
    const playwright = 'Running 7 tests using 1 worker\n  2 failed\n    a › b\n  1 flaky\n  4 passed (1.2m)\n';
    expect(countsIn('playwright', playwright, 1)).toEqual({ passed: 4, failed: 3, skipped: 0 });
    expect(countsIn('vitest', '\u001b[2m Tests \u001b[22m \u001b[32m5 passed\u001b[39m (5)', 0).passed).toBe(5);
  });

  it('calls silence a failure, and a bad end without a number too', () => {
    expect(countsIn('vitest', 'No test files found', 0).failed).toBe(1);
    expect(countsIn('vitest', ' Tests  5 passed (5)', 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(countsIn('exit', '', null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('says N of N', () => {
    expect(verdict('unit', { passed: 3, failed: 1, skipped: 0 }, '1.0 s')).toBe('FAILED unit         3 of 4 in 1.0 s');
  });

  it('names programs that are there', () => {
    for (const suite of suites) expect(existsSync(suite.argv[0] ?? ''), suite.name).toBe(true);
  });
});
