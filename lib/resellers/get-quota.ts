import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { BerthError } from '../contract/errors.ts';
import type { QuotaState } from '../contract/resellers.ts';
import { asActor, type Tx } from '../db/client.ts';
import { needReseller } from '../tenants/create.ts';
import { overQuota, quotaOf, quotaRow, usedBy } from './quota.ts';
import { overNotice } from './words.ts';

/** What a reseller may use, what it does, and what follows. */
export async function getQuota(actor: Actor, resellerId: string): Promise<QuotaState> {
  authorize(actor, 'reseller.read', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    await resellerFor(tx, resellerId);
    return await quotaState(tx, resellerId);
  });
}

/** A tenant that is no reseller is no more known here than none at all. */
export async function resellerFor(tx: Tx, id: string) {
  return await needReseller(tx, id).catch(() => {
    throw new BerthError('not_found');
  });
}

export async function quotaState(tx: Tx, resellerId: string): Promise<QuotaState> {
  const row = await quotaRow(tx, resellerId);
  const used = (await usedBy(tx, [resellerId])).get(resellerId);
  if (used === undefined) throw new BerthError('not_found');
  const quota = quotaOf(row);
  const over = overQuota(quota, used);
  const offeredTemplateIds = row?.offeredTemplateIds ?? null;
  return { resellerId, quota, used, over, notice: overNotice(over), offeredTemplateIds };
}
