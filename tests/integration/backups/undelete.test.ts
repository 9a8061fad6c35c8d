/** Deleted containers come back from their backups while that lasts; and backups go to others with their owner's consent alone. */
import { and, eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { giveConsent, listConsents, revokeConsent } from '#lib/backups/consents.ts';
import { createBackup } from '#lib/backups/create.ts';
import { editBackup } from '#lib/backups/edit.ts';
import { listBackups } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { restoreBackupInto } from '#lib/backups/restore-into.ts';
import { createContainer } from '#lib/containers/create.ts';
import { addForward } from '#lib/containers/forwards.ts';
import { getContainer } from '#lib/containers/get.ts';
import { listContainers } from '#lib/containers/list.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { endUndelete, purgeRemoved } from '#lib/workflows/sweeps.ts';
import { actorFor } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const plain = { acceptNewAddress: false, start: false } as const;
let bench: SimBench;
let names = 0;

beforeAll(async () => {
  bench = await startSimBench();
});
afterAll(async () => {
  await bench?.stop();
});

const change = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(bench.portal.super, asSystem, work);
async function well(asked: Promise<Operation>): Promise<Operation> {
  const done = await bench.run(await asked);
  expect(done.error, done.kind).toBeNull();
  expect(done.state).toBe('succeeded');
  // Nobody watches this host; what it would say of the container stays believed.
  const seen = { observedPower: 'stopped' as const, observedAt: new Date(Date.now() + 86_400_000) };
  await change((tx) =>
    tx
      .update(containers)
      .set(seen)
      .where(eq(containers.id, done.containerId ?? '')),
  );
  return done;
}
async function container(tenant: 'a' | 'b' = 'a', planId = bench.planIds.small): Promise<string> {
  names += 1;
  const place = { tenantId: bench.world.ids[tenant], planId, templateId: bench.templateIds.tiny };
  const how = { hostId: bench.host.made.hostId, sshKeys: [], start: false };
  return (await well(createContainer(bench.admin, { name: `back-${names}`, ...place, ...how }))).containerId ?? '';
}
const filesOf = (id: string) => {
  const volumeId = bench.host.core.store.containers.find(id)?.volumeId ?? '';
  return bench.host.world.volume(volumeId).files;
};
async function backUp(id: string, text: string): Promise<string> {
  filesOf(id)['/root/note'] = text;
  return String((await well(createBackup(bench.admin, id, {}))).result.backupId);
}
const remove = (id: string) => well(removeContainer(bench.admin, id));
const rowOf = (id: string) =>
  change(async (tx) => (await tx.select().from(containers).where(eq(containers.id, id)))[0] ?? null);
const deletedNames = async () => (await listContainers(bench.owner, { deleted: true })).items.map((one) => one.name);
const asWorker = async (work: () => Promise<unknown>) => {
  setDatabase(bench.portal.worker);
  await work().finally(() => setDatabase(bench.portal.web));
};

describe('a deleted container', () => {
  it('is listed with how long it can be had back, and comes back from the newest backup as who it was', async () => {
    const { owner, admin } = bench;
    const id = await container();
    await well(addForward(owner, id, { protocol: 'tcp', containerPort: 80 }));
    await backUp(id, 'older');
    await backUp(id, 'newest');
    filesOf(id)['/root/note'] = 'never backed up';
    const before = await getContainer(owner, id);
    expect(before).toMatchObject({ deleted: null, deletedContainerDays: 14 });
    await remove(id);
    expect(bench.host.core.store.containers.find(id)).toBeUndefined();
    const gone = await getContainer(owner, id);
    expect(gone).toMatchObject({ state: 'deleted', deleted: { backups: 2, addressKept: true } });
    const days = (Date.parse(gone.deleted?.until ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(13.9);
    expect(days).toBeLessThan(14.1);
    expect(await deletedNames()).toEqual([before.name]);
    expect((await listContainers(owner, {})).items.map((one) => one.id)).not.toContain(id);
    expect((await listContainers(actorFor(bench.world, 'ownerB'), { deleted: true })).items).toEqual([]);

    // Meanwhile nobody gets its address or its port.
    const other = await getContainer(owner, await container());
    expect(other.addresses).not.toEqual(before.addresses);
    const { hostPort } = before.forwards[0] ?? { hostPort: 0 };
    const taking = addForward(owner, other.id, { protocol: 'tcp', containerPort: 80, hostPort });
    await expect(taking).rejects.toMatchObject({ code: 'conflict' });

    const member = actorFor(bench.world, 'memberA');
    await expect(undeleteContainer(member, id, plain)).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = undeleteContainer(actorFor(bench.world, 'ownerB'), id, plain);
    await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
    const done = await well(undeleteContainer(owner, id, plain));
    const [newest] = (await listBackups(owner, id, {})).items;
    const from = { backupId: newest?.id, backupAt: newest?.createdAt };
    expect(done.result).toMatchObject({ address: before.addresses[0], ...from });
    const after = await getContainer(owner, id);
    const { name, addresses, forwards, hostname, planId, resources, sshKeys } = before;
    expect(after).toMatchObject({ id, name, addresses, forwards, hostname, planId, resources, sshKeys, deleted: null });
    expect(filesOf(id)['/root/note']).toBe('newest');
    expect(bench.host.core.store.forwards.byContainer().get(id)).toMatchObject([{ hostPort, containerPort: 80 }]);
    await expect(undeleteContainer(owner, id, plain)).rejects.toMatchObject({ code: 'state' });
    expect((await listBackups(owner, id, {})).items).toHaveLength(2);

    // And again, from the older one, by staff.
    expect((await listBackups(owner, id, {})).items[0]).not.toHaveProperty('containerDeleted');
    await remove(id);
    const [, older] = (await listBackups(owner, id, {})).items;
    // Its backups say until when it can be had back.
    expect(older).toMatchObject({ containerDeleted: { until: expect.any(String) } });
    await well(undeleteContainer(admin, id, { ...plain, backupId: older?.id ?? '' }));
    expect(filesOf(id)['/root/note']).toBe('older');
    await remove(id);
    await remove(other.id);
  });

  it('cannot be had back without a complete backup, and then keeps nothing', async () => {
    const id = await container();
    await well(addForward(bench.owner, id, { protocol: 'tcp', containerPort: 80 }));
    const { address } = (await rowOf(id)) ?? {};
    await remove(id);
    expect(await getContainer(bench.owner, id)).toMatchObject({ state: 'deleted', deleted: null, forwards: [] });
    await expect(undeleteContainer(bench.owner, id, plain)).rejects.toMatchObject({ code: 'state' });
    const heir = await container();
    expect((await rowOf(heir))?.address).toBe(address);
    await remove(heir);

    const planId = uuidv7();
    const { resources } = await change(async (tx) => {
      const [small] = await tx.select().from(plans).where(eq(plans.id, bench.planIds.small));
      if (small === undefined) throw new Error('no plan');
      return small;
    });
    const limits = { maxBackups: 10, maxForwards: 10, retentionHours: 24, deletedContainerDays: 0 };
    await change((tx) => tx.insert(plans).values({ id: planId, name: 'Keeps nothing', resources, ...limits }));
    const fleeting = await container('a', planId);
    await backUp(fleeting, 'x');
    await remove(fleeting);
    expect((await getContainer(bench.owner, fleeting)).deleted).toBeNull();
  });

  it('comes back inside the plan only, under a name that is free, and not while there is a hold', async () => {
    const { owner } = bench;
    const id = await container();
    await backUp(id, 'x');
    const { name } = await getContainer(owner, id);
    await remove(id);
    const planIs = (maxContainers: number | null) =>
      change((tx) => tx.update(plans).set({ maxContainers }).where(eq(plans.id, bench.planIds.small)));
    const others = (await listContainers(owner, {})).items.filter((one) => one.planId === bench.planIds.small);
    const keeper = await container();
    await planIs(others.length + 1);
    await expect(undeleteContainer(owner, id, plain)).rejects.toMatchObject({ code: 'plan_limit' });
    await planIs(null);

    await change((tx) => tx.update(containers).set({ name }).where(eq(containers.id, keeper)));
    await expect(undeleteContainer(owner, id, plain)).rejects.toMatchObject({
      code: 'conflict',
      outside: { issues: [{ path: 'name' }] },
    });
    expect((await rowOf(id))?.deletedAt).not.toBeNull();

    const tenantId = bench.world.ids.a;
    await change((tx) => tx.insert(holds).values({ tenantId, containerId: id, reason: 'billing' }));
    await expect(undeleteContainer(owner, id, { ...plain, name: 'free' })).rejects.toMatchObject({ code: 'held' });
    await change((tx) => tx.update(holds).set({ liftedAt: new Date() }).where(eq(holds.containerId, id)));
    await well(undeleteContainer(owner, id, { ...plain, name: 'free' }));
    expect(await getContainer(owner, id)).toMatchObject({ name: 'free', state: 'stopped' });
    for (const one of [id, keeper]) await remove(one);
  });

  it('gets another address only if that is accepted: its server does not answer, or did not keep it', async () => {
    const { owner } = bench;
    const id = await container();
    await backUp(id, 'x');
    await remove(id);
    const hostIs = (status: 'ok' | 'disabled') =>
      change((tx) => tx.update(hosts).set({ status }).where(eq(hosts.id, bench.host.made.hostId)));
    await hostIs('disabled');
    expect((await getContainer(owner, id)).deleted?.addressKept).toBe(false);
    // Its backup lies there as well, so another address alone does not help.
    const unreached = {
      code: 'state',
      message: expect.stringMatching(/in a directory of host-2, which cannot be used now/),
    };
    await expect(undeleteContainer(owner, id, plain)).rejects.toMatchObject(unreached);
    await expect(undeleteContainer(owner, id, { ...plain, acceptNewAddress: true })).rejects.toMatchObject(unreached);
    const [{ id: backupId } = { id: '' }] = (await listBackups(owner, id, {})).items;
    await expect(undeleteContainer(owner, id, { ...plain, backupId })).rejects.toMatchObject({
      code: 'conflict',
      outside: { issues: [{ path: 'acceptNewAddress' }] },
    });
    await hostIs('ok');

    const { address } = (await rowOf(id)) ?? {};
    const { store } = bench.host.core;
    store.write('STORE:DELETED', () => store.containers.forgetAddress(id));
    const heir = await container();
    expect((await rowOf(heir))?.address).toBe(address);
    const failed = await bench.run(await undeleteContainer(owner, id, plain));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    // Failed, it is a deleted one again, to be had back for as long as before.
    expect(await getContainer(owner, id)).toMatchObject({ state: 'deleted', deleted: { backups: 1 } });
    expect(store.containers.find(id)).toBeUndefined();
    const done = await well(undeleteContainer(owner, id, { ...plain, acceptNewAddress: true }));
    expect(done.result).toMatchObject({ addressBefore: address });
    expect((await rowOf(id))?.address).not.toBe(address);
    for (const one of [id, heir]) await remove(one);
  });

  it('goes for good after its time, with its backups, those protected too, and its ports', async () => {
    const { owner } = bench;
    const id = await container();
    await well(addForward(owner, id, { protocol: 'tcp', containerPort: 80 }));
    const kept = await backUp(id, 'kept');
    await editBackup(owner, kept, { protected: true });
    const soft = await backUp(id, 'soft');
    await remove(id);
    await well(removeBackup(owner, soft));
    await asWorker(endUndelete);
    expect((await getContainer(owner, id)).forwards).toHaveLength(1);
    await change((tx) =>
      tx
        .update(containers)
        .set({ undeleteUntil: new Date(0) })
        .where(eq(containers.id, id)),
    );
    await expect(undeleteContainer(owner, id, plain)).rejects.toMatchObject({ code: 'state' });
    await asWorker(endUndelete);
    await asWorker(() => purgeRemoved({ warn: () => undefined }));
    const { rows } = await bench.portal.super.$client.query<{ id: string }>(
      "select id from operations where container_id = $1 and state = 'queued'",
      [id],
    );
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(await bench.run({ id: row.id } as Operation)).toMatchObject({ state: 'succeeded' });
    const left = await change((tx) => tx.select().from(backups).where(eq(backups.containerId, id)));
    expect(left.map((one) => one.state)).toEqual(['deleted', 'deleted']);
    const theirs = new Set(left.map((one) => one.resticSnapshotId ?? ''));
    expect(Object.keys(bench.host.world.disk.backups).filter((one) => theirs.has(one))).toEqual([]);
    expect(await getContainer(owner, id)).toMatchObject({ deleted: null, forwards: [] });
    const told = await change((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.verb, 'container.undelete-over'), eq(auditLog.targetId, id))),
    );
    expect(told).toMatchObject([{ tenantId: bench.world.ids.a, detail: { backups: 2 } }]);
  });
});

describe("a backup in another tenant's container", () => {
  it('needs a consent for this very backup and container, good once, not over and not taken back', async () => {
    const { owner, admin, world } = bench;
    const [id, target, elsewhere] = [await container('a'), await container('b'), await container('b')];
    filesOf(target)['/root/note'] = 'of b';
    const backupId = await backUp(id, 'of a');
    const order = { containerId: target };
    const refused = async () =>
      expect(restoreBackupInto(admin, backupId, order)).rejects.toMatchObject({ code: 'forbidden' });
    const given = (input: { containerId: string; hours: number }) => giveConsent(owner, backupId, input);
    await refused();
    for (const who of ['ownerB', 'memberA', 'admin'] as const) {
      const asked = giveConsent(actorFor(world, who), backupId, { ...order, hours: 1 });
      await expect(asked, who).rejects.toMatchObject({ code: who === 'ownerB' ? 'not_found' : 'forbidden' });
    }
    await given({ containerId: elsewhere, hours: 1 });
    await refused();
    const back = await given({ ...order, hours: 1 });
    await revokeConsent(owner, back.id);
    await refused();
    const over = await given({ ...order, hours: 1 });
    await change((tx) =>
      tx
        .update(restoreConsents)
        .set({ expiresAt: new Date(0) })
        .where(eq(restoreConsents.id, over.id)),
    );
    await refused();
    const good = await given({ ...order, hours: 1 });
    // Nobody but the provider does it, not even who gave it.
    for (const who of ['ownerA', 'ownerB', 'reseller', 'support'] as const) {
      const asked = restoreBackupInto(actorFor(world, who), backupId, order);
      await expect(asked, who).rejects.toMatchObject({ code: 'forbidden' });
    }
    const asked = await restoreBackupInto(admin, backupId, order);
    // The backup is read: it cannot be deleted now, although the container that reads it is another's.
    await expect(removeBackup(owner, backupId)).rejects.toMatchObject({ code: 'busy' });
    await well(Promise.resolve(asked));
    expect(filesOf(target)['/root/note']).toBe('of a');
    await expect(revokeConsent(owner, good.id)).rejects.toMatchObject({ code: 'state' });
    await refused();
    expect((await listConsents(owner, backupId)).items.map((one) => one.state)).toEqual([
      'used',
      'expired',
      'revoked',
      'given',
    ]);
    await expect(listConsents(actorFor(world, 'ownerB'), backupId)).rejects.toMatchObject({ code: 'not_found' });

    // Both find it in their record, each with its own thing.
    const records = await change((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.verb, 'backup.restore-into'), eq(auditLog.outcome, 'allowed'))),
    );
    const sides = records.map((one) => [one.tenantId, one.targetKind, one.targetId]).sort();
    const expected = [
      [world.ids.a, 'backup', backupId],
      [world.ids.b, 'container', target],
    ];
    expect(sides).toEqual(expected.sort());
  });

  it('gives the consent back when it fails, and is refused within a tenant', async () => {
    const { owner, admin } = bench;
    const [id, own, target] = [await container('a'), await container('a'), await container('b')];
    const backupId = await backUp(id, 'of a');
    const within = restoreBackupInto(admin, backupId, { containerId: own });
    await expect(within).rejects.toMatchObject({ code: 'invalid' });
    await giveConsent(owner, backupId, { containerId: target, hours: 1 });
    const kept = structuredClone(bench.host.world.disk.backups);
    for (const one of Object.keys(bench.host.world.disk.backups)) delete bench.host.world.disk.backups[one];
    const failed = await bench.run(await restoreBackupInto(admin, backupId, { containerId: target }));
    expect(failed).toMatchObject({ state: 'failed' });
    Object.assign(bench.host.world.disk.backups, kept);
    expect((await listConsents(owner, backupId)).items.map((one) => one.state)).toEqual(['given']);
    await well(restoreBackupInto(admin, backupId, { containerId: target }));
    expect(filesOf(target)['/root/note']).toBe('of a');
  });
});
