import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { quotaKinds } from '#lib/contract/resellers.ts';
import type { Tx } from '#lib/db/client.ts';
import type { plans } from '#lib/db/schema/plans.ts';
import { beyond, lockQuota, type Need, type QuotaRow, quotaOf, quotaRow, resellerOf, usedBy } from './quota.ts';
import { isCustomer } from './who.ts';
import { amountOf } from './words.ts';

const nothing: Need = { maxContainers: 0, cpuCores: 0, memoryBytes: 0, diskBytes: 0, backupBytes: 0 };

export type Growth = { tenantId: string; now?: Need; next: Need };

/**
 * Refuses what would take more of a reseller's quota than is left. Only what grows is looked at: above a lowered quota
 * everything may still shrink. A lock that ends with the transaction lets one asker of a reseller count at a time, so that fifty at
 * once never exceed a sum; the caller writes what it asked for in the same transaction. Answers the reseller's row, for its other
 * limits; undefined for a tenant of the provider and a reseller without limits.
 */
export async function refuseBeyondQuota(tx: Tx, actor: Actor, growth: Growth): Promise<QuotaRow | undefined> {
  const resellerId = await resellerOf(tx, growth.tenantId);
  if (resellerId === null) return undefined;
  await lockQuota(tx, resellerId);
  const row = await quotaRow(tx, resellerId);
  if (row === undefined) return undefined;
  const quota = quotaOf(row);
  const now = growth.now ?? nothing;
  const used = (await usedBy(tx, [resellerId])).get(resellerId);
  for (const kind of quotaKinds) {
    const more = growth.next[kind] > now[kind];
    const after = (used?.[kind] ?? Infinity) - now[kind] + growth.next[kind];
    if (!more || !beyond(Number.isNaN(after) ? Infinity : after, quota[kind])) continue;
    throw refusal(actor, kind, growth.next[kind], used?.[kind] ?? Infinity, quota[kind] ?? 0);
  }
  return row;
}

function refusal(actor: Actor, kind: (typeof quotaKinds)[number], wanted: number, used: number, limit: number) {
  // How much a reseller has is not its tenants' business.
  if (isCustomer(actor)) {
    return new BerthError('quota_limit', 'There is no room for this at the moment.', {
      remedy: 'Ask whoever you have your account from.',
    });
  }
  if (wanted === Infinity) {
    return new BerthError('quota_limit', 'This plan has no limit for backups, but the reseller’s quota has one.', {
      remedy: 'Choose a plan with a limit for backups.',
    });
  }
  return new BerthError(
    'quota_limit',
    `The reseller’s quota is ${amountOf(kind, limit)}; ${amountOf(kind, used)} are taken, and this takes ${amountOf(kind, wanted)}.`,
    { remedy: 'Free some, choose a smaller plan, or ask the provider for more.' },
  );
}

/** Refuses a plan that is not the tenant's to be put on: of another reseller, or not offered any more. */
export async function refuseForeignPlan(tx: Tx, tenantId: string, plan: typeof plans.$inferSelect): Promise<void> {
  if (plan.resellerId !== null && plan.resellerId !== (await resellerOf(tx, tenantId))) {
    throw new BerthError('not_found', 'There is no such plan.');
  }
  if (!plan.offered) throw new BerthError('state', `The plan "${plan.name}" is not offered any more.`);
}

/** Which templates a tenant may be given; null: all. */
export function offeredTemplates(row: QuotaRow | undefined): readonly string[] | null {
  const { templateIds, offeredTemplateIds } = row ?? { templateIds: null, offeredTemplateIds: null };
  if (templateIds === null || offeredTemplateIds === null) return offeredTemplateIds ?? templateIds;
  return offeredTemplateIds.filter((id) => templateIds.includes(id));
}

export function refuseForeignTemplate(row: QuotaRow | undefined, templateId: string): void {
  if (offeredTemplates(row)?.includes(templateId) === false) {
    throw new BerthError('not_found', 'There is no such template.');
  }
}
