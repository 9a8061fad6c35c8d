import { setTimeout as sleep } from 'node:timers/promises';

/** PostgreSQL says "not now": it restarts, it is shutting down, it chose us as a deadlock's victim. */
const passing = /^(08|57P|40001|40P01|53|25P03)/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function willPass(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string' && (passing.test(e.code) || network.has(e.code))) return true;
    if (/Connection terminated|timeout exceeded when trying to connect/.test(e.message)) return true;
  }
  return false;
}

/**
 * Repeats a whole transaction for as long as the database says "not now", however long that is: no outage of PostgreSQL
 * may turn a running operation into a failed one. What it says besides is thrown at once.
 */
export async function stubbornly<T>(work: () => Promise<T>): Promise<T> {
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      return await work();
    } catch (error) {
      if (!willPass(error)) throw error;
      await sleep(pauseMs);
    }
  }
}
