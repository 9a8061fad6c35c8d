/** Where backups go, as people choose it; as an agent needs it: agent-backups.ts. */
import { z } from 'zod';
import { BackupLocation as LocationAtAgent } from './agent-backups.ts';
import { Line } from './fields.ts';
import { Id, Instant } from './ids.ts';

export const BackupLocation = z.object({
  id: Id,
  name: z.string(),
  kind: z.enum(['directory', 'rest', 's3']),
  /** Null: the provider's. */
  tenantId: Id.nullable(),
  /** Where it is; null for those who may not change it. What one signs in with is never told. */
  address: z.string().nullable(),
  hasCredentials: z.boolean(),
  appendOnly: z.boolean(),
  /** False: on the server itself, lost if that is lost. */
  offsite: z.boolean(),
  /** Used where neither container nor plan names another. */
  isDefault: z.boolean(),
  backups: z.int(),
  /** Deleted backups that lie there until a maintenance run. */
  pendingPrune: z.int(),
  createdAt: Instant,
});
export type BackupLocation = z.infer<typeof BackupLocation>;

const LocationName = Line(60).min(1);
const Credentials = z.strictObject({ user: z.string().min(1).max(256), password: z.string().min(1).max(1024) });
const [, restKind, s3Kind] = LocationAtAgent.options;

const newLocation = {
  name: LocationName,
  /** The tenant whose it is; without one, the provider's. A tenant's people make their own tenant's. */
  tenantId: Id.optional(),
  url: restKind.shape.url,
  appendOnly: z.boolean().default(false),
};

/** A tenant or a reseller may have so many of its own. */
export const mostLocations = 20;

export const CreateBackupLocation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rest'), ...newLocation, credentials: Credentials.optional() }),
  z.strictObject({
    kind: z.literal('s3'),
    ...newLocation,
    bucket: s3Kind.shape.bucket,
    prefix: s3Kind.shape.prefix.default(''),
    region: s3Kind.shape.region.default('us-east-1'),
    credentials: Credentials,
  }),
]);

/** What is absent stays. Where it is does not change: what lies there would be lost to the panel. */
export const ChangeBackupLocation = z.strictObject({
  name: LocationName.optional(),
  appendOnly: z.boolean().optional(),
  credentials: Credentials.optional(),
});

/** Null: none of its own; the plan's, or else the default one. */
export const ChooseBackupLocation = z.strictObject({ locationId: Id.nullable() });
