/** A host that is gone: what was on it is written off, and comes back from its backups elsewhere. */
import { and, desc, eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { createContainer } from '#lib/containers/create.ts';
import { getContainer } from '#lib/containers/get.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { startContainer } from '#lib/containers/start.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts, lostCopies, orphans } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { copiesToStop } from '#lib/hosts/copies.ts';
import { listHosts } from '#lib/hosts/list.ts';
import { loseHost, reuseHost } from '#lib/hosts/lose.ts';
import { hostLoss } from '#lib/hosts/loss.ts';
import { settleLosses, tellOfLosses } from '#lib/hosts/settle-losses.ts';
import { getOperation } from '#lib/operations/get.ts';
import { adoptOrphan } from '#lib/orphans/adopt.ts';
import { endUndelete, purgeRemoved } from '#lib/workflows/sweeps.ts';
import { actorFor } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const plain = { acceptNewAddress: false, start: false } as const;
const quiet = { warn: () => undefined };
let bench: SimBench;
let hostId: string;
let names = 0;
beforeAll(async () => {
  bench = await startSimBench();
  hostId = bench.host.made.hostId;
});
afterAll(async () => {
  await bench?.stop();
});

const change = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);
/** Nobody watches this host in these tests: when it was last heard of is said. */
const heard = (ago: number | null) =>
  change((tx) =>
    tx
      .update(hosts)
      .set({ lastSeenAt: new Date(ago === null ? Date.now() + 86_400_000 : Date.now() - ago) })
      .where(eq(hosts.id, hostId)),
  );
async function well(asked: Promise<Operation>): Promise<Operation> {
  const done = await bench.run(await asked);
  expect(done.error, done.kind).toBeNull();
  return done;
}
async function container(withBackup: boolean): Promise<string> {
  names += 1;
  const place = { tenantId: bench.world.ids.a, planId: bench.planIds.small, templateId: bench.templateIds.tiny };
  const made = createContainer(bench.admin, { name: `lost-${names}`, ...place, hostId, sshKeys: [], start: false });
  const id = (await well(made)).containerId ?? '';
  const seen = { observedPower: 'stopped' as const, observedAt: new Date(Date.now() + 86_400_000) };
  await change((tx) => tx.update(containers).set(seen).where(eq(containers.id, id)));
  if (withBackup) await well(createBackup(bench.admin, id, {}));
  return id;
}
const asWorker = async <T>(work: () => Promise<T>): Promise<T> => {
  setDatabase(bench.portal.worker);
  return await work().finally(() => setDatabase(bench.portal.web));
};
const settle = () => asWorker(() => settleLosses(quiet));
const rowOf = (id: string) =>
  change(async (tx) => (await tx.select().from(containers).where(eq(containers.id, id)))[0]);
const lose = (containerIds?: string[]) =>
  loseHost(bench.admin, hostId, { name: 'host-2', ...(containerIds === undefined ? {} : { containerIds }) });

