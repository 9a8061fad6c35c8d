/** What is broken, and how much there is. */
import { z } from 'zod';
import { Id, Instant } from './ids.ts';

export const Dashboard = z.object({
  /** What is broken, first what affects most people: each with since when and whom. */
  problems: z.array(
    z.object({
      kind: z.enum([
        'host-silent',
        'operation-stuck',
        'pool-low',
        'container-crashed',
        'service-down',
        'container-orphaned',
        'backup-failing',
        'backup-damaged',
        'backup-test-failed',
      ]),
      title: z.string(),
      since: Instant,
      affected: z.int(),
      hostId: Id.nullable(),
      operationId: Id.nullable(),
      containerId: Id.nullable(),
    }),
  ),
  counts: z.object({
    hosts: z.int(),
    containers: z.int(),
    running: z.int(),
    tenants: z.int(),
    operationsToday: z.int(),
    failedToday: z.int(),
  }),
});
export type Dashboard = z.infer<typeof Dashboard>;
