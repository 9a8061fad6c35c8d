/** The panel is backed up, verified and, on an empty machine, restored from a copy older than its host's world. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity } from 'age-encryption';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { readInventory } from '#lib/agent-client/reads.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { asActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { readRecord } from '#server/panel/record.ts';
import { restorePanel } from '#server/panel/restore.ts';
import { verifyBackup } from '#server/panel/verify.ts';
import { readMaster } from '#server/setup/secrets.ts';
import { wrongBy } from '#tests/support/clock.ts';
import { succeeded } from '#tests/support/operations.ts';
import { PanelWorld } from '#tests/support/panel.ts';
import { askCreate, dice, ensureTemplate, expectUntouched, expectWhole, live } from '#tests/support/panel-scenarios.ts';

let world: PanelWorld;
let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync('/tmp/berth-panel-test-');
  world = await PanelWorld.make();
}, 240_000);
afterAll(async () => {
  await world?.cleanUp();
  rmSync(scratch, { recursive: true, force: true });
}, 120_000);

it('comes back on an empty machine from a copy older than the world, and the world wins', async () => {
  await ensureTemplate(world);
  await live(world, dice(1), 3);
  const file = await world.backup();
  const secrets = await readMaster(world.context);

  const manifest = await verifyBackup(file, world.key, world.context);
  expect(manifest.rows.containers).toBe(3);
  expect((await readRecord(world.context)).verified?.file).toBe(file);
  // Nothing in it can be read without the key, and nothing of the key is on the machine.
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  for (const secret of [secrets.kek, secrets.authSecret, 'PRIVATE KEY']) expect(bytes.includes(secret)).toBe(false);
  await expect(verifyBackup(file, await generateIdentity())).rejects.toThrow('not that of this backup');
  const damaged = join(scratch, 'damaged');
  copyFileSync(file, damaged);
  bytes[Math.floor(bytes.length * 0.7)] = (bytes[Math.floor(bytes.length * 0.7)] ?? 0) ^ 1;
  writeFileSync(damaged, bytes);
  await expect(verifyBackup(damaged, world.key)).rejects.toThrow(/damaged/);
  const empty = join(scratch, 'empty');
  await expect(restorePanel({ file: damaged, identity: world.key, stateDir: empty })).rejects.toThrow(/damaged/);
  expect(existsSync(join(empty, 'config.json'))).toBe(false);
  const again = { file, identity: world.key, stateDir: world.context.stateDir };
  await expect(restorePanel(again)).rejects.toThrow('There is an installation');

  const [some = ''] = (await world.truth()).keys();
  await succeeded(world.admin, await askCreate(world));
  await succeeded(world.admin, await removeContainer(world.admin, some));
  await live(world, dice(7), 3);
  const truth = await world.truth();
  await world.lose();
  await world.restore(file);
  expect(await readMaster(world.context)).toEqual(secrets);
  expectUntouched(truth, await world.truth());
  const { orphaned, missing } = await expectWhole(world, truth);
  console.log(`restored: ${truth.size} containers on the host, ${orphaned} orphaned, ${missing} gone meanwhile`);
  expect(orphaned).toBeGreaterThan(0);
  expect(missing).toBeGreaterThan(0);
  // What was built since the copy is known to nobody: a week for people to notice, before layers go.
  const [host] = await asActor(systemActor('test'), (tx) => tx.select().from(hosts).where(eq(hosts.name, 'far')));
  expect((host?.collectLayersAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(6 * 86_400_000);
}, 180_000);

it.each(['+10m', '-10m'])(
  'works by the host’s own time when its clock is wrong by %s',
  async (offset) => {
    await world.host.stop();
    await world.host.start(wrongBy(offset));
    await world.heard();
    const { time } = await readInventory(world.host.connection('worker'), world.host.made.signers.worker, 5_000);
    expect(Math.abs(Date.parse(time) - Date.now())).toBeGreaterThan(9 * 60_000);
    const operation = await succeeded(world.admin, await askCreate(world));
    const said = await execInContainer(world.owner, operation.containerId ?? '', {
      argv: ['hostname'],
      timeoutMs: 5_000,
    });
    expect(said.exitCode).toBe(0);
  },
  60_000,
);