it('is called lost by administrators alone, by its name, and only while it does not answer', async () => {
  const id = await container(false);
  for (const who of ['support', 'reseller', 'ownerA'] as const) {
    await expect(hostLoss(actorFor(bench.world, who), hostId)).rejects.toMatchObject({ code: 'forbidden' });
    const asked = loseHost(actorFor(bench.world, who), hostId, { name: 'host-2' });
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
  }
  await expect(lose()).rejects.toMatchObject({ code: 'state' });
  await heard(30_000);
  expect((await hostLoss(bench.admin, hostId)).refusal).toMatch(/within the last minute/);
  await expect(lose()).rejects.toMatchObject({ code: 'state' });
  await heard(120_000);
  await expect(loseHost(bench.admin, hostId, { name: 'host-1' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(lose([id, uuidv7()])).rejects.toMatchObject({ code: 'not_found' });
  expect(await settle()).toEqual([]);
  expect((await rowOf(id))?.deletedAt).toBeNull();
  await heard(null);
});

it('says what is lost, and its containers can be had back for 14 days at least, whatever their plan keeps', async () => {
  const [kept, bare] = [await container(true), await container(false)];
  await change((tx) => tx.update(plans).set({ deletedContainerDays: 0 }).where(eq(plans.id, bench.planIds.small)));
  await heard(120_000);
  const loss = await hostLoss(bench.admin, hostId);
  expect(loss.refusal).toBeNull();
  const of = (id: string) => loss.containers.find((one) => one.id === id);
  expect(of(kept)).toMatchObject({ inDirectory: true, newestElsewhereAt: null, snapshots: 0, pending: false });
  expect(Date.now() - Date.parse(of(kept)?.newestBackupAt ?? '')).toBeLessThan(60_000);
  expect(of(bare)).toMatchObject({ newestBackupAt: null, inDirectory: false });

  // One of them first, then all the rest; asked for twice it is the same.
  expect((await lose([kept])).containers).toMatchObject([{ id: kept, pending: true }]);
  expect(await settle()).toEqual([kept]);
  expect((await listHosts(bench.admin, {})).items.find((one) => one.id === hostId)?.health).toBe('silent');
  await lose();
  await lose();
  expect(await settle()).toContain(bare);
  expect(await settle()).toEqual([]);
  expect((await listHosts(bench.admin, {})).items.find((one) => one.id === hostId)).toMatchObject({
    health: 'lost',
    containers: 0,
  });
  const shown = await getContainer(bench.owner, kept);
  expect(shown).toMatchObject({ state: 'deleted', deleted: { lost: true, backups: 1, addressKept: false } });
  expect((Date.parse(shown.deleted?.until ?? '') - Date.now()) / 86_400_000).toBeGreaterThan(13.9);
  expect(await getContainer(bench.owner, bare)).toMatchObject({ state: 'deleted', deleted: null });

  const told = await change((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'container.lost')));
  expect(told.map((one) => [one.tenantId, one.targetId])).toContainEqual([bench.world.ids.a, kept]);
  await asWorker(() => tellOfLosses('http://panel.test'));
  await asWorker(() => tellOfLosses('http://panel.test'));
  const mails = await change((tx) => tx.select().from(outbox));
  expect(mails).toHaveLength(1);
  expect(mails[0]?.body).toMatch(/lost-\d+: there is no complete backup of it/);
  expect(mails[0]?.body).toMatch(/lost-\d+: its backups lay in a directory of that server, out of reach without it/);

  // Nothing goes to a lost host, even if it answers; taken into use again, it may have them back under their names.
  await heard(null);
  const [{ id: backupId } = { id: '' }] = (await listBackups(bench.owner, kept, {})).items;
  const named = undeleteContainer(bench.owner, kept, { ...plain, backupId });
  await expect(named).rejects.toMatchObject({ code: 'conflict' });
  const moving = undeleteContainer(bench.owner, kept, { ...plain, acceptNewAddress: true });
  await expect(moving).rejects.toMatchObject({ code: 'state' });
  await reuseHost(bench.admin, hostId);
  expect((await listHosts(bench.admin, {})).items.find((one) => one.id === hostId)?.health).toBe('ok');
  // But not while it has the old one.
  const again = undeleteContainer(bench.owner, kept, { ...plain, backupId });
  await expect(again).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('is lost') });
});

it('ends what is under way there, and what is stuck, before it is done with it', async () => {
  const [id, other] = [await container(true), await container(true)];
  const asked = await startContainer(bench.admin, id);
  const stuck = await startContainer(bench.admin, other);
  await change((tx) =>
    tx.execute(`update operations set state = 'stuck', started_at = now(),
      steps = jsonb_set(steps, '{0,state}', '"failed"') where id = '${stuck.id}'`),
  );
  await heard(120_000);
  await lose();
  expect(await settle()).not.toContain(id);
  const failed = await bench.run(asked);
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'host_unreachable', detail: 'The server is lost.' } });
  // Taken back without asking the host.
  expect((await getOperation(bench.admin, stuck.id)).state).toBe('queued');
  expect((await bench.run(stuck)).state).toBe('cancelled');
  await expect(reuseHost(bench.admin, hostId)).rejects.toMatchObject({ code: 'state' });
  expect((await settle()).sort()).toEqual([id, other].sort());
  expect(bench.host.core.store.containers.find(id)?.desired).toBe('stopped');
  await heard(null);
  await reuseHost(bench.admin, hostId);
});

