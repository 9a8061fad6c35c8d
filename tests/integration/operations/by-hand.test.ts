/** What becomes of the rows when a person has ended a stuck operation by hand: every kind, as done and as failed. */
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { OperationKind } from '#lib/contract/states.ts';
import { type Tx, withActor } from '#lib/db/client.ts';
import { backupCare } from '#lib/db/schema/backup-care.ts';
import { backups, repositories } from '#lib/db/schema/backups.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations, retainedVolumes } from '#lib/db/schema/operations.ts';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { resolveOperation } from '#lib/operations/resolve.ts';
import {
  actorFor,
  seedWorld,
  smallResources,
  startPortal,
  type TestPortal,
  type World,
} from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

let portal: TestPortal;
let world: World;
let repository: string;
const asSystem = <T>(work: (tx: Tx) => Promise<T>) => withActor(portal.super, systemActor('test'), work);

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel();
  repository = v7();
  await asSystem((tx) =>
    tx.insert(repositories).values({
      ...{ id: repository, tenantId: world.ids.a, locationId: world.ids.location },
      ...{ sealedPassword: 'x', sealedRecoveryPassword: 'x' },
    }),
  );
});
afterAll(() => portal.stop());

/** A container of its own for every case, and the names of what the operation is about. */
function ground() {
  const ids = { id: v7(), operation: v7(), volume: v7(), next: v7(), thing: v7() };
  const of = { tenantId: world.ids.a, containerId: ids.id };
  return { ...ids, of, template: world.ids.template, plan: world.ids.plan };
}
type Ground = ReturnType<typeof ground>;
type Row = Partial<typeof containers.$inferInsert>;
type Ending = 'refused' | Record<string, unknown>;
type Case = {
  container?: (g: Ground) => Row;
  input?: (g: Ground) => Record<string, unknown>;
  result?: Record<string, unknown>;
  rows?: (tx: Tx, g: Ground) => Promise<unknown>;
  done: Ending | ((g: Ground) => Ending);
  failed: Ending | ((g: Ground) => Ending);
};

const soon = () => new Date(Date.now() + 3_600_000);
const never = { createdOnHostAt: null, address: null, idBase: null, observedPower: null } satisfies Row;
const aForward = (tx: Tx, g: Ground) =>
  tx.insert(portForwards).values({
    ...{ ...g.of, id: g.thing, hostId: world.ids.host, protocol: 'tcp' as const, containerPort: 80 },
    hostPort: 20_000 + Math.floor(Math.random() * 40_000),
  });
const aSnapshot = (state: (typeof snapshots.$inferInsert)['state']) => (tx: Tx, g: Ground) =>
  tx.insert(snapshots).values({
    ...{ ...g.of, id: g.thing, operationId: g.operation, name: 's', kind: 'manual' as const, state },
    ...{ templateId: g.template, actorName: 'test' },
  });
