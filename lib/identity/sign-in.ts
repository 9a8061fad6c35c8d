/** Coming in by a provider's word: going there, coming back, the code of a second factor where one is owed. */
import { and, eq, isNull } from 'drizzle-orm';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { visitorOf } from '../auth/request.ts';
import { factorOf, takeCode, wrongCode } from '../auth/second-factor.ts';
import { openSession } from '../auth/sessions.ts';
import { clearAttempts, countAttempt, countProviderVisit } from '../auth/throttle.ts';
import { isOfBrand } from '../brands/people.ts';
import { BerthError } from '../contract/errors.ts';
import { localPath } from '../contract/local-path.ts';
import { asActor, type Tx } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { admit, refusals } from './admit.ts';
import { type Described, describe } from './claims.ts';
import { redeem } from './client.ts';
import { wordsOf } from './door.ts';
import { isOffered, offeredProvider, providerOf } from './offered.ts';
import { finishLink, finishProof, finishTry } from './oneself.ts';
import {
  awaitCode,
  comeBack,
  type Ended,
  forgetWaiting,
  originForVisit,
  type ProviderRow,
  sendAway,
  type VisitRow,
  waitingFor,
} from './visits.ts';

const system = systemActor('identity');

/** Sends a browser to a provider to sign in there. Throws `not_found`, `rate_limited`, `state` when the provider cannot be asked. */
export async function beginSignIn(
  headers: Headers,
  id: string,
  next: string | undefined,
): Promise<{ url: string; cookie: string }> {
  await countProviderVisit(visitorOf(headers).address);
  const provider = await offeredProvider(headers, id);
  return await sendAway(provider, headers, { purpose: 'sign-in', next: localPath(next ?? null), sessionId: null });
}

/** Of all that is refused the visitor learns the same; why is in the record. */
const refusedPage = '/sign-in?provider=refused';
const latePage = '/sign-in?provider=late';
const codePage = '/sign-in?provider=code';

/** What comes back from a provider with this browser. Never throws for what others have sent: it leads to a page that says what to do. */
export async function takeAnswer(headers: Headers, search: string, actor: UserActor | undefined): Promise<Ended> {
  const state = new URLSearchParams(search).get('state') ?? '';
  const back = await comeBack(headers, state);
  if (back === undefined) return { to: latePage };
  const { row, visit } = back;
  const by = await providerOf(row.providerId);
  // Begun under another of our names: what is bound to that is not finished under this.
  const origin = await originForVisit(headers).catch(() => undefined);
  const here = origin !== undefined && visit.redirectUri.startsWith(`${origin}/`);
  const trying = row.purpose === 'try';
  if (by === undefined || !here || !(trying || isOffered(headers, by))) return { to: refusedPage };
  let who: Described;
  try {
    const told = await redeem(by, visit, search, row.purpose === 'prove');
    who = describe(told.idToken, told.userinfo, by);
  } catch (error) {
    const why = wordsOf(error);
    if (trying) return await finishTry(by, row, actor, why);
    await recordRefused(by, headers, why);
    return { to: row.purpose === 'sign-in' ? refusedPage : `${row.next}?provider=refused` };
  }
  switch (row.purpose) {
    case 'try':
      return await finishTry(by, row, actor, who);
    case 'link':
      return await finishLink(by, row, actor, who);
    case 'prove':
      return await finishProof(by, row, actor, who);
    default:
      return await signIn(by, row, headers, who);
  }
}