it('that comes back has to stop what it has, and what is adopted from it is not what lives elsewhere', async () => {
  const id = await container(true);
  await heard(120_000);
  await lose([id]);
  await settle();
  const { generation } = (await rowOf(id)) ?? { generation: 0 };
  const record = bench.host.core.store.containers.find(id);
  if (record === undefined) throw new Error('the host has nothing');
  const inventory = (power: 'running' | 'stopped', desired = power) => ({
    ...{ time: new Date().toISOString(), bootId: 'b', deeds: [] },
    containers: [
      {
        ...{ containerId: id, generation: 1, desired, power, since: new Date().toISOString(), bootId: null },
        ...{ address: '10.0.0.9', lastExit: null, exits: [], restarts: null, repair: null, usage: null },
      },
    ],
  });
  const look = (what: ReturnType<typeof inventory>) => copiesToStop(bench.portal.worker, hostId, what);
  expect(await look(inventory('running'))).toEqual([{ containerId: id, generation }]);
  // Down, and to be started by its agent.
  expect(await look(inventory('stopped', 'running'))).toEqual([{ containerId: id, generation }]);
  expect(await look(inventory('stopped'))).toEqual([]);
  expect(await look(inventory('stopped'))).toEqual([]);
  const stopped = await change((tx) =>
    tx
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.verb, 'container.lost-copy-stopped'), eq(auditLog.targetId, id))),
  );
  expect(stopped).toHaveLength(1);

  const orphan = { hostId, containerId: id, tenantId: bench.world.ids.a, templateId: bench.templateIds.tiny };
  await change((tx) =>
    tx.insert(orphans).values({
      ...{ ...orphan, generation: 1, power: 'stopped' },
      record: {
        ...{ containerId: id, tenantId: bench.world.ids.a, name: 'lost', hostname: 'lost', desired: 'stopped' },
        ...{ address: '10.0.0.9', idBase: 1, volumeId: record.volumeId, restartPolicy: 'never', generation: 1 },
        ...{ resources: record.resources, template: record.template, forwards: [], retainedVolumeIds: [] },
      },
    }),
  );
  // It lives on another host by now.
  await change((tx) =>
    tx.update(containers).set({ deletedAt: null, hostId: bench.world.ids.host }).where(eq(containers.id, id)),
  );
  const order = { planId: bench.planIds.small };
  await expect(adoptOrphan(bench.admin, id, order)).rejects.toMatchObject({ code: 'conflict' });
  await change((tx) => tx.update(containers).set({ deletedAt: new Date(), hostId }).where(eq(containers.id, id)));
  await adoptOrphan(bench.admin, id, order);
  expect(await rowOf(id)).toMatchObject({ deletedAt: null, lostAt: null, generation });
  expect(await change((tx) => tx.select().from(lostCopies).where(eq(lostCopies.containerId, id)))).toEqual([]);
  expect(await look(inventory('running'))).toEqual([]);
  await heard(null);
});

it('leaves backups elsewhere that another host deletes when their time is over', async () => {
  const id = await container(true);
  await heard(120_000);
  await lose([id]);
  await settle();
  const [kept] = await change((tx) => tx.select().from(backups).where(eq(backups.containerId, id)));
  const elsewhere = uuidv7();
  await change(async (tx) => {
    const place = { kind: 'rest' as const, url: 'https://backups.example.test', offsite: true };
    await tx.insert(backupLocations).values({ id: elsewhere, name: 'Elsewhere', ...place });
    await tx
      .update(repositories)
      .set({ locationId: elsewhere })
      .where(eq(repositories.id, kept?.repositoryId ?? ''));
    await tx
      .update(containers)
      .set({ undeleteUntil: new Date(0) })
      .where(eq(containers.id, id));
    await tx
      .update(hosts)
      .set({ status: 'ok', lastSeenAt: new Date(Date.now() + 86_400_000) })
      .where(eq(hosts.id, bench.world.ids.host));
  });
  await asWorker(endUndelete);
  await asWorker(() => purgeRemoved(quiet));
  const { rows } = await bench.portal.super.$client.query<{ host_id: string }>(
    "select host_id from operations where kind = 'backup-delete' and container_id = $1",
    [id],
  );
  expect(rows).toEqual([{ host_id: bench.world.ids.host }]);
});

