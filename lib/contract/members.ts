import { z } from 'zod';
import { Email, Line, PanelPassword } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { Assignment, Labels, ScopeKind } from './roles.ts';

/** People, service accounts and open invitations one account may have together. */
export const maxMembers = 100;
export const invitationDays = 7;

/** A role to give: over the whole account unless said otherwise. */
export const Grant = z.strictObject({
  /** A built-in role, or the id of a custom one. */
  role: z.string().max(60),
  scope: ScopeKind.optional(),
  labels: Labels.optional(),
  containerId: Id.optional(),
  /** Of staff, the provider’s or a reseller’s: the one tenant (or reseller, as the scope says) it is over. */
  tenantId: Id.optional(),
});
export type Grant = z.infer<typeof Grant>;

export const Member = z.object({
  id: Id,
  kind: z.enum(['person', 'service']),
  /** Invited: has a link by mail and has not used it. */
  state: z.enum(['member', 'invited']),
  name: z.string(),
  email: Email.nullable(),
  assignments: z.array(Assignment),
  since: Instant,
  expiresAt: Instant.nullable(),
  /** When they last used a session or token; null: never, or nobody has invited them in yet. */
  lastSeenAt: Instant.nullable(),
  /** Whether their sign-in asks for a second factor. */
  factor: z.boolean(),
  /** The only one left who can let others in: they stay, with that role. */
  lastOwner: z.boolean(),
});
export type Member = z.infer<typeof Member>;

export const AddMember = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('person'),
    email: Email,
    roles: z.array(Grant).min(1).max(10),
  }),
  z.strictObject({
    kind: z.literal('service'),
    name: Line(60).min(1),
    roles: z.array(Grant).min(1).max(10),
  }),
]);
export const ChangeMember = z.strictObject({ roles: z.array(Grant).min(1).max(10) });
export const AcceptInvitation = z.strictObject({
  token: z.string().min(20).max(200),
  /** For who has no account yet. */
  name: Line(100).min(1).optional(),
  password: PanelPassword.optional(),
});
