/** What an agent needs to know of backups: where they go, and which one is meant. See agent.ts. */
import { z } from 'zod';
import { Digest, Id } from './ids.ts';

/** Address of a server elsewhere: plain https (http where the host's own configuration lets it), no name or password in it. */
export const LocationUrl = z
  .url({ protocol: /^https?$/, hostname: /^[^%\s]+$/ })
  .max(500)
  .refine((text) => {
    const { username, password, search, hash } = URL.parse(text) ?? { username: 'none' };
    return [username, password, search, hash].join('') === '';
  }, 'carries more than an address');

const remote = {
  id: Id,
  url: LocationUrl,
  /** Whose it is: hosts reach servers in networks that are not public for the provider alone, and only those they are told to. */
  owner: z.enum(['provider', 'tenant']),
  /** What hosts sign in with cannot delete there: a host forgets nothing, a maintenance run does. */
  appendOnly: z.boolean(),
};

/**
 * Where backups go: a directory of the host, a server of restic's REST protocol, or a bucket that speaks S3 (`prefix`: where in it).
 * What one signs in with travels in `secrets`. More kinds come later; an agent refuses what it does not know.
 */
export const BackupLocation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('directory'), id: Id, path: z.string().startsWith('/').max(500) }),
  z.object({ kind: z.literal('rest'), ...remote }),
  z.object({
    kind: z.literal('s3'),
    ...remote,
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    prefix: z
      .string()
      .regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$/)
      .max(200),
    region: z.string().regex(/^[a-z0-9-]{1,40}$/),
  }),
]);
export type BackupLocation = z.infer<typeof BackupLocation>;

/** For REST a name and password, for S3 an access key and its secret; absent for a directory. */
export const locationSecrets = {
  locationUser: z.string().min(1).max(256).optional(),
  locationPassword: z.string().min(1).max(1024).optional(),
};

/** One restic repository per tenant and location. Its password and the recovery password travel in `secrets`. */
export const RepositoryRef = z.object({ tenantId: Id, location: BackupLocation });

export const ResticSnapshotId = z.string().regex(/^[0-9a-f]{64}$/);

/** A backup of the container and the template's layers below it. */
export const BackupRef = z.object({
  backupId: Id,
  repository: RepositoryRef,
  resticSnapshotId: ResticSnapshotId,
  layers: z.array(Digest).min(1),
});
export type BackupRef = z.infer<typeof BackupRef>;

export const repositorySecrets = z.object({
  repositoryPassword: z.string().min(16),
  recoveryPassword: z.string().min(16),
  ...locationSecrets,
});
