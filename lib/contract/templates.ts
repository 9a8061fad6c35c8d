/** What containers are made from. */
import { z } from 'zod';
import { Bytes, Digest, Id, Instant } from './ids.ts';
import { InitKind } from './transfers.ts';

export const Template = z.object({
  id: Id,
  name: z.string(),
  version: z.string(),
  title: z.string(),
  init: InitKind,
  layers: z.array(z.string()),
  bytes: Bytes,
  /** Brings an ssh server, so containers of it get a forwarded port to it. */
  sshServer: z.boolean(),
  /** Nothing new is made from one that is not offered: it was withdrawn. */
  offered: z.boolean(),
  createdAt: Instant,
});
export type Template = z.infer<typeof Template>;

export const BuildTemplate = z.strictObject({ name: z.string().max(41), hostId: Id });

export const OfferTemplate = z.strictObject({ offered: z.boolean() });

/** A template as an agent needs it: lowest layer first. */
export const TemplateRef = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,40}$/),
  version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,40}$/),
  layers: z.array(Digest).min(1).max(64),
  init: InitKind,
});
export type TemplateRef = z.infer<typeof TemplateRef>;
