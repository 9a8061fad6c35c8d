/** Whose tokens `berth token` prints; `tenant` is `tenant-a1`. */
export const demoNames = [
  'admin',
  'support',
  'reseller-a',
  'reseller-b',
  'tenant',
  'tenant-a1',
  'tenant-a2',
  'tenant-b1',
  'tenant-b2',
  'viewer-a1',
] as const;
export type DemoName = (typeof demoNames)[number];
