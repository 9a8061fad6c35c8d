import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import type { Protocol } from '#lib/contract/fields.ts';
import type { LockClass, OperationKind, OperationState } from '#lib/contract/states.ts';
import { withActor } from '#lib/db/client.ts';
import { backupTests } from '#lib/db/schema/backup-care.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { brandDkimKeys, brandHosts, brands } from '#lib/db/schema/brands.ts';
import { containers, holds, portForwards } from '#lib/db/schema/containers.ts';
import { authenticators } from '#lib/db/schema/factors.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { hosts, orphans } from '#lib/db/schema/hosts.ts';
import { identityProviders } from '#lib/db/schema/identity-providers.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations, retainedVolumes } from '#lib/db/schema/operations.ts';
import { outageHosts, outages, outageTenants } from '#lib/db/schema/outages.ts';
import { invitations, roles } from '#lib/db/schema/people.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { resellerQuotas } from '#lib/db/schema/resellers.ts';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { accessConsents, ticketAttachments, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { webhookDeliveries, webhooks } from '#lib/db/schema/webhooks.ts';
import { smallResources, type TestPortal, type World } from '#tests/support/portal.ts';

/** Everybody's in the matrix: for what asks for it again. */
export const matrixPassword = 'the password of the matrix';

/** One thing of every kind that a route can name, all of one tenant, each in a state in which the route would work. */
export type Objects = {
  tenantId: string;
  running: string;
  stopped: string;
  repaired: string;
  forwarded: string;
  forward: string;
  backup: string;
  snapshot: string;
  removed: string;
  /** A deleted container that can be had back, a consent of its tenant, and what that is for: another tenant's container. */
  deleted: string;
  consent: string;
  foreign: string;
  /** A finished export, an upload that goes on, and one that has come in full. */
  exported: string;
  upload: string;
  uploaded: string;
  location: string;
  cancellable: string;
  failed: string;
  undoable: string;
  stuck: string;
  orphan: string;
  /** About `running`, asks for a plan, is with the reseller. */
  ticket: string;
  attachment: string;
  /** Asked for by support, in another ticket about `running`. */
  look: string;
  emergency: string;
  outage: string;
  /** Somebody of the tenant has it. */
  token: string;
  /** A viewer of the tenant, with a second factor. */
  member: string;
  /** Of the provider's own, and one who is invited there. */
  staff: string;
  staffInvitation: string;
  /** A custom role of the tenant's that may only look, and an open invitation of it. */
  role: string;
  invitation: string;
  /** A container that is held, and another tenant of the same reseller that is. */
  held: string;
  heldTenant: string;
  host: string;
  /** One that does not answer, and counts as lost. */
  gone: string;
  plan: string;
  template: string;
  reseller: string;
  brandHost: string;
  dkimKey: string;
  identityProvider: string;
  resellerPlan: string;
  webhook: string;
  delivery: string;
  /** Numbers of services of the reseller: one that is active, one that is suspended. */
  service: string;
  suspended: string;
  /** Offers of containers of the tenant: one that its staff made, one that is open; and one that it has received. */
  asked: string;
  offered: string;
  received: string;
};

export const goneName = ({ gone }: Pick<Objects, 'gone'>) => `gone-${gone}`;

/** Ids of the right shape that name nothing. */
export function noObjects({ host, gone, plan, template, orphan, outage }: Objects): Objects {
  const keys = [
    'tenantId',
    'running',
    'stopped',
    'repaired',
    'forwarded',
    'forward',
    'backup',
    'removed',
    'deleted',
    'consent',
    'foreign',
    'exported',
    'upload',
    'uploaded',
    'snapshot',
  ] as const;
  const more = [
    'location',
    'cancellable',
    'failed',
    'undoable',
    'stuck',
    'token',
    'member',
    'staff',
    'staffInvitation',
    'role',
    'invitation',
    'held',
    'heldTenant',
    'reseller',
    'brandHost',
    'dkimKey',
    'identityProvider',
    'resellerPlan',
    'webhook',
    'delivery',
    'service',
    'suspended',
    'asked',
    'offered',
    'received',
  ] as const;
  const help = ['ticket', 'attachment', 'look', 'emergency'] as const;
  const ids = Object.fromEntries([...keys, ...more, ...help].map((key) => [key, v7()]));
  return { ...ids, host, gone, plan, template, orphan, outage } as Objects;
}

