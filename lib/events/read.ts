import { asc, sql } from 'drizzle-orm';
import type { BerthEvent } from '../contract/events.ts';
import type { Tx } from '../db/client.ts';
import { events } from '../db/schema/events.ts';

/**
 * A place in the stream of events. Transactions get their ids in one order and commit in another; reading only below the
 * oldest one still running makes (xid, id) an order in which nothing appears behind a reader's back.
 */
export type Position = { xid: bigint; id: number };
export type ReadEvent = { position: Position; tenantId: string | null; event: BerthEvent };

export function comparePositions(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  return a.id - b.id;
}

export function formatPosition({ xid, id }: Position): string {
  return `${xid}-${id}`;
}

/** Undefined for anything that is not a place in our stream. */
export function parsePosition(text: string | null): Position | undefined {
  const match = /^(\d{1,20})-(\d{1,15})$/.exec(text ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const xid = BigInt(match[1]);
  return xid < 2n ** 64n ? { xid, id: Number(match[2]) } : undefined;
}

/** The place after everything that can be read now. */
export async function endPosition(tx: Tx): Promise<Position> {
  const { rows } = await tx.execute<{ xmin: string }>(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
  );
  return { xid: BigInt(rows[0]?.xmin ?? '0'), id: 0 };
}

/**
 * Events after a place in commit order, at most `limit`, as far as the actor of the transaction may see them. `waiting`
 * says that newer ones exist that cannot be ordered yet.
 */
export async function readEvents(tx: Tx, after: Position, limit: number) {
  const beyond = sql`(${events.xid}, ${events.id}) > (${after.xid.toString()}::xid8, ${after.id}::bigint)`;
  const rows = await tx
    .select()
    .from(events)
    .where(sql`${beyond} and ${events.xid} < pg_snapshot_xmin(pg_current_snapshot())`)
    .orderBy(asc(events.xid), asc(events.id))
    .limit(limit);
  const { rows: later } = await tx.execute<{ waiting: boolean }>(
    sql`select exists (select from ${events} where ${events.xid} >= pg_snapshot_xmin(pg_current_snapshot())) as waiting`,
  );
  const list = rows.map((row): ReadEvent => {
    const position = { xid: BigInt(row.xid), id: row.id };
    return {
      position,
      tenantId: row.tenantId,
      event: {
        id: formatPosition(position),
        type: row.type,
        containerId: row.containerId,
        operationId: row.operationId,
        at: row.at.toISOString(),
        data: row.data,
      },
    };
  });
  return { list, waiting: later[0]?.waiting === true };
}
