import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { issueLoginToken, tokenEnds } from '#lib/auth/links.ts';
import { mailBrandOf } from '#lib/brands/mail.ts';
import type { ServiceQuery, SignInLink } from '#lib/contract/billing.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { users } from '#lib/db/schema/users.ts';
import { lockService } from './find.ts';
import { billsFor, handsOf } from './hands.ts';
import { refuseUnlessPermitted } from './state.ts';

/**
 * A link that signs in the owner of a service's tenant: once, within a minute; the one before stops working. Its key stands behind the #,
 * which browsers send to nobody, so that it is in no log. Who made it is in the record that the tenant reads. Throws
 * `state` where the owner is nobody of the tenant any more.
 */
export async function signInLink(actor: UserActor, input: z.infer<typeof ServiceQuery>): Promise<SignInLink> {
  const resellerId = billsFor(actor);
  const hands = await handsOf(actor);
  const { row, service } = await asActor(hands, async (tx) => {
    const found = await lockService(tx, hands, resellerId, input.externalServiceId);
    refuseUnlessPermitted('sign-in-link', found.service);
    return found;
  });
  return await asActor(systemActor('billing.sign-in-link'), async (tx) => {
    const [owner] = await tx
      .select({ id: users.id, email: users.email })
      .from(users)
      .innerJoin(assignments, eq(assignments.userId, users.id))
      .where(
        and(
          eq(users.id, row.userId ?? row.id),
          eq(users.kind, 'person'),
          isNull(users.disabledAt),
          and(eq(assignments.scope, 'tenant'), eq(assignments.tenantId, row.tenantId)),
        ),
      )
      .limit(1);
    if (owner === undefined) {
      throw new BerthError('state', 'Whom it was made for does not belong to the account any more.', {
        remedy: 'The account’s owners can invite them again.',
      });
    }
    const expiresAt = tokenEnds('sign-in');
    const key = await issueLoginToken(tx, owner.id, 'sign-in');
    await writeAudit(tx, hands, {
      ...{ verb: 'billing.sign-in-link', tenantId: row.tenantId, targetKind: 'user', targetId: owner.id },
      ...{ targetName: owner.email, detail: { service: row.externalId } },
    });
    const { baseUrl } = await mailBrandOf(tx, row.tenantId);
    const to = service.containerId === null ? '/containers' : `/containers/${service.containerId}`;
    return {
      url: `${baseUrl}/sign-in/link?next=${encodeURIComponent(to)}#${key}`,
      expiresAt: expiresAt.toISOString(),
    };
  });
}
