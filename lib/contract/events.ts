/** What live pages are told. */
import { z } from 'zod';
import { Id, Instant } from './ids.ts';

export const BerthEvent = z.object({
  id: z.string(),
  type: z.enum(['container', 'operation', 'backup', 'usage', 'host', 'ticket', 'outage', 'people']),
  containerId: Id.nullable(),
  operationId: Id.nullable(),
  at: Instant,
  /** operation: the whole {@link Operation}; usage: {@link Usage}; others: what changed, to be fetched. */
  data: z.record(z.string(), z.unknown()),
});
export type BerthEvent = z.infer<typeof BerthEvent>;
