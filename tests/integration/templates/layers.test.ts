/** Which layers stay because something names them, and templates that are withdrawn. */
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createContainer } from '#lib/containers/create.ts';
import type { HostRecord } from '#lib/contract/agent-state.ts';
import type { BackupState } from '#lib/contract/backups.ts';
import { CreateContainer } from '#lib/contract/containers.ts';
import { type Tx, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { orphans } from '#lib/db/schema/hosts.ts';
import { operations, retainedVolumes } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { layersInUse } from '#lib/templates/layers.ts';
import { getTemplate, listTemplates } from '#lib/templates/list.ts';
import { offerTemplate } from '#lib/templates/offer.ts';
import { actorFor, giveRoom, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

const asSystem = systemActor('test');
const dayMs = 86_400_000;
let portal: TestPortal;
let world: World;
const repositoryId = v7();
let made = 0;

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  await giveRoom(portal, world.ids.host);
  await asSuper((tx) =>
    tx.insert(repositories).values({
      ...{ id: repositoryId, tenantId: world.ids.a, locationId: world.ids.location },
      ...{ sealedPassword: 'x', sealedRecoveryPassword: 'x' },
    }),
  );
});
afterAll(async () => {
  await portal?.stop();
});

const asSuper = <T>(work: (tx: Tx) => Promise<T>) => withActor(portal.super, asSystem, work);
/** As the worker, whose role it has to be possible for. */
const inUse = () => withActor(portal.worker, asSystem, layersInUse);

/** A template of a layer of its own, which was withdrawn long ago unless it is told. */
async function template(withdrawnAt: Date | null = new Date(Date.now() - 2 * dayMs)) {
  made += 1;
  const layer = `sha256:${made.toString(16).padStart(64, '0')}`;
  const ref = { name: 'old', version: `${made}`, layers: [layer], init: 'busybox' as const };
  const id = v7();
  await asSuper((tx) => tx.insert(templates).values({ id, title: 'Old', bytes: 1, ...ref, withdrawnAt }));
  return { id, layer, ref };
}

async function operation(values: Partial<typeof operations.$inferInsert> = {}): Promise<string> {
  const id = v7();
  await asSuper((tx) =>
    tx.insert(operations).values({
      ...{ id, kind: 'backup', state: 'succeeded', lock: 'background', tenantId: world.ids.a, input: {} },
      ...{ containerId: world.containers.a.id, hostId: world.ids.host, actorKind: 'system', actorName: 'test' },
      ...(values.state === undefined ? { endedAt: new Date() } : {}),
      ...values,
    }),
  );
  return id;
}

type Made = Awaited<ReturnType<typeof template>>;

async function container({ id: templateId }: Made, gone: { deletedAt: Date; undeleteUntil: Date | null } | null) {
  const id = v7();
  const name = `c-${made}`;
  const row = { ...world.containers.a, id, templateId, name, hostname: name, volumeId: v7() };
  await asSuper((tx) => tx.insert(containers).values({ ...row, ...gone }));
  return id;
}

async function backup(of: Made, state: BackupState, names: 'its template' | 'layers'): Promise<string> {
  const id = v7();
  const operationId = await operation();
  await asSuper(async (tx) => {
    const was = names === 'layers' ? { template: of.ref } : { template: null, templateId: of.id };
    await tx.insert(backups).values({
      ...{ id, tenantId: world.ids.a, containerId: world.containers.a.id, repositoryId, operationId, state, ...was },
      ...{ actorName: 'x', resticSnapshotId: 'a'.repeat(64), verifiedAt: new Date() },
      ...{ removedAt: new Date(), purgeAt: new Date() },
    });
  });
  return id;
}

/** What names a layer, and how it ends. */
const references: Record<string, (of: Made) => Promise<() => Promise<unknown>>> = {
  'a container on it': async (of) => {
    const id = await container(of, null);
    return () => asSuper((tx) => tx.update(containers).set({ deletedAt: new Date() }).where(eq(containers.id, id)));
  },
  'a deleted container that can be had back': async (of) => {
    const id = await container(of, { deletedAt: new Date(), undeleteUntil: new Date(Date.now() + dayMs) });
    return () => asSuper((tx) => tx.update(containers).set({ undeleteUntil: null }).where(eq(containers.id, id)));
  },
  'a kept volume': async (of) => {
    const id = v7();
    const operationId = await operation();
    await asSuper((tx) =>
      tx.insert(retainedVolumes).values({
        ...{ id, volumeId: v7(), tenantId: world.ids.a, containerId: world.containers.a.id, operationId },
        ...{ reason: 'reinstall', bytes: 1, templateId: of.id, expiresAt: new Date() },
      }),
    );
    return () =>
      asSuper((tx) => tx.update(retainedVolumes).set({ consumedAt: new Date() }).where(eq(retainedVolumes.id, id)));
  },
  'a snapshot': async (of) => {
    const id = v7();
    await asSuper((tx) =>
      tx.insert(snapshots).values({
        ...{ id, tenantId: world.ids.a, containerId: world.containers.a.id, operationId: v7(), name: 's' },
        ...{ kind: 'manual', state: 'present', templateId: of.id, actorName: 'x' },
      }),
    );
    return () => asSuper((tx) => tx.update(snapshots).set({ state: 'deleted' }).where(eq(snapshots.id, id)));
  },
  'an orphan of its template': async (of) => {
    const containerId = await orphan(of.id, { template: { layers: [] } });
    return () => asSuper((tx) => tx.delete(orphans).where(eq(orphans.containerId, containerId)));
  },
  'an orphan whose record names it': async (of) => {
    const containerId = await orphan(world.ids.template, { template: of.ref });
    return () => asSuper((tx) => tx.delete(orphans).where(eq(orphans.containerId, containerId)));
  },
  'an operation that has not ended': async (of) => {
    const id = await operation({ kind: 'reinstall', state: 'stuck', input: { templateId: of.id } });
    return () =>
      asSuper((tx) => tx.update(operations).set({ state: 'failed', endedAt: new Date() }).where(eq(operations.id, id)));
  },
  ...Object.fromEntries(
    (['complete', 'running', 'removed', 'deleting', 'pending-prune'] as const).map((state) => [
      `a backup that is ${state}`,
      async (of: Made) => gone(await backup(of, state, 'layers')),
    ]),
  ),
  'a backup of its template': async (of) => gone(await backup(of, 'running', 'its template')),
};

