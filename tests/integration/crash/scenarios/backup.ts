/** Backups and what comes of them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { mountsBelow } from '#agent/sys/mountinfo.ts';
import type { ActionCall } from '#lib/agent-client/actions.ts';
import type { RepositoryRef } from '#lib/contract/agent-backups.ts';
import { resources, type TestAgent } from '../../../support/agent.ts';
import { startRestServer } from '../../../support/backup-servers.ts';
import { filesBelow, flipByte } from '../../backup/fixture.ts';
import { endings } from '../endings.ts';
import { type Scenario, sending } from '../harness.ts';
import { byReserved } from './life.ts';
import { dropSnapshot, type Ground, inside, type Place, powerOf, reserved, takeSnapshot, works } from './place.ts';

export function backupScenarios({ container, template }: Ground) {
  /** A location of its own, so that a round makes the repository and stores the layers anew. */
  const freshRepository = (agent: TestAgent, tenantId: string) => {
    const { args, secrets } = agent.repository(tenantId);
    return {
      repository: { ...args, location: { ...args.location, path: `${args.location.path}-${uuidv7()}` } },
      secrets,
    };
  };
  type Stored = ReturnType<typeof freshRepository>;

  const backUp = async (agent: TestAgent, containerId: string, { repository, secrets }: Stored) => {
    const [snapshotId, backupId] = [await takeSnapshot(agent, containerId), uuidv7()];
    const args = { backupId, snapshotId, repository };
    const { resticSnapshotId } = await agent.act('backup.upload', { containerId, args, secrets });
    await dropSnapshot(agent, containerId, snapshotId);
    return { backupId, resticSnapshotId };
  };

  const snapshotsIn = ({ repository: { location, tenantId } }: { repository: z.infer<typeof RepositoryRef> }) =>
    location.kind === 'directory' ? readdirSync(join(location.path, 'tenants', tenantId, 'snapshots')) : [];

  /** Nothing of the container changes: both states look alike from outside. */
  const runs = async (agent: TestAgent, x: Place) =>
    (await powerOf(agent, x.containerId)) === 'running' ? 'new' : 'between';

  type Uploading = Place & { snapshotId: string; call: ActionCall<'backup.upload'> };
  const upload: Scenario<Uploading> = {
    name: 'backup.upload',
    async before(agent) {
      const here = await container(agent, 'running');
      const snapshotId = await takeSnapshot(agent, here.containerId);
      const { repository, secrets } = freshRepository(agent, here.tenantId);
      const args = { backupId: uuidv7(), snapshotId, repository };
      return {
        ...here,
        snapshotId,
        call: agent.call('backup.upload', { containerId: here.containerId, args, secrets }),
      };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    async usable(agent, x) {
      await works(agent, x);
      const kept = snapshotsIn(x.call.args);
      if (kept.length !== 1) throw new Error(`the location holds ${kept.length} snapshots of one backup`);
    },
    reset: (agent, { containerId, snapshotId }) => dropSnapshot(agent, containerId, snapshotId),
  };

  /** The same to a server elsewhere, each round into a folder of its own there. */
  let server: Awaited<ReturnType<typeof startRestServer>> | undefined;
  const uploadElsewhere: Scenario<Uploading> = {
    name: 'backup.upload elsewhere',
    async before(agent) {
      if (server === undefined) {
        server = await startRestServer(false);
        endings.push(server.stop);
      }
      const here = await container(agent, 'running');
      const snapshotId = await takeSnapshot(agent, here.containerId);
      const { args: known, secrets } = agent.repository(here.tenantId);
      const location = { ...server.location, url: `${server.location.url}/${uuidv7()}` };
      const { user: locationUser, password: locationPassword } = server.credentials;
      const args = { backupId: uuidv7(), snapshotId, repository: { ...known, location } };
      const order = { containerId: here.containerId, args, secrets: { ...secrets, locationUser, locationPassword } };
      return { ...here, snapshotId, call: agent.call('backup.upload', order) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    async usable(agent, x) {
      await works(agent, x);
      const { location, tenantId } = x.call.args.repository;
      const folder = location.kind === 'rest' ? new URL(location.url).pathname : '';
      const kept = readdirSync(join(server?.directory ?? '', folder, 'tenants', tenantId, 'snapshots'));
      if (kept.length !== 1) throw new Error(`the location holds ${kept.length} snapshots of one backup`);
    },
    reset: (agent, { containerId, snapshotId }) => dropSnapshot(agent, containerId, snapshotId),
  };

  type Restored = Place & { restored: string; call: ActionCall<'volume.restore'>; before: number };
  let backup: { containerId: string; resticSnapshotId: string } | undefined;
  const restore: Scenario<Restored> = {
    name: 'volume.restore',
    async before(agent) {
      const here = await container(agent, 'running');
      const { containerId } = here;
      const { args: repository, secrets } = agent.repository(here.tenantId);
      if (backup?.containerId !== containerId)
        backup = { containerId, ...(await backUp(agent, containerId, { repository, secrets })) };
      const { resticSnapshotId } = backup;
      const { layers } = await template(agent);
      const restored = uuidv7();
      const args = { volumeId: restored, repository, resticSnapshotId, layers };
      const before = await reserved(agent);
      return { ...here, restored, before, call: agent.call('volume.restore', { containerId, args, secrets }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: (agent, x) => byReserved(agent, x.before),
    usable: works,
    reset: async (agent, { containerId, restored }) =>
      void (await agent.act('volume.delete', { containerId, args: { volumeId: restored } })),
  };

  type Recreated = { containerId: string; call: ActionCall<'container.recreate'> };
  const recreate: Scenario<Recreated> = {
    name: 'container.recreate',
    async before(agent) {
      const { containerId, tenantId } = await container(agent, 'running');
      const { args: repository, secrets } = agent.repository(tenantId);
      const { resticSnapshotId } = await backUp(agent, containerId, { repository, secrets });
      const address = (await agent.item(containerId))?.address ?? null;
      const keepAddressUntil = new Date(Date.now() + 3_600_000).toISOString();
      await agent.act('container.delete', { containerId, args: { keepAddressUntil } });
      const access = { hostname: 'back', sshKeys: [], removedSshKeys: [] };
      const system = { volumeId: uuidv7(), template: await template(agent), resources, access };
      const args = { tenantId, name: 'back', hostname: 'back', ...system, address, anyAddress: false };
      const from = { repository, resticSnapshotId };
      return {
        containerId,
        call: agent.call('container.recreate', { containerId, args: { ...args, ...from }, secrets }),
      };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: async (agent, x) => ((await agent.item(x.containerId)) === undefined ? 'old' : 'new'),
    async usable(agent, { containerId, call }) {
      if ((await agent.item(containerId))?.address !== call.args.address) throw new Error('it has another address');
      await agent.act('container.start', { containerId });
      await inside(agent, containerId, 'cat /root/note');
      if ((await inside(agent, containerId, 'cat /etc/hostname')) !== 'back')
        throw new Error('it has the old host name');
    },
    reset: async (agent, { containerId }) => void (await agent.act('container.delete', { containerId })),
  };

  /** A backup of the container, for looking into it. */
  const readable = async (agent: TestAgent) => {
    const here = await container(agent, 'running');
    const { containerId } = here;
    const { args: repository, secrets } = agent.repository(here.tenantId);
    const made = await backUp(agent, containerId, { repository, secrets });
    return { here, secrets, args: { ...made, repository, layers: (await template(agent)).layers } };
  };
  const dropBackup = async (agent: TestAgent, { args, secrets }: ActionCall<'backup.open' | 'files.restore'>) => {
    const { repository, resticSnapshotId } = args;
    await agent.act('backup.delete', { args: { repository, resticSnapshotId }, secrets });
    const left = mountsBelow(`${agent.config.agentDir}/mnt`).filter(({ target }) =>
      /\/(opened|backups)\//.test(target),
    );
    if (left.length > 0) throw new Error(`still open: ${left.map(({ target }) => target).join(', ')}`);
  };

  /** A backup is open for as long as its agent lives, and is opened again by the next look. */
  const fleeting = /mnt\/(opened|backups)\/ID$|program: restic$/;

  type Opened = Place & { call: ActionCall<'backup.open'> };
  const open: Scenario<Opened> = {
    name: 'backup.open',
    async before(agent) {
      const { here, args, secrets } = await readable(agent);
      return { ...here, call: agent.call('backup.open', { containerId: here.containerId, args, secrets }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    usable: works,
    reset: (agent, { call }) => dropBackup(agent, call),
    fleeting,
  };

  type PutBack = Place & { call: ActionCall<'files.restore'> };
  const putBack: Scenario<PutBack> = {
    name: 'files.restore',
    async before(agent) {
      const { here, args, secrets } = await readable(agent);
      const { containerId } = here;
      const paths = [Buffer.from('/root/note').toString('base64')];
      const order = { paths, mode: 'overwrite' as const, label: 'b' };
      return { ...here, call: agent.call('files.restore', { containerId, args: { ...args, order }, secrets }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    usable: works,
    reset: (agent, { call }) => dropBackup(agent, call),
    fleeting,
  };

  type Verified = Place & { call: ActionCall<'backup.verify'> };
  const verify: Scenario<Verified> = {
    name: 'backup.verify',
    async before(agent) {
      const here = await container(agent, 'running');
      const stored = freshRepository(agent, here.tenantId);
      const uploaded = await backUp(agent, here.containerId, stored);
      const args = { ...uploaded, repository: stored.repository, layers: (await template(agent)).layers };
      const order = { containerId: here.containerId, args, secrets: stored.secrets };
      return { ...here, call: agent.call('backup.verify', order) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    usable: works,
    async reset(agent, { call: { args, secrets } }) {
      const { repository, resticSnapshotId } = args;
      await agent.act('backup.delete', { args: { repository, resticSnapshotId }, secrets });
    },
  };

  type Measured = Place & { call: ActionCall<'backup.measure'>; stored: Stored; kept: string };
  const measure: Scenario<Measured> = {
    name: 'backup.measure',
    async before(agent) {
      const here = await container(agent, 'running');
      const stored = freshRepository(agent, here.tenantId);
      const { resticSnapshotId: kept } = await backUp(agent, here.containerId, stored);
      const { repository, secrets } = stored;
      const args = { repository, resticSnapshotIds: [kept], each: [kept] };
      return { ...here, stored, kept, call: agent.call('backup.measure', { args, secrets }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    async usable(agent, x) {
      await works(agent, x);
      if (!snapshotsIn(x.stored).includes(x.kept)) throw new Error('the backup is gone');
    },
    async reset(agent, { stored: { repository, secrets }, kept }) {
      await agent.act('backup.delete', { args: { repository, resticSnapshotId: kept }, secrets });
    },
  };

  type Checked = Place & { stored: Stored; kept: string; call: ActionCall<'backup.check'> };
  /** Of a repository with a damaged pack, so that it has something to take out and to name. */
  const check: Scenario<Checked> = {
    name: 'backup.check',
    async before(agent) {
      const here = await container(agent, 'running');
      const stored = freshRepository(agent, here.tenantId);
      const { repository, secrets } = stored;
      const { resticSnapshotId: kept, backupId } = await backUp(agent, here.containerId, stored);
      const { layers } = await template(agent);
      const verified = { backupId, repository, resticSnapshotId: kept, layers };
      await agent.act('backup.verify', { containerId: here.containerId, args: verified, secrets });
      const packs = filesBelow(join(repository.location.path, 'tenants', repository.tenantId, 'data'));
      flipByte(packs.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? '');
      const part = { n: 1, of: 1 };
      const snapshots = [{ resticSnapshotId: kept, readAll: true }];
      const args = { repository, part, snapshots, layers: layers.map((digest) => ({ digest, always: true })) };
      return { ...here, stored, kept, call: agent.call('backup.check', { args, secrets }) };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    async usable(agent, x) {
      await works(agent, x);
      const { args, secrets } = x.call;
      const told = await agent.act('backup.check', { args, secrets });
      if (told.damaged.length !== 1) throw new Error('the damage is not told of any more');
      // What the container still has is stored again.
      const { resticSnapshotId } = await backUp(agent, x.containerId, x.stored);
      const now = { ...args, snapshots: [...args.snapshots, { resticSnapshotId, readAll: true }] };
      const { damaged } = await agent.act('backup.check', { args: now, secrets });
      if (damaged.some((one) => one.resticSnapshotId === resticSnapshotId)) throw new Error('no backup can be made');
    },
    async reset(agent, { stored: { repository, secrets }, kept }) {
      await agent.act('backup.delete', { args: { repository, resticSnapshotId: kept }, secrets });
    },
  };

  type Tried = Place & { stored: Stored; kept: string; before: number; call: ActionCall<'backup.test'> };
  /** Killed anywhere, nothing of the container made for the test is left, and asked again it gives its proof. */
  const trial: Scenario<Tried> = {
    name: 'backup.test',
    async before(agent) {
      const here = await container(agent, 'running');
      const stored = freshRepository(agent, here.tenantId);
      const { repository, secrets } = stored;
      const { resticSnapshotId: kept } = await backUp(agent, here.containerId, stored);
      const system = { template: await template(agent), resources, hostname: 'web-1' };
      const names = { trialId: uuidv7(), volumeId: uuidv7(), repository, resticSnapshotId: kept };
      const probe = { argv: ['true'], timeoutMs: 10_000 };
      const before = await reserved(agent);
      return {
        ...here,
        stored,
        kept,
        before,
        call: agent.call('backup.test', { args: { ...names, ...system, probe }, secrets }),
      };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: runs,
    async usable(agent, x) {
      await works(agent, x);
      const { passed, why } = await agent.send(x.call, {}, { retries: 4 });
      if (!passed) throw new Error(`the backup did not pass: ${why}`);
      if ((await reserved(agent)) !== x.before) throw new Error('the test has left something reserved');
      const others = (await agent.inventory()).filter((one) => one.containerId !== x.containerId);
      if (others.some((one) => one.containerId === x.call.args.trialId)) throw new Error('the test is a container');
    },
    async reset(agent, { stored: { repository, secrets }, kept }) {
      await agent.act('backup.delete', { args: { repository, resticSnapshotId: kept }, secrets });
    },
  };

  type Around = Place & { snapshotId: string; reservedBefore: number; call: ActionCall<'snapshot.create'> };
  /** Whatever is killed between them: when the first command was run, the second is, once everything is at rest again. */
  const around: Scenario<Around> = {
    name: 'snapshot.create with commands',
    async before(agent) {
      const here = await container(agent, 'running');
      const { containerId } = here;
      await agent.sh(containerId, 'rm -f /root/held');
      const snapshotId = uuidv7();
      const command = (script: string) => ({ argv: ['/bin/sh', '-c', script], timeoutMs: 10_000 });
      const commands = { before: command('echo 1 > /root/held'), after: command('rm -f /root/held') };
      const args = { snapshotId, commands: { ...commands, ifBeforeFails: 'fail' as const } };
      const call = agent.call('snapshot.create', { containerId, args });
      return { ...here, snapshotId, reservedBefore: await reserved(agent), call };
    },
    order: (agent, x) => sending(agent, x.call),
    observe: (agent, x) => byReserved(agent, x.reservedBefore),
    async usable(agent, x) {
      await works(agent, x);
      const held = async () => (await agent.sh(x.containerId, 'test -e /root/held && echo held || echo free')).trim();
      for (let tries = 0; (await held()) === 'held'; tries += 1) {
        if (tries > 50) throw new Error('the command after it was never run');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    reset: (agent, { containerId, snapshotId }) => dropSnapshot(agent, containerId, snapshotId),
  };

  type Forgotten = Place & { stored: Stored; kept: string; gone: string };
  let both: { stored: Stored; kept: string; containerId: string } | undefined;
  const forget: Scenario<Forgotten> = {
    name: 'backup.delete',
    async before(agent) {
      const here = await container(agent, 'running');
      const { containerId } = here;
      if (both?.containerId !== containerId) {
        const stored = freshRepository(agent, here.tenantId);
        both = { containerId, stored, kept: (await backUp(agent, containerId, stored)).resticSnapshotId };
      }
      const gone = await backUp(agent, containerId, both.stored);
      // Somebody looks into it, and has to be kept out first.
      const { repository, secrets } = both.stored;
      const args = { ...gone, repository, layers: (await template(agent)).layers };
      await agent.act('backup.open', { containerId, args, secrets });
      return { ...here, ...both, gone: gone.resticSnapshotId };
    },
    order(agent, { stored: { repository, secrets }, gone }) {
      return sending(agent, agent.call('backup.delete', { args: { repository, resticSnapshotId: gone }, secrets }));
    },
    observe: async (_agent, { stored, gone }) => (snapshotsIn(stored).includes(gone) ? 'old' : 'new'),
    async usable(agent, { stored, kept, containerId }) {
      const { repository, secrets } = stored;
      const args = { backupId: uuidv7(), repository, resticSnapshotId: kept, layers: (await template(agent)).layers };
      await agent.act('backup.verify', { containerId, args, secrets });
      if (!existsSync(repository.location.path) || snapshotsIn(stored).length !== 1) throw new Error('not one is left');
    },
    reset: async () => undefined,
    fleeting,
  };

  return {
    ...{ upload, uploadElsewhere, restore, open, putBack, recreate, verify, measure, forget },
    ...{ checkBackups: check, trial, around },
  };
}
