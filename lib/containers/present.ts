import { eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { hasPermission, ofContainer, onlyHeld, type Resource } from '#lib/access/authorize.ts';
import type { Container } from '#lib/contract/containers.ts';
import { heldReason } from '#lib/contract/holds.ts';
import { ContainerVerb, containerState, permits, permitted } from '#lib/contract/states.ts';
import { importedTemplate, importedTitle } from '#lib/contract/transfers.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { presentOperation } from '#lib/operations/present.ts';
import { type Around, aroundContainers } from './around.ts';
import { type ContainerRow, stateFacts } from './facts.ts';
import { silentAfterMs } from './place.ts';
import { sshCommand } from './ssh-command.ts';
import { verbPermission } from './verb-permission.ts';

/** A container with what its page names it by. */
export type ContainerWithNames = {
  container: ContainerRow;
  tenantName: string;
  host: { name: string; forwardAddress: string | null; status: string; lostAt: Date | null; lastSeenAt: Date | null };
  planName: string;
  deletedContainerDays: number;
  template: { id: string; name: string; version: string; title: string };
};

export function selectContainers(tx: Tx) {
  return tx
    .select({
      container: containers,
      tenantName: tenants.name,
      host: {
        name: hosts.name,
        forwardAddress: sql<string | null>`${hosts.info}->>'forwardAddress'`,
        status: hosts.status,
        lostAt: hosts.lostAt,
        lastSeenAt: hosts.lastSeenAt,
      },
      planName: plans.name,
      deletedContainerDays: plans.deletedContainerDays,
      template: { id: templates.id, name: templates.name, version: templates.version, title: templates.title },
    })
    .from(containers)
    .innerJoin(tenants, eq(tenants.id, containers.tenantId))
    .innerJoin(hosts, eq(hosts.id, containers.hostId))
    .innerJoin(plans, eq(plans.id, containers.planId))
    .innerJoin(templates, eq(templates.id, containers.templateId));
}

const imported = { name: importedTemplate, version: '', title: importedTitle };

/** Presents a page of containers, however many there are, with what {@link aroundContainers} asks for. */
export async function presentContainers(tx: Tx, actor: Actor, rows: ContainerWithNames[]): Promise<Container[]> {
  if (rows.length === 0) return [];
  const around = await aroundContainers(
    tx,
    rows.map((row) => row.container.id),
  );
  return rows.map((row) => presentContainer(row, actor, around(row.container.id)));
}

function presentContainer(row: ContainerWithNames, actor: Actor, around: Around): Container {
  const { container } = row;
  const facts = stateFacts(container, around.holds, around.active);
  const state = containerState(facts, Date.now());
  const operation = around.active.find((one) => one.lock === 'emergency') ?? around.active[0];
  // Until its archive is unpacked the row of an import names some template.
  const arriving = around.active.some((one) => one.kind === 'import');
  const template = arriving ? { ...row.template, ...imported } : row.template;
  return {
    id: container.id,
    name: container.name,
    tenantId: container.tenantId,
    tenantName: row.tenantName,
    hostId: container.hostId,
    hostName: row.host.name,
    planId: container.planId,
    planName: row.planName,
    state,
    lastKnown:
      container.observedPower === null || container.observedAt === null
        ? null
        : { state: container.observedPower, at: container.observedAt.toISOString() },
    since: container.observedSince?.toISOString() ?? null,
    lastExit: container.lastExit,
    exits: container.exits,
    restartPolicy: container.restartPolicy,
    restarts: container.restarts,
    hostname: container.hostname,
    template,
    addresses: container.address === null ? [] : [container.address],
    resources: container.resources,
    usage: container.usage,
    // One line a reason, also where the container and its tenant are held for the same.
    holds: [...new Map(around.holds.map((hold) => [hold.reason, shownHold(hold)])).values()],
    repair: repairOf(container),
    can: verdicts(actor, ofContainer(container), { state, templateName: template.name }, around),
    operation:
      operation === undefined
        ? null
        : presentOperation({ ...operation, containerName: container.name }, actor, { retained: false }),
    locationId: container.locationId,
    lastBackupAt: around.lastBackupAt === null ? null : new Date(around.lastBackupAt).toISOString(),
    forwards: around.forwards.map(({ id, protocol, hostPort, containerPort }) => ({
      id,
      protocol,
      hostPort,
      containerPort,
    })),
    forwardAddress: row.host.forwardAddress,
    ssh: sshCommand(state, row.host.forwardAddress, around.forwards),
    retained: around.retained.map((one) => ({
      id: one.id,
      containerId: one.containerId,
      reason: one.reason,
      operationId: one.operationId,
      bytes: one.bytes,
      shownAt: one.shown ? '/old' : null,
      createdAt: new Date(one.createdAt).toISOString(),
      expiresAt: new Date(one.expiresAt).toISOString(),
    })),
    recoveries: around.recoveries.map(({ operationId, bytes, createdAt, expiresAt }) => ({
      operationId,
      bytes: bytes ?? 0,
      createdAt: new Date(createdAt).toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
    })),
    labels: container.labels,
    sshKeys: container.sshKeys,
    createdAt: container.createdAt.toISOString(),
    deletedContainerDays: row.deletedContainerDays,
    deleted: deletedOf(row, around),
  };
}

function shownHold({ reason, message, whole, stop, placedAt }: Around['holds'][number]): Container['holds'][number] {
  return { reason, message, over: whole ? 'tenant' : 'container', stop, placedAt: new Date(placedAt).toISOString() };
}

/** Of a deleted one that can be had back. Its address is its host's to keep, so it is kept where that answers. */
function deletedOf({ container, host }: ContainerWithNames, around: Around): Container['deleted'] {
  const { deletedAt, undeleteUntil } = container;
  if (deletedAt === null || undeleteUntil === null || undeleteUntil <= new Date()) return null;
  const heard = host.lastSeenAt !== null && Date.now() - host.lastSeenAt.getTime() < silentAfterMs;
  return {
    at: deletedAt.toISOString(),
    until: undeleteUntil.toISOString(),
    backups: around.backups,
    newestBackupAt: around.lastBackupAt === null ? null : new Date(around.lastBackupAt).toISOString(),
    // What is left of one that was handed over has none.
    addressKept:
      container.address !== null && host.status === 'ok' && host.lostAt === null && container.lostAt === null && heard,
    lost: container.lostAt !== null,
  };
}

function repairOf({ repairSince, repairUntil, repairReadOnly }: ContainerWithNames['container']): Container['repair'] {
  if (repairSince === null || repairUntil === null) return null;
  return { since: repairSince.toISOString(), until: repairUntil.toISOString(), readOnly: repairReadOnly === true };
}

const whileBusy = 'Another operation is under way. Wait until it is done.';
const whenStuck = 'An operation is stuck. Try it again or undo it first, or ask for help.';

/** What the person may do now, or why not. Verbs they have no right to are absent. */
function verdicts(
  actor: Actor,
  about: Resource,
  { state, templateName }: { state: Container['state']; templateName: string },
  around: Around,
): Container['can'] {
  const can: Container['can'] = {};
  const holder = around.active.find((one) => one.lock === 'exclusive');
  for (const verb of ContainerVerb.options) {
    if (!hasPermission(actor, verbPermission[verb], about)) {
      if (onlyHeld(actor, verbPermission[verb], about)) can[verb] = { allowed: false, reason: heldReason };
      continue;
    }
    const verdict = permitted(verb, { state, holds: around.holds, templateName });
    const free = holder === undefined || ['none', 'emergency'].includes(permits[verb].lock);
    if (!verdict.allowed) can[verb] = { allowed: false, reason: verdict.reason };
    else if (!free) can[verb] = { allowed: false, reason: holder?.state === 'stuck' ? whenStuck : whileBusy };
    else can[verb] = { allowed: true, reason: null };
  }
  return can;
}
