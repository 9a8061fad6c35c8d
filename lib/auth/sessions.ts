import { and, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { systemActor, type UserActor } from '../access/actor.ts';
import { ofBrand } from '../access/narrow.ts';
import { placeInBrand } from '../brands/people.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { apiTokens, sessions } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { limitsOf, person, toActor } from '../people/actor.ts';
import { hasFactor, mustEnrol, mustEnrolHere } from '../people/must-enrol.ts';
import { liesIn } from './networks.ts';
import { keyHash, randomKey } from './random.ts';

export const sessionDays = 30;
/** A session that nobody used for so long is over. */
const idleDays = 7;
const touchEverySeconds = 60;
const dayMs = 86_400_000;

/** What its person has shown: a password, a second factor besides (a passkey is both), or a link that somebody made for them. */
export type Shown = 'password' | 'factor' | 'link';
/**
 * By which provider's word: when they showed it who they are, what it calls the session, whether it is believed to have asked for a second factor.
 */
export type Via = { providerId: string; provedAt: Date; providerSession: string | null; vouched: boolean };
/** `brand`: the reseller under whose name they came. */
export type Visitor = { address: string; userAgent: string; brand?: string | null };
const auth = systemActor('auth');

/**
 * Opens a session and returns the key that goes into the cookie. Only its hash is stored. The one door, whatever leads to it: unless the
 * caller has seen a second factor, it is shut to who has one (`second_factor_required`). A link proves nothing to what asks again
 * (step-up): whoever made it could follow it.
 */
export async function openSession(
  tx: Tx,
  userId: string,
  visitor: Visitor,
  by: Shown = 'password',
  via?: Via,
): Promise<string> {
  if (by !== 'factor') {
    const [person] = await tx.select({ has: hasFactor }).from(users).where(eq(users.id, userId));
    if (person?.has !== false) throw new BerthError('second_factor_required', 'Sign in with password and code.');
  }
  const key = randomKey();
  await tx.insert(sessions).values({
    userId,
    keyHash: keyHash(key),
    userAgent: visitor.userAgent.slice(0, 300),
    address: visitor.address,
    brandId: visitor.brand ?? null,
    ...(by === 'link' ? { provedAt: new Date(0) } : {}),
    ...(via === undefined ? {} : fromProvider(via)),
    expiresAt: new Date(Date.now() + sessionDays * dayMs),
  });
  return key;
}

const fromProvider = ({ vouched, ...via }: Via) => ({ ...via, factorVouched: vouched });

/**
 * Who holds this session key now; undefined when it is unknown, revoked, over, made under another brand's name, or its person disabled.
 * Never cached; but every request asks, and PostgreSQL needs ten times as long to plan the question as to answer it, so that a connection
 * keeps the plan (as for tokens).
 */
export async function resolveSession(key: string, visitor: Visitor): Promise<UserActor | undefined> {
  return asActor(auth, async (tx) => {
    const [row] = await tx
      .select({
        ...person,
        mustEnrol: mustEnrolHere,
        sessionId: sessions.id,
        lastSeenAt: sessions.lastSeenAt,
        provedAt: sessions.provedAt,
      })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(
        and(
          eq(sessions.keyHash, keyHash(key)),
          sql`${sessions.brandId} is not distinct from ${visitor.brand ?? null}::uuid`,
          sessionLives,
          isNull(users.disabledAt),
        ),
      )
      .prepare('who_holds_session')
      .execute();
    if (row === undefined) return undefined;
    const { sessionId, lastSeenAt, provedAt, ...who } = row;
    if (Date.now() - lastSeenAt.getTime() > touchEverySeconds * 1000) {
      await tx.update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.id, sessionId));
    }
    return toActor(who, { sessionId, tokenId: null, provedAt, ...visitor });
  });
}

/** What makes a session count. */
export const sessionLives = and(
  isNull(sessions.revokedAt),
  sql`${sessions.expiresAt} > now()`,
  sql`${sessions.lastSeenAt} > now() - make_interval(days => ${idleDays})`,
);
/** What makes a token count. */
export const tokenLives = and(
  isNull(apiTokens.revokedAt),
  sql`(${apiTokens.expiresAt} is null or ${apiTokens.expiresAt} > now())`,
);

/** Another key for a session, instead of the one it had: whoever has that one has nothing any more. */
export async function renewKey(sessionId: string): Promise<string> {
  const key = randomKey();
  await asActor(auth, (tx) =>
    tx
      .update(sessions)
      .set({ keyHash: keyHash(key) })
      .where(eq(sessions.id, sessionId)),
  );
  return key;
}

/**
 * Under what a token is kept. One that counts under a brand's name alone is kept under something that no request can bring, so that a
 * version that knows nothing of brands does not let it in with all that its holder may.
 */
export const tokenHash = (token: string, ofBrand: boolean) => keyHash(ofBrand ? `brand ${token}` : token);

/**
 * Who holds this bearer token now: with its maker's present rights as far as it was made for them, from where it may be used. What was made under
 * a brand's name has its holder's rights there, wherever it is used, and none under another brand's.
 */
export async function resolveToken(token: string, visitor: Visitor): Promise<UserActor | undefined> {
  const hashes = [tokenHash(token, false), tokenHash(token, true)];
  return asActor(auth, async (tx) => {
    const [row] = await tx
      .select({
        ...person,
        mustEnrol,
        limits: limitsOf,
        tokenId: apiTokens.id,
        lastUsedAt: apiTokens.lastUsedAt,
        addresses: apiTokens.addresses,
        brandId: apiTokens.brandId,
      })
      .from(apiTokens)
      .innerJoin(users, eq(users.id, apiTokens.userId))
      .where(and(inArray(apiTokens.tokenHash, hashes), tokenLives, isNull(users.disabledAt)))
      .prepare('who_holds_token')
      .execute();
    if (row === undefined) return undefined;
    const { tokenId, lastUsedAt, addresses, brandId, ...who } = row;
    if (addresses !== null && !liesIn(visitor.address, addresses)) return undefined;
    if (brandId !== null && (visitor.brand ?? brandId) !== brandId) return undefined;
    const place = brandId === null ? [] : await placeInBrand(tx, who.userId, brandId);
    if (place === undefined) return undefined;
    if (lastUsedAt === null || Date.now() - lastUsedAt.getTime() > touchEverySeconds * 1000) {
      await tx.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, tokenId));
    }
    const actor = toActor(who, { sessionId: null, tokenId, ...visitor });
    return brandId === null ? actor : { ...ofBrand(actor, place), brand: brandId };
  });
}

/** Ends the sessions of which all of this is true, and says whose they were, one entry a session. Those that are over already are not among them. */
export async function revokeWhere(tx: Tx, ...conditions: (SQL | undefined)[]): Promise<{ userId: string }[]> {
  return await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(isNull(sessions.revokedAt), ...conditions))
    .returning({ userId: sessions.userId });
}

/** Ends one session of a person. False when they have no such live session. */
export async function revokeOne(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
  const ended = await revokeWhere(tx, eq(sessions.id, sessionId), eq(sessions.userId, userId));
  return ended.length > 0;
}

/** Ends all sessions of a person but `exceptId`. */
export async function revokeAll(tx: Tx, userId: string, exceptId: string | null): Promise<void> {
  await revokeWhere(tx, eq(sessions.userId, userId), exceptId === null ? undefined : ne(sessions.id, exceptId));
}

/** The live sessions of a person, last used first. */
export async function liveSessions(tx: Tx, userId: string) {
  return tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), sessionLives))
    .orderBy(sql`${sessions.lastSeenAt} desc`);
}
