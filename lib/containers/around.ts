import { and, desc, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { HoldReason } from '#lib/contract/holds.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers, holds, portForwards } from '#lib/db/schema/containers.ts';
import { operations, retainedVolumes } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { undoable } from '#lib/operations/recoveries.ts';
import { activeOperations } from './facts.ts';

type Of = { containerId: string };
/** `whole`: it is on all of the tenant. */
type Hold = Of & { reason: HoldReason; message: string | null; stop: boolean; whole: boolean; placedAt: string };
type Forward = Of & { id: string; protocol: 'tcp' | 'udp'; hostPort: number; containerPort: number };
type RetainedRow = typeof retainedVolumes.$inferSelect;
/** Instants as PostgreSQL writes them in JSON. */
type Retained = Pick<RetainedRow, 'id' | 'containerId' | 'reason' | 'operationId' | 'bytes'> & {
  createdAt: string;
  expiresAt: string;
  shown: boolean;
};

type Recovery = Of & { operationId: string; bytes: number | null; createdAt: string; expiresAt: string };

/** What is told of a container besides its own row. */
export type Around = {
  active: Awaited<ReturnType<typeof activeOperations>>;
  holds: Hold[];
  forwards: Forward[];
  retained: Retained[];
  recoveries: Recovery[];
  lastBackupAt: string | null;
  /** Complete ones. */
  backups: number;
};

/** Rows of a query as one JSON array, under names of ours; none is an empty array. */
function list(columns: Record<string, PgColumn | SQL>, rest: SQL): SQL {
  const fields = Object.entries(columns).map(([name, column]) => sql`${column} as ${sql.identifier(name)}`);
  return sql`(select coalesce(json_agg(one), '[]') from (select ${sql.join(fields, sql`, `)} ${rest}) one)`;
}

/**
 * What is around a page of containers, by id: one journey to the database for all of it, and a second only when an operation is under
 * way, because journeys are most of what a list costs.
 */
export async function aroundContainers(tx: Tx, ids: string[]): Promise<(id: string) => Around> {
  const held = list(
    {
      ...{ containerId: containers.id, reason: holds.reason, message: holds.message, stop: holds.stop },
      ...{ whole: sql`${holds.containerId} is null`, placedAt: holds.createdAt },
    },
    sql`from ${holds} join ${containers} on ${containers.tenantId} = ${holds.tenantId}
      and (${holds.containerId} = ${containers.id} or ${holds.containerId} is null)
      where ${and(inArray(containers.id, ids), isNull(holds.liftedAt))} order by ${holds.createdAt}`,
  );
  const { id, containerId, protocol, hostPort, containerPort } = portForwards;
  const forwards = list(
    { id, containerId, protocol, hostPort, containerPort },
    sql`from ${portForwards} where ${inArray(containerId, ids)} order by ${id}`,
  );
  const kept = retainedVolumes;
  const retained = list(
    {
      ...{ id: kept.id, containerId: kept.containerId, reason: kept.reason, operationId: kept.operationId },
      // A reinstall's own volume is the present one, and it was to show the one before.
      shown: sql`exists(select from ${operations} join ${containers} on ${containers.id} = ${operations.containerId}
        where ${operations.id} = ${kept.operationId} and ${operations.kind} = 'reinstall'
        and (${operations.input}->>'keepOld')::boolean and ${operations.input}->>'volumeId' = ${containers.volumeId}::text)`,
      ...{ bytes: kept.bytes, createdAt: kept.createdAt, expiresAt: kept.expiresAt },
    },
    sql`from ${kept} where ${and(inArray(kept.containerId, ids), isNull(kept.consumedAt))} order by ${desc(kept.createdAt)}`,
  );
  const recoveries = list(
    {
      ...{ containerId: snapshots.containerId, operationId: operations.id, bytes: snapshots.bytes },
      ...{ createdAt: snapshots.createdAt, expiresAt: sql`${operations.result}->>'undoUntil'` },
    },
    sql`from ${snapshots} join ${operations} on ${operations.id} = ${snapshots.operationId}
      where ${and(inArray(snapshots.containerId, ids), undoable)} order by ${desc(snapshots.createdAt)}`,
  );
  const latest = list(
    { containerId: backups.containerId, at: sql`max(${backups.createdAt})`, n: sql`count(*)` },
    sql`from ${backups} where ${and(inArray(backups.containerId, ids), eq(backups.state, 'complete'))} group by ${backups.containerId}`,
  );
  const active = and(
    inArray(operations.containerId, ids),
    inArray(operations.state, [...activeOperationStates]),
    ne(operations.lock, 'background'),
  );
  const busy = sql`exists(select from ${operations} where ${active})`;
  const answer = await tx.execute<{
    held: Hold[];
    forwards: Forward[];
    retained: Retained[];
    recoveries: Recovery[];
    latest: (Of & { at: string; n: number })[];
    busy: boolean;
  }>(
    sql`select ${held} as held, ${forwards} as forwards, ${retained} as retained, ${recoveries} as recoveries, ${latest} as latest, ${busy} as busy`,
  );
  const [found] = answer.rows;
  if (found === undefined) throw new Error('a query without a table gave no row');
  const underWay = found.busy ? await activeOperations(tx, ids) : [];
  const of = <T extends { containerId: string | null }>(rows: T[], id: string) =>
    rows.filter((one) => one.containerId === id);
  return (id) => ({
    active: of(underWay, id),
    holds: of(found.held, id),
    forwards: of(found.forwards, id),
    retained: of(found.retained, id),
    recoveries: of(found.recoveries, id),
    lastBackupAt: of(found.latest, id)[0]?.at ?? null,
    backups: of(found.latest, id)[0]?.n ?? 0,
  });
}
