import { and, eq, isNull } from 'drizzle-orm';
import { type Actor, systemActor, type UserActor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { forgetFactors } from '../auth/factor.ts';
import { revokeAll } from '../auth/sessions.ts';
import { mailBrandOf } from '../brands/mail.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { factorOffMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { tellOfPeople } from './tell.ts';

const people = systemActor('people');

/**
 * Takes the second factor of somebody who lost it with all recovery codes: for administrators of the installation, after they have made
 * sure who asks. The person is told by mail and signed out; where a second factor is asked of them, they set up another at their next
 * sign-in, for which they need their password. Nobody's own: that is turned off by password and code. Once nothing is left, `state`.
 */
export async function resetFactor(actor: UserActor, userId: string): Promise<void> {
  authorize(actor, 'factor.reset');
  const [person] = await asActor(people, (tx) =>
    tx
      .select()
      .from(users)
      .where(and(eq(users.id, userId), eq(users.kind, 'person'), isNull(users.disabledAt))),
  );
  if (person === undefined) throw new BerthError('not_found');
  authorize(actor, 'factor.reset', ofTenant(person.tenantId));
  if (userId === actor.userId) {
    throw new BerthError('state', 'Your own second factor is turned off by password and code.');
  }
  await asActor(people, (tx) => takeFactors(tx, actor, person));
}

/** The deed itself, for who has been let do it. */
export async function takeFactors(
  tx: Tx,
  by: Actor,
  person: typeof users.$inferSelect,
  baseUrl?: string,
): Promise<void> {
  if (!(await forgetFactors(tx, person.id))) throw new BerthError('state', 'They have no second factor.');
  await revokeAll(tx, person.id, null);
  await tellOfPeople(tx, person.tenantId);
  const brand = await mailBrandOf(tx, person.tenantId, baseUrl);
  await queueMail(tx, factorOffMail(person.email, person.name, 'an administrator'), brand);
  await writeAudit(tx, by, {
    ...{ verb: 'factor.reset', tenantId: person.tenantId, targetKind: 'user', targetId: person.id },
    targetName: person.email,
  });
}
