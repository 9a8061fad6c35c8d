/**
 * A full disk at each effect of every action that copies files or reads and writes backups; restic killed, its location gone or full,
 * its repository held by the dead, at each of its runs. BERTH_SHARD=2/6 runs a sixth, BERTH_CRASH_ONLY=upload,clone some scenarios.
 */
import { failureSuite } from '../../integration/crash/failure-suite.ts';
import { shardOf } from '../../integration/crash/points.ts';

failureSuite('before', shardOf(process.env.BERTH_SHARD));
