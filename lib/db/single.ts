import { BerthError } from '../contract/errors.ts';

/** The one row of a list that was asked for it alone: what a list does not show is not there. */
export async function single<T>(list: Promise<{ items: T[] }>): Promise<T> {
  const [one] = (await list).items;
  if (one === undefined) throw new BerthError('not_found');
  return one;
}
