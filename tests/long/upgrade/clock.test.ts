/** Certificates and grant keys come and go while orders run, by clocks that are put forward: about a minute. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { serialOf } from '#lib/pki/grant-keys.ts';
import { keep } from '#server/panel/keep.ts';
import { SharedClock } from '#tests/support/clock.ts';
import { succeeded } from '#tests/support/operations.ts';
import { PanelWorld } from '#tests/support/panel.ts';
import { askCreate, ensureTemplate } from '#tests/support/panel-scenarios.ts';

const day = 86_400_000;
const readIfThere = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
const quiet = { info: () => undefined, error: (detail: Record<string, unknown>) => console.error(detail) };
let world: PanelWorld;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync('/tmp/berth-clock-');
  world = await PanelWorld.make();
});
afterAll(async () => {
  await world?.cleanUp();
  rmSync(directory, { recursive: true, force: true });
});

it('half a year passes without an order that fails', async () => {
  const clock = new SharedClock(directory);
  await world.host.stop();
  await world.host.start(clock.env);
  await world.takeWorker(clock.env);
  await world.heard();
  await ensureTemplate(world);
  const { containerId } = await succeeded(world.admin, await askCreate(world));
  const id = containerId ?? '';

  let orders = 0;
  let ending = false;
  const orderly = (async () => {
    while (!ending) {
      for (const ask of [
        () => stopContainer(world.owner, id, { timeoutMs: 5_000 }),
        () => startContainer(world.owner, id),
      ]) {
        await succeeded(world.owner, await permittedSoon(ask));
        orders += 1;
      }
    }
  })();
  orderly.catch(() => undefined);

  const { identity, grantKeys } = world.host.config;
  const onHost = () => ({
    ends: Date.parse(new X509Certificate(readFileSync(identity.certificate)).validTo),
    serial: serialOf(readIfThere(join(dirname(grantKeys.worker), 'grant-keys.jws'))),
  });
  const seen = { ends: new Set<number>(), serials: new Set<number>() };
  // As the keeper does, only that days pass between its turns: through the change of keys day by day, else two months at once.
  for (const days of [0, 59, 2, 1, 1, 57, 2, 1, 1, 57, 2, 1, 1]) {
    clock.forward(days * day);
    await keep(world.context, quiet, clock.now());
    const signed = serialOf(readIfThere(world.context.paths.grantKeySet));
    // Half a minute for the worker to look after its hosts again.
    clock.forward(40_000);
    const before = orders;
    const renewed = () => onHost().serial === signed && onHost().ends > clock.now().getTime() + 29 * day;
    await expect.poll(() => renewed() && orders > before + 2, { timeout: 60_000 }).toBe(true);
    seen.ends.add(onHost().ends);
    seen.serials.add(onHost().serial);
  }
  ending = true;
  await orderly;
  console.log(
    `${orders} of ${orders} orders obeyed; ${seen.ends.size} certificates, ${seen.serials.size} sets of grant keys`,
  );
  expect(seen.ends.size).toBeGreaterThan(2);
  expect(seen.serials.size).toBeGreaterThan(3);
});

/** The state a person sees follows the host within a second or two. */
async function permittedSoon<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries > 200) throw error;
      await sleep(100);
    }
  }
}
