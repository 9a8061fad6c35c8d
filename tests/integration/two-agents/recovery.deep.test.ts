/** Everything is lost but the backup location and the exported recovery password. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createBackups } from '#agent/backup/apply.ts';
import { Resources } from '#lib/contract/fields.ts';
import { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';
import { startRestServer } from '../../support/backup-servers.ts';

const recoveryPassword = 'written down on paper, in a safe';
const ownersAndModes = [
  'cd /srv && find . -exec stat -c "%n %u:%g %a %h %s %Y" {} + | sort',
  'cd /srv && find . -type f -exec md5sum {} + | sort',
  'readlink /srv/link; cat /etc/hostname; id someone',
];
const Metadata = z.object({
  tenantId: z.string(),
  containerId: z.string(),
  template: TemplateRef,
  resources: Resources,
  hostname: z.string(),
});

let lost: TestAgent;
let empty: TestAgent;
let saved: string;
beforeAll(async () => {
  saved = mkdtempSync('/tmp/berth-saved-');
  lost = await startTestAgent('real');
}, 240_000);
afterAll(async () => {
  await lost?.cleanUp();
  await empty?.cleanUp();
  rmSync(saved, { recursive: true, force: true });
}, 120_000);

it('a container comes back on an empty host from the location and the recovery password alone', async () => {
  const template = await lost.template('tiny');
  const { containerId, tenantId } = await lost.container(template, { hostname: 'survivor' });
  await lost.act('container.start', { containerId });
  const write = [
    'adduser -D -H -u 1500 someone',
    'mkdir -p /srv/data && cd /srv && dd if=/dev/urandom of=data/random bs=1k count=700 2>/dev/null',
    'echo kept > data/note && ln data/note data/second-name && ln -s data/note link',
    'chown 1500:1600 data/note && chmod 640 data/note && chown -R 65534:10 data/random && chmod 4711 data/random',
    'chmod 1777 data && touch -d "2001-02-03 04:05:06" data/note && rm /etc/motd 2>/dev/null; sync',
  ];
  await lost.sh(containerId, write.join(' && '));
  const facts = async (agent: TestAgent, id: string) =>
    (await Promise.all(ownersAndModes.map((script) => agent.sh(id, script)))).join('\n');
  const before = await facts(lost, containerId);
  expect(before).toMatch(/data\/note 1500:1600 640 2 5 /);
  expect(before).toMatch(/data\/random 65534:10 4711 1 716800 /);

  const [snapshotId, backupId] = [uuidv7(), uuidv7()];
  const { args: repository, secrets: passwords } = lost.repository(tenantId);
  const secrets = { ...passwords, recoveryPassword };
  await lost.act('snapshot.create', { containerId, args: { snapshotId } });
  const { resticSnapshotId } = await lost.act('backup.upload', {
    containerId,
    args: { backupId, snapshotId, repository },
    secrets,
  });
  const { layers } = template;
  const verify = { backupId, repository, resticSnapshotId, layers };
  expect(await lost.act('backup.verify', { containerId, args: verify, secrets })).toMatchObject({ complete: true });
  cpSync(repository.location.path, join(saved, 'default'), { recursive: true, preserveTimestamps: true });
  await lost.cleanUp();
  expect(existsSync(lost.made.directory)).toBe(false);

  // From here on nothing is known but a directory and a password.
  empty = await startTestAgent('real', { backupRoot: saved });
  expect((await empty.host()).layers).toEqual([]);
  const location = { kind: 'directory' as const, id: uuidv7(), path: join(saved, 'default') };
  const [tenant = ''] = readdirSync(join(location.path, 'tenants')).filter((name) => !name.endsWith('.keys'));
  const withRecovery = { tenantId: tenant, location, password: recoveryPassword, recoveryPassword };
  const agentDir = join(empty.made.directory, 'recovery');
  mkdirSync(agentDir);
  const reader = createBackups({ ...empty.config, agentDir });
  const [found, ...others] = await reader.list(withRecovery);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ containerId, backupId });
  const known = Metadata.parse(await reader.metadata(withRecovery, found?.resticSnapshotId ?? ''));
  expect(known).toMatchObject({ tenantId: tenant, containerId, template, resources, hostname: 'survivor' });

  const id = uuidv7();
  const about = { tenantId: tenant, hostname: known.hostname, resources: known.resources };
  await expect(empty.container(known.template, about)).rejects.toMatchObject({ code: 'not_found' });
  const made = { ...about, name: 'again', volumeId: uuidv7(), template: known.template, layersFrom: location };
  await empty.act('container.create', { containerId: id, args: made });
  const volumeId = uuidv7();
  const restored = await empty.act('volume.restore', {
    containerId: id,
    args: {
      volumeId,
      repository: { tenantId: tenant, location },
      resticSnapshotId: found?.resticSnapshotId ?? '',
      layers: known.template.layers,
    },
    secrets: { repositoryPassword: recoveryPassword, recoveryPassword },
  });
  expect(restored.files).toBeGreaterThan(3);
  const swap = { volumeId, template: known.template, carryIdentity: false, oldAt: null };
  const { retainedVolumeId } = await empty.act('container.swap', { containerId: id, args: swap });
  await empty.act('volume.delete', { containerId: id, args: { volumeId: retainedVolumeId } });
  await empty.act('container.start', { containerId: id });
  expect(await facts(empty, id)).toBe(before);
  await expect(empty.sh(id, 'ls /etc/motd')).rejects.toThrow(/No such file/);
}, 300_000);

it('a layer that is damaged at the location is refused, and nothing is left of the attempt', async () => {
  const location = { kind: 'directory' as const, id: uuidv7(), path: join(saved, 'default') };
  const [file = ''] = readdirSync(join(location.path, 'layers'));
  const digest = `sha256:${file.replace('.erofs', '')}`;
  for (const { containerId } of await empty.inventory()) await empty.act('container.delete', { containerId });
  await empty.act('layers.collect', { args: { keep: [] } });
  expect((await empty.host()).layers).toEqual([]);
  cpSync(join(empty.made.directory, 'agent/config.json'), join(location.path, 'layers', file));
  const template = { name: 'tiny', version: '1', layers: [digest], init: 'busybox' as const };
  await expect(empty.container(template, { layersFrom: location })).rejects.toMatchObject({ code: 'conflict' });
  expect(await empty.inventory()).toEqual([]);
  expect((await empty.host()).pool.reservedBytes).toBe(0);
  expect((await empty.host()).layers).toEqual([]);
}, 120_000);

it('a container whose host is gone comes back on another from a server elsewhere, with its layers', async () => {
  const server = await startRestServer(true);
  const backupNetworks = ['127.0.0.1/32'];
  const gone = await startTestAgent('real', { backupNetworks });
  let other: TestAgent | undefined;
  try {
    const template = await gone.template('tiny');
    const { containerId, tenantId } = await gone.container(template, { hostname: 'survivor' });
    await gone.act('container.start', { containerId });
    await gone.sh(containerId, 'echo kept > /root/note && chown 1500:1600 /root/note && sync');
    const [snapshotId, backupId] = [uuidv7(), uuidv7()];
    const repository = { tenantId, location: server.location };
    const credentials = { locationUser: server.credentials.user, locationPassword: server.credentials.password };
    const secrets = { repositoryPassword: 'a repository password', recoveryPassword, ...credentials };
    await gone.act('snapshot.create', { containerId, args: { snapshotId } });
    const args = { backupId, snapshotId, repository };
    const { resticSnapshotId } = await gone.act('backup.upload', { containerId, args, secrets });
    const verify = { backupId, repository, resticSnapshotId, layers: template.layers };
    await gone.act('backup.verify', { containerId, args: verify, secrets });
    await gone.cleanUp();

    other = await startTestAgent('real', { backupNetworks });
    const volumes = { made: uuidv7(), restored: uuidv7() };
    const about = { tenantId, name: 'again', hostname: 'survivor', resources, template, layersFrom: server.location };
    const made = { containerId, args: { ...about, volumeId: volumes.made }, secrets: credentials };
    await other.act('container.create', made);
    expect((await other.host()).layers.map(({ digest }) => digest)).toEqual(template.layers);
    await other.act('volume.restore', {
      containerId,
      args: { volumeId: volumes.restored, repository, resticSnapshotId, layers: template.layers },
      secrets,
    });
    const swap = { volumeId: volumes.restored, template, carryIdentity: false, oldAt: null };
    await other.act('container.swap', { containerId, args: swap });
    await other.act('container.start', { containerId });
    expect(await other.sh(containerId, 'cat /root/note; stat -c %u:%g /root/note')).toBe('kept\n1500:1600');
  } finally {
    await gone.cleanUp();
    await other?.cleanUp();
    await server.stop();
  }
}, 300_000);
