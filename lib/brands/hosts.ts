import { randomBytes } from 'node:crypto';
import { resolveTxt } from 'node:dns/promises';
import { and, count, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { authConfig } from '../auth/config.ts';
import type { AddBrandHost, BrandHost } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { brandHosts } from '../db/schema/brands.ts';
import { processSlot } from '../process-slot.ts';
import { resellerFor } from '../resellers/get-quota.ts';
import { brandOfHost } from './of.ts';

type Row = typeof brandHosts.$inferSelect;
const mostHosts = 20;
const recordPrefix = '_berth-proof.';

/** All TXT records of a name. Tests hand in another. */
export type TxtResolver = (name: string) => Promise<string[][]>;
const slot = processSlot<TxtResolver>('brand-resolver');
export function setTxtResolver(resolver: TxtResolver): void {
  slot.set(resolver);
}

export function presentHost(row: Row): BrandHost {
  return {
    id: row.id,
    host: row.host,
    record: { name: `${recordPrefix}${row.host}`, value: `berth-proof=${row.challenge}` },
    provenAt: row.provenAt?.toISOString() ?? null,
  };
}

/** Claims a name and tells how it is proven. Throws `invalid` for names nobody can own, or that are the panel's. */
export async function addHost(
  actor: Actor,
  resellerId: string,
  { host }: z.infer<typeof AddBrandHost>,
): Promise<BrandHost> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  const own = new URL(authConfig().baseUrl).hostname;
  if (!host.includes('.') || /\.[0-9]+$/.test(host) || host === own || host.endsWith(`.${own}`)) {
    const issues = [{ path: 'host', message: 'is not a name that can be yours' }];
    throw new BerthError('invalid', undefined, { issues });
  }
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`brand-hosts:${resellerId}`}, 0))`);
    const [there] = await tx.select({ n: count() }).from(brandHosts).where(eq(brandHosts.resellerId, resellerId));
    if ((there?.n ?? 0) >= mostHosts) throw new BerthError('conflict', `A brand has at most ${mostHosts} names.`);
    const challenge = randomBytes(24).toString('base64url');
    const [row] = await tx.insert(brandHosts).values({ resellerId, host, challenge }).returning();
    if (row === undefined) throw new Error('an insert returned no row');
    await writeAudit(tx, actor, {
      ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
      targetName: reseller.name,
      detail: { hostClaimed: host },
    });
    return presentHost(row);
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'brand_hosts_claimed')) throw error;
    throw new BerthError('conflict', 'You have this name already.', { cause: error });
  });
}

/** Looks for the record. Throws `state` while it is not there, `conflict` when the name is proven to be somebody else's. */
export async function proveHost(actor: Actor, resellerId: string, hostId: string): Promise<BrandHost> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  const claimed = await asActor(actor, (tx) =>
    tx
      .select()
      .from(brandHosts)
      .where(and(eq(brandHosts.id, hostId), eq(brandHosts.resellerId, resellerId))),
  );
  const [row] = claimed;
  if (row === undefined) throw new BerthError('not_found');
  if (row.provenAt !== null) return presentHost(row);
  const { name, value } = presentHost(row).record;
  const resolve = slot.peek() ?? resolveTxt;
  const found = await resolve(name).catch((): string[][] => []);
  if (!found.some((parts) => parts.join('') === value)) {
    throw new BerthError('state', `There is no TXT record ${name} with this value yet.`, {
      remedy: 'Set it at whoever keeps the name, wait some minutes, and try again.',
    });
  }
  return await asActor(actor, async (tx) => {
    const [proven] = await tx
      .update(brandHosts)
      .set({ provenAt: new Date() })
      .where(eq(brandHosts.id, hostId))
      .returning();
    if (proven === undefined) throw new BerthError('not_found');
    await writeAudit(tx, actor, {
      ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
      targetName: row.host,
      detail: { hostProven: row.host },
    });
    return presentHost(proven);
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'brand_hosts_proven')) throw error;
    throw new BerthError('conflict', 'Another brand has proven this name.', { cause: error });
  });
}

/** Gives a name up. Within seconds nobody reaches the panel under it; who is signed in there is so no longer. */
export async function dropHost(actor: Actor, resellerId: string, hostId: string): Promise<null> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    const [gone] = await tx
      .delete(brandHosts)
      .where(and(eq(brandHosts.id, hostId), eq(brandHosts.resellerId, resellerId)))
      .returning();
    if (gone === undefined) throw new BerthError('not_found');
    await writeAudit(tx, actor, {
      ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
      targetName: gone.host,
      detail: { hostDropped: gone.host },
    });
    return null;
  });
}

/** For a proxy that gets certificates on demand: throws `not_found` for every name but the panel's own and proven ones. */
export async function askHost(domain: string): Promise<null> {
  const host = domain.toLowerCase();
  if (host === new URL(authConfig().baseUrl).hostname || (await brandOfHost(host)) !== null) return null;
  throw new BerthError('not_found');
}
