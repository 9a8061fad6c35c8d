import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { OfferTemplates, QuotaState } from '../contract/resellers.ts';
import { asActor } from '../db/client.ts';
import { resellerQuotas } from '../db/schema/resellers.ts';
import { refuseStale } from '../http/edition.ts';
import { quotaState, resellerFor } from './get-quota.ts';
import { lockQuota, quotaRow } from './quota.ts';
import { checkQuota } from './set-quota.ts';

/** Chooses which templates a reseller's tenants may have, of those it may offer. Containers that have others keep them. */
export async function offerTemplates(
  actor: Actor,
  resellerId: string,
  input: z.infer<typeof OfferTemplates>,
): Promise<QuotaState> {
  authorize(actor, 'reseller.offer', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    await lockQuota(tx, resellerId);
    await refuseStale('quota', () => quotaState(tx, resellerId));
    const row = await quotaRow(tx, resellerId);
    if (row === undefined) {
      throw new BerthError('state', 'This reseller has no quota yet.', { remedy: 'The provider sets one first.' });
    }
    await checkQuota(tx, { hostIds: null, templateIds: input.templateIds });
    const allowed = row.templateIds;
    if (allowed !== null && input.templateIds?.some((id) => !allowed.includes(id)) === true) {
      throw new BerthError('invalid', undefined, {
        issues: [{ path: 'templateIds', message: 'names a template that is not there' }],
      });
    }
    await tx
      .update(resellerQuotas)
      .set({ offeredTemplateIds: input.templateIds })
      .where(eq(resellerQuotas.resellerId, resellerId));
    await writeAudit(tx, actor, {
      verb: 'reseller.offer',
      tenantId: resellerId,
      targetKind: 'reseller',
      targetId: resellerId,
      targetName: reseller.name,
      before: { templateIds: row.offeredTemplateIds },
      after: input,
    });
    return await quotaState(tx, resellerId);
  });
}
