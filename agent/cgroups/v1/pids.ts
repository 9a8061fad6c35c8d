import type { Controller } from '../controller.ts';

export const pids: Controller = {
  name: 'pids',
  plan: (limits) => [{ file: 'pids.max', value: String(limits.pids) }],
};
