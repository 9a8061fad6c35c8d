import { z } from 'zod';
import { Line } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { Permission } from './permissions.ts';
import { Labels } from './roles.ts';

/** An address or a network it may be used from. */
export const Network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** Live tokens one account may have. */
export const maxTokens = 50;

/** A token of the API without the token: that is shown once. */
export const Token = z.object({
  id: Id,
  name: z.string(),
  /** Whose it is: one's own, or a service account's. */
  userId: Id,
  userName: z.string(),
  /** What it is for; null: all that its holder may, whatever that is when it is used. */
  verbs: z.array(Permission).nullable(),
  containerIds: z.array(Id).nullable(),
  /** Only containers with one of these, as they are when it is used. */
  labels: z.array(z.string()).nullable(),
  addresses: z.array(z.string()).nullable(),
  /** The reseller under whose name it was made: it can what its holder can there, and nothing under another's. */
  brandId: Id.nullable(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  expiresAt: Instant.nullable(),
  /** The one this request came with. */
  current: z.boolean(),
});
export type Token = z.infer<typeof Token>;
export const NewToken = Token.extend({ token: z.string() });
export type NewToken = z.infer<typeof NewToken>;

export const TokenQuery = z.object({ serviceAccountId: Id.optional() });
export const CreateToken = z.strictObject({
  name: Line(60).min(1),
  verbs: z.array(Permission).min(1).max(200).optional(),
  containerIds: z.array(Id).min(1).max(100).optional(),
  /** With containerIds: those, and the ones with a label. */
  labels: Labels.refine((labels) => labels.length > 0, 'name at least one').optional(),
  addresses: z.array(Network).min(1).max(20).optional(),
  expiresAt: Instant.optional(),
  /** Instead of a token of one's own. */
  serviceAccountId: Id.optional(),
});
