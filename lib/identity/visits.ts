/** Sending a browser to a provider, and knowing it again when it comes back. */
import { createHash } from 'node:crypto';
import { and, eq, gt, lt, ne } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { authConfig, brandOf, cookieSettings, originOf } from '../auth/config.ts';
import { cookieValue } from '../auth/cookie.ts';
import { keyHash, randomKey } from '../auth/random.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { brandHosts } from '../db/schema/brands.ts';
import { identityVisits } from '../db/schema/identities.ts';
import type { identityProviders } from '../db/schema/identity-providers.ts';
import { addressToGo, type Visit } from './client.ts';
import { unreachableWords } from './door.ts';

export type ProviderRow = typeof identityProviders.$inferSelect;
export type VisitRow = typeof identityVisits.$inferSelect;
/** Where the browser goes on to, and the key of the session that was opened or goes on. */
export type Ended = { to: string; key?: string };
type Purpose = Exclude<VisitRow['purpose'], 'code'>;

const system = systemActor('identity');
const visitMs = 10 * 60_000;
/** From a provider's word to the code of the second factor. */
const codeMs = 5 * 60_000;
export const answerPath = '/api/v1/session/provider-answer';

const cookieName = () => (cookieSettings().secure ? '__Host-berth-visit' : 'berth-visit');

/** The key by which a browser is known while it is away; undefined: it has none. */
function browserKeyOf(headers: Headers): string | undefined {
  const key = cookieValue(headers, cookieName());
  return key !== undefined && /^[\w-]{43}$/.test(key) ? key : undefined;
}

/** For the answer to whoever is sent away. Lax: the way back begins on the provider's pages. */
function cookieFor(key: string): string {
  const secure = cookieSettings().secure ? '; Secure' : '';
  return `${cookieName()}=${key}; Path=/; Max-Age=${visitMs / 1000}; HttpOnly; SameSite=Lax${secure}`;
}

/**
 * Under which address the browser is to come back: the panel's own, or the brand's name that was proven and is stored, and by which the request
 * came. Throws `not_found` when it is none.
 */
export async function originForVisit(headers: Headers): Promise<string> {
  const base = new URL(authConfig().baseUrl);
  const brand = brandOf(headers);
  if (brand === null) return base.origin;
  const named = new URL(originOf(headers)).hostname;
  const stored = (await provenHosts(brand)).find((host) => host === named);
  if (stored === undefined) throw new BerthError('not_found');
  return originUnder(stored);
}

/** A brand's names as addresses of the panel; the panel's own for null. */
export async function originsOf(resellerId: string | null): Promise<string[]> {
  if (resellerId === null) return [new URL(authConfig().baseUrl).origin];
  return (await provenHosts(resellerId)).map(originUnder);
}

function originUnder(host: string): string {
  const url = new URL(authConfig().baseUrl);
  url.hostname = host;
  return url.origin;
}

async function provenHosts(resellerId: string): Promise<string[]> {
  const rows = await asActor(system, (tx) =>
    tx
      .select({ host: brandHosts.host, provenAt: brandHosts.provenAt })
      .from(brandHosts)
      .where(eq(brandHosts.resellerId, resellerId))
      .orderBy(brandHosts.createdAt),
  );
  return rows.filter((row) => row.provenAt !== null).map((row) => row.host);
}

/** What both ends of a visit must know follows from what the browser keeps and what comes back by it; a reader of the table knows neither. */
function visitOf(browserKey: string, state: string, redirectUri: string): Visit {
  const derived = (what: string) => createHash('sha256').update(`${what} ${browserKey} ${state}`).digest('base64url');
  return { redirectUri, state, nonce: derived('nonce'), verifier: derived('verifier') };
}

/** Writes down that this browser is sent to the provider: the address, and the cookie for the answer. Throws `state` when the provider cannot be asked. */
export async function sendAway(
  provider: ProviderRow,
  headers: Headers,
  wish: { purpose: Purpose; next: string; sessionId: string | null },
): Promise<{ url: string; cookie: string }> {
  const redirectUri = `${await originForVisit(headers)}${answerPath}`;
  const browserKey = browserKeyOf(headers) ?? randomKey();
  const visit = visitOf(browserKey, randomKey(), redirectUri);
  const url = await addressToGo(provider, visit, wish.purpose === 'prove').catch((cause: unknown) => {
    const why = wish.purpose === 'try' ? unreachableWords(cause) : undefined;
    throw new BerthError('state', why ?? 'The provider of this sign-in cannot be asked at the moment.', {
      remedy: 'Try again in a few minutes, or sign in another way.',
      cause,
    });
  });
  await asActor(system, async (tx) => {
    await tx.delete(identityVisits).where(lt(identityVisits.expiresAt, new Date()));
    await tx.insert(identityVisits).values({
      ...{ stateHash: keyHash(visit.state), browserHash: keyHash(browserKey), providerId: provider.id },
      ...{ ...wish, redirectUri, expiresAt: new Date(Date.now() + visitMs) },
    });
  });
  return { url, cookie: cookieFor(browserKey) };
}

/** The visit this browser comes back from, which is over with that; undefined when there is none. Two answers at once: one is the answer. */
export async function comeBack(headers: Headers, state: string): Promise<{ row: VisitRow; visit: Visit } | undefined> {
  const browserKey = browserKeyOf(headers);
  if (browserKey === undefined) return undefined;
  const [row] = await asActor(system, (tx) =>
    tx
      .delete(identityVisits)
      .where(
        and(
          eq(identityVisits.stateHash, keyHash(state)),
          eq(identityVisits.browserHash, keyHash(browserKey)),
          ne(identityVisits.purpose, 'code'),
          gt(identityVisits.expiresAt, new Date()),
        ),
      )
      .returning(),
  );
  return row === undefined ? undefined : { row, visit: visitOf(browserKey, state, row.redirectUri) };
}

/** Keeps whom the provider has named until they show their second factor. It opens nothing by itself. */
export async function awaitCode(
  tx: Tx,
  row: VisitRow,
  named: { userId: string; provedAt: Date | null; session: string | null },
): Promise<void> {
  const { browserHash, providerId, redirectUri, next } = row;
  await tx
    .delete(identityVisits)
    .where(and(eq(identityVisits.browserHash, browserHash), eq(identityVisits.purpose, 'code')));
  await tx.insert(identityVisits).values({
    ...{ stateHash: keyHash(randomKey()), browserHash, providerId, redirectUri, next, purpose: 'code' },
    ...{ userId: named.userId, provedAt: named.provedAt, providerSession: named.session },
    expiresAt: new Date(Date.now() + codeMs),
  });
}

/** Whom this browser was named as and owes a code for. It stays until {@link forgetWaiting}. */
export async function waitingFor(tx: Tx, headers: Headers): Promise<VisitRow | undefined> {
  const browserKey = browserKeyOf(headers);
  if (browserKey === undefined) return undefined;
  const [row] = await tx
    .select()
    .from(identityVisits)
    .where(
      and(
        eq(identityVisits.browserHash, keyHash(browserKey)),
        eq(identityVisits.purpose, 'code'),
        gt(identityVisits.expiresAt, new Date()),
      ),
    );
  return row;
}

/** False when somebody was faster. */
export async function forgetWaiting(tx: Tx, row: VisitRow): Promise<boolean> {
  const gone = await tx.delete(identityVisits).where(eq(identityVisits.stateHash, row.stateHash)).returning();
  return gone.length > 0;
}
