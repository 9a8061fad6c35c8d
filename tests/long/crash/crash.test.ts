/**
 * The agent killed before each effect and after the last of every scenario, and again at each effect of its recovery.
 * BERTH_CRASH=full kills on both sides of each effect, =every also at each repetition of one. BERTH_SHARD=2/6 runs a sixth (whose
 * points are chosen by name, so that six shards are all of them); BERTH_CRASH_ONLY=start,swap some scenarios; BERTH_CRASH_LOG=PREFIX
 * keeps the agent's log of every round that failed. A quarter takes about 40 minutes on two processors.
 */
import { type Extent, shardOf } from '../../integration/crash/points.ts';
import { crashSuite } from '../../integration/crash/suite.ts';

const extents: Record<string, Extent> = { full: 'both', every: 'every', enumerate: 'none' };
crashSuite(extents[process.env.BERTH_CRASH ?? ''] ?? 'before', shardOf(process.env.BERTH_SHARD));
