import { inArray } from 'drizzle-orm';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { Quota, QuotaState } from '../contract/resellers.ts';
import { asActor, type Tx } from '../db/client.ts';
import { hosts } from '../db/schema/hosts.ts';
import { resellerQuotas } from '../db/schema/resellers.ts';
import { templates } from '../db/schema/templates.ts';
import { refuseStale } from '../http/edition.ts';
import { quotaState, resellerFor } from './get-quota.ts';
import { lockQuota, quotaOf, quotaRow } from './quota.ts';

/**
 * Sets what a reseller may use. Below what it uses is allowed: what exists goes on, nothing grows until use is below again, and the
 * answer says so. Waits for those who are counting against the old quota. Throws `invalid` for servers or templates that are not there.
 */
export async function setQuota(actor: Actor, resellerId: string, quota: Quota): Promise<QuotaState> {
  authorize(actor, 'reseller.quota', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    await checkQuota(tx, quota);
    await lockQuota(tx, resellerId);
    await refuseStale('quota', () => quotaState(tx, resellerId));
    const before = quotaOf(await quotaRow(tx, resellerId));
    const set = { ...quota, updatedAt: new Date() };
    await tx
      .insert(resellerQuotas)
      .values({ resellerId, ...set })
      .onConflictDoUpdate({ target: resellerQuotas.resellerId, set });
    await writeAudit(tx, actor, {
      verb: 'reseller.quota',
      tenantId: resellerId,
      targetKind: 'reseller',
      targetId: resellerId,
      targetName: reseller.name,
      before,
      after: quota,
    });
    return await quotaState(tx, resellerId);
  });
}

/** Refuses a quota that names servers or templates that are not there. */
export async function checkQuota(
  tx: Tx,
  { hostIds, templateIds }: Pick<Quota, 'hostIds' | 'templateIds'>,
): Promise<void> {
  const known = async (table: typeof hosts | typeof templates, ids: readonly string[]) =>
    ids.length === 0
      ? 0
      : (
          await tx
            .select({ id: table.id })
            .from(table)
            .where(inArray(table.id, [...ids]))
        ).length;
  if (hostIds !== null && (await known(hosts, hostIds)) !== new Set(hostIds).size) {
    throw unknown('hostIds', 'names a server that is not there');
  }
  if (templateIds !== null && (await known(templates, templateIds)) !== new Set(templateIds).size) {
    throw unknown('templateIds', 'names a template that is not there');
  }
}

function unknown(path: string, message: string): BerthError {
  return new BerthError('invalid', undefined, { issues: [{ path, message }] });
}
