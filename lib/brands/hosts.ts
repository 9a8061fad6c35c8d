import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { and, count, eq, isNotNull, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Actor, systemActor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { authConfig } from '../auth/config.ts';
import type { Facts } from '../contract/audit-facts.ts';
import type { AddBrandHost, BrandHost } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { brandHosts } from '../db/schema/brands.ts';
import { takeTurn } from '../db/turn.ts';
import { processSlot } from '../process-slot.ts';
import { resellerFor } from '../resellers/get-quota.ts';
import { brandOfHost } from './of.ts';

type Row = typeof brandHosts.$inferSelect;
const mostHosts = 20;
const recordPrefix = '_berth-proof.';

/** All TXT records of a name. Tests hand in another. */
export type TxtResolver = (name: string) => Promise<string[][]>;
const resolveTxt: TxtResolver = (name) => new Resolver({ timeout: 3_000, tries: 2 }).resolveTxt(name);
const slot = processSlot<TxtResolver>('brand-resolver');
export function setTxtResolver(resolver: TxtResolver): void {
  slot.set(resolver);
}
/** All TXT records of a name, each as one text. Rejects like `dns.resolveTxt`. */
export async function lookUpTxt(name: string): Promise<string[]> {
  return (await (slot.peek() ?? resolveTxt)(name)).map((parts) => parts.join(''));
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
    await takeTurn(tx, `brand-hosts:${resellerId}`);
    const [there] = await tx.select({ n: count() }).from(brandHosts).where(eq(brandHosts.resellerId, resellerId));
    if ((there?.n ?? 0) >= mostHosts) throw new BerthError('conflict', `A brand has at most ${mostHosts} names.`);
    const challenge = randomBytes(24).toString('base64url');
    const [row] = await tx.insert(brandHosts).values({ resellerId, host, challenge }).returning();
    if (row === undefined) throw new Error('an insert returned no row');
    await note(tx, actor, resellerId, reseller.name, { hostClaimed: host });
    return presentHost(row);
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'brand_hosts_claimed')) throw error;
    throw new BerthError('conflict', 'You have this name already.', { cause: error });
  });
}

/**
 * Looks for the record. Whoever's is there has the name: a brand that proved it before and whose record is gone has lost it to one whose
 * record is there. Throws `state` while it is not there, `conflict` while the other's is there too.
 */
export async function proveHost(actor: Actor, resellerId: string, hostId: string): Promise<BrandHost> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  const [row] = await asActor(actor, (tx) =>
    tx
      .select()
      .from(brandHosts)
      .where(and(eq(brandHosts.id, hostId), eq(brandHosts.resellerId, resellerId))),
  );
  if (row === undefined) throw new BerthError('not_found');
  if (row.provenAt !== null) return presentHost(row);
  const { name, value } = presentHost(row).record;
  const found = await lookUpTxt(name).catch((): string[] => []);
  if (!found.includes(value)) {
    throw new BerthError('state', `There is no TXT record ${name} with this value yet.`, {
      remedy: 'Set it at whoever keeps the name, wait some minutes, and try again.',
    });
  }
  // As the system: nobody sees another's names.
  return await asActor(systemActor('brand'), async (tx) => {
    await takeTurn(tx, `brand-host:${row.host}`);
    const [other] = await tx
      .select()
      .from(brandHosts)
      .where(and(eq(brandHosts.host, row.host), isNotNull(brandHosts.provenAt), ne(brandHosts.id, hostId)));
    if (other !== undefined) {
      if (found.includes(presentHost(other).record.value)) {
        throw new BerthError('conflict', 'Another brand has proven this name, and its record is still there.');
      }
      await tx.update(brandHosts).set({ provenAt: null }).where(eq(brandHosts.id, other.id));
      await note(tx, systemActor('brand'), other.resellerId, other.host, { hostLost: other.host });
    }
    const [proven] = await tx
      .update(brandHosts)
      .set({ provenAt: sql`coalesce(proven_at, now())` })
      .where(eq(brandHosts.id, hostId))
      .returning();
    if (proven === undefined) throw new BerthError('not_found');
    await note(tx, actor, resellerId, row.host, { hostProven: row.host });
    return presentHost(proven);
  });
}

async function note(tx: Tx, actor: Actor, resellerId: string, name: string, detail: Facts) {
  await writeAudit(tx, actor, {
    ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
    ...{ targetName: name, detail },
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
    await note(tx, actor, resellerId, gone.host, { hostDropped: gone.host });
    return null;
  });
}

/** For a proxy that gets certificates on demand: throws `not_found` for every name but the panel's own and proven ones. */
export async function askHost(domain: string): Promise<null> {
  const host = domain.toLowerCase();
  if (host === new URL(authConfig().baseUrl).hostname || (await brandOfHost(host)) !== null) return null;
  throw new BerthError('not_found');
}
