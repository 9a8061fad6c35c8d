import { sql } from 'drizzle-orm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { systemActor, type UserActor } from '../access/actor.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, database } from '../db/client.ts';
import { networkOf } from './networks.ts';
import { keyHash } from './random.ts';

const windowSeconds = 15 * 60;
/**
 * Guesses within the window. Many people may share an address, so it gets more. Guesses at an account are counted apart, by where they come from: from a
 * network it was never used from (`account`), from one that it was (`known`, each network for itself), and by who is signed in (`inside`). So
 * nobody is kept out by what strangers do elsewhere.
 */
const limits = {
  ...{ account: 10, known: 10, inside: 10 },
  ...{ address: 60, mail: 5, device: 30, passkey: 60, provider: 60 },
} as const;
/** For how long after a session was last used from a network that one is known. */
const knownDays = 30;
type Kind = keyof typeof limits;

function limiter(kind: Kind): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: database().$client,
    storeType: 'pool',
    tableName: 'login_throttle',
    tableCreated: true,
    // The worker's sweep clears up; a timer here would keep the process from ending.
    clearExpiredByTimeout: false,
    keyPrefix: kind,
    points: limits[kind],
    duration: windowSeconds,
  });
}

async function take(kind: Kind, key: string): Promise<void> {
  try {
    await limiter(kind).consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const minutes = Math.max(1, Math.ceil(refusal.msBeforeNext / 60_000));
    throw new BerthError('rate_limited', `Too many attempts. Try again in ${minutes} minutes.`);
  }
}

/** Where an attempt was counted, for {@link clearAttempts}. */
export type Counted = { kind: 'account' | 'known' | 'inside'; key: string; address: string };

/**
 * Counts an attempt to sign in before it is made, so that attempts at the same moment cannot slip through together. Throws
 * `rate_limited` when the account, as reached from there, or the address has had its share.
 */
export async function countAttempt(account: string, address: string): Promise<Counted> {
  const network = networkOf(address);
  await take('address', address);
  const known = network !== undefined && (await isKnownAt(account, network));
  const [kind, key] = known
    ? (['known', keyHash(`${account} ${network}`)] as const)
    : // Hashed, for the longest addresses are longer than the column.
      (['account', account.length > 200 ? keyHash(account) : account] as const);
  await take(kind, key);
  return { kind, key, address };
}

/** The same of who is signed in and shows once more who they are. */
export async function countOwnAttempt({ userId, address }: UserActor): Promise<Counted> {
  await take('address', address);
  await take('inside', userId);
  return { kind: 'inside', key: userId, address };
}

/** What was right clears the count it was in, no other, and gives the address its point back. */
export async function clearAttempts({ kind, key, address }: Counted): Promise<void> {
  await limiter(kind).delete(key);
  await limiter('address').reward(address, 1);
}

/** Whether somebody was signed in as this account from there lately. By a link that somebody made for them is not enough. */
async function isKnownAt(account: string, network: string): Promise<boolean> {
  return await asActor(systemActor('auth'), async (tx) => {
    const { rows } = await tx.execute<{ address: string }>(sql`
      select distinct s.address from sessions s join users u on u.id = s.user_id
      where lower(u.email) = ${account} and s.proved_at > to_timestamp(0)
        and s.last_seen_at > now() - make_interval(days => ${knownDays})`);
    return rows.some((one) => networkOf(one.address) === network);
  });
}

/** Counts a mail asked for, by recipient and by address. */
export async function countMailRequest(account: string, address: string): Promise<void> {
  await take('address', address);
  await take('mail', account);
}

/** Counts what an address asks for before it shows a passkey. */
export async function countPasskeyTry(address: string): Promise<void> {
  await take('passkey', address);
}

/** Counts codes for programs: those asked for by an address, those typed by a person. */
export async function countDeviceCode(who: string): Promise<void> {
  await take('device', who);
}

/** Counts who is sent away to a provider, by address. */
export async function countProviderVisit(address: string): Promise<void> {
  await take('provider', address);
}
