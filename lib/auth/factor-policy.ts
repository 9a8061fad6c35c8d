/** Whose people must have a second factor: an account's, and those with a role. */
import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { AccountSecurity, FactorReason, SecurityPolicy } from '../contract/factors.ts';
import { type Role, roleWords } from '../contract/roles.ts';
import { asActor, type Tx } from '../db/client.ts';
import { securityPolicy } from '../db/schema/factors.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { takeTurn } from '../db/turn.ts';
import { refuseStale } from '../http/edition.ts';
import { accountFor } from '../people/members.ts';
import { hasFactor } from '../people/must-enrol.ts';
import { teamOf } from '../people/team.ts';

const auth = systemActor('auth');

/** Who asks a second factor of this person, in words; nobody: none. What is enforced is in lib/people/must-enrol.ts, by the same rule. */
export async function whyRequired(tx: Tx, userId: string): Promise<z.infer<typeof FactorReason>[]> {
  const { rows } = await tx.execute<{ role: Role; account: string | null; asks: boolean | null }>(sql`
    select a.role, house.name as account, house.require_factor as asks
    from assignments a join users u on u.id = a.user_id left join tenants house on house.id = ${teamOf}
    where u.id = ${userId} and u.kind = 'person' and (house.require_factor
      or exists (select from security_policy p where a.role = any(p.factor_roles)))
    order by a.created_at, a.id`);
  const reasons = rows.map(({ role, account, asks }) =>
    asks === true && account !== null
      ? ({ by: 'account', name: account } as const)
      : ({ by: 'role', name: roleWords[role].title } as const),
  );
  return reasons.filter((one, at) => reasons.findIndex((other) => other.name === one.name) === at);
}

async function rolesThatMust(tx: Tx): Promise<Role[]> {
  const [row] = await tx.select().from(securityPolicy);
  return row?.factorRoles ?? [];
}

/** Whether the account asks its people for a second factor. */
export async function getAccountSecurity(actor: UserActor, tenantId: string): Promise<z.infer<typeof AccountSecurity>> {
  await accountFor(actor, tenantId, 'member.read');
  return await asActor(auth, async (tx) => {
    const [account] = await tx
      .select({ requireFactor: tenants.requireFactor })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    if (account === undefined) throw new BerthError('not_found');
    return account;
  });
}

/**
 * Asks the people of an account for a second factor, or no longer. Who has none sees nothing but the page that sets one up, from their
 * next request on; their open streams end within 2 s, and their tokens wait with them. Throws `state` when whoever asks has none.
 */
export async function setAccountSecurity(
  actor: UserActor,
  tenantId: string,
  { requireFactor }: z.infer<typeof AccountSecurity>,
): Promise<z.infer<typeof AccountSecurity>> {
  await accountFor(actor, tenantId, 'member.manage');
  return await asActor(auth, async (tx) => {
    if (requireFactor) await refuseWithoutOwn(tx, actor);
    const [before] = await tx.select().from(tenants).where(eq(tenants.id, tenantId)).for('no key update');
    if (before === undefined) throw new BerthError('not_found');
    await refuseStale('accountSecurity', async () => before);
    await tx.update(tenants).set({ requireFactor }).where(eq(tenants.id, tenantId));
    await writeAudit(tx, actor, {
      ...{ verb: 'factor.require', tenantId, targetKind: 'tenant', targetId: tenantId, targetName: before.name },
      before: { requireFactor: before.requireFactor },
      after: { requireFactor },
    });
    return { requireFactor };
  });
}

/** Which roles must have a second factor, wherever they are had. */
export async function getSecurityPolicy(actor: UserActor): Promise<z.infer<typeof SecurityPolicy>> {
  authorize(actor, 'security.policy');
  return await asActor(auth, async (tx) => ({ factorRoles: await rolesThatMust(tx) }));
}

/** Says which roles must; the same as {@link setAccountSecurity} for who has none. */
export async function setSecurityPolicy(
  actor: UserActor,
  { factorRoles }: z.infer<typeof SecurityPolicy>,
): Promise<z.infer<typeof SecurityPolicy>> {
  authorize(actor, 'security.policy');
  return await asActor(auth, async (tx) => {
    // Also where nobody has said anything yet, and there is no row to lock.
    await takeTurn(tx, 'security-policy');
    const before = await rolesThatMust(tx);
    await refuseStale('securityPolicy', async () => ({ factorRoles: before }));
    const more = factorRoles.filter((role) => !before.includes(role));
    if (more.some((role) => actor.assignments.some((one) => one.base === role))) await refuseWithoutOwn(tx, actor);
    await tx
      .insert(securityPolicy)
      .values({ factorRoles })
      .onConflictDoUpdate({ target: securityPolicy.one, set: { factorRoles } });
    await writeAudit(tx, actor, {
      ...{ verb: 'security.policy', tenantId: null, targetKind: 'installation' },
      before: { factorRoles: before },
      after: { factorRoles },
    });
    return { factorRoles };
  });
}

/** Nobody locks the door behind which they stand themselves. */
async function refuseWithoutOwn(tx: Tx, actor: UserActor): Promise<void> {
  const [me] = await tx.select({ kind: users.kind, has: hasFactor }).from(users).where(eq(users.id, actor.userId));
  if (me?.has === true || me?.kind === 'service') return;
  throw new BerthError('state', 'You have no second factor yourself.', {
    remedy: 'Set one up on your account’s security page first.',
  });
}
