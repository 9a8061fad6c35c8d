/** A container is offered by the account that has it to another, which accepts it or does not. */
import { z } from 'zod';
import { ContainerName, Email, Resources, Text } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';

/** An offer is good for at least a day, at most for so many. */
export const longestOfferDays = 14;

/**
 * Of an offer: `asked` waits for the giving account's consent (staff made it), `open` for the receiver, `moving` is being carried out.
 * The others are ends.
 */
export const HandoverState = z.enum(['asked', 'open', 'moving', 'done', 'declined', 'withdrawn', 'expired']);
export type HandoverState = z.infer<typeof HandoverState>;

/** Whose word it was, and when. */
const Consent = z.object({ by: z.string(), at: Instant });

export const Handover = z.object({
  id: Id,
  state: HandoverState,
  /** Which side the reader is on; staff over both see it as `both`. */
  side: z.enum(['giver', 'receiver', 'both']),
  containerId: Id,
  containerName: z.string(),
  /** The account that gives. */
  from: z.string(),
  /** To whom it is offered, as the offer says it; for the receiver, and once it is accepted, the account's name. */
  to: z.string(),
  offeredBy: z.string(),
  note: z.string(),
  /** What comes along, for whoever has to decide; null: it is decided. */
  what: z
    .object({
      plan: z.string(),
      template: z.string(),
      resources: Resources,
      usedBytes: Bytes.nullable(),
      snapshots: z.int(),
      forwards: z.int(),
      /** Names of the keys that may log in as root. */
      sshKeys: z.array(z.string()),
      /** Complete backups. They stay with the giver. */
      backups: z.int(),
    })
    .nullable(),
  giver: Consent.nullable(),
  receiver: Consent.nullable(),
  /** The operation that carries it out, and why the latest attempt did not come to its end. */
  operationId: Id.nullable(),
  problem: z.string().nullable(),
  createdAt: Instant,
  expiresAt: Instant,
  endedAt: Instant.nullable(),
});
export type Handover = z.infer<typeof Handover>;

/** Whether anybody is reached is not told: every offer that its maker may make looks the same. */
export const OfferHandover = z.strictObject({
  to: z.union([
    z.strictObject({ email: Email }),
    z.strictObject({ tenantId: Id }),
    /** Back to the account it came from by this handover. */
    z.strictObject({ handoverId: Id }),
  ]),
  note: Text(500).default(''),
  days: z.int().min(1).max(longestOfferDays).default(7),
});

export const AcceptHandover = z.strictObject({
  /** What it is called in the receiving account; absent: as it was. */
  name: ContainerName.optional(),
  /** Takes the keys out that may log in as root, before it changes hands. */
  removeSshKeys: z.boolean().default(true),
});

/** What a handover's operation is asked with. */
export const HandoverInput = z.object({
  handoverId: Id,
  toTenantId: Id,
  name: ContainerName,
  removeSshKeys: z.boolean(),
});
