import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Answers, or fails, no sooner than `ms` after it was asked: the time taken does not tell whether there was much to do or nothing. To be
 * longer than what there may be to do.
 */
export async function noSooner<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const [done] = await Promise.allSettled([work(), sleep(ms)]);
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}
