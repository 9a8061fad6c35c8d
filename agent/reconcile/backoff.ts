const windowMs = 10 * 60_000;
const mostInWindow = 5;
const longestMs = 60_000;

/**
 * How soon a container that died by itself is started again: 1 s, doubling to 60 s; after five deaths within ten minutes it
 * stays down. Kept in memory: an agent restart gives a fresh chance.
 */
export class Backoff {
  readonly #deaths = new Map<string, number[]>();
  readonly #notBefore = new Map<string, number>();

  /** Counts a death; milliseconds until the next start, or null when it has died too often. */
  afterDeath(containerId: string, now = Date.now()): number | null {
    const recent = (this.#deaths.get(containerId) ?? []).filter((at) => now - at < windowMs);
    recent.push(now);
    this.#deaths.set(containerId, recent);
    if (recent.length > mostInWindow) return null;
    const delayMs = Math.min(longestMs, 1000 * 2 ** (recent.length - 1));
    this.#notBefore.set(containerId, now + delayMs);
    return delayMs;
  }

  /** True while a start has to wait. */
  waits(containerId: string, now = Date.now()): boolean {
    return (this.#notBefore.get(containerId) ?? 0) > now;
  }

  /** A person acted: everything is forgiven. */
  clear(containerId: string): void {
    this.#deaths.delete(containerId);
    this.#notBefore.delete(containerId);
  }
}
