/** Backup locations by people's verbs, over a real host and a real append-only server. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { deletion, removeBackup } from '#lib/backups/remove.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { changeLocation } from '#lib/locations/change.ts';
import { chooseForContainer, chooseForPlan } from '#lib/locations/choose.ts';
import { createLocation } from '#lib/locations/create.ts';
import { putCredentials } from '#lib/locations/credentials.ts';
import { listLocations } from '#lib/locations/list.ts';
import { removeLocation } from '#lib/locations/remove.ts';
import { statePaths } from '#lib/settings.ts';
import { pruneLocation } from '#server/maintenance/prune.ts';
import { type BackupServer, startRestServer } from '../../support/backup-servers.ts';
import { type Bench, ended, startBench, succeeded } from '../../support/operations.ts';
import { actorFor } from '../../support/portal.ts';
import { container } from '../../support/scenarios.ts';
import { filesBelow } from '../backup/fixture.ts';

let bench: Bench;
let server: BackupServer;
let id: string;
let ours: string;

beforeAll(async () => {
  bench = await startBench('real', { agent: { backupNetworks: ['127.0.0.1/32'] } });
  server = await startRestServer(true);
  id = await container(bench);
});
afterAll(async () => {
  await bench?.stop();
  await server?.stop();
});

const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);
const sh = (script: string) => execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs: 5_000 });
const newest = async () => (await listBackups(bench.owner, id, {})).items[0];

describe("the provider's location", () => {
  it('is added with credentials that nobody reads again: sealed on their way, at rest under a key the web has not got', async () => {
    const { url } = server.location;
    const made = await createLocation(bench.admin, {
      ...{ kind: 'rest', name: 'Far away', url, appendOnly: true, credentials: server.credentials },
    });
    ours = made.id;
    expect(made).toMatchObject({ hasCredentials: true, offsite: true, appendOnly: true, isDefault: false });
    const [seen] = (await listLocations(bench.owner)).items.filter((one) => one.id === ours);
    expect(seen).toMatchObject({ name: 'Far away', address: null });
    const row = async () =>
      (await asSystem((tx) => tx.select().from(backupLocations).where(eq(backupLocations.id, ours))))[0];
    await expect.poll(async () => (await row())?.sealedCredentials, { timeout: 20_000 }).toMatch(/^v1\./);
    expect((await row())?.credentialsRef).toBeNull();
    const dumped = await asSystem((tx) => tx.execute(sql`select row_to_json(l)::text as t from backup_locations l`));
    expect(JSON.stringify(dumped.rows)).not.toContain(server.credentials.password);
    expect(JSON.stringify([made, seen, (await listLocations(bench.admin)).items])).not.toContain(
      server.credentials.password,
    );
    const audit = await asSystem((tx) => tx.execute(sql`select row_to_json(a)::text as t from audit_log a`));
    expect(JSON.stringify(audit.rows)).toContain('Far away');
    expect(JSON.stringify(audit.rows)).not.toContain(server.credentials.password);
    await expect(
      withActor(bench.portal.web, bench.admin, (tx) =>
        tx.update(backupLocations).set({ url: 'https://elsewhere.example.test' }).where(eq(backupLocations.id, ours)),
      ),
    ).rejects.toThrow();
  });

  it('takes the backups of a plan, gives them back, and keeps deleted ones until a maintenance run', async () => {
    await chooseForPlan(bench.admin, bench.world.ids.plan, ours);
    await sh('echo kept > /root/file');
    await succeeded(
      bench.owner,
      await createBackup(bench.owner, id, { name: '', note: '', protected: false }),
      120_000,
    );
    const backup = await newest();
    // Whatever it was called: the host has met it on itself, and it is not counted as elsewhere any more.
    expect(backup).toMatchObject({ state: 'complete', location: { name: 'Far away', offsite: false } });
    expect((await listLocations(bench.admin)).items.find((one) => one.id === ours)).toMatchObject({ offsite: false });

    // Whatever is chosen since, it is restored from where it lies.
    await chooseForPlan(bench.admin, bench.world.ids.plan, null);
    await sh('echo lost > /root/file');
    await succeeded(bench.owner, await restoreBackup(bench.owner, backup?.id ?? ''), 120_000);
    expect((await sh('cat /root/file')).stdout.trim()).toBe('kept');
    await sh('echo lost > /root/file');
    const one = { paths: [Buffer.from('/root/file').toString('base64')], mode: 'overwrite' as const };
    await succeeded(bench.owner, await restoreFilesOfBackup(bench.owner, backup?.id ?? '', one), 120_000);
    expect((await sh('cat /root/file')).stdout.trim()).toBe('kept');

    await expect(removeLocation(bench.admin, ours)).rejects.toMatchObject({ code: 'conflict' });
    await succeeded(bench.owner, await removeBackup(bench.owner, backup?.id ?? ''), 60_000);
    await succeeded(bench.owner, await deletion(bench.owner, backup?.id ?? '', 'final'), 60_000);
    expect(await newest()).toMatchObject({ id: backup?.id, state: 'pending-prune' });
    expect((await listLocations(bench.admin)).items.find((one) => one.id === ours)).toMatchObject({ pendingPrune: 1 });
    await expect(restoreBackup(bench.owner, backup?.id ?? '')).rejects.toMatchObject({ code: 'state' });

    const workDir = mkdtempSync('/tmp/berth-prune-');
    try {
      const { location, credentials } = await server.maintenance();
      const directory = statePaths(join(bench.agent.made.directory, 'state')).role('worker');
      const { kek, recoveryPassword } = JSON.parse(readFileSync(join(directory, 'settings.json'), 'utf8'));
      const keys = { kek: Buffer.from(kek, 'base64'), recoveryPassword };
      const agent = bench.agent.config;
      const order = { db: bench.portal.worker, keys, location: 'Far away', url: location.url, credentials, agent };
      expect(await pruneLocation({ ...order, workDir, say: () => {} })).toBe(1);
      expect(await pruneLocation({ ...order, workDir, say: () => {} })).toBe(0);
    } finally {
      rmSync(workDir, { recursive: true, force: true });
    }
    expect(await newest()).toBeUndefined();
    await removeLocation(bench.admin, ours);
  });
});

describe('what waits to be pruned', () => {
  it('goes by itself once the location says that hosts can delete there', async () => {
    const open = await startRestServer(false);
    try {
      const { location, credentials } = open;
      const about = { kind: 'rest' as const, name: 'Was append-only', url: location.url, appendOnly: true };
      const made = await createLocation(bench.admin, { ...about, credentials });
      await chooseForContainer(bench.admin, id, made.id);
      const wish = { name: '', note: '', protected: false };
      await succeeded(bench.owner, await createBackup(bench.owner, id, wish), 120_000);
      const backup = await newest();
      await succeeded(bench.owner, await removeBackup(bench.owner, backup?.id ?? ''), 60_000);
      await succeeded(bench.owner, await deletion(bench.owner, backup?.id ?? '', 'final'), 60_000);
      expect(await newest()).toMatchObject({ id: backup?.id, state: 'pending-prune' });
      await expect(deletion(bench.owner, backup?.id ?? '', 'final')).rejects.toMatchObject({ code: 'already' });
      const snapshots = () => filesBelow(open.directory).filter((path) => path.includes('/snapshots/'));
      expect(snapshots()).toHaveLength(1);
      await changeLocation(bench.admin, made.id, { appendOnly: false });
      await expect.poll(async () => (await newest())?.id, { timeout: 60_000 }).not.toBe(backup?.id);
      expect(snapshots()).toEqual([]);
      await chooseForContainer(bench.admin, id, null);
      await removeLocation(bench.admin, made.id);
    } finally {
      await open.stop();
    }
  });

  it('credentials on their way to one location cannot be taken to another', async () => {
    const place = { kind: 'rest' as const, url: 'https://backup.example.test/', appendOnly: false };
    const theirs = await createLocation(bench.admin, { ...place, name: 'Theirs' });
    const reference = await asSystem((tx) => putCredentials(tx, theirs.id, { user: 'u', password: 'a stolen one' }));
    const mine = await createLocation(bench.admin, { ...place, name: 'Mine', url: 'https://thief.example.test/' });
    const here = eq(backupLocations.id, mine.id);
    await asSystem((tx) => tx.update(backupLocations).set({ credentialsRef: reference }).where(here));
    const row = async () => (await asSystem((tx) => tx.select().from(backupLocations).where(here)))[0];
    await expect.poll(async () => (await row())?.credentialsRef, { timeout: 20_000 }).toBeNull();
    expect((await row())?.sealedCredentials).toBeNull();
    for (const { id } of [theirs, mine]) await removeLocation(bench.admin, id);
  });
});

describe("a tenant's own location", () => {
  it('serves its containers and no others, and may not lead to this server', async () => {
    const { owner, admin } = bench;
    const input = { kind: 'rest' as const, name: 'Ours', url: 'https://localhost:1/', appendOnly: false };
    const own = await createLocation(owner, input);
    expect(own).toMatchObject({ name: 'Ours', address: 'https://localhost:1/', hasCredentials: false });
    const other = actorFor(bench.world, 'ownerB');
    expect((await listLocations(other)).items.map((one) => one.name)).not.toContain('Ours');
    await expect(changeLocation(other, own.id, { name: 'Mine' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(chooseForPlan(admin, bench.world.ids.plan, own.id)).rejects.toMatchObject({ code: 'invalid' });
    const [provided] = (await listLocations(owner)).items.filter((one) => one.tenantId === null);
    await expect(chooseForContainer(owner, id, provided?.id ?? '')).rejects.toMatchObject({ code: 'invalid' });
    await expect(changeLocation(owner, provided?.id ?? '', { name: 'X' })).rejects.toMatchObject({ code: 'forbidden' });

    await chooseForContainer(owner, id, own.id);
    const failed = await ended(owner, await createBackup(owner, id, { name: '', note: '', protected: false }), 60_000);
    expect(failed.state).toBe('failed');
    expect(failed.error?.detail).toContain('not one that servers here connect to');
    await expect(removeLocation(owner, own.id)).rejects.toMatchObject({ code: 'conflict' });
    await chooseForContainer(owner, id, null);
    await succeeded(owner, await createBackup(owner, id, { name: '', note: '', protected: false }), 120_000);
    expect(await newest()).toMatchObject({ state: 'complete', location: { offsite: false } });
    // The failed one could not be deleted over there, for nobody connects: it goes with the location.
    await removeLocation(owner, own.id);
    expect((await listLocations(owner)).items.map((one) => one.name)).not.toContain('Ours');
    expect((await listBackups(owner, id, {})).items.map((one) => one.state)).toEqual(['complete']);
  });
});
