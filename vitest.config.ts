import { configDefaults, defineConfig } from 'vitest/config';
import { deep } from './tests/support/levels.ts';

// Named, so that what tests set up and purge leaves the packages it has fetched to the next run.
process.env.BERTH_CACHE ??= '/var/cache/berth';
/** As tests/support/pace.ts has it. */
const slow = Number(process.env.BERTH_SLOW ?? 1);
const resolve = { conditions: ['node'] };
/** Node would read drizzle's description of itself, 180 KB, for each of its files, in every process: a second each time. */
const server = { deps: { inline: [/drizzle-orm/] } };

/**
 * unit: fast, no root. contract: one suite against simulator and real agent. integration: root, real kernel, real
 * PostgreSQL; two files at a time, each with objects of its own on the machine, for they mostly wait; `*.deep.test.ts` only with --deep. long: the same, but minutes each; only with --full.
 * vm: in guests with other kernels; only with --vm.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          server,
          include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/architecture.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        test: {
          name: 'contract',
          server,
          include: ['tests/contract/**/*.test.ts'],
          testTimeout: 120_000 * slow,
          hookTimeout: 180_000 * slow,
          fileParallelism: false,
        },
      },
      {
        resolve,
        test: {
          name: 'integration',
          server,
          include: ['tests/integration/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...(deep ? [] : ['**/*.deep.test.ts'])],
          testTimeout: 180_000 * slow,
          hookTimeout: 240_000 * slow,
          maxWorkers: 2,
        },
      },
      {
        resolve,
        test: {
          name: 'long',
          include: ['tests/long/**/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 240_000 * slow,
          fileParallelism: false,
        },
      },
      {
        resolve,
        test: {
          name: 'vm',
          include: ['tests/vm/**/*.test.ts'],
          // an emulated processor is some ten times slower
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
