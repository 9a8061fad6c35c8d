import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { UserActor } from '../access/actor.ts';
import { BerthError } from '../contract/errors.ts';
import { processSlot } from '../process-slot.ts';

/** Of one person at each web process. Far above what pages need, far below what would keep others waiting. */
export const requestsPerWindow = 6_000;
export const windowSeconds = 60;

const slot = processSlot<RateLimiterMemory>('rate-limit');

function limiter(): RateLimiterMemory {
  const known = slot.peek();
  if (known !== undefined) return known;
  const made = new RateLimiterMemory({ points: requestsPerWindow, duration: windowSeconds });
  slot.set(made);
  return made;
}

/** For tests: another limit from now on. */
export function setRateLimit(points: number): void {
  slot.set(new RateLimiterMemory({ points, duration: windowSeconds }));
}

/**
 * Counts a request of a person. Answers the headers that say how many are left (draft-ietf-httpapi-ratelimit-headers); throws
 * `rate_limited` with them once none is.
 */
export async function countRequest(actor: UserActor): Promise<Record<string, string>> {
  const points = limiter().points;
  try {
    const { remainingPoints, msBeforeNext } = await limiter().consume(actor.userId);
    return headersFor(points, remainingPoints, msBeforeNext);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new TooManyRequests(headersFor(points, 0, refusal.msBeforeNext), refusal.msBeforeNext);
  }
}

export class TooManyRequests extends BerthError {
  readonly headers: Record<string, string>;
  constructor(headers: Record<string, string>, msBeforeNext: number) {
    super('rate_limited', 'Too many requests at once.');
    const seconds = String(Math.max(1, Math.ceil(msBeforeNext / 1000)));
    this.headers = { ...headers, 'retry-after': seconds };
  }
}

function headersFor(points: number, left: number, msBeforeNext: number): Record<string, string> {
  return {
    'ratelimit-policy': `"default";q=${points};w=${windowSeconds}`,
    ratelimit: `"default";r=${Math.max(0, left)};t=${Math.ceil(msBeforeNext / 1000)}`,
  };
}
