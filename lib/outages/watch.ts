import { and, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { outageHosts, outages, outageTenants } from '#lib/db/schema/outages.ts';
import { written } from '#lib/mail/language.ts';
import { mailOwners } from '#lib/mail/owners.ts';
import { outageMail } from '#lib/mail/tickets.ts';
import { closeOutage, openOutage } from './declare.ts';

const actor = systemActor('outages');
/** A host that restarts its agent is silent for less. */
export const silentOutageMs = 60_000;
/** So long it must have answered again. */
const backMs = 10_000;

/**
 * Opens an outage for each host that has been silent for `silentMs`, and ends it when the host has answered again, with a report of
 * what was seen. One for each host, however many workers look. Gives how many it opened and ended.
 */
export async function watchOutages(silentMs = silentOutageMs): Promise<{ opened: number; ended: number }> {
  const silent = await asActor(actor, (tx) =>
    tx
      .select({ id: hosts.id, name: hosts.name, lastSeenAt: hosts.lastSeenAt })
      .from(hosts)
      .leftJoin(outageHosts, eq(outageHosts.silentHostId, hosts.id))
      .where(
        and(
          eq(hosts.status, 'ok'),
          isNull(hosts.lostAt),
          sql`${hosts.lastSeenAt} < now() - make_interval(secs => ${silentMs / 1000})`,
          isNull(outageHosts.outageId),
        ),
      ),
  );
  let opened = 0;
  for (const host of silent) {
    try {
      await asActor(actor, (tx) =>
        openOutage(tx, actor, {
          kind: 'silent',
          title: 'A server does not answer',
          message:
            'The server of these containers does not answer the panel. They may run all the same; from here it cannot be seen. It is being looked into.',
          hostIds: [host.id],
          ...(host.lastSeenAt === null ? {} : { startedAt: host.lastSeenAt }),
        }),
      );
      opened += 1;
    } catch (error) {
      // Another worker saw it first.
      if (!isUniqueViolation(error, 'outage_hosts_one_silence')) throw error;
    }
  }
  return { opened, ended: await endThoseBack() };
}

async function endThoseBack(): Promise<number> {
  return await asActor(actor, async (tx) => {
    const back = await tx
      .select({ outage: outages, hostId: hosts.id, lost: hosts.lostAt })
      .from(outages)
      .innerJoin(outageHosts, eq(outageHosts.outageId, outages.id))
      .innerJoin(hosts, eq(hosts.id, outageHosts.silentHostId))
      .where(
        and(
          isNull(outages.endedAt),
          or(
            ne(hosts.status, 'ok'),
            isNotNull(hosts.lostAt),
            sql`${hosts.lastSeenAt} > now() - make_interval(secs => ${backMs / 1000})`,
          ),
        ),
      )
      .for('update', { of: outages, skipLocked: true });
    for (const { outage, hostId, lost } of back) {
      await closeOutage(tx, actor, outage, lost === null ? await reportOf(tx, outage, hostId) : lostReport);
    }
    return back.length;
  });
}

const lostReport =
  'The server is lost. Its containers are among the deleted ones: each can be had back on another server from its newest backup.';

/** What can be seen of it afterwards: how long it was, and which containers started again meanwhile. */
async function reportOf(tx: Tx, outage: typeof outages.$inferSelect, hostId: string): Promise<string> {
  const { rows } = await tx.execute<{ all: number; started: number; down: number }>(sql`
    select count(*)::int as all,
      count(*) filter (where c.observed_power = 'running' and c.observed_since > ${outage.startedAt.toISOString()}::timestamptz)::int as started,
      count(*) filter (where c.observed_power = 'stopped' and c.desired = 'running')::int as down
    from containers c where c.host_id = ${hostId}::uuid and c.deleted_at is null`);
  const { all = 0, started = 0, down = 0 } = rows[0] ?? {};
  const minutes = Math.max(1, Math.round((Date.now() - outage.startedAt.getTime()) / 60_000));
  const ran = all - started - down;
  // One text, so that it can be said in another language as it is.
  return `The server answers again after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Of ${all} containers, ${ran} were not touched by it, ${started} have started again meanwhile, and ${down} are down.`;
}

/** Writes to the owners of every tenant concerned: of each update, and of the end. Each once. Gives how many outages it told of. */
export async function tellOfOutages(baseUrl: string): Promise<number> {
  return await asActor(actor, async (tx) => {
    const untold = await tx
      .select()
      .from(outages)
      .where(
        or(
          sql`${outages.toldUpdates} < jsonb_array_length(${outages.updates})`,
          and(isNull(outages.toldEndAt), sql`${outages.endedAt} is not null`),
        ),
      )
      .limit(5)
      .for('update', { skipLocked: true });
    for (const outage of untold) {
      const news = outage.updates.slice(outage.toldUpdates).map((one) => one.message);
      const over = outage.endedAt !== null && outage.toldEndAt === null;
      const all = [...news, ...(over ? [outage.report ?? ''] : [])];
      // Of one that was seen by itself most is our own words.
      const texts = outage.kind === 'silent' ? all : all.map(written);
      const concerned = await tx.select().from(outageTenants).where(eq(outageTenants.outageId, outage.id));
      for (const { tenantId, containers } of concerned) {
        const facts = { title: outage.title, containers, texts, over };
        await mailOwners(
          tx,
          tenantId,
          ({ name, email }, at) => outageMail(email, { ...facts, name, link: `${at}/containers` }),
          baseUrl,
        );
      }
      await tx
        .update(outages)
        .set({ toldUpdates: outage.updates.length, ...(over ? { toldEndAt: new Date() } : {}) })
        .where(eq(outages.id, outage.id));
    }
    return untold.length;
  });
}
