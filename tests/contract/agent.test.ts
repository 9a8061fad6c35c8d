import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { engineDir as engine } from '../support/engine.ts';
import { contractSuite } from './suite.ts';

if (process.getuid?.() === 0 && existsSync(`${engine}/bin/runc`)) contractSuite('real');
else describe('an agent (real)', () => it.skip(`needs root and the engine bundle in ${engine}`, () => {}));
