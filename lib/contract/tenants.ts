/** Accounts whose containers are run. */
import { z } from 'zod';
import { Email, Line } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { NameQuery } from './lists.ts';

export const Tenant = z.object({
  id: Id,
  name: z.string(),
  resellerId: Id.nullable(),
  containers: z.int(),
  users: z.int(),
  createdAt: Instant,
});
export type Tenant = z.infer<typeof Tenant>;

export const CreateTenant = z.strictObject({
  name: Line(100).min(1),
  ownerEmail: Email,
  ownerName: Line(100).min(1),
  /** For the provider: whose tenant it is to be. A reseller's tenants are its own. */
  resellerId: Id.nullable().default(null),
});

export const TenantQuery = NameQuery.extend({
  resellerId: Id.optional(),
  /** Resellers are accounts as well, and in the list of all there are. */
  kind: z.enum(['tenant', 'reseller']).optional(),
});
