/** The part of a long list that is this run's, by `BERTH_SHARD=1/4` (first of four); all of it without. */
export function shardOf<T>(all: readonly T[]): T[] {
  const shard = process.env.BERTH_SHARD;
  if (shard === undefined) return [...all];
  const [n, of] = shard.split('/').map(Number);
  if (!n || !of || n > of) throw new Error(`BERTH_SHARD is not like 1/4: ${shard}`);
  return all.filter((_, index) => index % of === n - 1);
}
