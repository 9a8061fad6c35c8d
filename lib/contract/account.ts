/** Who is signed in, and signing in by password. */
import { z } from 'zod';
import { FactorCode } from './factors.ts';
import { Email, PanelPassword } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { Language } from './language.ts';
import { Role } from './roles.ts';

export const Me = z.object({
  id: Id,
  email: Email,
  name: z.string(),
  /** The widest role they have; null: none, or custom ones only. */
  role: Role.nullable(),
  tenantId: Id.nullable(),
  tenantName: z.string().nullable(),
  /** What they chose; null: as the brand says, or else the browser. */
  language: Language.nullable(),
  sessions: z.array(
    z.object({
      id: Id,
      current: z.boolean(),
      createdAt: Instant,
      lastSeenAt: Instant,
      userAgent: z.string(),
      address: z.string(),
    }),
  ),
});
export type Me = z.infer<typeof Me>;

/** By a password, with a code where a second factor is set up; or by a link that was made for one, which works once (docs/billing.md). */
export const SignIn = z.union([
  z.strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(200),
    /** From the authenticator, or a recovery code. */
    code: FactorCode.optional(),
  }),
  z.strictObject({ link: z.string().min(20).max(200) }),
]);

/** `current`: empty for who has none yet, and has shown again otherwise who they are. */
export const ChangePassword = z.strictObject({ current: z.string().max(200), next: PanelPassword });

export const RequestReset = z.strictObject({ email: Email });

export const RedeemReset = z.strictObject({ token: z.string().min(20).max(200), password: PanelPassword });
