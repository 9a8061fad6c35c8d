import { it, type TestFunction } from 'vitest';
import { deep, full } from './levels.ts';

const only = (there: boolean, option: string) => (title: string, test: TestFunction, timeoutMs?: number) => {
  const skipped: TestFunction = ({ skip }) => {
    process.stdout.write(`skipped, it is part of ${option}: ${title}\n`);
    skip(`part of ${option}`);
  };
  it(title, there ? test : skipped, timeoutMs);
};

/** As `it`, for what `--deep` and `--full` run; on other days it is skipped, and says why. */
export const deeper = only(deep, '--deep');

/** As `it`, for what `--full` alone runs. */
export const inDepth = only(full, '--full');
