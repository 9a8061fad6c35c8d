/** The everyday sample of what tests/long/crash/failures does in full. `BERTH_CRASH_ONLY=upload,clone` runs some scenarios. */
import { failureSuite } from './failure-suite.ts';

failureSuite('sample', { index: 1, count: 1 });
