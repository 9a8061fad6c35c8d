import { and, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, min, or, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { tellAdministratorAfter } from '#lib/backups/outcomes.ts';
import { silentAfterMs } from '#lib/containers/place.ts';
import type { Dashboard } from '#lib/contract/dashboard.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupCare } from '#lib/db/schema/backup-care.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts, orphans } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { serviceHeartbeats, workers } from '#lib/db/schema/services.ts';
import { tenants } from '#lib/db/schema/tenants.ts';

type Problem = Dashboard['problems'][number];
/** A service that has not said for so long that it lives is down. */
const serviceDownAfterMs = 20_000;
/** A pool with less than this share free is worth a look before it refuses anything. */
const poolLowShare = 0.1;
const nothing = { hostId: null, operationId: null, containerId: null };

/** What is broken, what affects most people first, since when; and the counts of the installation. */
export async function getDashboard(actor: Actor): Promise<Dashboard> {
  authorize(actor, 'dashboard.read');
  return await asActor(actor, async (tx) => {
    const onHost = await containersPerHost(tx);
    const problems = [
      ...(await hostProblems(tx, onHost)),
      ...(await stuckOperations(tx)),
      ...(await crashedContainers(tx)),
      ...(await failingBackups(tx)),
      ...(await damagedBackups(tx)),
      ...(await failedTests(tx)),
      ...(await orphaned(tx)),
      ...(await services(tx)),
    ].sort((a, b) => b.affected - a.affected || a.since.localeCompare(b.since));
    return { problems, counts: await counts(tx) };
  });
}

async function containersPerHost(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx
    .select({ hostId: containers.hostId, n: count() })
    .from(containers)
    .where(isNull(containers.deletedAt))
    .groupBy(containers.hostId);
  return new Map(rows.map((row) => [row.hostId, row.n]));
}

async function hostProblems(tx: Tx, onHost: Map<string, number>): Promise<Problem[]> {
  const rows = await tx
    .select()
    .from(hosts)
    .where(and(eq(hosts.status, 'ok'), isNull(hosts.lostAt)));
  return rows.flatMap((host) => {
    const about = { ...nothing, hostId: host.id, affected: onHost.get(host.id) ?? 0 };
    const seen = host.lastSeenAt ?? host.createdAt;
    const found: Problem[] = [];
    if (Date.now() - seen.getTime() > silentAfterMs) {
      const title = `The server ${host.name} does not answer`;
      found.push({ ...about, kind: 'host-silent', title, since: seen.toISOString() });
    }
    const pool = host.info?.pool;
    if (pool !== undefined && pool.sizeBytes - pool.usedBytes < pool.sizeBytes * poolLowShare) {
      const title = `The storage of ${host.name} is nearly full`;
      found.push({ ...about, kind: 'pool-low', title, since: seen.toISOString() });
    }
    return found;
  });
}

async function stuckOperations(tx: Tx): Promise<Problem[]> {
  const rows = await tx
    .select({ operation: operations, name: containers.name })
    .from(operations)
    .leftJoin(containers, eq(containers.id, operations.containerId))
    .where(eq(operations.state, 'stuck'))
    .orderBy(operations.queuedAt)
    .limit(50);
  return rows.map(({ operation, name }) => ({
    kind: 'operation-stuck',
    title: name === null ? `"${operation.kind}" is stuck` : `"${operation.kind}" of ${name} is stuck`,
    since: (operation.startedAt ?? operation.queuedAt).toISOString(),
    affected: operation.containerId === null ? 0 : 1,
    hostId: operation.hostId,
    operationId: operation.id,
    containerId: operation.containerId,
  }));
}

/** Containers that should run, do not, and went by themselves. */
async function crashedContainers(tx: Tx): Promise<Problem[]> {
  const rows = await tx
    .select()
    .from(containers)
    .where(
      and(
        isNull(containers.deletedAt),
        eq(containers.desired, 'running'),
        eq(containers.observedPower, 'stopped'),
        inArray(sql`${containers.lastExit}->>'cause'`, ['crash', 'oom', 'unseen']),
      ),
    )
    .orderBy(desc(containers.observedSince))
    .limit(50);
  return rows.map((container) => ({
    kind: 'container-crashed',
    title: `${container.name} ${container.lastExit?.cause === 'oom' ? 'ran out of memory' : 'crashed'}`,
    since: (container.observedSince ?? container.createdAt).toISOString(),
    affected: 1,
    hostId: container.hostId,
    operationId: null,
    containerId: container.id,
  }));
}

/** Schedules whose backups have failed so often that it is no accident. */
async function failingBackups(tx: Tx): Promise<Problem[]> {
  const rows = await tx
    .select({ schedule: backupSchedules, container: containers })
    .from(backupSchedules)
    .innerJoin(containers, eq(containers.id, backupSchedules.containerId))
    .where(
      and(backupSchedules.enabled, gte(backupSchedules.failures, tellAdministratorAfter), isNull(containers.deletedAt)),
    )
    .limit(50);
  return rows.map(({ schedule, container }) => ({
    kind: 'backup-failing',
    title: `Backups of ${container.name} have failed ${schedule.failures} times in a row`,
    since: (schedule.lastRunAt ?? container.createdAt).toISOString(),
    affected: 1,
    hostId: container.hostId,
    operationId: null,
    containerId: container.id,
  }));
}

/** One line for each container: its backups that lack something. */
async function damagedBackups(tx: Tx): Promise<Problem[]> {
  const rows = await tx
    .select({
      id: containers.id,
      name: containers.name,
      hostId: containers.hostId,
      n: count(),
      since: min(backups.healthAt),
    })
    .from(backups)
    .innerJoin(containers, eq(containers.id, backups.containerId))
    .where(and(eq(backups.health, 'damaged'), inArray(backups.state, ['complete', 'removed'])))
    .groupBy(containers.id)
    .limit(50);
  return rows.map(({ id, name, hostId, n, since }) => ({
    kind: 'backup-damaged',
    title: n === 1 ? `A backup of ${name} is damaged` : `${n} backups of ${name} are damaged`,
    since: (since ?? new Date()).toISOString(),
    affected: 1,
    hostId,
    operationId: null,
    containerId: id,
  }));
}

/** Containers whose latest restore test was not passed. */
async function failedTests(tx: Tx): Promise<Problem[]> {
  const rows = await tx
    .select({
      container: containers,
      since: sql<Date | null>`(select max(t.tested_at) from backup_tests t where t.container_id = ${containers.id})`,
    })
    .from(backupCare)
    .innerJoin(containers, eq(containers.id, backupCare.containerId))
    .where(and(gt(backupCare.failures, 0), isNull(containers.deletedAt)))
    .limit(50);
  return rows.map(({ since, container }) => ({
    kind: 'backup-test-failed',
    title: `A backup of ${container.name} did not pass its restore test`,
    since: new Date(since ?? container.createdAt).toISOString(),
    affected: 1,
    hostId: container.hostId,
    operationId: null,
    containerId: container.id,
  }));
}

/** Containers that only their host knows and nobody has decided about. */
async function orphaned(tx: Tx): Promise<Problem[]> {
  const rows = await tx
    .select({ hostId: hosts.id, name: hosts.name, n: count(), since: min(orphans.firstSeenAt) })
    .from(orphans)
    .innerJoin(hosts, eq(hosts.id, orphans.hostId))
    .where(eq(orphans.state, 'orphaned'))
    .groupBy(hosts.id, hosts.name);
  return rows.map(({ hostId, name, n, since }) => ({
    ...nothing,
    kind: 'container-orphaned',
    title: `${name} has containers that this panel does not know`,
    since: (since ?? new Date()).toISOString(),
    affected: n,
    hostId,
  }));
}

async function services(tx: Tx): Promise<Problem[]> {
  const limit = new Date(Date.now() - serviceDownAfterMs);
  const web = await tx.select().from(serviceHeartbeats).where(lt(serviceHeartbeats.beatAt, limit));
  // One that gave its lease back was stopped on purpose; one whose lease was taken was not.
  const gone = and(lt(workers.beatAt, limit), or(isNull(workers.endedAt), isNotNull(workers.takenBy)));
  const down = [...web, ...(await tx.select().from(workers).where(gone))];
  return down.map((service) => ({
    ...nothing,
    kind: 'service-down',
    title: `The process ${service.name} does not run`,
    since: service.beatAt.toISOString(),
    affected: 0,
  }));
}

async function counts(tx: Tx): Promise<Dashboard['counts']> {
  const [ofHosts] = await tx.select({ n: count() }).from(hosts);
  const [ofContainers] = await tx
    .select({
      all: count(),
      running: sql<number>`count(*) filter (where ${containers.observedPower} = 'running')::int`,
    })
    .from(containers)
    .where(isNull(containers.deletedAt));
  const [ofTenants] = await tx.select({ n: count() }).from(tenants).where(eq(tenants.kind, 'tenant'));
  const [today] = await tx
    .select({
      all: count(),
      failed: sql<number>`count(*) filter (where ${operations.state} in ('failed', 'stuck'))::int`,
    })
    .from(operations)
    .where(gt(operations.queuedAt, new Date(new Date().setUTCHours(0, 0, 0, 0))));
  return {
    hosts: ofHosts?.n ?? 0,
    containers: ofContainers?.all ?? 0,
    running: ofContainers?.running ?? 0,
    tenants: ofTenants?.n ?? 0,
    operationsToday: today?.all ?? 0,
    failedToday: today?.failed ?? 0,
  };
}
