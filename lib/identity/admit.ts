/** Who of ours the provider means. Accounts are found by subject, then, under rules that nobody can use to take one over, by address; or made. */
import { and, eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { writeAudit } from '../audit/write.ts';
import { mailBrandOf } from '../brands/mail.ts';
import { isOfBrand } from '../brands/people.ts';
import { maxMembers } from '../contract/members.ts';
import type { Tx } from '../db/client.ts';
import { identities } from '../db/schema/identities.ts';
import { assignments } from '../db/schema/people.ts';
import { users } from '../db/schema/users.ts';
import { takeTurn } from '../db/turn.ts';
import { providerMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { hasFactor } from '../people/must-enrol.ts';
import { isOwnStaff, reachesBeyond } from './bounds.ts';
import type { Described, MappedRole } from './claims.ts';
import { followGroups, possibleRoles } from './roles.ts';
import type { ProviderRow } from './visits.ts';

type User = typeof users.$inferSelect;
/** Why somebody is not let in; for the record and for whoever tries the provider, never for the visitor. */
export const refusals = {
  disabled: 'the account is disabled',
  beyond: 'the person belongs, or has a role, where this provider has nothing to say',
  unverified: 'the provider does not say that the address is verified',
  unconnected: 'there is an account with this address, and its person has not connected it',
  factor: 'the account with this address has a second factor, and its person has not connected it',
  otherSubject: 'the account with this address is connected with somebody else there',
  unknown: 'there is no account, and none is made for unknown people',
  ungrouped: 'there is no account, and no group of theirs has a role here',
  full: 'an account of theirs has as many people as it can have',
  rightless: 'the person has no role any more',
} as const;
type Refusal = keyof typeof refusals;
type Admitted = { user: User; created: boolean } | { refused: Refusal };

/**
 * Finds or makes whom the provider describes, connects them at their first visit, and gives and takes the roles that follow from their groups.
 * What is refused changes nothing but roles that are no longer theirs. The transaction is the portal's own.
 */
export async function admit(tx: Tx, provider: ProviderRow, who: Described): Promise<Admitted> {
  // Two first visits of one person come one after the other.
  await takeTurn(tx, `identity ${provider.id} ${who.subject}`);
  const wanted = await possibleRoles(tx, provider, who.groups);
  const [known] = await tx
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.providerId, provider.id), eq(identities.subject, who.subject)));
  const found =
    known === undefined ? await firstVisit(tx, provider, who, wanted) : { user: known.user, created: false };
  if ('refused' in found) return found;
  const { user } = found;
  if (user.disabledAt !== null) return { refused: 'disabled' };
  await followGroups(tx, provider, user, wanted);
  if (await reachesBeyond(tx, user.id, provider.resellerId)) return { refused: 'beyond' };
  if (!(await isOfBrand(tx, user.id, provider.resellerId))) return { refused: 'beyond' };
  if ((await tx.$count(assignments, eq(assignments.userId, user.id))) === 0) return { refused: 'rightless' };
  await tx
    .update(identities)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(identities.providerId, provider.id), eq(identities.userId, user.id)));
  return found;
}

async function firstVisit(tx: Tx, provider: ProviderRow, who: Described, wanted: MappedRole[]): Promise<Admitted> {
  if (who.email === null || !who.emailVerified) return { refused: 'unverified' };
  const [same] = await tx
    .select({ user: users, hasFactor })
    .from(users)
    .where(eq(sql`lower(${users.email})`, who.email));
  if (same === undefined) return await makePerson(tx, provider, { ...who, email: who.email }, wanted);
  const refused = await whyNotLinked(tx, provider, same.user, same.hasFactor);
  if (refused !== undefined) return { refused };
  await connect(tx, provider, same.user, who.subject, 'a verified address');
  return { user: same.user, created: false };
}

/** An address alone connects only the staff of whoever runs the provider, and nobody who has a second factor. */
async function whyNotLinked(tx: Tx, provider: ProviderRow, user: User, factor: boolean): Promise<Refusal | undefined> {
  if (user.disabledAt !== null || user.kind !== 'person') return 'disabled';
  if (await reachesBeyond(tx, user.id, provider.resellerId)) return 'beyond';
  if (await isConnected(tx, provider.id, user.id)) return 'otherSubject';
  if (!provider.linkByEmail || !(await isOwnStaff(tx, user.id, provider.resellerId))) return 'unconnected';
  return factor ? 'factor' : undefined;
}

async function makePerson(
  tx: Tx,
  provider: ProviderRow,
  who: Described & { email: string },
  wanted: MappedRole[],
): Promise<Admitted> {
  if (provider.unknownPeople === 'refuse') return { refused: 'unknown' };
  const [first] = wanted;
  if (first === undefined) return { refused: 'ungrouped' };
  for (const tenantId of new Set(wanted.flatMap((one) => one.tenantId ?? []))) {
    const { rows } = await tx.execute(sql`
      select count(distinct user_id)::int as n from assignments where tenant_id = ${tenantId}`);
    if (Number(rows[0]?.n) >= maxMembers) return { refused: 'full' };
  }
  const tenantId = wanted.some((one) => one.tenantId === null) ? null : first.tenantId;
  const [user] = await tx
    .insert(users)
    .values({ id: v7(), tenantId, email: who.email, name: who.name, role: null })
    .onConflictDoNothing()
    .returning();
  if (user === undefined) return { refused: 'unconnected' };
  await connect(tx, provider, user, who.subject, 'made for this person');
  return { user, created: true };
}

async function isConnected(tx: Tx, providerId: string, userId: string): Promise<boolean> {
  return (await tx.$count(identities, and(eq(identities.providerId, providerId), eq(identities.userId, userId)))) > 0;
}

/** From now on this subject there is this person here, who is told by mail. Audited where the person's account reads it. */
export async function connect(tx: Tx, provider: ProviderRow, user: User, subject: string, how: string): Promise<void> {
  await tx.insert(identities).values({ providerId: provider.id, userId: user.id, subject });
  await queueMail(
    tx,
    providerMail(user.email, user.name, provider.name, 'added'),
    await mailBrandOf(tx, user.tenantId),
  );
  await writeAudit(
    tx,
    { kind: 'system', name: user.name },
    {
      ...{ verb: 'identity.connect', tenantId: user.tenantId, targetKind: 'user', targetId: user.id },
      ...{ targetName: user.email, detail: { provider: provider.name, issuer: provider.issuer, how } },
    },
  );
}
