/** Of what a tenant does most, a sample every day; crash.deep.test.ts has all scenarios, tests/long/crash all points. */
import { crashSuite } from './suite.ts';

crashSuite('sample', { index: 1, count: 1 }, ['create', 'start', 'stop', 'upload', 'restore', 'swap', 'remove']);
