import { type SQL, sql } from 'drizzle-orm';
import type { Actor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { endPasswordLinks } from '../auth/links.ts';
import type { Tx } from '../db/client.ts';
import { endUnearnedTokens } from './earned-tokens.ts';
import { teamOf } from './team.ts';
import { tellOfPeople } from './tell.ts';

/** What follows for these people from roles that were taken from them, or given: the last thing in the transaction that did so. */
export async function settleRoles(tx: Tx, by: Actor, userIds: readonly string[]): Promise<void> {
  for (const userId of userIds) await moveHome(tx, by, userId);
  await endUnearnedTokens(tx, by, userIds);
}

/** Of a row of `users`: the account of the oldest role they have left, by which they are somebody there. */
const oldestTeam: SQL = sql`(select ${teamOf} from assignments a where a.user_id = users.id order by a.created_at, a.id limit 1)`;

/**
 * Who has no role any more in the account they belong to, and has one elsewhere, belongs there from now on: it is that account which reads of their
 * sign-ins, and whose brand writes to them. Links in mails that the former one has sent set no password any more. Who has no role anywhere
 * stays, so that the account that ended theirs can invite them again.
 */
async function moveHome(tx: Tx, by: Actor, userId: string): Promise<void> {
  const { rows } = await tx.execute<{ tenantId: string | null; email: string }>(sql`
    update users set tenant_id = ${oldestTeam} where id = ${userId}
      and exists (select from assignments a where a.user_id = users.id)
      and not exists (select from assignments a where a.user_id = users.id and ${teamOf} is not distinct from users.tenant_id)
    returning tenant_id as "tenantId", email`);
  for (const { tenantId, email } of rows) {
    await endPasswordLinks(tx, userId);
    await tellOfPeople(tx, tenantId, userId);
    await writeAudit(tx, by, {
      ...{ verb: 'member.home', tenantId, targetKind: 'user', targetId: userId, targetName: email },
    });
  }
}
