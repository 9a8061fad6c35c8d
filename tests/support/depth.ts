import { it, type TestFunction } from 'vitest';

/** Every day what fits in twenty minutes; with `./berth test --full` all of it. */
export const full = process.env.BERTH_FULL === '1';

/** As `it`, for what `--full` alone runs; on other days it is skipped, and says why. */
export function inDepth(title: string, test: TestFunction, timeoutMs?: number): void {
  const skipped: TestFunction = ({ skip }) => {
    process.stdout.write(`skipped, it is part of --full: ${title}\n`);
    skip('part of --full');
  };
  it(title, full ? test : skipped, timeoutMs);
}
