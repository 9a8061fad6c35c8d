/** What somebody who is signed in does with a provider: connecting it with their account, showing again who they are, trying it out. */
import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { brandOf } from '../auth/config.ts';
import { oneself } from '../auth/oneself.ts';
import { markProved, needsSession } from '../auth/proof.ts';
import { renewKey, revokeWhere } from '../auth/sessions.ts';
import { countProviderVisit } from '../auth/throttle.ts';
import { mailBrandOf } from '../brands/mail.ts';
import { BerthError } from '../contract/errors.ts';
import type { Identities, ProviderTry } from '../contract/identity.ts';
import { roleWords } from '../contract/roles.ts';
import { asActor, type Tx } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { passkeys } from '../db/schema/factors.ts';
import { identities } from '../db/schema/identities.ts';
import { identityProviders } from '../db/schema/identity-providers.ts';
import { sessions } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { providerMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { admit, connect, refusals } from './admit.ts';
import { comesByProviderAlone, reachesBeyond } from './bounds.ts';
import type { Described } from './claims.ts';
import { providerFor } from './manage.ts';
import { offeredProvider, offeredProviders } from './offered.ts';
import { followGroups, possibleRoles } from './roles.ts';
import { type Ended, type ProviderRow, sendAway, type VisitRow } from './visits.ts';

const system = systemActor('identity');
const accountPage = '/account/security';
const provedPage = '/proved';
/** A provider's clock and ours are off by some seconds. */
const skewMs = 60_000;

/** By whom the person signs in, by whom they could under the name of this request, and whether they have a password. */
export async function listIdentities(actor: UserActor, headers: Headers): Promise<Identities> {
  const offered = await offeredProviders(headers);
  return await asActor(system, async (tx) => {
    const rows = await tx
      .select({ id: identities.id, providerId: identities.providerId, name: identityProviders.name, ...when })
      .from(identities)
      .innerJoin(identityProviders, eq(identityProviders.id, identities.providerId))
      .where(eq(identities.userId, actor.userId))
      .orderBy(asc(identities.createdAt));
    const [me] = await tx.select({ hash: users.passwordHash }).from(users).where(eq(users.id, actor.userId));
    return {
      items: rows.map(({ createdAt, lastUsedAt, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      })),
      offered: offered.filter((one) => !rows.some((row) => row.providerId === one.id)),
      password: me?.hash != null,
    };
  });
}

const when = { createdAt: identities.createdAt, lastUsedAt: identities.lastUsedAt };

/** Sends the person to a provider to connect it with their account. */
export async function beginLink(actor: UserActor, headers: Headers, providerId: string) {
  needsSession(actor);
  await countProviderVisit(actor.address);
  const provider = await offeredProvider(headers, providerId);
  const wish = { purpose: 'link', next: accountPage, sessionId: actor.sessionId } as const;
  return await sendAway(provider, headers, wish);
}

/** The provider has named somebody to whoever is signed in: that is them from now on. */
export async function finishLink(
  provider: ProviderRow,
  row: VisitRow,
  actor: UserActor | undefined,
  who: Described,
): Promise<Ended> {
  if (!isSame(row, actor)) return { to: `${accountPage}?provider=refused` };
  const work = async (tx: Tx): Promise<Ended> => {
    const [user] = await tx
      .select()
      .from(users)
      .where(and(eq(users.id, actor.userId), isNull(users.disabledAt)));
    if (user === undefined || (await reachesBeyond(tx, user.id, provider.resellerId)))
      return { to: `${accountPage}?provider=beyond` };
    await connect(tx, provider, user, who.subject, 'by its person');
    await followGroups(tx, provider, user, await possibleRoles(tx, provider, who.groups));
    return { to: `${accountPage}?provider=connected` };
  };
  return await asActor(system, work).catch((error: unknown) => {
    if (isUniqueViolation(error)) return { to: `${accountPage}?provider=taken` };
    if (error instanceof BerthError) return { to: `${accountPage}?provider=beyond` };
    throw error;
  });
}

/** Disconnects a provider: the roles that followed from it go, and other sessions that it opened end. Throws `state` for the only way in. */
export async function removeIdentity(actor: UserActor, id: string): Promise<null> {
  needsSession(actor);
  return await asActor(system, async (tx) => {
    const [found] = await tx
      .select({ provider: identityProviders, user: users })
      .from(identities)
      .innerJoin(identityProviders, eq(identityProviders.id, identities.providerId))
      .innerJoin(users, eq(users.id, identities.userId))
      .where(and(eq(identities.id, id), eq(identities.userId, actor.userId)));
    if (found === undefined) throw new BerthError('not_found');
    const { provider, user } = found;
    if (await comesByProviderAlone(tx, user.id)) {
      throw new BerthError('state', 'You may sign in by your provider alone, so it stays connected.');
    }
    if (user.passwordHash === null && (await tx.$count(passkeys, eq(passkeys.userId, user.id))) === 0) {
      throw new BerthError('state', 'Without it you could not sign in any more.', {
        remedy: 'Set a password first: “Forgot your password?” on the sign-in page does.',
      });
    }
    await followGroups(tx, provider, user, []);
    await tx.delete(identities).where(eq(identities.id, id));
    const others = ne(sessions.id, actor.sessionId);
    await revokeWhere(tx, eq(sessions.userId, user.id), eq(sessions.providerId, provider.id), others);
    await queueMail(
      tx,
      providerMail(user.email, user.name, provider.name, 'removed'),
      await mailBrandOf(tx, user.tenantId),
    );
    await writeAudit(tx, actor, { ...oneself(actor, 'identity.disconnect'), detail: { provider: provider.name } });
    return null;
  });
}

/** Sends the person back to their provider to sign in anew, for what asks again who they are. Throws `not_found` for what is not connected. */
export async function beginProof(actor: UserActor, headers: Headers, identityId: string) {
  needsSession(actor);
  await countProviderVisit(actor.address);
  const [mine] = await asActor(system, (tx) =>
    tx
      .select()
      .from(identities)
      .where(and(eq(identities.id, identityId), eq(identities.userId, actor.userId))),
  );
  if (mine === undefined) throw new BerthError('not_found');
  const provider = await offeredProvider(headers, mine.providerId);
  return await sendAway(provider, headers, { purpose: 'prove', next: provedPage, sessionId: actor.sessionId });
}

/** The same person, who has signed in there since they were asked: a session of before is no proof, whatever the provider made of `prompt`. */
export async function finishProof(
  provider: ProviderRow,
  row: VisitRow,
  actor: UserActor | undefined,
  who: Described,
): Promise<Ended> {
  const refused = { to: `${provedPage}?provider=refused` };
  if (!isSame(row, actor)) return refused;
  if (who.provedAt === null || who.provedAt.getTime() < row.createdAt.getTime() - skewMs) return refused;
  const proved = await asActor(system, async (tx) => {
    const mine = await tx.$count(
      identities,
      and(
        eq(identities.providerId, provider.id),
        eq(identities.subject, who.subject),
        eq(identities.userId, actor.userId),
      ),
    );
    if (mine === 0) return false;
    await markProved(tx, actor);
    await writeAudit(tx, actor, {
      ...oneself(actor, 'session.prove'),
      detail: { by: 'provider', provider: provider.name },
    });
    return true;
  });
  // A key that was seen before gets nothing out of the proof, as with a password.
  return proved ? { to: provedPage, key: await renewKey(actor.sessionId) } : refused;
}

/** Sends whoever set a provider up there and back, without signing anybody in. Throws `state` with the reason when it cannot be asked. */
export async function beginTry(actor: UserActor, headers: Headers, id: string) {
  needsSession(actor);
  const provider = await asActor(actor, (tx) => providerFor(tx, actor, id));
  if (provider.resellerId !== brandOf(headers)) {
    throw new BerthError('state', 'It is offered under the reseller’s names: try it under one of those.');
  }
  const wish = { purpose: 'try', next: pageOf(provider), sessionId: actor.sessionId } as const;
  return await sendAway(provider, headers, wish);
}

const pageOf = ({ resellerId }: ProviderRow) => (resellerId === null ? '/admin/security' : '/reseller/brand');

class Undo extends Error {
  readonly refusal: ProviderTry['problem'];
  constructor(refusal: ProviderTry['problem']) {
    super('tried and taken back');
    this.refusal = refusal;
  }
}

/** Keeps what the provider said, or (a text) why its answer was none, and what would follow: all of a sign-in is done, and taken back. */
export async function finishTry(
  provider: ProviderRow,
  row: VisitRow,
  actor: UserActor | undefined,
  told: Described | string,
): Promise<Ended> {
  const to = `${row.next}?tried=${provider.id}#${provider.id}`;
  if (!isSame(row, actor)) return { to: row.next };
  const at = new Date().toISOString();
  let lastTry: ProviderTry;
  if (typeof told === 'string') {
    lastTry = { at, problem: told, email: null, emailVerified: false, groups: [], roles: [], factor: false };
  } else {
    const { email, emailVerified, groups, factor } = told;
    const roles = await asActor(system, (tx) => possibleRoles(tx, provider, groups));
    const problem = await asActor(system, async (tx): Promise<string | null> => {
      const admitted = await admit(tx, provider, told);
      throw new Undo('refused' in admitted ? refusals[admitted.refused] : null);
    }).catch((error: unknown) => {
      if (error instanceof Undo) return error.refusal;
      if (error instanceof BerthError) return error.message;
      throw error;
    });
    const titles = roles.map(({ role }) => roleWords[role].title);
    lastTry = { at, problem, email, emailVerified, groups: groups.slice(0, 50), roles: titles, factor };
  }
  await asActor(system, (tx) =>
    tx.update(identityProviders).set({ lastTry }).where(eq(identityProviders.id, provider.id)),
  );
  return { to };
}

/** Whether the browser came back into the very session from which it was sent. */
function isSame(row: VisitRow, actor: UserActor | undefined): actor is UserActor & { sessionId: string } {
  return actor?.sessionId != null && actor.sessionId === row.sessionId;
}
