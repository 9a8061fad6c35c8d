import { type Controller, wholePages } from '../controller.ts';

/** Memory without swap, as on v1. memory.swap.max is absent where the kernel accounts no swap. */
export const memory: Controller = {
  name: 'memory',
  plan: (limits, read) => [
    { file: 'memory.max', value: String(wholePages(limits.memoryBytes)) },
    ...(read('memory.swap.max') === null ? [] : [{ file: 'memory.swap.max', value: '0' }]),
  ],
};
