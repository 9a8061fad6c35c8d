import type { Backup } from '#lib/contract/backups.ts';
import { At } from './time.tsx';

/** Which backup a dialog is about. */
export function BackupName({ backup }: { backup: Pick<Backup, 'containerName' | 'createdAt'> }) {
  return (
    <>
      {backup.containerName}, <At at={backup.createdAt} />
    </>
  );
}
