import { z } from 'zod';
import { Id, Instant } from './ids.ts';

/** Why something is held. Each reason has a right of its own (`hold.billing` …), and is lifted by who has that. */
export const HoldReason = z.enum(['billing', 'abuse', 'reseller', 'provider']);
export type HoldReason = z.infer<typeof HoldReason>;

export const Hold = z.object({
  id: Id,
  reason: HoldReason,
  message: z.string().nullable(),
  /** One container, or all of the tenant. */
  over: z.enum(['container', 'tenant']),
  /** Containers are stopped while it lasts; else they are left as they are. */
  stop: z.boolean(),
  placedAt: Instant,
  placedBy: z.string().nullable(),
  /** Whether the reader may lift it. */
  canLift: z.boolean(),
});
export type Hold = z.infer<typeof Hold>;
export const PlaceHold = z.strictObject({
  reason: HoldReason,
  /** Shown to whom it concerns. */
  message: z.string().trim().min(1).max(500).nullable().default(null),
  stop: z.boolean().default(true),
});
export const LiftHold = z.object({ reason: HoldReason });
