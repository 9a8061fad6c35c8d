import { defineConfig } from 'vitest/config';

/** As tests/support/pace.ts has it. */
const slow = Number(process.env.BERTH_SLOW ?? 1);
const resolve = { conditions: ['node'] };

/**
 * unit: fast, no root. contract: one suite against simulator and real agent. integration: root, real kernel, real
 * PostgreSQL; two files at a time, each with objects of its own on the machine, for they mostly wait. long: the same, but minutes each; only with --full.
 * vm: in guests with other kernels; only with --vm.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/architecture.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        test: {
          name: 'contract',
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
          include: ['tests/integration/**/*.test.ts'],
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