type BackupRow = Partial<typeof backups.$inferInsert> & Pick<typeof backups.$inferInsert, 'id' | 'state'>;
const verified = (g: Ground) => ({
  ...{ resticSnapshotId: 'a'.repeat(64), verifiedAt: new Date(), resources: smallResources, hostname: 'x' },
  template: { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' as const },
  templateId: g.template,
});
/** Of this operation, or (as what it is about) of another. */
const aBackup = async (tx: Tx, g: Ground, row: BackupRow, ofAnother = false) => {
  const operationId = ofAnother ? v7() : g.operation;
  if (ofAnother) await tx.insert(operations).values({ ...plainOperation(g), id: operationId });
  const facts = { ...g.of, repositoryId: repository, actorName: 'test', templateId: g.template };
  await tx.insert(backups).values({ ...facts, operationId, ...row });
};
const plainOperation = (g: Ground) => ({
  ...{ ...g.of, kind: 'backup' as const, hostId: world.ids.host, lock: 'background' as const, generation: 1 },
  ...{ state: 'succeeded' as const, endedAt: new Date(), actorKind: 'system' as const, actorName: 'test' },
});
const keptVolume = (tx: Tx, g: Ground, consumedAt: Date | null) =>
  tx.insert(retainedVolumes).values({
    ...{ ...g.of, id: g.thing, volumeId: g.next, operationId: g.operation, reason: 'restore' as const, bytes: 1 },
    ...{ templateId: g.template, expiresAt: soon(), consumedAt },
  });

const notMade: Case = {
  container: () => never,
  rows: aForward,
  done: 'refused',
  failed: { deleted: true, forwards: 0 },
};
const made: Case = { rows: aForward, done: { deleted: false, forwards: 1 }, failed: { deleted: true, forwards: 0 } };
const stays: Case = { done: { deleted: false, power: 'running' }, failed: { deleted: false, power: 'running' } };
const swapInput = (g: Ground) => ({ volumeId: g.next, snapshotId: g.thing, sourceId: v7(), templateId: g.template });
const notSwapped: Case = {
  input: swapInput,
  done: 'refused',
  failed: (g) => ({ volumeId: g.volume }),
};
const swapped: Case = {
  input: swapInput,
  container: (g) => ({ volumeId: g.next }),
  done: (g) => ({ volumeId: g.next }),
  failed: 'refused',
};
const undeleteInput = (g: Ground) => ({
  ...{ backupId: v7(), anyAddress: false, start: true, name: 'again' },
  was: {
    ...{ hostId: world.ids.host, name: `was-${g.id.slice(-8)}`, address: '10.0.0.5', volumeId: g.next },
    ...{ deletedAt: new Date().toISOString(), undeleteUntil: soon().toISOString() },
  },
});
const deletedAgain = (g: Ground) => ({ deleted: true, name: `was-${g.id.slice(-8)}`, volumeId: g.next });
const toB = (g: Ground) => ({ handoverId: g.thing, toTenantId: world.ids.b, name: 'theirs', removeSshKeys: true });
const offer = (tx: Tx, g: Ground) =>
  tx.insert(handovers).values({
    ...{ id: g.thing, tenantId: world.ids.a, containerId: g.id, containerName: 'c', toTenantId: world.ids.b },
    ...{ toWords: 'b', state: 'moving' as const, offeredById: v7(), offeredByName: 'x', operationId: g.operation },
    ...{ giverAt: new Date(), receiverAt: new Date(), expiresAt: soon() },
  });
const larger = { ...smallResources, cpuCores: 1 };

/** Every kind, each by how far it had come. */
const cases = {
  create: { 'not told of by its host': notMade, 'made there': made },
  clone: { 'not told of by its host': notMade, 'made there': made },
  import: {
    'not told of by its host': {
      ...notMade,
      rows: async (tx, g) => {
        await aForward(tx, g);
        await tx.insert(imports).values({
          ...{ id: g.thing, tenantId: world.ids.a, hostId: world.ids.host, planId: g.plan, sizeBytes: 1 },
          ...{ actorName: 'test', expiresAt: soon(), operationId: g.operation },
        });
      },
      failed: { deleted: true, archiveTaken: false },
    },
    'made there': made,
  },
  undelete: {
    'not told of by its host': {
      ...{ container: () => never, input: undeleteInput, done: 'refused', failed: deletedAgain },
    },
    'made there': { input: undeleteInput, done: { deleted: false }, failed: deletedAgain },
  },
  delete: {
    stuck: {
      input: () => ({ undeleteUntil: soon().toISOString() }),
      rows: aSnapshot('present'),
      done: { deleted: true, undelete: true, snapshot: 'deleted' },
      failed: { deleted: false, undelete: false, snapshot: 'present' },
    },
  },
  start: { stuck: stays },
  stop: { stuck: stays },
  restart: { stuck: stays },
  kill: { stuck: stays },
  backup: {
    'not verified': {
      input: (g) => ({ backupId: g.thing, snapshotId: v7(), rotated: [g.next] }),
      rows: async (tx, g) => {
        await aBackup(tx, g, { id: g.thing, state: 'running' });
        const aside = { removedAt: new Date(), purgeAt: soon(), ...verified(g) };
        await aBackup(tx, g, { id: g.next, state: 'removed', ...aside }, true);
      },
      done: 'refused',
      failed: { backup: 'failed', rotated: 'complete' },
    },
    verified: {
      input: (g) => ({ backupId: g.thing, snapshotId: v7() }),
      rows: (tx, g) => aBackup(tx, g, { id: g.thing, state: 'complete', ...verified(g) }),
      done: { backup: 'complete' },
      failed: { backup: 'failed' },
    },
  },
  'backup-delete': {
    stuck: {
      input: (g) => ({ backupId: g.thing, was: 'complete' }),
      rows: (tx, g) => aBackup(tx, g, { id: g.thing, state: 'deleting', ...verified(g) }, true),
      done: { backup: 'deleted' },
      failed: { backup: 'complete' },
    },
    'put aside': {
      input: (g) => ({ backupId: g.thing, was: 'complete', keepUntil: soon().toISOString() }),
      rows: (tx, g) => aBackup(tx, g, { id: g.thing, state: 'deleting', ...verified(g) }, true),
      done: { backup: 'removed' },
      failed: { backup: 'complete' },
    },
  },
  'backup-check': {
    stuck: { input: () => ({ repositoryId: repository, part: { n: 1, of: 14 } }), done: 'refused', failed: {} },
    'with its findings': {
      ...{ input: () => ({ repositoryId: repository, part: { n: 1, of: 14 } }), result: { found: [] } },
      ...{ done: {}, failed: {} },
    },
  },
  'backup-test': {
    stuck: {
      input: (g) => ({ backupId: g.thing, trialId: v7(), volumeId: v7(), probe: null }),
      done: 'refused',
      failed: { care: 'It was cancelled.' },
    },
    'with its findings': { result: { passed: true }, done: { care: null }, failed: { care: 'It was cancelled.' } },
  },
  restore: { 'on the old files': notSwapped, 'on the new files': swapped },
  'restore-into': {
    'on the old files': {
      ...notSwapped,
      rows: async (tx, g) => {
        await aBackup(tx, g, { id: g.thing, state: 'complete', ...verified(g) }, true);
        await tx.insert(restoreConsents).values({
          ...{ tenantId: world.ids.a, backupId: g.thing, containerId: g.id, grantedBy: v7(), grantedByName: 'x' },
          ...{ expiresAt: soon(), usedAt: new Date(), operationId: g.operation },
        });
      },
      failed: { consentUsed: false },
    },
    'on the new files': swapped,
  },
  reinstall: { 'on the old files': notSwapped, 'on the new files': swapped },
  undo: { 'on the old files': notSwapped, 'on the new files': swapped },
  rollback: {
    'on the old files': { ...notSwapped, rows: aSnapshot('present'), failed: { snapshot: 'failed' } },
    'on the new files': { ...swapped, rows: aSnapshot('present'), done: { snapshot: 'present' } },
  },
  confirm: {
    stuck: {
      input: (g) => ({ retainedId: g.thing, volumeId: g.next, bytes: 1 }),
      rows: (tx, g) => keptVolume(tx, g, new Date()),
      done: { kept: false },
      failed: { kept: true },
    },
  },
  configure: {
    stuck: {
      input: (g) => ({ planId: g.plan, resources: larger }),
      done: { cpuCores: 1 },
      failed: { cpuCores: smallResources.cpuCores },
    },
  },
  access: {
    stuck: { input: () => ({ hostname: 'renamed' }), done: { hostname: 'renamed' }, failed: { hostname: 'c' } },
  },
  'restart-policy': {
    stuck: {
      container: () => ({ restartPolicy: 'never' }),
      input: () => ({ restartPolicy: 'always' }),
      done: { restartPolicy: 'always' },
      failed: { restartPolicy: 'never' },
    },
  },
  forwards: {
    'one more': { input: (g) => ({ added: g.thing }), rows: aForward, done: { forwards: 1 }, failed: { forwards: 0 } },
    'one less': {
      input: (g) => ({ removed: g.thing }),
      rows: aForward,
      done: { forwards: 0 },
      failed: { forwards: 1 },
    },
  },
  snapshot: {
    'not told of by its host': { rows: aSnapshot('making'), done: 'refused', failed: { snapshot: 'failed' } },
    'made there': { rows: aSnapshot('present'), done: { snapshot: 'present' }, failed: { snapshot: 'failed' } },
  },
  'snapshot-delete': {
    stuck: {
      input: (g) => ({ sourceId: g.thing }),
      rows: aSnapshot('deleting'),
      done: { snapshot: 'deleted' },
      failed: { snapshot: 'present' },
    },
  },
  repair: {
    stuck: {
      input: () => ({ volumeId: v7(), readOnly: true, hours: 4 }),
      done: { repaired: true },
      failed: { repaired: false },
    },
  },
  'repair-finish': {
    stuck: {
      container: () => ({ repairSince: new Date(), repairUntil: soon(), repairReadOnly: false }),
      done: { repaired: false },
      failed: { repaired: true },
    },
  },
  recover: {
    'before its snapshot': { rows: aSnapshot('making'), done: { snapshot: 'failed' }, failed: { snapshot: 'failed' } },
    'after it': { rows: aSnapshot('present'), done: { snapshot: 'present' }, failed: { snapshot: 'failed' } },
  },
  'restore-files': { stuck: stays },
  'open-backup': { stuck: stays },
  export: {
    'not packed': { done: 'refused', failed: {} },
    packed: { result: { expiresAt: soon().toISOString() }, done: {}, failed: {} },
  },
  handover: {
    'still the giver’s': { input: toB, rows: offer, done: 'refused', failed: { offer: 'open' } },
    'the receiver’s': {
      container: () => ({ tenantId: world.ids.b }),
      input: toB,
      rows: offer,
      done: {},
      failed: 'refused',
    },
  },
  'template-build': {
    stuck: { done: 'refused', failed: {} },
    known: { result: { templateId: v7() }, done: {}, failed: {} },
  },
} satisfies Record<OperationKind, Record<string, Case>>;

async function lay(g: Ground, kind: OperationKind, one: Case): Promise<void> {
  await asSystem(async (tx) => {
    const row = { ...world.containers.a, id: g.id, name: `c-${g.id.slice(-8)}`, hostname: 'c', volumeId: g.volume };
    await tx.insert(containers).values({ ...row, ...one.container?.(g) });
    await tx.insert(operations).values({
      ...{ ...g.of, id: g.operation, kind, hostId: world.ids.host, state: 'stuck', lock: 'exclusive' },
      ...{ generation: 1, actorKind: 'system', actorName: 'test', workflowEnqueuedAt: new Date() },
      ...{ input: one.input?.(g) ?? {}, result: one.result ?? {} },
    });
    await one.rows?.(tx, g);
  });
}

/** What the rows say afterwards. */
async function rowsOf(g: Ground) {
  return await asSystem(async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, g.id));
    const [snapshot] = await tx.select().from(snapshots).where(eq(snapshots.containerId, g.id));
    const [backup] = await tx.select().from(backups).where(eq(backups.id, g.thing));
    const [rotated] = await tx.select().from(backups).where(eq(backups.id, g.next));
    const [kept] = await tx.select().from(retainedVolumes).where(eq(retainedVolumes.id, g.thing));
    const [archive] = await tx.select().from(imports).where(eq(imports.id, g.thing));
    const [consent] = await tx.select().from(restoreConsents).where(eq(restoreConsents.containerId, g.id));
    const [offered] = await tx.select().from(handovers).where(eq(handovers.id, g.thing));
    const [care] = await tx.select().from(backupCare).where(eq(backupCare.containerId, g.id));
    const forwards = await tx.select().from(portForwards).where(eq(portForwards.containerId, g.id));
    return {
      ...{ name: container?.name, volumeId: container?.volumeId, hostname: container?.hostname },
      ...{ deleted: container?.deletedAt != null, undelete: container?.undeleteUntil != null },
      ...{ cpuCores: container?.resources.cpuCores, restartPolicy: container?.restartPolicy },
      ...{ power: container?.observedPower, repaired: container?.repairUntil != null, forwards: forwards.length },
      ...{ snapshot: snapshot?.state, backup: backup?.state, rotated: rotated?.state, offer: offered?.state },
      ...{ kept: kept !== undefined && kept.consumedAt === null, archiveTaken: archive?.operationId != null },
      ...{ consentUsed: consent?.usedAt != null, care: care?.problem ?? null },
    };
  });
}

