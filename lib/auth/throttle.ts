import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { BerthError } from '../contract/errors.ts';
import { database } from '../db/client.ts';

const windowSeconds = 15 * 60;
/** Guesses within the window. Many people may share an address, so it gets more. */
const limits = { account: 10, address: 60, mail: 5, device: 30, passkey: 60, provider: 60 } as const;
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

/**
 * Counts an attempt before it is made, so that attempts at the same moment cannot slip through together. Throws
 * `rate_limited` when the account or the address has had its share.
 */
export async function countAttempt(account: string, address: string): Promise<void> {
  await take('address', address);
  await take('account', account);
}

/** A right password clears the account's count and gives the address its point back. */
export async function clearAttempts(account: string, address: string): Promise<void> {
  await limiter('account').delete(account);
  await limiter('address').reward(address, 1);
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
