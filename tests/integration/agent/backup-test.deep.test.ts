/** A backup is proved on the real agent: restored beside, booted without a network, asked, and gone. */
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';
import { filesBelow, flipByte } from '../backup/fixture.ts';

const MiB = 1024 * 1024;
const roomy = { ...resources, memoryBytes: 512 * MiB, diskBytes: 768 * MiB, inodes: 65_536 };

let agent: TestAgent;
beforeAll(async () => {
  agent = await startTestAgent('real');
}, 300_000);
afterAll(() => agent?.cleanUp());

type Backed = Awaited<ReturnType<typeof backedUp>>;
async function backedUp(template: TemplateRef, size: typeof resources, script: string) {
  const { containerId, tenantId } = await agent.container(template, { resources: size, hostname: 'db-1' });
  await agent.act('container.start', { containerId });
  await agent.sh(containerId, script);
  const [snapshotId, backupId] = [uuidv7(), uuidv7()];
  await agent.act('snapshot.create', { containerId, args: { snapshotId } });
  const { args, secrets } = agent.repository(tenantId);
  const repository = { ...args, location: { ...args.location, path: join(args.location.path, uuidv7()) } };
  const { resticSnapshotId } = await agent.act('backup.upload', {
    containerId,
    args: { backupId, snapshotId, repository },
    secrets,
  });
  const layers = { backupId, repository, resticSnapshotId, layers: template.layers };
  await agent.act('backup.verify', { containerId, args: layers, secrets });
  await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
  return { containerId, template, size, repository, resticSnapshotId, secrets };
}
const order = ({ template, size, repository, resticSnapshotId }: Backed, argv: string[] | null, more = {}) => ({
  ...{ trialId: uuidv7(), volumeId: uuidv7(), repository, resticSnapshotId, template, resources: size },
  ...{ hostname: 'db-1', probe: argv === null ? null : { argv, timeoutMs: 20_000 } },
  ...more,
});
const trial = (backed: Backed, argv: string[] | null, more = {}) =>
  agent.act('backup.test', { args: order(backed, argv, more), secrets: backed.secrets });

/** What a test may leave on a host: nothing. */
async function traces() {
  const { reservedBytes } = (await agent.host()).pool;
  return { reservedBytes, containers: (await agent.inventory()).map((one) => one.containerId).sort() };
}

it('boots a small system, without any network, and shows what its probe says; nothing stays', async () => {
  const backed = await backedUp(await agent.template('tiny'), resources, 'echo precious > /root/note; sync');
  const before = await traces();
  const links = await trial(backed, [
    '/bin/sh',
    '-c',
    'cat /root/note; hostname; ls /sys/class/net; cat /proc/net/route',
  ]);
  expect(links).toMatchObject({
    passed: true,
    why: null,
    boot: { state: 'up' },
    probe: { exitCode: 0, timedOut: false },
  });
  // The container's own loopback and nothing more; no route.
  expect(links.probe?.output.split('\n').slice(0, 3)).toEqual(['precious', 'db-1', 'lo']);
  expect(
    links.probe?.output
      .trim()
      .split('\n')
      .slice(3)
      .every((line) => line.startsWith('Iface')),
  ).toBe(true);
  expect(links.restored?.files).toBeGreaterThan(0);
  expect(links.tookMs).toBeGreaterThan(links.boot?.tookMs ?? 0);
  expect(await traces()).toEqual(before);
  expect(await agent.sh(backed.containerId, 'cat /root/note')).toBe('precious');

  expect(await trial(backed, ['/bin/sh', '-c', 'echo no; exit 7'])).toMatchObject({
    ...{ passed: false, why: 'The probe ended with exit code 7.' },
    probe: { exitCode: 7, output: 'no\n' },
  });
  const late = await trial(backed, ['sleep', '60'], { probe: { argv: ['sleep', '60'], timeoutMs: 1000 } });
  expect(late).toMatchObject({ passed: false, why: 'The probe did not end in time.', probe: { timedOut: true } });
  expect(await trial(backed, ['no-such-program'])).toMatchObject({ passed: false, probe: { exitCode: 127 } });
  expect(await traces()).toEqual(before);

  // One that reboots at once never comes up, and is not started again.
  const broken = await backedUp(
    await agent.template('tiny'),
    resources,
    'rm -f /sbin/init; printf "#!/bin/sh\\necho dying\\nexit 3\\n" > /sbin/init; chmod +x /sbin/init; sync',
  );
  const dead = await trial(broken, null);
  expect(dead.passed).toBe(false);
  expect(dead.why).toMatch(/init/);

  // A damaged pack: the test finds out that it does not come back.
  const { location, tenantId } = backed.repository;
  const packs = filesBelow(join(location.path, 'tenants', tenantId, 'data'));
  for (const pack of packs) flipByte(pack);
  expect(await trial(backed, null)).toMatchObject({
    ...{ passed: false, restored: null, boot: null },
    why: 'It cannot be fetched whole from its location.',
  });
  expect(await traces()).toMatchObject({ containers: [...before.containers, broken.containerId].sort() });
}, 300_000);

it('given up in the middle leaves nothing', async () => {
  const backed = await backedUp(await agent.template('tiny'), resources, 'echo x > /root/note');
  const before = await traces();
  const call = agent.call('backup.test', { args: order(backed, ['sleep', '100']), secrets: backed.secrets });
  const running = agent
    .send(call, { onProgress: ({ message }) => seen.push(message) })
    .catch((error: unknown) => error);
  const seen: string[] = [];
  await expect.poll(() => seen.includes('Running the probe'), { timeout: 60_000 }).toBe(true);
  await agent.cancel(call);
  expect(await running).toMatchObject({ code: 'cancelled' });
  expect(await traces()).toEqual(before);
}, 120_000);

it('waits for systemd to say that it is up', async () => {
  const script = 'systemctl is-system-running --wait; echo kept > /root/note; sync';
  const backed = await backedUp(await agent.template('debian-12'), roomy, script);
  const before = await traces();
  const { boot, passed, probe, log } = await trial(backed, ['/bin/sh', '-c', 'cat /root/note; ls /sys/class/net']);
  expect({ passed, probe: probe?.output }).toEqual({ passed: true, probe: 'kept\nlo\n' });
  expect(['running', 'degraded']).toContain(boot?.state);
  expect(log).toContain('systemd');
  console.log(
    `systemd: ${boot?.state} after ${boot?.tookMs} ms, failed units: ${boot?.failedUnits.join(', ') || 'none'}`,
  );
  expect(await traces()).toEqual(before);
}, 600_000);
