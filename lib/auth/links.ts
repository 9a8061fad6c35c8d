import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { loginTokens } from '../db/schema/sessions.ts';
import { authConfig } from './config.ts';
import { keyHash, randomKey } from './random.ts';

type Purpose = (typeof loginTokens.$inferSelect)['purpose'];

const lifetimeMs = {
  reset: 60 * 60 * 1000,
  'first-login': 7 * 24 * 60 * 60 * 1000,
  setup: 24 * 60 * 60 * 1000,
  'sign-in': 60 * 1000,
} as const satisfies Record<Purpose, number>;

/**
 * A single-use token with which a person sets a password, or signs in. Tokens of the same purpose that were issued before stop working.
 * The page it belongs on: {@link passwordLink}.
 */
export async function issueLoginToken(tx: Tx, userId: string, purpose: Purpose): Promise<string> {
  await tx
    .update(loginTokens)
    .set({ usedAt: sql`now()` })
    .where(and(eq(loginTokens.userId, userId), eq(loginTokens.purpose, purpose), isNull(loginTokens.usedAt)));
  const token = randomKey();
  await tx.insert(loginTokens).values({
    userId,
    purpose,
    tokenHash: keyHash(token),
    expiresAt: tokenEnds(purpose),
  });
  return token;
}

/** When a token issued now is too old. */
export function tokenEnds(purpose: Purpose): Date {
  return new Date(Date.now() + lifetimeMs[purpose]);
}

/** What sets a password. */
export const passwordPurposes = ['reset', 'first-login', 'setup'] as const satisfies Purpose[];

/** What of a row says that its token would be taken now. */
const good = (token: string, purposes: readonly Purpose[]) =>
  and(
    eq(loginTokens.tokenHash, keyHash(token)),
    inArray(loginTokens.purpose, [...purposes]),
    isNull(loginTokens.usedAt),
    sql`${loginTokens.expiresAt} > now()`,
  );

/** Whether a token would be taken: asked before anything costly is done for whoever shows it. */
export async function isGoodToken(tx: Tx, token: string, purposes: readonly Purpose[]): Promise<boolean> {
  return (await tx.$count(loginTokens, good(token, purposes))) > 0;
}

/**
 * Uses a token up and says whose it was; undefined when it is unknown, used, too old, or for something else than what it is
 * shown for. Two at once: one wins.
 */
export async function redeemLoginToken(
  tx: Tx,
  token: string,
  purposes: readonly Purpose[],
): Promise<{ userId: string; purpose: Purpose } | undefined> {
  const [row] = await tx
    .update(loginTokens)
    .set({ usedAt: sql`now()` })
    .where(good(token, purposes))
    .returning({ userId: loginTokens.userId, purpose: loginTokens.purpose });
  return row;
}

/** A new password was set: the links that would set another, in older mails too, are good no more. */
export async function endPasswordLinks(tx: Tx, userId: string): Promise<void> {
  await tx
    .update(loginTokens)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(loginTokens.userId, userId),
        inArray(loginTokens.purpose, [...passwordPurposes]),
        isNull(loginTokens.usedAt),
      ),
    );
}

/** The page on which the token sets a password; it lets no referrer out. */
export function passwordLink(token: string, baseUrl: string = authConfig().baseUrl): string {
  return `${baseUrl}/reset?token=${token}`;
}