const gone = (id: string) => () =>
  asSuper((tx) => tx.update(backups).set({ state: 'deleted' }).where(eq(backups.id, id)));

async function orphan(templateId: string, record: unknown): Promise<string> {
  const containerId = v7();
  await asSuper((tx) =>
    tx.insert(orphans).values({
      ...{ hostId: world.ids.host, containerId, tenantId: world.ids.a, templateId, generation: 1, power: 'stopped' },
      record: record as HostRecord,
    }),
  );
  return containerId;
}

describe('a layer stays', () => {
  for (const [what, refer] of Object.entries(references)) {
    it(`while ${what} names it, and no longer`, async () => {
      const of = await template();
      expect(await inUse()).not.toContain(of.layer);
      const end = await refer(of);
      expect(await inUse()).toContain(of.layer);
      await end();
      expect(await inUse()).not.toContain(of.layer);
    });
  }

  it('while its template is offered, and for a day after it was withdrawn', async () => {
    const offered = await template(null);
    const young = await template(new Date(Date.now() - dayMs + 60_000));
    const old = await template(new Date(Date.now() - dayMs - 60_000));
    const layers = await inUse();
    expect(layers).toEqual(expect.arrayContaining([offered.layer, young.layer]));
    expect(layers).not.toContain(old.layer);
  });

  it('while another template has it too', async () => {
    const of = await template();
    const other = await template(null);
    await asSuper((tx) =>
      tx
        .update(templates)
        .set({ layers: [of.layer, other.layer] })
        .where(eq(templates.id, other.id)),
    );
    expect(await inUse()).toEqual(expect.arrayContaining([of.layer, other.layer]));
  });
});

describe('a template that is withdrawn', () => {
  it('is nothing to make containers from until it is offered again, and the record says who did both', async () => {
    const admin = actorFor(world, 'admin');
    const { id } = await template(null);
    await asSuper((tx) => tx.insert(hostTemplates).values({ hostId: world.ids.host, templateId: id }));
    const make = (name: string) => {
      const wish = { name, tenantId: world.ids.b, planId: world.ids.plan, templateId: id };
      return createContainer(admin, CreateContainer.parse(wish));
    };
    expect(await offerTemplate(admin, id, { offered: false })).toMatchObject({ id, offered: false });
    expect(await getTemplate(admin, id)).toMatchObject({ offered: false });
    await expect(make('new-1')).rejects.toMatchObject({ code: 'state' });
    expect(await offerTemplate(admin, id, { offered: false })).toMatchObject({ offered: false });
    expect(await offerTemplate(admin, id, { offered: true })).toMatchObject({ offered: true });
    expect(await make('new-1')).toMatchObject({ kind: 'create' });
    const record = await asSuper((tx) => tx.select().from(auditLog).where(eq(auditLog.targetId, id)));
    expect(record.map(({ verb, actorName }) => [verb, actorName])).toEqual([
      ['template.withdraw', admin.name],
      ['template.offer', admin.name],
    ]);
  });

  it('is shown to staff, and of others to those whose containers are on it', async () => {
    const of = await template();
    const sees = async (who: 'admin' | 'ownerA' | 'ownerB') =>
      (await listTemplates(actorFor(world, who), { limit: 200 })).items.some(({ id }) => id === of.id);
    expect([await sees('admin'), await sees('ownerA')]).toEqual([true, false]);
    await container(of, null);
    expect([await sees('admin'), await sees('ownerA'), await sees('ownerB')]).toEqual([true, true, false]);
  });

  it('takes the right to build templates', async () => {
    await expect(
      offerTemplate(actorFor(world, 'support'), world.ids.template, { offered: false }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(offerTemplate(actorFor(world, 'admin'), v7(), { offered: false })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
