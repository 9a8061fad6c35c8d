import { and, eq, ne, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { BerthError } from '#lib/contract/errors.ts';
import type { Protocol } from '#lib/contract/fields.ts';
import type { Tx } from '#lib/db/client.ts';
import { portForwards } from '#lib/db/schema/containers.ts';
import { hosts, orphans } from '#lib/db/schema/hosts.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { takeTurn } from '#lib/db/turn.ts';

type Wish = {
  tenantId: string;
  containerId: string;
  hostId: string;
  protocol: Protocol;
  containerPort: number;
  hostPort?: number | undefined;
};

/**
 * Reserves a port of the host for a container: the wished one, or the lowest free one of the host's range. One asker of
 * a host at a time, so that the same port is not given twice. Throws `conflict` when it is taken, `no_space` when none is
 * left, `invalid` outside the range.
 */
export async function reservePort(tx: Tx, wish: Wish): Promise<string> {
  await takeTurn(tx, `ports:${wish.hostId}`);
  const [host] = await tx.select({ info: hosts.info }).from(hosts).where(eq(hosts.id, wish.hostId));
  const range = host?.info?.forwardPorts;
  if (range === undefined) throw new BerthError('host_unreachable', 'The server has not said which ports it has.');
  // The reservations of other tenants are not visible here, and need not be: the database finds the gap.
  const hostPort = wish.hostPort ?? (await lowestFree(tx, wish, range));
  if (hostPort < range.first || hostPort > range.last) {
    throw new BerthError('invalid', `Choose a port between ${range.first} and ${range.last}.`);
  }
  const id = uuidv7();
  const { tenantId, containerId, hostId, protocol, containerPort } = wish;
  const inserted = await tx
    .insert(portForwards)
    .values({ id, tenantId, containerId, hostId, protocol, containerPort, hostPort })
    .onConflictDoNothing({ target: [portForwards.hostId, portForwards.protocol, portForwards.hostPort] })
    .returning({ id: portForwards.id });
  if (inserted.length === 0) throw new BerthError('conflict', `Port ${hostPort} of the server is taken.`);
  return id;
}

/** The port to a new container's ssh server, if its template has one and its plan allows any. */
export async function forwardSsh(
  tx: Tx,
  container: { id: string; tenantId: string; hostId: string; templateId: string },
  plan: { maxForwards: number },
): Promise<void> {
  const [template] = await tx.select().from(templates).where(eq(templates.id, container.templateId));
  if (template === undefined || !template.sshServer || plan.maxForwards === 0) return;
  const { id: containerId, tenantId, hostId } = container;
  await reservePort(tx, { tenantId, containerId, hostId, protocol: 'tcp', containerPort: 22 });
}

/** The forwards of a container that comes to another host, on its ports there where they are free, else on others. */
export async function moveForwards(
  tx: Tx,
  { id: containerId, tenantId, hostId }: { id: string; tenantId: string; hostId: string },
): Promise<void> {
  const elsewhere = and(eq(portForwards.containerId, containerId), ne(portForwards.hostId, hostId));
  const moving = await tx.delete(portForwards).where(elsewhere).returning();
  for (const { protocol, containerPort, hostPort } of moving) {
    const wish = { tenantId, containerId, hostId, protocol, containerPort };
    try {
      await reservePort(tx, { ...wish, hostPort });
    } catch (error) {
      if (!(error instanceof BerthError) || (error.code !== 'conflict' && error.code !== 'invalid')) throw error;
      await reservePort(tx, wish);
    }
  }
}

async function lowestFree(tx: Tx, wish: Wish, range: { first: number; last: number }): Promise<number> {
  // Containers that only the host knows have their ports too.
  const lost = await asPortal(tx, () =>
    tx.select({ record: orphans.record }).from(orphans).where(eq(orphans.hostId, wish.hostId)),
  );
  const taken = await asPortal(tx, () =>
    tx
      .select({ hostPort: portForwards.hostPort })
      .from(portForwards)
      .where(and(eq(portForwards.hostId, wish.hostId), eq(portForwards.protocol, wish.protocol))),
  );
  const used = new Set(taken.map((row) => row.hostPort));
  for (const { record } of lost) {
    for (const forward of record.forwards) if (forward.protocol === wish.protocol) used.add(forward.hostPort);
  }
  for (let port = range.first; port <= range.last; port += 1) if (!used.has(port)) return port;
  throw new BerthError('no_space', 'The server has no free port left.');
}

/** Looks with the portal's own eyes for one query, then as the actor again. Only numbers leave it. */
export async function asPortal<T>(tx: Tx, query: () => Promise<T>): Promise<T> {
  const result = await tx.execute(sql`select current_setting('berth.actor_scope', true) as scope`);
  const scope = String(result.rows[0]?.scope ?? '');
  await tx.execute(sql`select set_config('berth.actor_scope', 'system', true)`);
  const answer = await query();
  await tx.execute(sql`select set_config('berth.actor_scope', ${scope}, true)`);
  return answer;
}
