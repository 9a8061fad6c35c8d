/** A host that is gone: what was on it is written off, so that it can be had back elsewhere. Docs: docs/operating.md. */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { HostLoss, LoseHost } from '#lib/contract/hosts.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts, lostCopies } from '#lib/db/schema/hosts.ts';
import { publish } from '#lib/events/publish.ts';
import { lossOf, whyNotLost } from './loss.ts';

/**
 * Says that a host is gone for good, or only some of its containers. The worker makes each of them a deleted one whose backups are kept
 * ({@link file://./settle-losses.ts}); should the host come back, it has to stop what it has of them. Asked for again, it
 * goes on with what is left. Throws `state` while the host answers, `invalid` for another name, `not_found` for a container that is not
 * on it. Gives what is lost.
 */
export async function loseHost(actor: Actor, id: string, input: z.infer<typeof LoseHost>): Promise<HostLoss> {
  authorize(actor, 'host.lose');
  return await asActor(actor, async (tx) => {
    const [host] = await tx.select().from(hosts).where(eq(hosts.id, id)).for('update');
    if (host === undefined) throw new BerthError('not_found');
    if (input.name !== host.name) {
      const issues = [{ path: 'name', message: 'is not the name of this host' }];
      throw new BerthError('invalid', 'That is not its name; nothing was done.', { issues });
    }
    const refusal = whyNotLost(host);
    if (refusal !== null) throw new BerthError('state', refusal);
    const wished = input.containerIds;
    const on = await tx
      .select()
      .from(containers)
      .where(
        and(
          eq(containers.hostId, id),
          isNull(containers.deletedAt),
          wished === undefined ? undefined : inArray(containers.id, wished),
        ),
      )
      .orderBy(containers.id);
    if (wished !== undefined && on.length < new Set(wished).size) {
      throw new BerthError('not_found', 'One of the containers is not on this host.');
    }
    const loss = await lossOf(tx, host);
    const lost = loss.containers.filter((one) => on.some((row) => row.id === one.id));
    if (wished === undefined && host.lostAt === null) {
      await tx.update(hosts).set({ lostAt: new Date() }).where(eq(hosts.id, id));
    }
    for (const row of on) await writeOff(tx, actor, row);
    await writeAudit(tx, actor, {
      verb: 'host.lose',
      tenantId: null,
      targetKind: 'host',
      targetId: id,
      targetName: host.name,
      detail: {
        whole: wished === undefined,
        containers: lost.length,
        withoutBackup: lost.filter((one) => one.newestBackupAt === null).length,
      },
    });
    await publish(tx, { type: 'host', tenantId: null, data: { hostId: id } });
    return { ...loss, containers: lost.map((one) => ({ ...one, pending: true })) };
  });
}

async function writeOff(tx: Tx, actor: Actor, row: typeof containers.$inferSelect): Promise<void> {
  const { id: containerId, tenantId, hostId, generation } = row;
  const values = { generation: generation + 1, byName: actor.name, askedAt: new Date() };
  await tx
    .insert(lostCopies)
    .values({ hostId, containerId, tenantId, ...values })
    .onConflictDoUpdate({
      target: [lostCopies.hostId, lostCopies.containerId],
      // One that was lost with this host before, and had back on it.
      set: { ...values, goneAt: null, toldAt: null, stoppedAt: null, missingAt: null },
      setWhere: sql`${lostCopies.goneAt} is not null`,
    });
}

/**
 * Takes a host into use again that counted as lost: it may be given containers. What was written off with it stays so, and what it has of
 * that is among its orphans. Idempotent. Throws `state` while something on it is still being written off.
 */
export async function reuseHost(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'host.lose');
  await asActor(actor, async (tx) => {
    const [host] = await tx.select().from(hosts).where(eq(hosts.id, id)).for('update');
    if (host === undefined) throw new BerthError('not_found');
    if (host.lostAt === null) return;
    const [left] = await tx
      .select({ id: lostCopies.containerId })
      .from(lostCopies)
      .where(and(eq(lostCopies.hostId, id), isNull(lostCopies.goneAt)))
      .limit(1);
    if (left !== undefined) {
      throw new BerthError('state', 'Its containers are still being written off.', {
        remedy: 'Try again in a minute.',
      });
    }
    await tx.update(hosts).set({ lostAt: null }).where(eq(hosts.id, id));
    await writeAudit(tx, actor, {
      verb: 'host.reuse',
      tenantId: null,
      targetKind: 'host',
      targetId: id,
      targetName: host.name,
    });
    await publish(tx, { type: 'host', tenantId: null, data: { hostId: id } });
  });
}
