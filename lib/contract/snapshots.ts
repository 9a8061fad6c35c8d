/** Instant copies on the same server. */
import { z } from 'zod';
import { Line } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { page } from './lists.ts';

export const Snapshot = z.object({
  id: Id,
  containerId: Id,
  name: z.string(),
  kind: z.enum(['manual', 'automatic']),
  state: z.enum(['making', 'present', 'deleting']),
  /** What it took when it was made; what did not change since is shared with the container. */
  bytes: Bytes.nullable(),
  freezeMs: z.number().nullable(),
  template: z.object({ name: z.string(), version: z.string() }),
  createdAt: Instant,
  operationId: Id,
  actorName: z.string(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** `max`: how many manual ones the container's plan allows. */
export const Snapshots = page(Snapshot).extend({ max: z.int() });
export type Snapshots = z.infer<typeof Snapshots>;

export const CreateSnapshot = z.strictObject({ name: Line(100).default('') });