async function signIn(provider: ProviderRow, row: VisitRow, headers: Headers, who: Described): Promise<Ended> {
  const visitor = visitorOf(headers);
  return await asActor(system, async (tx): Promise<Ended> => {
    const admitted = await admit(tx, provider, who);
    if ('refused' in admitted) {
      await noteRefused(tx, provider, visitor.address, refusals[admitted.refused], who.email);
      return { to: refusedPage };
    }
    const { user } = admitted;
    // What a reseller's provider says of factors counts for the reseller's own people.
    const vouched = who.factor && (provider.resellerId === null || provider.resellerId === user.tenantId);
    if (!vouched && (await factorOf(tx, user.id)) !== undefined) {
      await awaitCode(tx, row, { userId: user.id, provedAt: who.provedAt, session: who.session });
      return { to: codePage };
    }
    await noteSignIn(
      tx,
      provider,
      user,
      visitor.address,
      vouched ? 'provider, with a second factor there' : 'provider',
    );
    const via = {
      providerId: provider.id,
      providerSession: who.session,
      provedAt: who.provedAt ?? new Date(0),
      vouched,
    };
    return { to: row.next, key: await openSession(tx, user.id, visitor, vouched ? 'factor' : 'password', via) };
  }).catch(async (error: unknown): Promise<Ended> => {
    if (!(error instanceof BerthError)) throw error;
    await recordRefused(provider, headers, error.message);
    return { to: refusedPage };
  });
}

/**
 * The code that is owed after a provider's word: opens the session. Throws `unauthenticated` when nothing is owed here (any more), `invalid` for a wrong
 * code; guesses are counted with those at the sign-in by password.
 */
export async function signInWithProviderCode(headers: Headers, code: string): Promise<{ key: string; next: string }> {
  const visitor = visitorOf(headers);
  const late = new BerthError('unauthenticated', 'That took too long, or was done already.', {
    remedy: 'Begin again from the sign-in page.',
  });
  const owed = await asActor(system, async (tx) => {
    const row = await waitingFor(tx, headers);
    if (row?.userId == null) return undefined;
    const [user] = await tx
      .select()
      .from(users)
      .where(and(eq(users.id, row.userId), isNull(users.disabledAt)));
    return user === undefined ? undefined : { row, user };
  });
  if (owed === undefined) throw late;
  const { row, user } = owed;
  const provider = await offeredProvider(headers, row.providerId).catch(() => {
    throw late;
  });
  const counted = await countAttempt(user.email, visitor.address);
  const key = await asActor(system, async (tx) => {
    if (!(await isOfBrand(tx, user.id, visitor.brand))) return 'late' as const;
    const by = await takeCode(tx, user, code);
    if (by === undefined) {
      await noteSignIn(tx, provider, user, visitor.address, 'provider, with a wrong code', 'denied');
      return undefined;
    }
    if (!(await forgetWaiting(tx, row))) return 'late' as const;
    await noteSignIn(tx, provider, user, visitor.address, `provider and ${by}`);
    const via = { providerId: provider.id, providerSession: row.providerSession, provedAt: new Date(), vouched: false };
    return { opened: await openSession(tx, user.id, visitor, 'factor', via) };
  });
  if (key === 'late') throw late;
  if (key === undefined) throw wrongCode();
  await clearAttempts(counted);
  return { key: key.opened, next: row.next };
}

async function noteSignIn(
  tx: Tx,
  provider: ProviderRow,
  user: typeof users.$inferSelect,
  address: string,
  by: string,
  outcome: 'allowed' | 'denied' = 'allowed',
): Promise<void> {
  await writeAudit(
    tx,
    { kind: 'system', name: user.name },
    {
      ...{ verb: 'session.create', outcome, tenantId: user.tenantId, targetKind: 'user', targetId: user.id },
      ...{ targetName: user.email, detail: { address, by, provider: provider.name } },
    },
  );
}

async function noteRefused(tx: Tx, provider: ProviderRow, address: string, why: string, email: string | null) {
  await writeAudit(
    tx,
    { kind: 'system', name: 'unknown' },
    {
      ...{ verb: 'session.create', outcome: 'denied', tenantId: provider.resellerId, targetKind: 'identity-provider' },
      ...{ targetId: provider.id, targetName: provider.name, detail: { address, by: 'provider', why, email } },
    },
  );
}

async function recordRefused(provider: ProviderRow, headers: Headers, why: string): Promise<void> {
  await asActor(system, (tx) => noteRefused(tx, provider, visitorOf(headers).address, why, null));
}