const all = OperationKind.options.flatMap((kind) =>
  Object.entries<Case>(cases[kind]).flatMap(([how, one]) =>
    (['done', 'failed'] as const).map((outcome) => [kind, how, outcome, one] as const),
  ),
);

describe('a stuck operation, resolved by hand', () => {
  it.each(all)('%s, %s: as %s', async (kind, _how, outcome, one) => {
    const g = ground();
    await lay(g, kind, one);
    const wanted = one[outcome];
    const ending = typeof wanted === 'function' ? wanted(g) : wanted;
    const before = ending === 'refused' ? await rowsOf(g) : undefined;
    const resolving = resolveOperation(actorFor(world, 'admin'), g.operation, { note: 'looked at it', outcome });
    if (ending === 'refused') {
      await expect(resolving).rejects.toMatchObject({ code: 'state', outside: { remedy: expect.any(String) } });
      expect(await rowsOf(g)).toEqual(before);
      const [row] = await asSystem((tx) => tx.select().from(operations).where(eq(operations.id, g.operation)));
      expect(row?.state).toBe('stuck');
      return;
    }
    const state = outcome === 'done' ? 'succeeded' : 'failed';
    expect(await resolving).toMatchObject({ state, can: { resolve: false } });
    expect(await rowsOf(g)).toMatchObject(ending);
  });
});
