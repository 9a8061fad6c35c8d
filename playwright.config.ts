import { defineConfig } from '@playwright/test';
import { deep } from './tests/support/levels.ts';

/**
 * Browser tests against a real installation that `tests/e2e/setup.ts` brings up and takes away again. One worker: the
 * installation is one, and its containers are shared by the files, which run in the order of their names.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  testIgnore: deep ? [] : '**/*.deep.spec.ts',
  outputDir: 'test-results/e2e',
  globalSetup: './tests/e2e/setup.ts',
  workers: 1,
  fullyParallel: false,
  retries: 1, // what passes only then is counted and named by the list reporter
  forbidOnly: true,
  // Integration tests run on the same two processors meanwhile: what must be quick is measured by the tests that promise it.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list', { printSteps: true }]],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    // Motion would be caught half-way by pictures and by the check of contrasts.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.BERTH_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
