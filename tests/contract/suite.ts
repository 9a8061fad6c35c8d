/** What an agent promises over HTTP, whatever is below it. The simulator and the real agent both pass all of it. */
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeConsole, openConsole, readRecords } from '#lib/agent-client/reads.ts';
import { keyContent } from '#lib/contract/fields.ts';
import type { FileEdit } from '#lib/contract/files.ts';
import { actionId } from '#lib/contract/ids.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { exportContainer, fetchExport, importArchive, upload } from '../integration/transfers/place.ts';
import { resources, startTestAgent, type TestAgent } from '../support/agent.ts';
import type { Kind } from '../support/agent-place.ts';

const short = { timeoutMs: 20_000 };
const keys = '/root/.ssh/authorized_keys';
const key = (n: number) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample${n} key ${n}`;

export function contractSuite(kind: Kind): void {
  describe(`an agent (${kind})`, () => {
    let agent: TestAgent;
    let template: TemplateRef;
    /** Of archives that were refused and wait for another try. */
    let leftBytes = 0;
    beforeAll(async () => {
      agent = await startTestAgent(kind);
      template = await agent.template();
    });
    afterAll(async () => {
      await agent?.cleanUp();
    });

    afterEach(async () => {
      for (const { containerId } of await agent.inventory()) await agent.act('container.delete', { containerId });
      expect(await agent.inventory()).toEqual([]);
      expect((await agent.host()).pool.reservedBytes).toBe(leftBytes);
    });

    const running = async (id: string) => (await agent.item(id))?.power === 'running';
    const write = (id: string, text: string) => agent.sh(id, `echo ${text} > /root/note`);
    const read = (id: string) => agent.sh(id, 'cat /root/note');

    it('describes its host', async () => {
      const host = await agent.host();
      expect(host).toMatchObject({ hostId: agent.hostId, simulated: kind === 'sim', forwardAddress: '127.0.0.1' });
      expect(host.layers.map((layer) => layer.digest)).toContain(template.layers[0]);
      expect(host.pool.reflinks).toBe(true);
    });

    it('builds the same template to the same layers', async () => {
      expect((await agent.template()).layers).toEqual(template.layers);
    });

    it('refuses a template it has no definition of, finally', async () => {
      await expect(agent.template('no-such')).rejects.toMatchObject({ code: 'not_found', retryable: false });
    });

    it('takes no order of a worker whose operation another has taken up, and repeats what was done', async () => {
      const { containerId } = await agent.container(template);
      const operationId = uuidv7();
      const start = { containerId, actionId: actionId(operationId, 1, 'start') };
      const first = await agent.act('container.start', { ...start, fence: 7 });
      expect(await agent.act('container.start', { ...start, fence: 9 })).toEqual(first);
      const late = { code: 'stale', retryable: false };
      await expect(agent.act('container.start', { ...start, fence: 8 })).rejects.toMatchObject(late);
      const stop = { containerId, actionId: actionId(operationId, 1, 'start', true), args: { timeoutMs: 0 } };
      await expect(agent.act('container.stop', { ...stop, fence: 7 })).rejects.toMatchObject(late);
      expect(await running(containerId)).toBe(true);
      await agent.act('container.stop', { ...stop, fence: 9 });
      expect(await running(containerId)).toBe(false);
    });

    it('creates stopped, starts, runs commands inside, stops', async () => {
      const { containerId, address } = await agent.container(template, { hostname: 'web-1.example.test' });
      expect(await agent.item(containerId)).toMatchObject({
        power: 'stopped',
        desired: 'stopped',
        address,
        usage: null,
      });
      const { startedAt } = await agent.act('container.start', { containerId });
      expect(Math.abs(Date.parse(startedAt) - Date.now())).toBeLessThan(20_000);
      const item = await agent.item(containerId);
      expect(item).toMatchObject({ power: 'running', desired: 'running' });
      expect(item?.bootId).not.toBeNull();
      expect(item?.usage?.memoryBytes).toBeGreaterThan(0);
      expect(await agent.sh(containerId, 'hostname')).toBe('web-1.example.test');
      expect(await agent.exec(containerId, ['false'])).toMatchObject({ exitCode: 1, timedOut: false });
      expect((await agent.act('container.stop', { containerId, args: short })).how).toBe('clean');
      expect(await agent.item(containerId)).toMatchObject({ power: 'stopped', lastExit: { cause: 'stopped' } });
      expect((await agent.act('container.stop', { containerId, args: short })).how).toBe('already');
    });

    it('keeps files over a restart, which is a new boot', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const before = (await agent.item(containerId))?.bootId;
      await write(containerId, 'kept');
      await agent.act('container.restart', { containerId, args: short });
      expect(await read(containerId)).toBe('kept');
      expect((await agent.item(containerId))?.bootId).not.toBe(before);
      expect((await agent.act('container.start', { containerId })).startedAt).toBeTruthy();
      await agent.act('container.kill', { containerId });
      expect(await agent.item(containerId)).toMatchObject({
        power: 'stopped',
        desired: 'stopped',
        lastExit: { cause: 'killed' },
      });
    });

    it('kills while a stop is still counting down, and both end', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      await agent.sh(containerId, 'true');
      const stop = agent.act('container.stop', { containerId, args: { timeoutMs: 60_000 } });
      await agent.act('container.kill', { containerId });
      expect((await stop).how).not.toBe('killed');
      expect(await running(containerId)).toBe(false);
    });

    it('goes down after poweroff inside and comes up again after reboot inside', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const boot = (await agent.item(containerId))?.bootId;
      await agent.exec(containerId, ['reboot']);
      await expect
        .poll(
          async () => {
            // One look for both: between two, the old boot can end and the next begin.
            const item = await agent.item(containerId);
            return item?.power === 'running' ? item.bootId : boot;
          },
          { timeout: 20_000 },
        )
        .not.toBe(boot);
      expect((await agent.item(containerId))?.lastExit?.cause).toBe('reboot');
      await agent.exec(containerId, ['poweroff']);
      await expect
        .poll(async () => (await agent.item(containerId))?.lastExit?.cause, { timeout: 20_000 })
        .toBe('poweroff');
      await expect
        .poll(() => agent.item(containerId), { timeout: 10_000 })
        .toMatchObject({ power: 'stopped', desired: 'stopped' });
    });

    it('thaws what is not frozen, and forgets what it was never told, without a fuss', async () => {
      const { containerId } = await agent.container(template);
      expect(await agent.act('container.thaw', { containerId })).toEqual({ thawed: 0 });
      await agent.act('local.told', { args: { actionIds: [`${uuidv7()}.1.local`] } });
    });

    it('runs a command at most once for an id', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const execId = uuidv7();
      const argv = ['/bin/sh', '-c', 'echo again >> /root/count && cat /root/count'];
      const first = await agent.exec(containerId, argv, { execId });
      expect(first.stdout).toBe('again\n');
      expect(await agent.exec(containerId, argv, { execId })).toEqual(first);
      await expect(agent.exec(containerId, ['true'], { execId })).rejects.toMatchObject({ code: 'conflict' });
      expect(await agent.sh(containerId, 'cat /root/count')).toBe('again');
      await agent.stop('SIGKILL');
      await agent.start();
      await expect(agent.exec(containerId, argv, { execId })).rejects.toMatchObject({ code: 'conflict' });
      await agent.act('container.kill', { containerId });
      await expect(agent.exec(containerId, ['true'])).rejects.toMatchObject({ code: 'state' });
    });

    it('ends a command that takes too long', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const result = await agent.exec(containerId, ['sleep', '30'], { timeoutMs: 300 });
      expect(result).toMatchObject({ exitCode: null, timedOut: true });
    });

    it('ends a command when whoever asked for it is gone', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const [execId, argv] = [uuidv7(), ['sleep', '30']];
      const left = agent.exec(containerId, argv, { execId, ended: AbortSignal.timeout(1000) });
      await expect(left).rejects.toMatchObject({ code: 'timeout' });
      const since = performance.now();
      expect(await agent.exec(containerId, argv, { execId })).toMatchObject({ exitCode: null, timedOut: false });
      expect(performance.now() - since).toBeLessThan(2000);
    });

    it('sets keys, password and host name, running or stopped', async () => {
      const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample0 somebody';
      const { containerId } = await agent.container(template, { sshKeys: [key] });
      await agent.act('container.start', { containerId });
      expect(await agent.sh(containerId, 'cat /root/.ssh/authorized_keys')).toBe(key);
      const password = { rootPassword: `quote ' " $(id) \\ and : more` };
      await agent.act('container.access', {
        containerId,
        args: { hostname: 'renamed', sshKeys: [] },
        secrets: password,
      });
      expect(await agent.sh(containerId, 'cat /root/.ssh/authorized_keys')).toBe('');
      expect(await agent.sh(containerId, 'cat /etc/hostname')).toBe('renamed');
      expect(await agent.sh(containerId, 'hostname')).toBe('renamed');
      const shadow = await agent.sh(containerId, 'cat /etc/shadow');
      expect(shadow).toMatch(/^root:\$/m);
      await agent.act('container.stop', { containerId, args: short });
      await agent.act('container.access', {
        containerId,
        args: { sshKeys: [key, key] },
        secrets: { rootPassword: 'another password' },
      });
      await agent.act('container.start', { containerId });
      expect(await agent.sh(containerId, 'cat /root/.ssh/authorized_keys')).toBe(`${key}\n${key}`);
      expect(await agent.sh(containerId, 'cat /etc/shadow')).not.toBe(shadow);
      expect(await agent.sh(containerId, 'hostname')).toBe('renamed');
    });

    it('takes new limits while running', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const more = { ...resources, cpuCores: 0.5, memoryBytes: 192 * 1024 * 1024, pids: 150 };
      expect(await agent.act('container.configure', { containerId, args: { resources: more } })).toEqual({
        pending: [],
      });
      const bigger = { ...more, diskBytes: resources.diskBytes * 2 };
      await agent.act('container.configure', { containerId, args: { resources: bigger } });
      await agent.act('container.restart', { containerId, args: short });
      expect(await running(containerId)).toBe(true);
    });

    it('hands a container over while it runs: another tenant’s on the network, its consoles ended', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      const { bootId } = (await agent.item(containerId)) ?? {};
      const tenantId = uuidv7();
      const call = { containerId, args: { tenantId, name: 'theirs' } };
      expect(await agent.act('container.handover', call)).toEqual({});
      const { containers } = await readRecords(agent.connection('web'), agent.made.signers.web, 5_000);
      expect(containers.find((one) => one.containerId === containerId)).toMatchObject({ tenantId, name: 'theirs' });
      expect(await agent.item(containerId)).toMatchObject({ power: 'running', bootId });
      const gone = agent.act('container.handover', { ...call, containerId: uuidv7() });
      await expect(gone).rejects.toMatchObject({ code: 'not_found', retryable: false });
    });

    it('binds a console to its container for as long as it lives, and keeps nothing of it afterwards', async () => {
      const [mine, other] = [await agent.container(template), await agent.container(template)];
      for (const { containerId } of [mine, other]) await agent.act('container.start', { containerId });
      const [connection, signer] = [agent.connection('web'), agent.made.signers.web];
      const sessionId = uuidv7();
      const of = ({ containerId }: { containerId: string }) => ({
        subject: 'system',
        containerId,
        generation: 1,
        sessionId,
      });
      const socket = await openConsole(connection, signer, of(mine));
      const ended = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      for (const reach of [openConsole, closeConsole])
        await expect(reach(connection, signer, of(other))).rejects.toMatchObject({ code: 'not_found' });
      expect(socket.readyState).toBe(socket.OPEN);
      socket.send(Buffer.from('exit\n'));
      await ended;
      await closeConsole(connection, signer, of(other));
      (await openConsole(connection, signer, of(other))).terminate();
      await closeConsole(connection, signer, of(other));
    });

    it('gives a host port to one container only', async () => {
      const [one, two] = [await agent.container(template), await agent.container(template)];
      const hostPort = agent.config.forwardPorts.first;
      const forward = { protocol: 'tcp' as const, hostPort, containerPort: 80 };
      await agent.act('container.forwards', { containerId: one.containerId, args: { forwards: [forward] } });
      await expect(
        agent.act('container.forwards', { containerId: two.containerId, args: { forwards: [forward] } }),
      ).rejects.toMatchObject({ code: 'conflict', retryable: false });
      const outside = { ...forward, hostPort: agent.config.forwardPorts.last + 1 };
      await expect(
        agent.act('container.forwards', { containerId: two.containerId, args: { forwards: [outside] } }),
      ).rejects.toMatchObject({ code: 'invalid' });
      await agent.act('container.delete', { containerId: one.containerId });
      await agent.act('container.forwards', { containerId: two.containerId, args: { forwards: [forward] } });
    });

    it('refuses what the pool cannot promise, leaving nothing', async () => {
      const before = await agent.host();
      const huge = { ...resources, diskBytes: before.pool.sizeBytes };
      await expect(agent.container(template, { resources: huge })).rejects.toMatchObject({
        code: 'no_space',
        retryable: false,
      });
      expect((await agent.host()).pool.reservedBytes).toBe(before.pool.reservedBytes);
    });

    it('backs up while running and restores to a new volume that takes the old one’s place, and back', async () => {
      const { containerId, volumeId, tenantId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      await write(containerId, 'saved');
      const [snapshotId, backupId] = [uuidv7(), uuidv7()];
      const taken = await agent.act('snapshot.create', { containerId, args: { snapshotId } });
      expect(taken.freezeMs).toBeLessThan(2000);
      await write(containerId, 'newer');
      const { args: repository, secrets } = agent.repository(tenantId);
      const progress: (number | null)[] = [];
      const uploaded = await agent.act('backup.upload', {
        containerId,
        args: { backupId, snapshotId, repository },
        secrets,
        watcher: { onProgress: ({ percent }) => progress.push(percent) },
      });
      expect(uploaded).toMatchObject({ template, hostname: 'web-1', resources });
      expect(progress.length).toBeGreaterThan(0);
      const { resticSnapshotId } = uploaded;
      const verifyArgs = { backupId, repository, resticSnapshotId, layers: template.layers };
      expect(await agent.act('backup.verify', { containerId, args: verifyArgs, secrets })).toMatchObject({
        complete: true,
      });
      const measuring = { repository, resticSnapshotIds: [resticSnapshotId, 'f'.repeat(64)], each: [resticSnapshotId] };
      const measured = await agent.act('backup.measure', { args: measuring, secrets });
      expect(measured.bytes).toBeGreaterThan(0);
      expect(measured).toMatchObject({ counted: measuring.resticSnapshotIds, each: [{ freesBytes: measured.bytes }] });
      await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
      const lost = 'e'.repeat(64);
      const snapshots = [resticSnapshotId, lost].map((id) => ({ resticSnapshotId: id, readAll: false }));
      const layers = template.layers.map((digest) => ({ digest, always: true }));
      const checking = { repository, part: { n: 1, of: 1 }, snapshots, layers };
      const checked = await agent.act('backup.check', { args: checking, secrets });
      expect(checked).toMatchObject({
        found: [{ what: 'snapshot', name: lost, healed: 'no' }],
        damaged: [{ resticSnapshotId: lost, missing: ['/'] }],
        layersLost: [],
      });

      const before = await agent.host();
      const probe = { argv: ['cat', '/root/note'], timeoutMs: 10_000 };
      const trial = { trialId: uuidv7(), volumeId: uuidv7(), repository, template, resources, hostname: 'web-1' };
      const tested = await agent.act('backup.test', { args: { ...trial, resticSnapshotId, probe }, secrets });
      expect(tested).toMatchObject({ passed: true, why: null, probe: { exitCode: 0, output: 'saved\n' } });
      expect(tested.boot?.state).toBe(template.init === 'systemd' ? 'running' : 'up');
      const other = { ...trial, trialId: uuidv7(), volumeId: uuidv7() };
      const bad = { ...other, resticSnapshotId, probe: { argv: ['false'], timeoutMs: 10_000 } };
      expect(await agent.act('backup.test', { args: bad, secrets })).toMatchObject({
        passed: false,
        why: 'The probe ended with exit code 1.',
      });
      const third = { ...trial, trialId: uuidv7(), volumeId: uuidv7(), resticSnapshotId: lost, probe: null };
      expect(await agent.act('backup.test', { args: third, secrets })).toMatchObject({ passed: false, boot: null });
      expect((await agent.host()).pool.reservedBytes).toBe(before.pool.reservedBytes);
      expect((await agent.inventory()).map((one) => one.containerId)).toEqual([containerId]);
      expect(await read(containerId)).toBe('newer');

      const restored = uuidv7();
      const restoreArgs = { volumeId: restored, repository, resticSnapshotId, layers: template.layers };
      const { files } = await agent.act('volume.restore', { containerId, args: restoreArgs, secrets });
      expect(files).toBeGreaterThan(0);
      expect(await read(containerId)).toBe('newer');
      const swapArgs = { template, carryIdentity: false, oldAt: null, stopTimeoutMs: 20_000 };
      await agent.sh(containerId, 'echo later > /root/note');
      const note = Buffer.from('/root/note').toString('base64');
      const ref = { backupId, repository, resticSnapshotId, layers: template.layers };
      const putBack = (mode: 'overwrite' | 'keep-both' | 'missing') => {
        const order = { paths: [note], mode, label: 'backup' };
        return agent.act('files.restore', { containerId, args: { ...ref, order }, secrets });
      };
      const looking = {
        path: Buffer.from('/root').toString('base64'),
        sort: 'name',
        descending: false,
        match: '',
      } as const;
      const look = () => agent.files(containerId, 'list', { ...looking, limit: 100, offset: 0 }, undefined, backupId);
      await expect(look()).rejects.toMatchObject({ code: 'stale' });
      await agent.act('backup.open', { containerId, args: ref, secrets });
      const { items } = (await look()).answer;
      expect(items.map(({ name }) => Buffer.from(name, 'base64').toString())).toContain('note');
      const saved = await agent.files(containerId, 'read', { path: note }, undefined, backupId);
      expect(saved.bytes.toString().trim()).toBe('saved');
      const change = { change: { action: 'delete', paths: [note], permanently: false } } as const;
      const changing = agent.files(
        containerId,
        'change',
        { change: { ...change.change, paths: [note] } },
        undefined,
        backupId,
      );
      await expect(changing).rejects.toMatchObject({ code: 'invalid' });
      const against = (other: string) =>
        agent.files(containerId, 'compare', { paths: [note], with: other }, undefined, backupId);
      expect((await against('now')).answer).toMatchObject({ here: { count: 0 }, changed: { count: 1 }, same: 0 });
      expect((await against(backupId)).answer).toMatchObject({ changed: { count: 0 }, same: 1, whole: true });
      const elsewhere = await agent.container(template);
      const foreign = agent.files(elsewhere.containerId, 'read', { path: note }, undefined, backupId);
      await expect(foreign).rejects.toMatchObject({ code: 'stale' });
      expect(await putBack('missing')).toEqual({ restored: 0, same: 0, left: 1 });
      expect(await putBack('keep-both')).toEqual({ restored: 1, same: 0, left: 0 });
      expect(await read(containerId)).toBe('later');
      const kept = await agent.sh(containerId, 'cat "/root/note (backup)"');
      expect(await putBack('overwrite')).toEqual({ restored: 1, same: 0, left: 0 });
      expect(await read(containerId)).toBe(kept);
      expect(await putBack('overwrite')).toEqual({ restored: 0, same: 1, left: 0 });
      const recover = () => agent.act('files.recover', { containerId, args: { allSystemFiles: true } });
      await recover();
      expect(await recover()).toMatchObject({ changed: 0 });
      expect(await read(containerId)).toBe(kept);
      await agent.sh(containerId, 'echo newer > /root/note');
      const swapped = await agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId: restored } });
      expect(swapped).toMatchObject({ retainedVolumeId: volumeId, wasRunning: true });
      expect(await read(containerId)).toBe('saved');
      const written = async () => (await agent.files(containerId, 'written', { volumeId })).answer;
      const early = await written();
      expect(early.whole).toBe(true);
      await agent.sh(containerId, 'echo since > /root/since');
      expect((await written()).written.count).toBe(early.written.count + 1);
      const present = agent.files(containerId, 'written', { volumeId: restored });
      await expect(present).rejects.toMatchObject({ code: 'not_found' });

      await agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId } });
      expect(await read(containerId)).toBe('newer');
      const undo = `${uuidv7()}.1.swap.undo`;
      const boot = (await agent.item(containerId))?.bootId;
      await agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId }, actionId: undo });
      expect((await agent.item(containerId))?.bootId).toBe(boot);
      const again = agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId } });
      await expect(again).rejects.toMatchObject({ code: 'state' });

      await expect(agent.act('volume.delete', { containerId, args: { volumeId } })).rejects.toMatchObject({
        code: 'state',
      });
      await agent.act('volume.delete', { containerId, args: { volumeId: restored } });
      await expect(
        agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId: restored } }),
      ).rejects.toMatchObject({ code: 'not_found' });
      expect(await running(containerId)).toBe(true);
      await agent.act('backup.delete', { args: { repository, resticSnapshotId }, secrets });
    });

    it('keeps a snapshot for as long as it is wanted, and makes a volume of it that takes the place of the present one', async () => {
      const { containerId, volumeId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      await write(containerId, 'held');
      const [snapshotId, copied] = [uuidv7(), uuidv7()];
      await agent.act('snapshot.create', { containerId, args: { snapshotId, keep: true } });
      await write(containerId, 'newer');
      const missing = agent.act('volume.copy', { containerId, args: { volumeId: uuidv7(), snapshotId: uuidv7() } });
      await expect(missing).rejects.toMatchObject({ code: 'not_found', retryable: false });
      const stranger = await agent.container(template);
      const others = { containerId: stranger.containerId, args: { volumeId: uuidv7(), snapshotId } };
      await expect(agent.act('volume.copy', others)).rejects.toMatchObject({ code: 'not_found', retryable: false });
      const { bytes } = await agent.act('volume.copy', { containerId, args: { volumeId: copied, snapshotId } });
      expect(bytes).toBeGreaterThan(0);
      expect(await read(containerId)).toBe('newer');
      const swapArgs = { template, carryIdentity: false, oldAt: null, stopTimeoutMs: 20_000 };
      await agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId: copied } });
      expect(await read(containerId)).toBe('held');
      await write(containerId, 'after');
      // The snapshot is what it was, and can be used again.
      const again = uuidv7();
      await agent.act('volume.copy', { containerId, args: { volumeId: again, snapshotId } });
      await agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId: again } });
      expect(await read(containerId)).toBe('held');
      await agent.act('container.swap', { containerId, args: { ...swapArgs, volumeId } });
      expect(await read(containerId)).toBe('newer');
      await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    });

    it('keeps host name and keys as they are wanted when other files take the place of the present ones, and takes removed keys out', async () => {
      const { containerId, volumeId } = await agent.container(template, { sshKeys: [key(0), key(1)] });
      await agent.act('container.start', { containerId });
      const [snapshotId, older] = [uuidv7(), uuidv7()];
      await agent.act('snapshot.create', { containerId, args: { snapshotId, keep: true } });
      await agent.act('container.access', { containerId, args: { hostname: 'renamed', sshKeys: [key(1), key(2)] } });
      await agent.act('volume.copy', { containerId, args: { volumeId: older, snapshotId } });
      const system = { template, carryIdentity: false, oldAt: null, stopTimeoutMs: 20_000 };
      const access = { hostname: 'renamed', sshKeys: [key(1), key(2)], removedSshKeys: [keyContent(key(0))] };
      const swapped = await agent.act('container.swap', { containerId, args: { ...system, volumeId: older, access } });
      expect(swapped).toMatchObject({ accessKept: true, wasRunning: true });
      expect(await agent.sh(containerId, `cat ${keys}`)).toBe(`${key(1)}\n${key(2)}`);
      expect(await agent.sh(containerId, 'cat /etc/hostname')).toBe('renamed');
      expect(await agent.sh(containerId, 'hostname')).toBe('renamed');
      // Back to files that have the keys and one more, which somebody wrote there: that one stays.
      await agent.sh(containerId, `echo '${key(3)}' > ${keys}`);
      await agent.act('container.swap', { containerId, args: { ...system, volumeId, access } });
      await agent.act('container.swap', { containerId, args: { ...system, volumeId: older, access } });
      expect(await agent.sh(containerId, `cat ${keys}`)).toBe([3, 1, 2].map(key).join('\n'));
      // Of somebody else's files no key is left.
      const foreign = { ...access, hostname: 'other', sshKeys: [], removedSshKeys: 'all' as const };
      await agent.act('container.swap', { containerId, args: { ...system, volumeId, access: foreign } });
      expect((await agent.exec(containerId, ['cat', keys])).stdout).toBe('');
      expect(await agent.sh(containerId, 'cat /etc/hostname')).toBe('other');
      if (kind === 'real') {
        // A system in which nothing can be looked at comes back only while no key has been removed.
        await agent.exec(containerId, ['rm', '/bin/sh']);
        await agent.act('container.swap', { containerId, args: { ...system, volumeId: older, access } });
        const refused = agent.act('container.swap', { containerId, args: { ...system, volumeId, access } });
        await expect(refused).rejects.toMatchObject({ code: 'action_failed' });
        await expect.poll(() => running(containerId), { timeout: 20_000 }).toBe(true);
        expect(await agent.sh(containerId, `cat ${keys}`)).toContain(key(2));
        const unknown = { ...system, volumeId, access: { ...access, removedSshKeys: [] } };
        expect(await agent.act('container.swap', { containerId, args: unknown })).toMatchObject({ accessKept: false });
      }
      await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    });

    it('gives an upload up when it is told to, and has left nothing', async () => {
      const { containerId, tenantId } = await agent.container(template);
      const [snapshotId, backupId] = [uuidv7(), uuidv7()];
      await agent.act('snapshot.create', { containerId, args: { snapshotId } });
      const { args: repository, secrets } = agent.repository(tenantId);
      const order = { containerId, args: { backupId, snapshotId, repository }, secrets };
      const call = agent.call('backup.upload', order);
      let told: Promise<boolean> | undefined;
      const tell = () => {
        told ??= agent.cancel(call);
      };
      const [outcome] = await Promise.allSettled([agent.send(call, { onProgress: tell })]);
      const cancelling = await told;
      // The simulator, at its greatest pace, may have come to its end before.
      if (kind === 'real' || cancelling !== true) expect(cancelling).toBe(kind === 'real');
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ code: 'cancelled', retryable: false });
        await expect(agent.send(call)).rejects.toMatchObject({ code: 'cancelled' });
      } else expect(kind).toBe('sim');
      expect(await agent.cancel(call)).toBe(false);
      const other = { ...order, args: { ...order.args, backupId: uuidv7() } };
      const { resticSnapshotId } = await agent.act('backup.upload', other);
      await agent.act('backup.delete', { args: { repository, resticSnapshotId, backupId }, secrets });

      const start = agent.call('container.start', { containerId });
      await expect(agent.cancel(start)).rejects.toMatchObject({ code: 'not_found' });
      await agent.send(start);
      expect(await agent.cancel(start)).toBe(false);
      await expect(agent.cancel({ ...call, fence: 0 })).rejects.toMatchObject({ code: 'stale' });
      await expect(agent.cancel({ ...call, verb: 'container.kill' })).rejects.toMatchObject({ code: 'grant_refused' });
    });

    it('repairs: a rescue system with the same name and address, the real files at /repair, and nothing of it afterwards', async () => {
      const { containerId, address } = await agent.container(template, { hostname: 'hurt' });
      await agent.act('container.start', { containerId });
      await write(containerId, 'real');
      await agent.act('snapshot.create', { containerId, args: { snapshotId: uuidv7() } });
      const before = (await agent.host()).pool.reservedBytes;
      const begin = (readOnly: boolean, volumeId = uuidv7()) =>
        agent.act('repair.begin', {
          containerId,
          args: { volumeId, readOnly, sshKeys: [], stopTimeoutMs: 20_000, product: 'Quay & Söhne $(id) `id`' },
          secrets: { rootPassword: 'a password for once' },
        });
      const rescue = uuidv7();
      await begin(false, rescue);
      expect(await agent.item(containerId)).toMatchObject({ power: 'running', address, repair: { readOnly: false } });
      expect(await agent.sh(containerId, 'hostname')).toBe('hurt');
      expect(await agent.sh(containerId, 'cat /etc/motd')).toMatch(
        /^Quay & Söhne id id: rescue system\. The container's own files are at \/repair; /,
      );
      // As a console of the panel starts; a login by ssh shows it by itself.
      if (kind === 'real') {
        expect(await agent.sh(containerId, '/bin/sh -lc :')).toContain('rescue system');
        expect(await agent.sh(containerId, 'SSH_CONNECTION=x /bin/sh -lc :')).not.toContain('rescue system');
      }
      expect(await agent.sh(containerId, 'cat /etc/shadow')).toMatch(/^root:\$/m);
      await expect(read(containerId)).rejects.toThrow(/No such file/);
      expect(await agent.sh(containerId, 'cat /repair/root/note')).toBe('real');
      const note = Buffer.from('/root/note').toString('base64');
      const fileOf = async () => (await agent.files(containerId, 'read', { path: note })).bytes.toString().trim();
      expect(await fileOf()).toBe('real');
      const saving = (text: string) =>
        agent.files(containerId, 'write', { path: note, replace: true, offset: 0 }, Readable.from([Buffer.from(text)]));
      await saving('edited\n');
      expect(await agent.sh(containerId, 'cat /repair/root/note')).toBe('edited');
      await agent.sh(containerId, 'echo mended > /repair/root/note');
      await agent.sh(containerId, 'echo trace > /root/trace');

      const refused = { code: 'state', retryable: false };
      await expect(begin(false)).rejects.toMatchObject(refused);
      await expect(agent.act('container.access', { containerId, args: { sshKeys: [] } })).rejects.toMatchObject(
        refused,
      );
      const swapArgs = { template, volumeId: rescue, carryIdentity: false, oldAt: null, stopTimeoutMs: 0 };
      await expect(agent.act('container.swap', { containerId, args: swapArgs })).rejects.toMatchObject(refused);
      const rescueGone = agent.act('volume.delete', { containerId, args: { volumeId: rescue } });
      await expect(rescueGone).rejects.toMatchObject(refused);

      expect(await agent.act('repair.end', { containerId, args: { stopTimeoutMs: 20_000 } })).toEqual({
        running: true,
      });
      expect(await agent.item(containerId)).toMatchObject({ power: 'running', address, repair: null });
      expect(await read(containerId)).toBe('mended');
      await expect(agent.sh(containerId, 'cat /root/trace')).rejects.toThrow(/No such file/);
      expect((await agent.host()).pool.reservedBytes).toBe(before);
      expect(await agent.act('repair.end', { containerId, args: { stopTimeoutMs: 20_000 } })).toEqual({
        running: true,
      });

      await agent.act('container.stop', { containerId, args: short });
      await begin(true);
      expect(await agent.sh(containerId, 'cat /repair/root/note')).toBe('mended');
      await expect(agent.sh(containerId, 'echo no > /repair/root/note')).rejects.toThrow(/Read-only file system/);
      expect(await fileOf()).toBe('mended');
      await expect(saving('no')).rejects.toMatchObject({ code: 'state' });
      await agent.stop('SIGKILL');
      await agent.start();
      await expect.poll(() => running(containerId), { timeout: 20_000 }).toBe(true);
      expect(await agent.sh(containerId, 'cat /repair/root/note')).toBe('mended');
      await agent.act('container.kill', { containerId });
      expect(await agent.act('repair.end', { containerId, args: { stopTimeoutMs: 20_000 } })).toEqual({
        running: false,
      });
      expect(await agent.item(containerId)).toMatchObject({ power: 'stopped', desired: 'stopped', repair: null });
      expect((await agent.host()).pool.reservedBytes).toBe(before);
      await begin(false);
      await agent.act('container.delete', { containerId });
    });

    it('clones: the same files under an identity of its own, which go their own way', async () => {
      const one = await agent.container(template, { hostname: 'one' });
      const { containerId: sourceId, tenantId } = one;
      await agent.act('container.start', { containerId: sourceId });
      await write(sourceId, 'shared');
      await agent.sh(sourceId, 'echo 0123456789abcdef0123456789abcdef > /etc/machine-id');
      const order = (change: object = {}) => ({
        containerId: uuidv7(),
        args: {
          ...{ sourceId, snapshotId: uuidv7(), tenantId, name: 'two', hostname: 'two', volumeId: uuidv7(), resources },
          ...change,
        },
      });
      const stranger = agent.act('container.clone', order({ tenantId: uuidv7() }));
      await expect(stranger).rejects.toMatchObject({ code: 'not_found', retryable: false });
      const copy = order();
      const made = await agent.act('container.clone', copy);
      expect(made.address).not.toBe(one.address);
      expect(made.idBase).not.toBe(one.idBase);
      expect(await agent.item(copy.containerId)).toMatchObject({ power: 'stopped', address: made.address });
      expect((await agent.host()).pool.reservedBytes).toBe(resources.diskBytes * 2 + leftBytes);
      const { containerId } = copy;
      await agent.act('container.start', { containerId });
      expect(await read(containerId)).toBe('shared');
      expect(await agent.sh(containerId, 'hostname')).toBe('two');
      expect(await agent.sh(containerId, 'cat /etc/machine-id 2>/dev/null; echo .')).toBe('.');
      await write(containerId, 'its own');
      expect(await read(sourceId)).toBe('shared');
      expect(await agent.sh(sourceId, 'cat /etc/machine-id')).toBe('0123456789abcdef0123456789abcdef');
      expect(await agent.sh(sourceId, 'hostname')).toBe('one');
      await agent.act('container.delete', { containerId: sourceId });
      expect(await read(containerId)).toBe('its own');
    });

    it('gives a container out as one file, and makes another of it', async () => {
      const { containerId, tenantId } = await agent.container(template, { hostname: 'out' });
      await agent.act('container.start', { containerId });
      await write(containerId, 'carried');
      const made = await exportContainer(agent, containerId);
      expect(made.bytes).toBeGreaterThan(0);
      const file = await fetchExport(agent, containerId, made.exportId);
      expect(file.length).toBe(made.bytes);
      expect((await fetchExport(agent, containerId, made.exportId, 100)).equals(file.subarray(100))).toBe(true);
      const strange = fetchExport(agent, uuidv7(), made.exportId);
      await expect(strange).rejects.toMatchObject({ code: 'not_found' });
      await write(containerId, 'later');
      const newer = await exportContainer(agent, containerId);
      await expect(fetchExport(agent, containerId, made.exportId)).rejects.toMatchObject({ code: 'not_found' });
      await agent.act('container.delete', { containerId });
      await expect(fetchExport(agent, containerId, newer.exportId)).rejects.toMatchObject({ code: 'not_found' });

      const uploadId = await upload(agent, file, 700);
      const half = importArchive(agent, await upload(agent, Buffer.alloc(1024, 'x')));
      await expect(half).rejects.toMatchObject({ code: 'invalid', retryable: false });
      await expect(importArchive(agent, uuidv7())).rejects.toMatchObject({ code: 'not_found' });
      const back = await importArchive(agent, uploadId);
      expect(back.report).toMatchObject({
        init: template.init,
        manifest: { product: 'Quay', name: 'web-1', hostname: 'out' },
      });
      expect(back.template).toMatchObject({ name: 'imported', init: template.init });
      expect(await agent.item(back.containerId)).toMatchObject({ power: 'stopped', address: back.address });
      await agent.act('container.start', { containerId: back.containerId });
      expect(await read(back.containerId)).toBe('carried');
      expect(tenantId).not.toBe(back.tenantId);
      // Taken back, it is made once more of what was sent once; until it is said that this is not needed any more.
      await agent.act('container.delete', { containerId: back.containerId });
      const again = await importArchive(agent, uploadId);
      const forget = { containerId: again.containerId, args: { archiveId: uploadId } };
      await agent.act('archive.forget', forget);
      await agent.act('archive.forget', forget);
      await expect(importArchive(agent, uploadId)).rejects.toMatchObject({ code: 'not_found' });
      // What nobody has made a container of goes after a day; a test does not wait so long.
      leftBytes = 1024;
    });

    it('recreates what was deleted from a backup: the same id and files, and its address, which nobody else gets meanwhile', async () => {
      const sshKeys = [key(0), key(1)];
      const { containerId, tenantId, address } = await agent.container(template, { hostname: 'before', sshKeys });
      await agent.act('container.start', { containerId });
      await write(containerId, 'saved');
      const { args: repository, secrets } = agent.repository(tenantId);
      const [snapshotId, backupId] = [uuidv7(), uuidv7()];
      await agent.act('snapshot.create', { containerId, args: { snapshotId } });
      const upload = { containerId, args: { backupId, snapshotId, repository }, secrets };
      const { resticSnapshotId } = await agent.act('backup.upload', upload);
      // What its settings said in the end: a key was removed since, and one came.
      const access = { hostname: 'back', sshKeys: [key(1), key(2)], removedSshKeys: [keyContent(key(0))] };
      const order = (change: object = {}) => ({
        containerId,
        args: {
          ...{ access, tenantId, name: 'back', hostname: 'back', volumeId: uuidv7(), template, resources },
          ...{ address, anyAddress: false, repository, resticSnapshotId, ...change },
        },
        secrets,
      });
      const twice = agent.act('container.recreate', order());
      await expect(twice).rejects.toMatchObject({ code: 'conflict', retryable: false });
      const keepAddressUntil = new Date(Date.now() + 3_600_000).toISOString();
      await agent.act('container.delete', { containerId, args: { keepAddressUntil } });
      const other = await agent.container(template);
      expect(other.address).not.toBe(address);
      // What it holds is there to be looked at meanwhile.
      const ref = { backupId, repository, resticSnapshotId, layers: template.layers };
      await agent.act('backup.open', { containerId, args: ref, secrets });
      const note = { path: Buffer.from('/root/note').toString('base64') };
      const found = await agent.files(containerId, 'read', note, undefined, backupId);
      expect(found.bytes.toString().trim()).toBe('saved');
      await expect(agent.files(other.containerId, 'read', note, undefined, backupId)).rejects.toMatchObject({
        code: 'stale',
      });
      await expect(agent.files(containerId, 'read', note)).rejects.toMatchObject({ code: 'not_found' });
      const missing = agent.act('container.recreate', order({ resticSnapshotId: 'f'.repeat(64) }));
      await expect(missing).rejects.toMatchObject({ code: 'not_found' });
      expect((await agent.host()).pool.reservedBytes).toBe(resources.diskBytes + leftBytes);

      const made = await agent.act('container.recreate', order());
      expect(made).toMatchObject({ address, accessKept: true });
      expect(made.files).toBeGreaterThan(0);
      expect(await agent.item(containerId)).toMatchObject({ power: 'stopped', address });
      await agent.act('container.start', { containerId });
      expect(await read(containerId)).toBe('saved');
      expect(await agent.sh(containerId, 'hostname')).toBe('back');
      expect(await agent.sh(containerId, `cat ${keys}`)).toBe(`${key(1)}\n${key(2)}`);

      // Given up, the address is anybody's: it comes back with another, and only if that will do.
      await agent.act('container.delete', { containerId });
      const heir = await agent.container(template);
      expect(heir.address).toBe(address);
      await expect(agent.act('container.recreate', order())).rejects.toMatchObject({ code: 'conflict' });
      const moved = await agent.act('container.recreate', order({ anyAddress: true }));
      expect([address, other.address]).not.toContain(moved.address);
      // Nothing is said of who may log in: the files as the backup has them.
      await agent.act('container.delete', { containerId });
      const asSaved = order({ anyAddress: true, access: undefined });
      expect(await agent.act('container.recreate', asSaved)).not.toHaveProperty('accessKept');
      await agent.act('container.start', { containerId });
      expect(await agent.sh(containerId, `cat ${keys}`)).toBe(`${key(0)}\n${key(1)}`);
      await agent.act('backup.delete', { args: { repository, resticSnapshotId }, secrets });
    });

    it('reinstalls: a fresh system that keeps who it is, the old files at /old', async () => {
      const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample0 somebody';
      const { containerId, volumeId } = await agent.container(template, { hostname: 'keeps', sshKeys: [key] });
      await agent.act('container.access', { containerId, secrets: { rootPassword: 'the old password' } });
      await agent.act('container.start', { containerId });
      await write(containerId, 'old file');
      const shadow = await agent.sh(containerId, 'cat /etc/shadow');
      const fresh = uuidv7();
      await agent.act('volume.create', { containerId, args: { volumeId: fresh } });
      const args = { template, volumeId: fresh, carryIdentity: true, oldAt: '/old' as const, stopTimeoutMs: 20_000 };
      expect(await agent.act('container.swap', { containerId, args })).toMatchObject({ retainedVolumeId: volumeId });
      await expect(read(containerId)).rejects.toThrow(/No such file/);
      expect(await agent.sh(containerId, 'cat /old/root/note')).toBe('old file');
      expect(await agent.sh(containerId, 'cat /etc/hostname')).toBe('keeps');
      expect(await agent.sh(containerId, 'cat /root/.ssh/authorized_keys')).toBe(key);
      const rootLine = (text: string) =>
        text
          .split('\n')
          .find((line) => line.startsWith('root:'))
          ?.split(':')[1];
      expect(rootLine(await agent.sh(containerId, 'cat /etc/shadow'))).toBe(rootLine(shadow));
      await agent.act('volume.delete', { containerId, args: { volumeId } });
      await agent.act('container.restart', { containerId, args: short });
      await expect(agent.sh(containerId, 'cat /old/root/note')).rejects.toThrow(/No such file/);
    });

    it('gives a repeated order the stored answer, and another order under the same id a conflict', async () => {
      const { containerId } = await agent.container(template);
      const call = agent.call('container.start', { containerId });
      const [first, joined] = await Promise.all([agent.send(call), agent.send(call)]);
      expect(joined).toEqual(first);
      await agent.act('container.stop', { containerId, args: short });
      expect(await agent.send(call)).toEqual(first);
      expect(await running(containerId)).toBe(false);
      await expect(agent.send({ ...call, verb: 'container.kill' })).rejects.toMatchObject({ code: 'conflict' });
    });

    it('refuses an older generation', async () => {
      const { containerId } = await agent.container(template);
      const older = agent.call('container.start', { containerId });
      agent.nextGeneration();
      await agent.act('container.stop', { containerId, args: short });
      await expect(agent.send(older)).rejects.toMatchObject({ code: 'stale' });
      expect(await running(containerId)).toBe(false);
    });

    it('brings back what was to run after its own sudden end, and keeps its memory', async () => {
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      await write(containerId, 'before');
      await agent.stop('SIGKILL');
      await agent.start();
      await expect.poll(() => running(containerId), { timeout: 20_000 }).toBe(true);
      expect(await read(containerId)).toBe('before');
    });

    it('shows and changes files of a container that runs and of one that does not', async () => {
      const { containerId } = await agent.container(template);
      const path = (text: string) => Buffer.from(text).toString('base64');
      const names = async (folder: string) => {
        const order = {
          path: path(folder),
          sort: 'name',
          descending: false,
          match: '',
          limit: 100,
          offset: 0,
        } as const;
        const { answer } = await agent.files(containerId, 'list', order);
        return answer.items.map(({ name }) => Buffer.from(name, 'base64').toString());
      };
      const put = (name: string, text: string) =>
        agent.files(
          containerId,
          'write',
          { path: path(name), replace: true, offset: 0 },
          (async function* () {
            yield Buffer.from(text);
          })(),
        );
      const change = (what: FileEdit) => agent.files(containerId, 'change', { change: what });
      for (const round of ['stopped', 'running']) {
        if (round === 'running') await agent.act('container.start', { containerId });
        await change({ action: 'create-folder', path: path(`/root/${round}`) });
        expect((await put(`/root/${round}/note`, round)).answer).toMatchObject({ received: round.length });
        expect(await names(`/root/${round}`)).toEqual(['note']);
        await change({ action: 'move', path: path(`/root/${round}/note`), to: path(`/root/${round}/moved`) });
        const { answer, bytes } = await agent.files(containerId, 'read', { path: path(`/root/${round}/moved`) });
        expect([answer.entry.size, bytes.toString()]).toEqual([round.length, round]);
        await change({ action: 'delete', paths: [path(`/root/${round}`)], permanently: false });
        await expect(names(`/root/${round}`)).rejects.toMatchObject({ code: 'not_found' });
        const { items } = (await agent.files(containerId, 'trash', {})).answer;
        expect(items.map((item) => Buffer.from(item.path, 'base64').toString())).toEqual([`/root/${round}`]);
        await change({ action: 'put-back', ids: items.map(({ id }) => id) });
        expect(await names(`/root/${round}`)).toEqual(['moved']);
      }
      expect(await agent.sh(containerId, 'cat /root/stopped/moved')).toBe('stopped');
      await put('/root/from-outside', 'hello');
      expect(await agent.sh(containerId, 'cat /root/from-outside')).toBe('hello');
      await expect(put('/root', 'x')).rejects.toMatchObject({ code: 'conflict' });
    });

    it('deletes everything, and deleting what is gone succeeds', async () => {
      const before = (await agent.host()).pool.reservedBytes;
      const { containerId } = await agent.container(template);
      await agent.act('container.start', { containerId });
      await agent.act('snapshot.create', { containerId, args: { snapshotId: uuidv7() } });
      await agent.act('volume.create', { containerId, args: { volumeId: uuidv7() } });
      await agent.act('container.delete', { containerId });
      expect(await agent.item(containerId)).toBeUndefined();
      expect((await agent.host()).pool.reservedBytes).toBe(before);
      await agent.act('container.delete', { containerId });
      await expect(agent.act('container.start', { containerId })).rejects.toMatchObject({
        code: 'not_found',
        retryable: false,
      });
    });

    it('collects layers that nothing refers to, and no others', async () => {
      const [layer = ''] = template.layers;
      const collect = async (keep: string[]) => (await agent.act('layers.collect', { args: { keep } })).removed;
      // What the tests before this one have left.
      await collect([layer]);
      expect(await collect([layer])).toEqual([]);
      const { containerId } = await agent.container(template);
      expect(await collect([])).toEqual([]);
      await agent.act('container.delete', { containerId });
      const young = { keep: [], keepYoungerThanMs: 3_600_000 };
      await agent.template();
      expect((await agent.act('layers.collect', { args: young })).removed).toEqual([]);
      expect(await collect([])).toEqual([layer]);
      await expect(agent.container(template)).rejects.toMatchObject({ code: 'not_found' });
      expect((await agent.template()).layers).toEqual([layer]);
    });
  });
}
