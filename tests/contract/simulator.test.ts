import { contractSuite } from './suite.ts';

contractSuite('sim');
