import { eq } from 'drizzle-orm';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import { narrow } from '#lib/access/narrow.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { asActor } from '#lib/db/client.ts';
import { users } from '#lib/db/schema/users.ts';
import { person, toActor } from '#lib/people/actor.ts';

/** What the verbs of billing use of whoever runs them. */
const needed: readonly Permission[] = [
  ...(['billing.run', 'tenant.create', 'plan.read', 'template.read', 'operation.read', 'operation.retry'] as const),
  ...(['container.read', 'container.create', 'container.configure', 'container.delete', 'container.undelete'] as const),
  ...(['hold.put', 'hold.billing'] as const),
];

/** The reseller for whom this account bills. Throws `forbidden` for none, `conflict` where it would be more than one. */
export function billsFor(actor: UserActor): string {
  const able = actor.assignments.filter((one) => one.permissions.has('billing.run') && one.scope === 'reseller');
  const resellers = [...new Set(able.flatMap((one) => (one.consent === undefined ? (one.tenantId ?? []) : [])))];
  const [resellerId] = resellers;
  if (resellerId === undefined) throw new BerthError('forbidden');
  if (resellers.length > 1) {
    throw new BerthError(
      'conflict',
      'This account belongs to more than one reseller; whose service it is about cannot be told.',
      {
        remedy: 'Use a token of a service account of one reseller.',
      },
    );
  }
  authorize(actor, 'billing.run', ofTenant(resellerId));
  return resellerId;
}

/**
 * What a billing token works with. The token itself is good for `billing.run` alone, so that whoever finds it can do nothing
 * else; what billing then does to tenants and containers is done with the present rights of the token's holder, as far as billing needs
 * them and this one reseller reaches. Asked for anew after a tenant was made, which the actor from before does not reach.
 */
export async function handsOf(actor: UserActor): Promise<UserActor> {
  const resellerId = billsFor(actor);
  const [row] = await asActor(systemActor('billing'), (tx) =>
    tx.select(person).from(users).where(eq(users.id, actor.userId)),
  );
  if (row === undefined) throw new BerthError('unauthenticated');
  const { sessionId, tokenId, address, userAgent } = actor;
  const whole = toActor(row, { sessionId, tokenId, address, userAgent });
  const own = whole.assignments.filter((one) => one.scope === 'reseller' && one.tenantId === resellerId);
  return { ...whole, assignments: narrow(own, { verbs: needed, containers: null }) };
}
