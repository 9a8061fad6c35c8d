import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { setAccess } from '#lib/containers/access.ts';
import { createContainer } from '#lib/containers/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { addForward, listForwards, removeForward } from '#lib/containers/forwards.ts';
import { getContainer } from '#lib/containers/get.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { listContainers } from '#lib/containers/list.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { setRestartPolicy } from '#lib/containers/restart-policy.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { getDashboard } from '#lib/dashboard/get.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { operations, sealedValues } from '#lib/db/schema/operations.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { type Bench, startBench, succeeded } from '#tests/support/operations.ts';

const timeoutMs = 5_000;
let bench: Bench;
let id: string;

describe.each(['sim', 'real'] as const)('the life of a container on a host (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  it('is created with a password nobody keeps, and runs', async () => {
    const { world, admin, owner } = bench;
    const asked = await createContainer(admin, {
      name: 'web-1',
      tenantId: world.ids.a,
      planId: world.ids.plan,
      templateId: world.ids.template,
      sshKeys: [],
      rootPassword: 'a password of its own',
      start: true,
    });
    expect(asked).toMatchObject({ kind: 'create', state: 'queued', percent: 0 });
    const done = await succeeded(admin, asked);
    expect(done.steps.map((step) => step.state)).toEqual(['done', 'done']);
    expect(done.percent).toBe(100);
    id = done.containerId ?? '';
    const container = await getContainer(owner, id);
    expect(container).toMatchObject({ state: 'running', name: 'web-1', hostId: bench.agent.hostId });
    expect(container.addresses).toHaveLength(1);
    expect(container.can.start).toMatchObject({ allowed: false });
    const secrets = await withActor(bench.portal.super, systemActor('test'), (tx) => tx.select().from(sealedValues));
    expect(secrets).toEqual([]);
    const rows = await withActor(bench.portal.super, systemActor('test'), (tx) => tx.select().from(operations));
    expect(JSON.stringify(rows)).not.toContain('a password of its own');
  });

  it('runs a command for its owner and for nobody else', async () => {
    const result = await execInContainer(bench.owner, id, { argv: ['echo', 'hello'], timeoutMs });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'hello\n' });
    await expect(execInContainer(bench.admin, id, { argv: ['id'], timeoutMs })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('stops and starts, and says the new state at once', async () => {
    const stopped = await succeeded(bench.owner, await stopContainer(bench.owner, id, { timeoutMs }));
    expect(stopped.result).toMatchObject({ how: 'clean' });
    expect((await getContainer(bench.owner, id)).state).toBe('stopped');
    await expect(stopContainer(bench.owner, id, { timeoutMs })).rejects.toMatchObject({ code: 'state' });
    await succeeded(bench.owner, await startContainer(bench.owner, id));
    expect((await getContainer(bench.owner, id)).state).toBe('running');
  });

  it('forwards a port and takes it back', async () => {
    const added = await succeeded(
      bench.owner,
      await addForward(bench.owner, id, { protocol: 'tcp', containerPort: 80 }),
    );
    expect(added.state).toBe('succeeded');
    const [forward] = (await listForwards(bench.owner, id)).items;
    expect(forward).toMatchObject({ containerPort: 80, hostPort: bench.agent.config.forwardPorts.first });
    await succeeded(bench.owner, await removeForward(bench.owner, id, forward?.id ?? ''));
    expect((await listForwards(bench.owner, id)).items).toEqual([]);
  });

  it('changes keys, password and host name', async () => {
    const sshKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA owner'];
    const input = { sshKeys, hostname: 'web.example.test', rootPassword: 'another password' };
    await succeeded(bench.owner, await setAccess(bench.owner, id, input));
    expect(await getContainer(bench.owner, id)).toMatchObject({ sshKeys, hostname: 'web.example.test' });
  });

  it('has a restart policy, which its host follows by itself', async () => {
    const { owner } = bench;
    const set = (restartPolicy: 'never' | 'always') => setRestartPolicy(owner, id, { restartPolicy });
    await succeeded(owner, await set('never'));
    expect((await getContainer(owner, id)).restartPolicy).toBe('never');
    await succeeded(owner, await set('always'));
    await execInContainer(owner, id, { argv: ['poweroff', '-f'], timeoutMs }).catch(() => undefined);
    await expect
      .poll(() => getContainer(owner, id), { timeout: 60_000 })
      .toMatchObject({ state: 'running', lastExit: { cause: 'poweroff' } });
  });

  it('is backed up, broken, restored, undone, and the undo is undone', async () => {
    const { owner } = bench;
    const write = (text: string) =>
      execInContainer(owner, id, { argv: ['/bin/sh', '-c', `echo ${text} > /root/file`], timeoutMs });
    const read = async () =>
      (await execInContainer(owner, id, { argv: ['cat', '/root/file'], timeoutMs })).stdout.trim();
    await write('good');
    const backedUp = await succeeded(owner, await createBackup(owner, id, { note: 'before' }));
    expect(backedUp.result.freezeMs).toEqual(expect.any(Number));
    expect(backedUp.steps.map((step) => step.state)).toEqual(Array(5).fill('done'));
    const [backup] = (await listBackups(owner, id, {})).items;
    expect(backup).toMatchObject({
      state: 'complete',
      note: 'before',
      location: { name: 'This server', offsite: false, lostWith: null },
    });
    await write('bad');

    const restored = await succeeded(owner, await restoreBackup(owner, backup?.id ?? ''));
    expect(restored.can.undo).toBe(true);
    expect(await read()).toBe('good');
    const shown = await getContainer(owner, id);
    expect(shown.state).toBe('running');
    expect(shown.retained).toHaveLength(1);

    const undone = await succeeded(owner, await undoOperation(owner, restored.id));
    expect(await read()).toBe('bad');
    await expect(undoOperation(owner, restored.id)).rejects.toMatchObject({ code: 'state' });
    const redone = await succeeded(owner, await undoOperation(owner, undone.id));
    expect(await read()).toBe('good');
    await succeeded(owner, await confirmOperation(owner, redone.id));
    expect((await getContainer(owner, id)).retained).toEqual([]);
  });

  it('is reinstalled with the old files at /old, and keeps two old volumes at most', async () => {
    const { owner } = bench;
    const again = { keepOld: true, reset: false };
    const first = await succeeded(owner, await reinstallContainer(owner, id, again));
    expect(first.result.retainedUntil).toEqual(expect.any(String));
    expect((await execInContainer(owner, id, { argv: ['cat', '/root/file'], timeoutMs })).exitCode).not.toBe(0);
    await succeeded(owner, await reinstallContainer(owner, id, again));
    const third = await succeeded(owner, await reinstallContainer(owner, id, again));
    expect(third.result.releasedOldest).toMatchObject({ operationId: first.id });
    await expect.poll(async () => (await getContainer(owner, id)).retained.length, { timeout: 15_000 }).toBe(2);
  });

  it('is killed, backup deleted, and deleted; its history stays', async () => {
    const { owner, admin } = bench;
    await succeeded(owner, await killContainer(owner, id));
    const [backup] = (await listBackups(owner, id, {})).items;
    await expect(removeContainer(owner, id)).rejects.toMatchObject({ code: 'forbidden' });
    await succeeded(admin, await removeContainer(admin, id));
    expect((await listContainers(owner, {})).items.map((one) => one.id)).not.toContain(id);
    expect((await listBackups(owner, id, {})).items).toHaveLength(1);
    await succeeded(owner, await removeBackup(owner, backup?.id ?? ''));
    expect((await listBackups(owner, id, {})).items).toEqual([]);
    expect(await bench.agent.item(id)).toBeUndefined();
    const audit = await withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx.select().from(auditLog).where(eq(auditLog.targetId, id)),
    );
    expect(audit.map((row) => row.verb)).toEqual(
      expect.arrayContaining(['container.create', 'container.exec', 'backup.restore', 'container.delete']),
    );
    expect((await getDashboard(admin)).counts.operationsToday).toBeGreaterThan(10);
  });
});