export async function seedObjects(portal: TestPortal, world: World, tenantId: string, port: number): Promise<Objects> {
  const owner = tenantId === world.ids.b ? world.people.ownerB : world.people.ownerA;
  const { host, plan, template } = world.ids;
  return withActor(portal.super, systemActor('test'), async (tx) => {
    let count = 0;
    const container = async (power: 'running' | 'stopped') => {
      const id = v7();
      count += 1;
      await tx.insert(containers).values({
        id,
        tenantId,
        hostId: host,
        planId: plan,
        templateId: template,
        name: `c${count}`,
        hostname: `c${count}`,
        resources: smallResources,
        volumeId: v7(),
        address: '10.0.0.9',
        idBase: 1_879_048_192,
        createdOnHostAt: new Date(),
        desired: power,
        observedPower: power,
        // Long enough not to turn "unknown" while the matrix is gone through.
        observedAt: new Date(Date.now() + 3_600_000),
        observedSince: new Date(),
      });
      return id;
    };
    const operation = async (kind: OperationKind, state: OperationState, lock: LockClass, containerId: string) => {
      const id = v7();
      const over = state === 'succeeded' || state === 'failed';
      await tx.insert(operations).values({
        id,
        kind,
        tenantId,
        containerId,
        hostId: host,
        state,
        lock,
        generation: 1,
        actorKind: 'system',
        actorName: 'test',
        ...(over ? { endedAt: new Date() } : {}),
        workflowEnqueuedAt: new Date(),
      });
      return id;
    };
    const [running, stopped, forwarded] = [
      await container('running'),
      await container('stopped'),
      await container('running'),
    ];
    const repaired = await container('running');
    const repairUntil = new Date(Date.now() + 3_600_000);
    await tx
      .update(containers)
      .set({ repairSince: new Date(), repairUntil, repairReadOnly: false })
      .where(eq(containers.id, repaired));
    const goneHost = v7();
    const silent = { address: 'https://192.0.2.9', status: 'ok' as const, lastSeenAt: new Date(0), lostAt: new Date() };
    await tx.insert(hosts).values({ ...silent, id: goneHost, name: goneName({ gone: goneHost }) });
    const forward = v7();
    const protocol: Protocol = 'tcp';
    await tx.insert(portForwards).values({
      id: forward,
      tenantId,
      containerId: forwarded,
      hostId: host,
      protocol,
      hostPort: port,
      containerPort: 80,
    });
    const location = v7();
    await tx.insert(backupLocations).values({
      ...{ id: location, tenantId, name: 'Our bucket', kind: 's3', url: 'https://s3.example.test', bucket: 'ours' },
      ...{ prefix: '', region: 'us-east-1', offsite: true },
    });
    const repository = v7();
    await tx.insert(repositories).values({
      id: repository,
      tenantId,
      locationId: world.ids.location,
      sealedPassword: 'x',
      sealedRecoveryPassword: 'x',
    });
    const snapshot = v7();
    await tx.insert(snapshots).values({
      ...{ id: snapshot, tenantId, containerId: running, operationId: v7(), name: 's', kind: 'manual' },
      ...{ state: 'present', bytes: 1, templateId: template, actorName: 'test' },
    });
    const backupIn = async (state: 'complete' | 'removed', containerId = running) => {
      const id = v7();
      await tx.insert(backups).values({
        id,
        tenantId,
        containerId,
        repositoryId: repository,
        operationId: await operation('backup', 'succeeded', 'background', containerId),
        state,
        resticSnapshotId: 'a'.repeat(64),
        template: { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' },
        templateId: template,
        resources: smallResources,
        hostname: 'c1',
        verifiedAt: new Date(),
        commands: { before: null, after: null },
        actorName: 'test',
        ...(state === 'removed' ? { removedAt: new Date(), purgeAt: new Date(Date.now() + 3_600_000) } : {}),
      });
      return id;
    };
    const backup = await backupIn('complete');
    const removed = await backupIn('removed');
    const deleted = await container('stopped');
    await backupIn('complete', deleted);
    const gone = { deletedAt: new Date(), undeleteUntil: new Date(Date.now() + 3_600_000) };
    await tx.update(containers).set(gone).where(eq(containers.id, deleted));
    const foreign = world.containers[tenantId === world.ids.a ? 'b' : 'a'].id;
    const seen = { observedAt: new Date(Date.now() + 3_600_000) };
    await tx.update(containers).set(seen).where(eq(containers.id, foreign));
    const consent = v7();
    await tx.insert(restoreConsents).values({
      ...{ id: consent, tenantId, backupId: backup, containerId: foreign, grantedBy: v7(), grantedByName: 'test' },
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const exported = await operation('export', 'succeeded', 'background', running);
    const expiresAt = new Date(Date.now() + 3_600_000);
    await tx
      .update(operations)
      .set({ input: { expiresAt: expiresAt.toISOString() } })
      .where(eq(operations.id, exported));
    const uploadOf = async (receivedBytes: number) => {
      const id = v7();
      const size = { sizeBytes: 1024, receivedBytes };
      await tx
        .insert(imports)
        .values({ id, tenantId, hostId: host, planId: plan, ...size, actorName: 'test', expiresAt });
      return id;
    };
    const [upload, uploaded] = [await uploadOf(0), await uploadOf(1024)];
    const report = { passed: true, why: null, tookMs: 1, restored: null, boot: null, probe: null, log: '' };
    await tx.insert(backupTests).values({
      ...{ id: v7(), tenantId, containerId: running, backupId: backup, passed: true, testedAt: new Date() },
      report: { ...report, testedAt: new Date().toISOString() },
    });
    const cancellable = await operation('restart', 'running', 'exclusive', await container('running'));
    const failed = await operation('start', 'failed', 'exclusive', await container('stopped'));
    const swapped = await container('running');
    const undoable = await operation('reinstall', 'succeeded', 'exclusive', swapped);
    await tx.insert(retainedVolumes).values({
      volumeId: v7(),
      tenantId,
      containerId: swapped,
      operationId: undoable,
      reason: 'reinstall',
      bytes: 1,
      templateId: template,
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const orphan = v7();
    await tx.insert(orphans).values({
      ...{ hostId: host, containerId: orphan, tenantId, templateId: template, generation: 3, power: 'running' },
      record: {
        ...{ containerId: orphan, tenantId, generation: 3, name: 'lost', hostname: 'lost', desired: 'running' },
        ...{ address: '10.0.0.77', idBase: 1_879_048_192, volumeId: v7(), resources: smallResources },
        template: { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' },
        restartPolicy: 'on-failure',
        ...{ forwards: [], retainedVolumeIds: [] },
      },
    });
    const member = v7();
    const email = `${member}@example.test`;
    await tx.insert(users).values({ id: member, tenantId, email, name: 'a viewer', role: 'tenant-viewer' });
    await tx.insert(authenticators).values({ userId: member, sealedSecret: 'sealed', confirmedAt: new Date() });
    const [staff, staffInvitation] = [v7(), v7()];
    await tx.insert(users).values({ id: staff, email: `${staff}@example.test`, name: 'of staff', role: 'support' });
    const [role, invitation] = [v7(), v7()];
    await tx
      .insert(roles)
      .values({ id: role, tenantId, title: 'Looks', base: 'tenant-viewer', permissions: ['container.read'] });
    await tx.insert(invitations).values({
      ...{ id: invitation, tenantId, email: `${invitation}@example.test`, tokenHash: invitation, invitedBy: owner.id },
      grants: [{ role: 'tenant-viewer', customRoleId: null, scope: 'tenant', labels: [], containerId: null }],
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    await tx.insert(invitations).values({
      ...{ id: staffInvitation, email: `${staffInvitation}@example.test`, tokenHash: staffInvitation },
      invitedBy: world.people.admin.id,
      grants: [{ role: 'support', customRoleId: null, scope: 'installation', labels: [], containerId: null }],
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    const [held, heldTenant] = [await container('running'), v7()];
    const resellerId = tenantId === world.ids.a ? world.ids.reseller : null;
    await tx.insert(tenants).values({ id: heldTenant, name: 'Held', resellerId });
    await tx.insert(holds).values([
      { tenantId, containerId: held, reason: 'billing' },
      { tenantId: heldTenant, containerId: null, reason: 'billing' },
    ]);
    const asked = {
      ...{
        tenantId,
        resellerId: world.ids.reseller,
        containerId: running,
        subject: 'Help',
        level: 'reseller' as const,
      },
      ...{ priority: 'normal' as const, openedById: owner.id, openedByName: owner.name },
    };
    const [ticket, other, attachment, look, emergency, outage] = [v7(), v7(), v7(), v7(), v7(), v7()];
    await tx.insert(tickets).values([
      { ...asked, id: ticket, action: { kind: 'plan', planId: plan }, actionState: 'asked', actionWords: 'A plan' },
      { ...asked, id: other },
    ]);
    const content = Buffer.from('what the log said');
    await tx.insert(ticketAttachments).values({
      ...{ id: attachment, ticketId: ticket, tenantId, audience: 'all', authorName: owner.name },
      ...{ name: 'log.txt', type: 'text/plain', bytes: content.length, content },
    });
    const wish = {
      ...{ ticketId: other, tenantId, containerId: running, staffId: world.people.support.id, staffName: 'support' },
      ...{ scopes: ['console' as const], minutes: 60, reason: 'to see' },
    };
    await tx.insert(accessConsents).values([
      // Nobody withdraws another's: one is support's, the other that of somebody who is not asked here.
      {
        ...wish,
        id: look,
        ...(tenantId === world.ids.a ? {} : { staffId: v7(), staffName: 'another' }),
      },
      { ...wish, id: emergency, emergency: true },
    ]);
    await tx.insert(outages).values({ id: outage, kind: 'declared', title: 'Power', updates: [], declaredByName: 'x' });
    await tx.insert(outageHosts).values({ outageId: outage, hostId: host });
    await tx.insert(outageTenants).values({ outageId: outage, tenantId, containers: 1 });
    const token = v7();
    await tx.insert(apiTokens).values({ id: token, userId: owner.id, name: 'of its owner', tokenHash: token });
    // The world's own for the first, another for the second.
    const reseller = tenantId === world.ids.a ? world.ids.reseller : v7();
    await tx.insert(tenants).values({ id: reseller, kind: 'reseller', name: 'Another' }).onConflictDoNothing();
    await tx.insert(resellerQuotas).values({ resellerId: reseller });
    const brandHost = v7();
    await tx
      .insert(brandHosts)
      .values({ id: brandHost, resellerId: reseller, host: `${port}.example.test`, challenge: 'matrix' });
    const dkimKey = v7();
    const sender = { address: 'mail@example.test', smtp: null };
    await tx.insert(brands).values({ resellerId: reseller, productName: 'Matrix', sender }).onConflictDoNothing();
    await tx.insert(brandDkimKeys).values({
      ...{ id: dkimKey, resellerId: reseller, domain: 'keys.example.test', selector: 'matrix' },
      ...{ publicKey: 'matrix', sealedPrivateKey: 'sealed' },
    });
    const identityProvider = v7();
    await tx.insert(identityProviders).values({
      ...{ id: identityProvider, resellerId: reseller, name: 'Corporate', issuer: 'https://id.example.test' },
      ...{ clientId: 'panel', sealedSecret: 'sealed', scopes: ['openid'] },
    });
    const resellerPlan = v7();
    await tx.insert(plans).values({
      ...{ id: resellerPlan, resellerId: reseller, name: 'Own', resources: smallResources },
      ...{ maxBackups: 1, maxForwards: 1, retentionHours: 1 },
    });
    const [webhook, delivery] = [v7(), v7()];
    await tx.insert(webhooks).values({
      ...{ id: webhook, tenantId, url: 'https://hooks.example.test/', events: ['operation.failed'], sealedSecret: 'x' },
    });
    await tx.insert(webhookDeliveries).values({
      ...{ id: delivery, webhookId: webhook, tenantId, event: 'webhook.test', body: '{}', state: 'delivered' },
    });
    const [service, suspended] = [v7(), v7()];
    const sold = { resellerId: reseller, externalClientId: 'client-1', tenantId, userId: owner.id };
    const paused = await container('stopped');
    await tx.insert(holds).values({ tenantId, containerId: paused, reason: 'billing' });
    await tx.insert(billingServices).values([
      { ...sold, externalId: service, containerId: await container('running') },
      { ...sold, externalId: suspended, containerId: paused },
    ]);
    const stranger = tenantId === world.ids.a ? world.ids.b : world.ids.a;
    const otherOwner = tenantId === world.ids.b ? world.people.ownerA : world.people.ownerB;
    const said = (by: { id: string; name: string }) => ({ giverId: by.id, giverName: by.name, giverAt: new Date() });
    const offer = { toWords: 'x', containerName: 'c', offeredById: owner.id, offeredByName: owner.name, expiresAt };
    const [waits, offered, received] = [v7(), v7(), v7()];
    await tx.insert(handovers).values([
      { ...offer, id: waits, tenantId, toTenantId: stranger, containerId: await container('running'), state: 'asked' },
      { ...offer, ...said(owner), id: offered, tenantId, containerId: await container('running'), state: 'open' },
      {
        ...offer,
        ...said(otherOwner),
        id: received,
        tenantId: stranger,
        toTenantId: tenantId,
        containerId: foreign,
        state: 'open',
      },
    ]);
    const stuck = await operation('start', 'stuck', 'exclusive', await container('stopped'));
    return {
      tenantId,
      running,
      stopped,
      repaired,
      forwarded,
      forward,
      backup,
      snapshot,
      removed,
      deleted,
      consent,
      foreign,
      exported,
      upload,
      uploaded,
      location,
      cancellable,
      failed,
      undoable,
      stuck,
      orphan,
      ...{ ticket, attachment, look, emergency, outage },
      token,
      member,
      ...{ staff, staffInvitation },
      ...{ role, invitation },
      held,
      heldTenant,
      host,
      gone: goneHost,
      plan,
      template,
      reseller,
      brandHost,
      dkimKey,
      identityProvider,
      resellerPlan,
      webhook,
      delivery,
      service,
      suspended,
      ...{ asked: waits, offered, received },
    };
  });
}
