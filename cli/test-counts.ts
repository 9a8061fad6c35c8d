/** `unsteady`: of those that passed, how many did so only when repeated. */
export type Counts = { passed: number; failed: number; skipped: number; unsteady: number };

/**
 * How many checks passed and failed, from a program's summary. A program that failed without saying how many counts as one
 * failure more, and one that says nothing at all has proved nothing.
 */
export function countsIn(kind: 'exit' | 'vitest' | 'playwright', output: string, code: number | null): Counts {
  const counts =
    kind === 'exit' ? { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0, unsteady: 0 } : summary(kind, output);
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (code === 0 && counts.passed === 0) counts.failed += 1;
  return counts;
}

function summary(kind: 'vitest' | 'playwright', output: string): Counts {
  // Escape codes stand between the words where colours are on.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what this removes
  const text = output.replace(/\u001b\[[0-9;]*m/g, '');
  // Vitest: one line " Tests  3 failed | 40 passed | 1 skipped (44)". Playwright: "  3 failed", "  40 passed (1.2m)".
  const area =
    kind === 'vitest'
      ? (/^\s*Tests\s.*$/m.exec(text)?.[0] ?? '')
      : (text.match(/^\s+\d+ [a-z ]+(\(.*\))?$/gm) ?? []).join('\n');
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(area)?.[1] ?? 0);
  const unsteady = kind === 'playwright' ? number('flaky') : 0;
  return { passed: number('passed') + unsteady, failed: number('failed'), skipped: number('skipped'), unsteady };
}

/** A run and its repetition taken together: the repetition ran only the files in which something had failed. */
export function together(first: Counts, repeated: Counts): Counts {
  if (repeated.passed === 0) return first; // nothing was repeated
  const mended = Math.max(0, first.failed - repeated.failed);
  const unsteady = first.unsteady + mended;
  return { ...first, passed: first.passed + mended, failed: repeated.failed, unsteady };
}

/** One line a suite: what passed of how many. */
export function verdict(name: string, { passed, failed, skipped, unsteady }: Counts, time: string): string {
  const repeated = unsteady === 0 ? '' : ` (${unsteady} only when repeated)`;
  const left = `${repeated}${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  return `${failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${passed} of ${passed + failed + skipped}${left} in ${time}`;
}
