import { and, count, desc, eq, gte, inArray, isNull, or, type SQLWrapper, sql } from 'drizzle-orm';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import type { ResellerDashboard } from '../contract/resellers.ts';
import { asActor, type Tx } from '../db/client.ts';
import { containers } from '../db/schema/containers.ts';
import { operations } from '../db/schema/operations.ts';
import { tenants } from '../db/schema/tenants.ts';
import { tickets } from '../db/schema/tickets.ts';
import { joined, presentAll, selectOperations } from '../operations/find.ts';
import { presentTicket, selectTickets } from '../tickets/find.ts';
import { quotaState, resellerFor } from './get-quota.ts';
import { problemsOf, statesOf } from './problems.ts';

const shownFailures = 20;
const shownTenants = 200;
const failedWithinMs = 24 * 60 * 60 * 1000;
const shownTickets = 10;

/** What is broken and for whom, who waits for an answer, a reseller's tenants and what they take of its quota. One query for each part. */
export async function resellerDashboard(actor: Actor, resellerId: string): Promise<ResellerDashboard> {
  authorize(actor, 'reseller.read', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    await resellerFor(tx, resellerId);
    const ofReseller = or(eq(tenants.resellerId, resellerId), eq(tenants.id, resellerId));
    const ids = tx.select({ id: tenants.id }).from(tenants).where(ofReseller);
    const failed = await selectOperations(tx)
      .where(
        and(
          eq(operations.state, 'failed'),
          inArray(operations.tenantId, ids),
          gte(operations.queuedAt, new Date(Date.now() - failedWithinMs)),
        ),
      )
      .orderBy(desc(operations.queuedAt), desc(operations.id))
      .limit(shownFailures);
    const [stuck] = await tx
      .select({ n: count() })
      .from(operations)
      .where(and(eq(operations.state, 'stuck'), inArray(operations.tenantId, ids)));
    return {
      problems: await problemsOf(tx, resellerId),
      states: await statesOf(tx, resellerId),
      tickets: (await waitingTickets(tx, ids)).map(presentTicket),
      quota: await quotaState(tx, resellerId),
      tenants: await tenantsOf(tx, resellerId),
      failed: await presentAll(tx, actor, failed.map(joined)),
      stuck: stuck?.n ?? 0,
    };
  });
}

/** Open ones that have not been handed on to the provider, by the next moment that was promised. */
function waitingTickets(tx: Tx, tenantIds: SQLWrapper) {
  const next = sql`least(
    case when ${tickets.firstAnsweredAt} is null then ${tickets.firstAnswerDueAt} end, ${tickets.solveDueAt})`;
  return selectTickets(tx)
    .where(and(eq(tickets.state, 'open'), eq(tickets.level, 'reseller'), inArray(tickets.tenantId, tenantIds)))
    .orderBy(sql`${next} asc nulls last`, tickets.createdAt)
    .limit(shownTickets);
}

/** Those that take most memory first. */
async function tenantsOf(tx: Tx, resellerId: string): Promise<ResellerDashboard['tenants']> {
  const sum = (key: string) => sql<string>`coalesce(sum((${containers.resources}->>${key})::bigint), 0)`;
  const rows = await tx
    .select({
      id: tenants.id,
      name: tenants.name,
      containers: count(containers.id),
      running: sql<number>`(count(*) filter (where ${containers.observedPower} = 'running'))::int`,
      memoryBytes: sum('memoryBytes').as('memory_bytes'),
      diskBytes: sum('diskBytes'),
    })
    .from(tenants)
    .leftJoin(containers, and(eq(containers.tenantId, tenants.id), isNull(containers.deletedAt)))
    .where(eq(tenants.resellerId, resellerId))
    .groupBy(tenants.id, tenants.name)
    .orderBy(sql`memory_bytes desc`, tenants.name)
    .limit(shownTenants);
  return rows.map((row) => ({ ...row, memoryBytes: Number(row.memoryBytes), diskBytes: Number(row.diskBytes) }));
}