it('brings back from the newest backup that can be reached, and names it; where none can, it says so', async () => {
  await heard(null);
  const [id, stranded] = [await container(false), await container(true)];
  const elsewhere = uuidv7();
  const backsUpTo = (locationId: string | null) =>
    change((tx) => tx.update(containers).set({ locationId }).where(eq(containers.id, id)));
  const place = { name: 'Reached by all', kind: 'rest' as const, url: 'https://reached.example.test', offsite: true };
  await change((tx) => tx.insert(backupLocations).values({ id: elsewhere, ...place }));
  const backUp = async () => String((await well(createBackup(bench.admin, id, {}))).result.backupId);
  await backsUpTo(elsewhere);
  const [, reached] = [await backUp(), await backUp()];
  await backsUpTo(null);
  const newest = await backUp();

  // Its own host answers: the newest of all.
  await change((tx) => tx.update(plans).set({ deletedContainerDays: 14 }).where(eq(plans.id, bench.planIds.small)));
  await well(removeContainer(bench.admin, id));
  expect((await well(undeleteContainer(bench.owner, id, plain))).result).toMatchObject({ backupId: newest });

  await heard(120_000);
  await lose();
  expect((await settle()).sort()).toEqual(expect.arrayContaining([id, stranded].sort()));
  await change(async (tx) => {
    const [row] = await tx.select({ info: hosts.info }).from(hosts).where(eq(hosts.id, hostId));
    const usable = { status: 'ok' as const, lastSeenAt: new Date(Date.now() + 86_400_000), info: row?.info ?? null };
    await tx.update(hosts).set(usable).where(eq(hosts.id, bench.world.ids.host));
  });
  const shown = (await listBackups(bench.owner, id, {})).items;
  expect(shown.map((one) => [one.id, one.location.lostWith])).toEqual([
    [newest, 'host-2'],
    [reached, null],
    [expect.any(String), null],
  ]);
  await asWorker(() => tellOfLosses('http://panel.test'));
  const [mail] = (await change((tx) => tx.select().from(outbox).orderBy(desc(outbox.createdAt)))).slice(0, 1);
  expect(mail?.body).toMatch(/lost-\d+: from its backup of /);

  const moved = { ...plain, acceptNewAddress: true };
  const none = { code: 'state', message: expect.stringMatching(/in a directory of host-2, which is lost/) };
  await expect(undeleteContainer(bench.owner, stranded, moved)).rejects.toMatchObject(none);
  await expect(undeleteContainer(bench.owner, stranded, plain)).rejects.toMatchObject(none);
  expect(await rowOf(stranded)).toMatchObject({ deletedAt: expect.any(Date) });
  // The host it goes to may have that directory too: whoever names it has it tried.
  const [named] = (await listBackups(bench.owner, stranded, {})).items;
  const tried = await undeleteContainer(bench.owner, stranded, { ...moved, backupId: named?.id ?? '' });
  expect(tried).toMatchObject({ hostId: bench.world.ids.host, result: { backupId: named?.id } });

  await change((tx) =>
    tx.update(backups).set({ health: 'damaged', healthAt: new Date() }).where(eq(backups.id, reached)),
  );
  const asked = await undeleteContainer(bench.owner, id, moved);
  const [whole] = shown.slice(2);
  expect(asked).toMatchObject({
    hostId: bench.world.ids.host,
    result: { backupId: whole?.id, backupAt: whole?.createdAt },
  });
});
