import { z } from 'zod';
import { Text } from './fields.ts';
import { Id, Instant } from './ids.ts';

/** Why something is held. Each reason has a right of its own (`hold.billing` …), and is lifted by who has that. */
export const HoldReason = z.enum(['billing', 'abuse', 'reseller', 'provider']);
export type HoldReason = z.infer<typeof HoldReason>;

/** What each is called, and who lifts it. The people it concerns are not told whose reseller is whose. */
export const holdWords = {
  billing: { title: 'Unpaid bill', staff: 'Billing', lifted: 'The hold is lifted when the bill is paid.' },
  abuse: { title: 'Report of abuse', staff: 'Abuse', lifted: 'The hold is lifted when the report is settled.' },
  reseller: { title: 'Decision of your provider', staff: 'Reseller', lifted: 'Your provider lifts the hold.' },
  provider: {
    title: 'Decision of who runs the servers',
    staff: 'Provider',
    lifted: 'Who runs the servers lifts the hold.',
  },
} as const satisfies Record<HoldReason, { title: string; staff: string; lifted: string }>;
/** What a hold leaves to those whom it binds: the reason beside everything else that cannot be pressed. */
export const heldReason = 'Not while there is a hold: until it is lifted, things can only be looked at.';

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
/** A hold as those see it whom it binds. */
export type BindingHold = Pick<Hold, 'id' | 'reason' | 'message' | 'stop' | 'placedAt'> & {
  tenantName: string;
  /** Null: on all of the account. */
  containerId: string | null;
  containerName: string | null;
};
export const PlaceHold = z.strictObject({
  reason: HoldReason,
  /** Shown to whom it concerns. */
  message: Text(500).min(1).nullable().default(null),
  stop: z.boolean().default(true),
});
export const LiftHold = z.object({ reason: HoldReason });
