import { type Controller, wholePages } from '../controller.ts';

/**
 * Memory without swap: memory and memory+swap get the same limit. The kernel demands memory ≤ memory+swap at any moment, so
 * the order of the two writes depends on the direction.
 */
export const memory: Controller = {
  name: 'memory',
  plan(limits, read) {
    const value = String(wholePages(limits.memoryBytes));
    const limit = { file: 'memory.limit_in_bytes', value };
    const swapped = read('memory.memsw.limit_in_bytes');
    if (swapped === null) return [limit];
    const both = { file: 'memory.memsw.limit_in_bytes', value };
    return BigInt(swapped) < BigInt(value) ? [both, limit] : [limit, both];
  },
};
