/**
 * A token does not outlive its maker's right to make it. Their own tokens have their rights at the time of use; those of a service account have
 * its, so that they end when whoever made them may no longer: because they were removed, also from that account alone, because their account
 * ended, or because they, or the service account, have other roles than they had. A change of roles counts as a removal does: an owner who becomes
 * a viewer would else keep a key to what a viewer may not. A hold does not count: it passes. What an account loses so somebody else makes again.
 */
import { and, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { Actor, UserActor } from '../access/actor.ts';
import { hasUnlessHeld, ofTenant } from '../access/authorize.ts';
import { lacking } from '../access/grant.ts';
import { writeAudit } from '../audit/write.ts';
import { tokenLives } from '../auth/sessions.ts';
import type { Tx } from '../db/client.ts';
import { apiTokens } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { actorOf } from './actor.ts';
import { tellOfPeople } from './tell.ts';

/** Whoever may not give an account's rights may not have a key to them either. Pure. */
export const hasAllOf = (maker: UserActor, account: UserActor) =>
  account.assignments.every((one) => lacking(maker, one.permissions, one).length === 0);

/** Whether somebody, as they are now, may make tokens of a service account, as that is now. */
export async function mayMakeTokens(tx: Tx, makerId: string | null, accountId: string): Promise<boolean> {
  const [maker, account] = [await actorOf(tx, makerId), await actorOf(tx, accountId)];
  if (maker === undefined || account === undefined) return false;
  return hasUnlessHeld(maker, 'member.manage', ofTenant(account.tenantId)) && hasAllOf(maker, account);
}

/**
 * Ends the tokens of service accounts, made by one of these people or being one of these accounts', that their maker could not make any more;
 * each with an entry in the record of the account. For the transaction in which roles were taken or given, after that.
 */
export async function endUnearnedTokens(tx: Tx, by: Actor, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const ids = [...userIds];
  const rows = await tx
    .select({ id: apiTokens.id, name: apiTokens.name, madeBy: apiTokens.madeBy, holderId: users.id })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        ...[tokenLives, eq(users.kind, 'service'), ne(apiTokens.madeBy, apiTokens.userId)],
        or(inArray(apiTokens.madeBy, ids), inArray(apiTokens.userId, ids)),
      ),
    )
    .orderBy(apiTokens.id);
  for (const { id, name, madeBy, holderId } of rows) {
    if (await mayMakeTokens(tx, madeBy, holderId)) continue;
    const ended = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiTokens.id, id), tokenLives))
      .returning({ id: apiTokens.id });
    // One that was made with another went with that.
    if (ended.length === 0) continue;
    const [holder] = await tx.select().from(users).where(eq(users.id, holderId));
    await tellOfPeople(tx, holder?.tenantId ?? null, holderId);
    await writeAudit(tx, by, {
      ...{
        verb: 'token.revoke',
        tenantId: holder?.tenantId ?? null,
        targetKind: 'token',
        targetId: id,
        targetName: name,
      },
      detail: { holder: holder?.name, why: 'whoever made it may not make it any more' },
    });
  }
}
