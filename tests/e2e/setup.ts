import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readConfig, statePaths } from '#lib/settings.ts';
import { Demo } from '#server/setup/seed.ts';
import {
  type Attempt,
  bringUp,
  type Installation,
  runBerth,
  sweepDeadRuns,
  takeDown,
  takeDownNow,
} from '../support/installation.ts';
import type { World } from './world.ts';

const say = (line: string) => console.log(`  ${line}`);

/**
 * Brings an installation up, and gives what takes it away. While working on the tests, BERTH_E2E_STATE names the state
 * directory of one that is up already: it is used as it is and left alone.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.BERTH_E2E_STATE;
  if (given !== undefined && given !== '') {
    await announce(present(given));
    return async () => {};
  }
  await sweepDeadRuns(say);
  let attempt: Attempt | undefined;
  // Playwright takes down in order when it is interrupted, but would die of SIGTERM at once.
  process.on('SIGTERM', () => process.kill(process.pid, 'SIGINT'));
  let takenDown = false;
  const teardown = once(async () => {
    if (attempt === undefined) return;
    await attempt.interrupt();
    await attempt.up.catch(() => undefined);
    await takeDown(attempt.stateDir, say);
    takenDown = true;
    console.log('  nothing of the installation is left on this machine');
  });
  // Interrupted before this function has returned, Playwright ends without asking for the teardown.
  process.on('exit', () => {
    if (attempt !== undefined && !takenDown) takeDownNow(attempt.stateDir);
  });
  try {
    attempt = await bringUp(say);
    await announce(await attempt.up);
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}

function present(stateDir: string): Installation {
  const { name, instance, baseUrl } = readConfig(stateDir);
  const demo = Demo.parse(JSON.parse(readFileSync(statePaths(stateDir).demo, 'utf8')));
  return { stateDir, name, instance, baseUrl, admin: demo.admin, tenant: demo.tenant };
}

/** What the tests need to know, in a file only root can read; its path goes to the workers by the environment. */
async function announce(installation: Installation): Promise<void> {
  const token = async (who: 'admin' | 'tenant') =>
    z
      .string()
      .min(20)
      .parse((await runBerth(installation.stateDir, ['token', who])).trim());
  const world: World = { ...installation, tokens: { admin: await token('admin'), tenant: await token('tenant') } };
  const file = join(dirname(installation.stateDir), 'world.json');
  if (existsSync(file)) rmSync(file);
  writeFileSync(file, JSON.stringify(world), { mode: 0o600 });
  process.env.BERTH_E2E_WORLD = file;
}
