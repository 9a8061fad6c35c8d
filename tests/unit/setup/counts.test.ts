import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suites } from '#cli/test.ts';
import { countsIn, together, verdict } from '#cli/test-counts.ts';
import { failuresIn } from '#cli/test-failures.ts';

describe('counting tests', () => {
  it('reads the summaries of vitest and of Playwright', () => {
    const vitest = ' Test Files  1 failed | 4 passed (5)\n      Tests  3 failed | 40 passed | 1 skipped (44)\n';
    expect(countsIn('vitest', vitest, 1)).toEqual({ passed: 40, failed: 3, skipped: 1, unsteady: 0 });
    const playwright = 'Running 7 tests using 1 worker\n  2 failed\n    a › b\n  1 flaky\n  4 passed (1.2m)\n';
    expect(countsIn('playwright', playwright, 1)).toEqual({ passed: 5, failed: 2, skipped: 0, unsteady: 1 });
    expect(countsIn('vitest', '\u001b[2m Tests \u001b[22m \u001b[32m5 passed\u001b[39m (5)', 0).passed).toBe(5);
  });

  it('calls silence a failure, and a bad end without a number too', () => {
    expect(countsIn('vitest', 'No test files found', 0).failed).toBe(1);
    expect(countsIn('vitest', ' Tests  5 passed (5)', 1)).toEqual({ passed: 5, failed: 1, skipped: 0, unsteady: 0 });
    expect(countsIn('exit', '', null)).toEqual({ passed: 0, failed: 1, skipped: 0, unsteady: 0 });
  });

  it('says N of N', () => {
    const counts = { passed: 3, failed: 1, skipped: 0, unsteady: 0 };
    expect(verdict('unit', counts, '1.0 s')).toBe('FAILED unit         3 of 4 in 1.0 s');
    expect(verdict('unit', { ...counts, failed: 0, unsteady: 2 }, '1.0 s')).toBe(
      'ok     unit         3 of 3 (2 only when repeated) in 1.0 s',
    );
  });

  it('takes a repetition of what failed for the last word, and says how much passed only then', () => {
    const first = { passed: 10, failed: 3, skipped: 1, unsteady: 0 };
    expect(together(first, { passed: 6, failed: 0, skipped: 0, unsteady: 0 })).toEqual({
      passed: 13,
      failed: 0,
      skipped: 1,
      unsteady: 3,
    });
    expect(together(first, { passed: 4, failed: 2, skipped: 0, unsteady: 0 })).toMatchObject({ passed: 11, failed: 2 });
    // A repetition that proved nothing leaves nothing mended.
    expect(together(first, countsIn('vitest', '', 1))).toEqual(first);
  });

  it('finds what failed in a report of vitest, and takes a report that cannot be read for none', () => {
    withReport(({ file, write }) => {
      expect(failuresIn('vitest', file)).toBeUndefined();
      write('{"testResults": [');
      expect(failuresIn('vitest', file)).toBeUndefined();
      const test = (fullName: string, status: string, ...failureMessages: string[]) => ({
        fullName,
        status,
        failureMessages,
      });
      const name = (file: string) => join(process.cwd(), file);
      const testResults = [
        { name: name('a.test.ts'), status: 'passed', message: '', assertionResults: [test('a', 'passed')] },
        {
          name: name('b.test.ts'),
          status: 'failed',
          assertionResults: [
            test('b', 'passed'),
            test('c', 'failed', '\u001b[31mError: 1 is not 2\u001b[39m\n    at c'),
          ],
        },
        { name: name('d.test.ts'), status: 'failed', message: 'no such module', assertionResults: [] },
      ];
      write(JSON.stringify({ testResults }));
      expect(failuresIn('vitest', file)).toEqual({
        files: [name('b.test.ts'), name('d.test.ts')],
        tests: ['b.test.ts › c: Error: 1 is not 2', 'd.test.ts: no such module'],
      });
    });
  });

  it('finds what failed in a report of Playwright, also what passed when it was repeated', () => {
    withReport(({ file, write }) => {
      const spec = (title: string, status: string, ...messages: (string | undefined)[]) => ({
        title,
        file: 'b.spec.ts',
        tests: [{ status, results: messages.map((message) => (message === undefined ? {} : { error: { message } })) }],
      });
      const group = { title: 'a group', specs: [spec('c', 'flaky', 'Error: slow', undefined)] };
      const specs = [
        spec('a', 'expected', undefined),
        spec('b', 'unexpected', 'first', '\u001b[31mError: gone\u001b[39m\nat b'),
      ];
      write(JSON.stringify({ suites: [{ title: 'b.spec.ts', specs, suites: [group] }] }));
      expect(failuresIn('playwright', file)).toEqual({
        files: ['b.spec.ts'],
        tests: ['b.spec.ts › b: Error: gone', 'b.spec.ts › c (passed when repeated): Error: slow'],
      });
      write(JSON.stringify({ suites: [{ title: 'b.spec.ts', specs: specs.slice(0, 1) }] }));
      expect(failuresIn('playwright', file)).toBeUndefined();
      // What passed when it was repeated at once is named, and needs no other try.
      write(JSON.stringify({ suites: [{ title: 'b.spec.ts', specs: [], suites: [group] }] }));
      expect(failuresIn('playwright', file)).toMatchObject({ files: [], tests: [expect.stringContaining('› c')] });
    });
  });

  it('looks at the layers of the same folders as npm run arch', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const [, ...words] = scripts.arch.split(' ');
    expect(suites.find(({ name }) => name === 'layers')?.argv.slice(1)).toEqual(words);
  });

  it('names programs that are there', () => {
    for (const suite of suites) expect(existsSync(suite.argv[0] ?? ''), suite.name).toBe(true);
  });
});

function withReport(use: (report: { file: string; write: (text: string) => void }) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'berth-report-'));
  try {
    const file = join(directory, 'report.json');
    use({ file, write: (text) => writeFileSync(file, text) });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
