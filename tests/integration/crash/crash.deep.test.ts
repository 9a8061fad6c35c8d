/** A sample of every scenario, of what tests/long/crash does in full. `BERTH_CRASH_ONLY=start,swap` runs some scenarios. */
import { crashSuite } from './suite.ts';

crashSuite('sample', { index: 1, count: 1 });
