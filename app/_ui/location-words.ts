import type { BackupLocation } from '#lib/contract/locations.ts';
import { t } from '#lib/language/text.ts';

export const locationKinds = {
  directory: 'Directory on the server',
  rest: 'restic REST server',
  s3: 'S3 bucket',
} as const satisfies Record<BackupLocation['kind'], string>;

/** What a location is safe against, in a few words. */
export function safetyOf({ offsite }: Pick<BackupLocation, 'offsite'>): string {
  return t(offsite ? 'elsewhere' : 'not safe against loss of this server');
}
